"""What holds for every test: no network but loopback, and nothing of the caller's environment."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.offline import refuse_the_network

pytest_plugins = ["tests.servers.certificate", "tests.servers.dovecot", "tests.servers.sink"]


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
