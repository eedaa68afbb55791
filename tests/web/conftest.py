"""A started campaign whose pages are served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from outreach.bootstrap import Program, wire
from outreach.settings import WebSettings
from outreach.steps import access, coordinators
from outreach.store.database import Database
from tests import cast
from tests.servers.process import free_port
from tests.web.site import Site, serving


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing costs what it should not cost a hundred times; what it truly costs has its own test."""
    monkeypatch.setattr(access, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def program(db: Database, folder: Path) -> Program:
    port = free_port()
    web = WebSettings(port=port, url=f"http://127.0.0.1:{port}")
    cast.write_statement(folder)
    with db.writing() as session:
        coordinators.first(session, "Bea", "bea@team.example", cast.clock)
    return wire(cast.settings(folder, web=web), db.keyring, db.engine, {}, cast.clock, via="page", seed=1)


@pytest.fixture
def site(program: Program) -> Iterator[Site]:
    with serving(program) as site:
        yield site
