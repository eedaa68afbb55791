"""Brings a database to the current schema, and tells whether it is there. Alembic without an ini file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from outreach import resources
from outreach.errors import DatabaseProblem
from outreach.model import Base
from outreach.store.database import told_plainly


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the migrations that are missing, in one transaction."""
    with told_plainly(), _migrating(engine) as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Undo migrations down to ``to`` ("base" undoes all)."""
    with _migrating(engine) as connection:
        command.downgrade(_config(connection), to)


def current(engine: Engine) -> str | None:
    """The revision the database is at; None when it has no schema yet."""
    reading = engine.execution_options(outreach_reads=True)  # every command asks this: none waits for a writer
    with told_plainly(), reading.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision there is."""
    found = ScriptDirectory(str(resources.migrations())).get_current_head()
    assert found is not None
    return found


def require_head(engine: Engine) -> None:
    """Raises DatabaseProblem unless the database is at the newest revision: older code must not write to it either."""
    found = current(engine)
    if found == head():
        return
    known = {script.revision for script in ScriptDirectory(str(resources.migrations())).walk_revisions()}
    if found is None or found in known:
        raise DatabaseProblem("The database is not at the current version. Type: outreach db upgrade")
    raise DatabaseProblem("The database belongs to a newer version of outreach. Install that one here too.")


def damage(engine: Engine) -> str | None:
    """What SQLite finds broken in its file, if anything; other databases look after themselves."""
    if engine.dialect.name != "sqlite":
        return None
    with told_plainly(), engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    return None if found == "ok" else str(found).splitlines()[0]


def differences(engine: Engine) -> list[str]:
    """In what the database differs from the models; empty when they agree."""
    with told_plainly(), engine.connect() as connection:
        return [
            str(difference) for difference in compare_metadata(MigrationContext.configure(connection), Base.metadata)
        ]


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction. SQLite changes a table by making it anew, which rows that point at it would forbid: so what they
    point at is looked at in the end only.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")  # says nothing within a transaction
        try:
            with connection.begin():
                yield connection
                if astray := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise DatabaseProblem(f"The migration would leave a row of {astray[0]} that points nowhere.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
