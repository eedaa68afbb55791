"""Databases of each kind there is, for one test each: SQLite in a file, PostgreSQL in a server of its own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final, Protocol

import pytest

from outreach.store import migrate
from outreach.store.database import open_engine
from tests.servers.postgres import Postgres

KINDS: Final = ("sqlite", "postgresql")
SQLITE: Final = "sqlite:///outreach.db"  #: what ``database.url`` says in every folder


class Databases(Protocol):
    """Databases of one kind. A URL is what ``database.url`` says in the settings of a campaign's folder."""

    def new(self) -> str:
        """A database without any table; the one of SQLite is not even there."""

    def ready(self, folder: Path) -> str:
        """An empty database at head, for the campaign in ``folder``."""

    def for_init(self) -> str:
        """The same for ``outreach init``, which makes the file of SQLite itself."""

    def copy(self, url: str, folder: Path, into: Path) -> str:
        """A copy of the one of ``folder`` as it is now, which nobody has open, for ``into``."""

    def files(self, url: str, folder: Path) -> list[Path]:
        """Every file in which it has put something: itself, and the log of what was written."""


class SqliteDatabases:
    """``template`` is an empty one at head, made by the migrations once."""

    def __init__(self, template: Path) -> None:
        self._template = template

    def new(self) -> str:
        return SQLITE

    def ready(self, folder: Path) -> str:
        shutil.copy(self._template, folder / "outreach.db")
        return SQLITE

    def for_init(self) -> str:
        return SQLITE

    def copy(self, url: str, folder: Path, into: Path) -> str:
        with closing(sqlite3.connect(folder / "outreach.db")) as connection:
            connection.execute("VACUUM INTO ?", [str(into / "outreach.db")])
        return url

    def files(self, url: str, folder: Path) -> list[Path]:
        return [path for path in folder.iterdir() if path.is_file()]


class PostgresDatabases:
    """``template`` is the name of an empty one at head; what was made is dropped with ``until``."""

    def __init__(self, server: Postgres, template: str, until: ExitStack) -> None:
        self._server, self._template, self._until = server, template, until

    def new(self) -> str:
        return self._until.enter_context(self._server.database())

    def ready(self, folder: Path) -> str:
        return self.for_init()

    def for_init(self) -> str:
        return self._until.enter_context(self._server.database(self._template))

    def copy(self, url: str, folder: Path, into: Path) -> str:
        return self._until.enter_context(self._server.database(url.rpartition("/")[2]))

    def files(self, url: str, folder: Path) -> list[Path]:
        return self._server.files(url)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    _bring_to_head(SQLITE, folder)
    return folder / "outreach.db"


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        _bring_to_head(url, Path())
        yield url.rpartition("/")[2]


def _bring_to_head(url: str, folder: Path) -> None:
    engine = open_engine(url, folder)
    migrate.upgrade(engine)
    engine.dispose()


@contextmanager
def databases_for(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """What a fixture that is parametrised by ``KINDS`` has at hand."""
    if request.param == "sqlite":
        yield SqliteDatabases(request.getfixturevalue("migrated"))
    else:
        with ExitStack() as until:
            server: Postgres = request.getfixturevalue("postgres")
            yield PostgresDatabases(server, request.getfixturevalue("migrated_postgres"), until)


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """As many databases as a test wants; whoever asks for it runs on each kind."""
    with databases_for(request) as found:
        yield found
