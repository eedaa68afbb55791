"""The database: one engine, reading and writing sessions, and the pragmas that make SQLite safe.

Reading sessions see a snapshot and cannot write; writing sessions take the write lock at once
(BEGIN IMMEDIATE), or they would fail in the middle when another writer was quicker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from outreach.errors import DatabaseProblem
from outreach.model.base import KEYRING
from outreach.sealing import Keyring

#: How many items one transaction of a step may hold.
CHUNK = 100
BUSY_TIMEOUT_MS = 10_000
VIA = "via"  #: where ``Session.info`` says how a person acts; stands beside their name in the log


class Database:
    """Where sessions come from. ``reading`` never writes; ``writing`` commits when left without error."""

    def __init__(self, engine: Engine, keyring: Keyring, *, via: str | None = None) -> None:
        self.engine = engine
        #: The process is to end: steps finish the chunk in hand and begin no other.
        self.is_closing = False
        info = {KEYRING: keyring, VIA: via}
        self._reading = sessionmaker(engine.execution_options(outreach_reads=True), info=info)
        self._writing = sessionmaker(engine, info=info)
        self.keyring = keyring

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with told_plainly(), self._reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with told_plainly(), self._writing.begin() as session:
            yield session

    def in_chunks(
        self,
        ids: Sequence[int],
        work: Callable[[Session, int], None],
        set_aside: Callable[[Session, int, Exception], None],
    ) -> None:
        """Do ``work`` for each id, a chunk in one transaction; on error item by item.

        An item that fails alone is given to ``set_aside`` and never stops the rest. Trouble of the
        database itself is nobody's fault and is raised.
        """
        for start in range(0, len(ids), CHUNK):
            if self.is_closing:
                return
            chunk = ids[start : start + CHUNK]
            try:
                with self.writing() as session:
                    for id_ in chunk:
                        work(session, id_)
            except DatabaseProblem:
                raise
            except Exception:  # noqa: BLE001 - the boundary of a step: one bad item must not stop the rest
                self._one_by_one(chunk, work, set_aside)

    def _one_by_one(
        self,
        ids: Sequence[int],
        work: Callable[[Session, int], None],
        set_aside: Callable[[Session, int, Exception], None],
    ) -> None:
        for id_ in ids:
            try:
                with self.writing() as session:
                    work(session, id_)
            except DatabaseProblem:
                raise
            except Exception as problem:  # noqa: BLE001 - the same boundary, for the item alone
                with self.writing() as session:
                    set_aside(session, id_, problem)


def open_engine(url: str, folder: Path) -> Engine:
    """The engine for a database URL; a relative SQLite path lies in ``folder``. Raises DatabaseProblem."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseProblem("database.url is not a database URL, as sqlite:///outreach.db is one.") from None
    if parsed.get_backend_name() != "sqlite":
        return _other_engine(parsed)
    if parsed.database and parsed.database != ":memory:":
        parsed = parsed.set(database=str(folder / parsed.database))
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _other_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise DatabaseProblem(f"There is no driver for {url.drivername} in this installation.") from None


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("outreach_reads", False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn the driver's trouble into one line that says what to do. Statements and values stay out of it."""
    try:
        yield
    except OperationalError as problem:
        raise DatabaseProblem(_advice(str(problem.orig))) from problem
    except DatabaseError as problem:
        if "malformed" in str(problem.orig) or "not a database" in str(problem.orig):
            raise DatabaseProblem("The database file is damaged. Restore it from the last backup.") from problem
        raise


def _advice(said: str) -> str:
    if "locked" in said:
        return "The database is busy: another process has held it for too long. Try again."
    if "full" in said:
        return "The disk is full; nothing was lost. Make room and run again."
    if "no such table" in said or "no such column" in said or "does not exist" in said:
        return "The database is not at the current version. Type: outreach db upgrade"
    if "unable to open" in said:
        return "The database cannot be opened. Does its folder exist, and may this user write there?"
    if "readonly" in said:
        return "The database is read-only for this user."
    return f"The database cannot be used: {said.splitlines()[0][:200]}"
