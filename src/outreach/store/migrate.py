"""Brings a database to the current schema, and tells whether it is there. Alembic without an ini file."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from outreach import resources
from outreach.model import Base


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the migrations that are missing, in one transaction."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Undo migrations down to ``to`` ("base" undoes all)."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), to)


def current(engine: Engine) -> str | None:
    """The revision the database is at; None when it has no schema yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision there is."""
    found = ScriptDirectory(str(resources.migrations())).get_current_head()
    assert found is not None
    return found


def differences(engine: Engine) -> list[str]:
    """In what the database differs from the models; empty when they agree."""
    with engine.connect() as connection:
        return [
            str(difference) for difference in compare_metadata(MigrationContext.configure(connection), Base.metadata)
        ]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
