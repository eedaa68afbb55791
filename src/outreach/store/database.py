"""The database: one engine, reading and writing sessions, and what makes SQLite and PostgreSQL behave alike.

Reading sessions see a snapshot and cannot write; writing sessions take the one write lock at once, or they would fail
in the middle when another writer was quicker. SQLite has such a lock (BEGIN IMMEDIATE); on PostgreSQL it is an
advisory one. So a transaction that looks and then writes is right on both, whoever works beside it; it is short, and
none is open while a mail server is talked to.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from outreach.errors import DatabaseProblem
from outreach.model.base import KEYRING
from outreach.sealing import Keyring
from outreach.store import facets, origins, tallies  # noqa: F401 - every session keeps the counts, and the index

#: How many items one transaction of a step may hold.
CHUNK = 100
BUSY_TIMEOUT_MS = 10_000
#: The name of the write lock on PostgreSQL: any number, the same for all.
_WRITE_LOCK = 0x6F757472
#: Where a connection of SQLite remembers whether it may only read.
_READS = "outreach_reads"
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

    @contextmanager
    def trying(self) -> Iterator[Session]:
        """A session whose changes are thrown away: to see what would be written."""
        with told_plainly(), self._writing() as session:
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
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed, folder)
        case "postgresql":
            return _postgresql(parsed)
        case other:
            raise DatabaseProblem(f"database.url names {other}; only sqlite and postgresql are supported.")


def sqlite_copy(engine: Engine) -> bytes:
    """The file of an SQLite database as it is at one moment, whoever writes beside it."""
    connection = engine.raw_connection()
    try:
        with closing(sqlite3.connect(":memory:")) as copy:
            cast(sqlite3.Connection, connection.driver_connection).backup(copy)
            return copy.serialize()
    finally:
        connection.close()


def _sqlite(url: URL, folder: Path) -> Engine:
    if url.database and url.database != ":memory:":
        url = url.set(database=str(folder / url.database))
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    options = f"-c lock_timeout={BUSY_TIMEOUT_MS} -c timezone=UTC"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args={"options": options}
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


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


def _begin_postgresql(connection: Connection) -> None:
    if _only_reads(connection):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")


def _only_reads(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("outreach_reads", False))


def _begin_sqlite(connection: Connection) -> None:
    reads = _only_reads(connection)
    if connection.info.get(_READS) is not reads:
        connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
        connection.info[_READS] = reads
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn the driver's trouble into one line that says what to do. Statements and values stay out of it."""
    try:
        yield
    except DatabaseError as problem:
        advice = _advice(str(problem.orig))
        if advice is None and not isinstance(problem, OperationalError):
            raise
        said = str(problem.orig).splitlines()[0][:200]
        raise DatabaseProblem(advice or f"The database cannot be used: {said}") from problem


#: What the drivers say, and what to do about it; the first that fits.
_ADVICE = (
    (r"malformed|not a database", "The database file is damaged. Restore it from the last backup."),
    (r"locked|lock timeout", "The database is busy: another process has held it for too long. Try again."),
    (r"disk is full|disk full|No space left", "The disk is full; nothing was lost. Make room and run again."),
    (
        r'no such (table|column)|(relation|column) "?\S+"? does not exist',
        "The database is not at the current version. Type: outreach db upgrade",
    ),
    (r"unable to open", "The database cannot be opened. Does its folder exist, and may this user write there?"),
    (r"readonly|read-only|permission denied", "The database is read-only for this user."),
    (
        r"connection failed|could not connect|server closed the connection|terminating connection",
        "The database server cannot be reached, or ended the connection. Is it running, and is database.url right?",
    ),
)


def _advice(said: str) -> str | None:
    return next((advice for pattern, advice in _ADVICE if re.search(pattern, said)), None)
