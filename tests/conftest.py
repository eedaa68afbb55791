"""What holds for every test: no network but loopback, and nothing of the caller's environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.sealing import Keyring
from outreach.store import campaign, migrate
from outreach.store.database import Database, open_engine
from tests.cast import NOW
from tests.offline import refuse_the_network

pytest_plugins = ["tests.servers.certificate", "tests.servers.dovecot", "tests.servers.sink", "tests.servers.postfix"]


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
    """An empty database at head, made by the migrations once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    engine = open_engine("sqlite:///outreach.db", folder)
    migrate.upgrade(engine)
    engine.dispose()
    return folder / "outreach.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty campaign folder."""
    (tmp_path / "campaign").mkdir()
    return tmp_path / "campaign"


@pytest.fixture
def db(folder: Path, migrated: Path) -> Iterator[Database]:
    """The database of a started campaign, in a file, with a key of its own."""
    shutil.copy(migrated, folder / "outreach.db")
    database = Database(open_engine("sqlite:///outreach.db", folder), Keyring.from_secret(os.urandom(32)))
    with database.writing() as session:
        campaign.found(session, slug="freedom", since=NOW).started_at = NOW
    yield database
    database.engine.dispose()
