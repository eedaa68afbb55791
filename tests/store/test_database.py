"""Sessions behave alike on both databases: readers cannot write, writers take turns, trouble is told plainly."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from outreach.errors import DatabaseProblem
from outreach.model import Prospect, StepState
from outreach.store import database
from outreach.store.database import Database, open_engine
from tests import cast


def state(step: str) -> StepState:
    return StepState(step=step, failures=0)


def test_reading_session_cannot_write(db: Database) -> None:
    with pytest.raises(DatabaseProblem, match="read-only"), db.reading() as session:
        session.add(state("fetch"))
        session.flush()


def test_reading_session_sees_one_moment_while_others_write(db: Database) -> None:
    with db.reading() as reader:
        assert reader.scalar(select(func.count()).select_from(Prospect)) == 0
        with db.writing() as writer:
            cast.prospect(writer)
        assert reader.scalar(select(func.count()).select_from(Prospect)) == 0
    with db.reading() as reader:
        assert reader.scalar(select(func.count()).select_from(Prospect)) == 1


def test_writers_take_turns_so_that_who_looks_first_may_write(db: Database) -> None:
    """Each adds a row only if there is none: without turns two of them would."""
    ready = threading.Barrier(8)

    def add_if_there_is_none() -> None:
        ready.wait(10)
        with db.writing() as session:
            if session.scalar(select(func.count()).select_from(Prospect)) == 0:
                cast.prospect(session)

    threads = [threading.Thread(target=add_if_there_is_none) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Prospect)) == 1


def test_nothing_of_a_writing_session_stays_when_it_ends_in_an_error(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        session.add(state("fetch"))
        session.flush()
        raise ZeroDivisionError
    with db.reading() as session:
        assert session.scalars(select(StepState)).all() == []


def test_writer_that_waits_too_long_is_told_that_the_database_is_busy(
    db: Database, database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    impatient = Database(open_engine(database_url, folder), db.keyring)
    with db.writing() as first, pytest.raises(DatabaseProblem, match="busy"), impatient.writing() as second:
        first.connection()
        second.connection()
    impatient.engine.dispose()


def test_schema_that_is_missing_is_told_with_what_to_type(new_database_url: str, tmp_path: Path) -> None:
    empty = open_engine(new_database_url, tmp_path)
    with pytest.raises(DatabaseProblem, match="outreach db upgrade"), database.told_plainly(), empty.connect() as here:
        here.execute(text("SELECT * FROM prospect"))
    empty.dispose()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://127.0.0.1/x", "only sqlite and postgresql"),
        ("outreach.db", "not a database URL"),
    ],
)
def test_database_that_is_not_supported_is_named(url: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match=says):
        open_engine(url, tmp_path)


def test_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    nowhere = open_engine("postgresql://outreach@127.0.0.1:1/x", tmp_path)
    with (
        pytest.raises(DatabaseProblem, match=r"^The database server cannot be reached[^\n]*$"),
        database.told_plainly(),
        nowhere.connect(),
    ):
        pass
