"""A real PostgreSQL in a folder of its own, as nobody's system service. It forgets everything at once when it stops."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg import sql

from tests.servers.process import free_port, listens, run, start, stop

PATIENCE: Final = 20.0  # seconds until it must listen
#: What tests need not wait for: nothing of theirs outlives the machine.
_FORGETFUL: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=64MB")


class Postgres:
    """One server. Everybody who reaches it is let in."""

    def __init__(self, folder: Path, options: Sequence[str] = _FORGETFUL) -> None:
        self.folder = folder
        self.port = free_port()
        # PostgreSQL refuses to run as root.
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user, user)
        folder.chmod(0o700)
        data, tools = folder / "data", _tools()
        run([f"{tools}/initdb", "-D", str(data), "-U", "outreach", "-A", "trust", "-E", "UTF8", "-N"], user)
        given = [word for option in options for word in ("-c", option)]
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-k", str(folder)]
        with (folder / "log").open("wb") as log:
            command = [f"{tools}/postgres", "-D", str(data), *address, *given]
            self._process = start(command, output=log, user=user, errors=log)
        self._numbers = itertools.count(1)
        self._wait_until_it_answers()

    def url(self, name: str) -> str:
        """What ``database.url`` says of one of its databases."""
        return f"postgresql+psycopg://outreach@127.0.0.1:{self.port}/{name}"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a database that nobody has used before; a copy of ``template``."""
        name = f"outreach_{next(self._numbers)}"
        # The strategy of which creating and dropping together take least: many tests want one each.
        self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        try:
            yield self.url(name)
        finally:
            self._do("DROP DATABASE {} WITH (FORCE)", name)

    def files(self, url: str) -> list[Path]:
        """The files of a database of which nothing is only in memory, and those of the write-ahead log."""
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            query = "SELECT oid FROM pg_database WHERE datname = %s"
            row = connection.execute(query, [url.rpartition("/")[2]]).fetchone()
        assert row is not None
        data = self.folder / "data"
        return [*(data / "base" / str(row[0])).iterdir(), *(data / "pg_wal").glob("0*")]

    def stop(self) -> None:
        stop(self._process)

    def _do(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _address(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=outreach dbname=postgres"

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (listens(self.port) and self._answers()):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"postgres did not start:\n{(self.folder / 'log').read_text(errors='replace')}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._address()).close()
        except psycopg.OperationalError:
            return False
        return True


def _tools() -> Path:
    """Where initdb and postgres are; without them the test is skipped, or fails with CI=true."""
    # Debian keeps them by version, in folders that are on nobody's PATH.
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    found = shutil.which("initdb", path=os.pathsep.join([*debian, os.environ["PATH"]]))
    if found:
        return Path(found).resolve().parent
    missing = "postgresql is not installed (scripts/install-test-servers says how)"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """A server for one purpose; ``durable`` as one is set up by default, on disk and with fsync.

    Its folder has a short name: paths of Unix sockets end at 107 octets.
    """
    memory = "/dev/shm"  # a database for each test is several times quicker made there
    place = memory if os.access(memory, os.W_OK) and not durable else None
    with tempfile.TemporaryDirectory(prefix="postgres-", dir=place, ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder), () if durable else _FORGETFUL)
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server
