"""The schema: up, down and up again on both databases, with rows in it, and the same as the models say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from outreach.errors import DatabaseProblem
from outreach.sealing import Keyring
from outreach.store import campaign, chain, log, migrate
from outreach.store.database import Database, open_engine
from tests import cast
from tests.cast import NOW


def put_something_in(db: Database) -> None:
    with db.writing() as session:
        campaign.found(session, slug="freedom", since=NOW)
        cast.prospect(session)
        log.note(session, NOW, actor="Bea", action="approved", about=cast.signatory(session))
        cast.mail(session)
        chain.link_all(session)


def test_schema_goes_up_down_and_up_again_with_rows_in_it(new_database_url: str, tmp_path: Path) -> None:
    engine = open_engine(new_database_url, tmp_path)
    db = Database(engine, Keyring.from_secret(os.urandom(32)))
    for _ in range(2):
        migrate.upgrade(engine)
        migrate.require_head(engine)
        put_something_in(db)
        migrate.downgrade(engine, "base")
        assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
        with pytest.raises(DatabaseProblem, match="outreach db upgrade"):
            migrate.require_head(engine)
    engine.dispose()


def test_models_and_migrations_agree(db: Database) -> None:
    assert migrate.differences(db.engine) == []


def test_version_is_told_while_another_process_writes(db: Database) -> None:
    with db.writing() as session:
        session.execute(select(1))
        assert migrate.current(db.engine) == migrate.head()
