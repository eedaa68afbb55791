"""What holds for every test: no network but loopback, and nothing of the caller's environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from outreach.sealing import Keyring
from outreach.store import campaign
from outreach.store.database import Database, open_engine
from tests.cast import NOW
from tests.offline import refuse_the_network

if TYPE_CHECKING:  # a plugin: pytest imports it itself, to rewrite its assertions
    from tests.servers.databases import Databases

# No test fails because the machine is busy: speed is shown by bench/.
hypothesis_settings.register_profile("outreach", hypothesis_settings(), deadline=None)
hypothesis_settings.load_profile("outreach")

pytest_plugins = [
    "tests.servers.certificate",
    "tests.servers.tokens",
    "tests.servers.dovecot",
    "tests.servers.sink",
    "tests.servers.nameserver",
    "tests.servers.chromium",
    "tests.servers.postfix",
    "tests.servers.postgres",
    "tests.servers.databases",
]


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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty campaign folder."""
    (tmp_path / "campaign").mkdir()
    return tmp_path / "campaign"


@pytest.fixture
def database_url(databases: Databases, folder: Path) -> str:
    """What ``database.url`` says of an empty database at head, of each kind there is."""
    return databases.ready(folder)


@pytest.fixture
def new_database_url(databases: Databases) -> str:
    """The same of a database without any table; the one of SQLite is not even there."""
    return databases.new()


@pytest.fixture
def init_url(databases: Databases) -> str:
    """What to name to ``outreach init``."""
    return databases.for_init()


@pytest.fixture
def db(folder: Path, database_url: str) -> Iterator[Database]:
    """The database of a started campaign, with a key of its own."""
    database = Database(open_engine(database_url, folder), Keyring.from_secret(os.urandom(32)))
    with database.writing() as session:
        campaign.found(session, slug="freedom", since=NOW).started_at = NOW
    yield database
    database.engine.dispose()


@pytest.fixture
def database_files(databases: Databases, folder: Path, database_url: str) -> Callable[[], list[Path]]:
    """Every file in which the database has put something: itself, and the log of what was written."""
    return lambda: databases.files(database_url, folder)
