"""The schema: up, down and up again on both databases, with a row in every table, and the same as the models say."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Engine, Float, Integer, MetaData, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Mapper, Session

from outreach import resources
from outreach.errors import DatabaseProblem
from outreach.model import Base, Prospect
from outreach.model.base import ByValue, SealedBytes, Sealing, UtcDateTime
from outreach.sealing import Keyring
from outreach.store import migrate
from outreach.store.database import Database, open_engine
from tests.cast import NOW

Rows = Mapping[str, list[dict[str, Any]]]

#: A migration as a later version may bring it: it makes a table anew that others point at (SQLite cannot do
#: otherwise), gives each of its rows a value, and takes all of that back.
LATER: Final = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("signatory") as batch_op:
        batch_op.add_column(sa.Column("mood", sa.String(20), nullable=False, server_default="calm"))
        batch_op.alter_column("language", type_=sa.String(40))


def downgrade():
    with op.batch_alter_table("signatory") as batch_op:
        batch_op.drop_column("mood")
        batch_op.alter_column("language", type_=sa.String(16))
"""


@pytest.fixture
def db(new_database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    database = Database(open_engine(new_database_url, tmp_path), Keyring.from_secret(os.urandom(32)))
    yield database
    database.engine.dispose()


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations there are, and one more."""
    head, migrations = migrate.head(), tmp_path / "migrations"
    shutil.copytree(resources.migrations(), migrations)
    (migrations / "versions" / "9999_later.py").write_text(LATER.format(head=head))
    monkeypatch.setattr(resources, "migrations", lambda: migrations)


def fill(db: Database) -> None:
    """A row in every table, with a value in every column; in that of the kept counts one for each of them."""
    mappers = {mapper.local_table: mapper for mapper in Base.registry.mappers}
    with db.writing() as session:
        for table in Base.metadata.sorted_tables:
            session.add(_row(session, mappers[table], db.keyring))
            session.flush()


def _row(session: Session, mapper: Mapper[Any], keyring: Keyring) -> object:
    columns = [column for column in mapper.columns if column.foreign_keys or column.name not in ("id", "ref")]
    row = mapper.class_(**{column.key: _value(session, column) for column in columns if not _is_sealed(column)})
    if isinstance(row, Sealing):
        for column in filter(_is_sealed, columns):
            place = {"table": row.__tablename__, "column": column.name, "ref": row.ref}
            setattr(row, column.key, keyring.seal(b'{"names": {"fa": "\xda\xa9"}}', **place))
    return row


def _is_sealed(column: Column[Any]) -> bool:
    return isinstance(column.type, SealedBytes)


def _value(session: Session, column: Column[Any]) -> object:
    for key in column.foreign_keys:
        if key.column.table is column.table:
            return None  # the first row has none before it
        return session.scalars(select(key.column)).one()
    match column.type:
        case UtcDateTime():
            return NOW
        case ByValue(enum=kinds):
            known: type[Enum] = kinds
            return list(known)[-1]  # a line that waits for nothing, so that nobody reads its words
        case JSON():
            return {"کلید": [1, None]}
        case Boolean():
            return True
        case Integer():
            return 7
        case Float():
            return 0.5
        case kind if kind.python_type is bytes:
            return os.urandom(32)
        case _:
            return "نشانه"


def rows(engine: Engine) -> Rows:
    """What stands in every table, as the database itself has it."""
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
        return {
            name: [dict(row._mapping) for row in connection.execute(select(table))]
            for name, table in found.tables.items()
            if name != "alembic_version"
        }


def assert_kept(before: Rows, after: Rows) -> None:
    """Every table that is still there has its rows, in every column that is still there."""
    for name in before.keys() & after.keys():
        assert before[name], name
        for old, new in zip(before[name], after[name], strict=True):
            common = old.keys() & new.keys()
            assert {key: old[key] for key in common} == {key: new[key] for key in common}, name


def assert_log_is_append_only(engine: Engine) -> None:
    for statement in ("UPDATE event SET actor = 'x'", "DELETE FROM event", "DELETE FROM log_link"):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))


def steps() -> list[str]:
    """Every revision, oldest first."""
    scripts = ScriptDirectory(str(resources.migrations())).walk_revisions()
    return [script.revision for script in scripts][::-1]


def go_down_and_up_step_by_step(db: Database) -> None:
    """From head to the first revision and back: nothing is lost on the way."""
    here = rows(db.engine)
    for revision in steps()[-2::-1]:
        migrate.downgrade(db.engine, revision)
        assert_kept(here, lower := rows(db.engine))
        with pytest.raises(DatabaseProblem, match="outreach db upgrade"):
            migrate.require_head(db.engine)
        here = lower
    for revision in steps()[1:]:
        migrate.upgrade(db.engine, revision)
        assert_kept(here, higher := rows(db.engine))
        here = higher
    migrate.require_head(db.engine)


def test_rows_of_every_table_survive_each_step_down_and_up_again(db: Database) -> None:
    migrate.upgrade(db.engine)
    fill(db)
    before = rows(db.engine)
    assert set(before) == set(Base.metadata.tables)
    go_down_and_up_step_by_step(db)
    assert rows(db.engine) == before
    assert_log_is_append_only(db.engine)
    with db.reading() as session:
        assert session.scalars(select(Prospect)).one().details == {"names": {"fa": "ک"}}


def test_everything_goes_with_the_first_step_and_can_be_made_anew(db: Database) -> None:
    for _ in range(2):
        migrate.upgrade(db.engine)
        fill(db)
        migrate.downgrade(db.engine, "base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        with pytest.raises(DatabaseProblem, match="outreach db upgrade"):
            migrate.require_head(db.engine)


def test_migration_that_makes_a_table_anew_loses_no_row_that_points_at_it(db: Database, later: None) -> None:
    migrate.upgrade(db.engine, steps()[-2])
    fill(db)
    before = rows(db.engine)
    migrate.upgrade(db.engine)
    assert rows(db.engine)["signatory"][0]["mood"] == "calm"
    assert_kept(before, rows(db.engine))
    go_down_and_up_step_by_step(db)
    migrate.downgrade(db.engine, steps()[-2])
    assert rows(db.engine) == before
    assert migrate.differences(db.engine) == []
    assert_log_is_append_only(db.engine)


def test_models_and_migrations_agree(db: Database) -> None:
    migrate.upgrade(db.engine)
    assert migrate.differences(db.engine) == []


def test_version_is_told_while_another_process_writes(db: Database) -> None:
    migrate.upgrade(db.engine)
    with db.writing() as session:
        session.execute(select(1))
        assert migrate.current(db.engine) == migrate.head()
