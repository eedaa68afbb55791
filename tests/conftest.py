"""What holds for every test: no network but loopback, and nothing of the caller's environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from outreach.sealing import Keyring
from outreach.store import campaign, migrate
from outreach.store.database import Database, open_engine
from tests.cast import NOW
from tests.offline import refuse_the_network

if TYPE_CHECKING:  # a plugin: pytest imports it itself, to rewrite its assertions
    from tests.servers.postgres import Postgres

pytest_plugins = [
    "tests.servers.certificate",
    "tests.servers.dovecot",
    "tests.servers.sink",
    "tests.servers.postfix",
    "tests.servers.postgres",
]

SQLITE: Final = "sqlite:///outreach.db"


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        refuse_the_network(monkeypatch)
        yield


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("OUTREACH_") or name == "CREDENTIALS_DIRECTORY":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at head, made by the migrations once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    engine = open_engine(SQLITE, folder)
    migrate.upgrade(engine)
    engine.dispose()
    return folder / "outreach.db"


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> Iterator[str]:
    """The same on PostgreSQL: the name of a database to be copied."""
    with postgres.database() as url:
        engine = open_engine(url, Path())
        migrate.upgrade(engine)
        engine.dispose()
        yield url.rpartition("/")[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty campaign folder."""
    (tmp_path / "campaign").mkdir()
    return tmp_path / "campaign"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """What ``database.url`` says of an empty database at head, of each kind there is."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), folder / "outreach.db")
        yield SQLITE
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        with postgres.database(request.getfixturevalue("migrated_postgres")) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same of a database without any table; the one of SQLite is not even there."""
    if request.param == "sqlite":
        yield SQLITE
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        with postgres.database() as url:
            yield url


@pytest.fixture
def db(folder: Path, database_url: str) -> Iterator[Database]:
    """The database of a started campaign, with a key of its own."""
    database = Database(open_engine(database_url, folder), Keyring.from_secret(os.urandom(32)))
    with database.writing() as session:
        campaign.found(session, slug="freedom", since=NOW).started_at = NOW
    yield database
    database.engine.dispose()


@pytest.fixture
def database_files(request: pytest.FixtureRequest, folder: Path, database_url: str) -> Callable[[], list[Path]]:
    """Every file in which the database has put something: itself, and the log of what was written."""

    def files() -> list[Path]:
        if database_url == SQLITE:
            return [path for path in folder.iterdir() if path.is_file()]
        postgres: Postgres = request.getfixturevalue("postgres")
        return postgres.files(database_url)

    return files
