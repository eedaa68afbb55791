"""A started campaign whose public pages are served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.bootstrap import Program, wire
from outreach.public.app import public_app
from outreach.settings import WebSettings
from outreach.steps import coordinators
from outreach.store.database import Database
from tests import cast
from tests.public.place import Place
from tests.servers.process import free_port
from tests.web.site import running


@pytest.fixture
def program(db: Database, folder: Path) -> Program:
    port = free_port()
    public = WebSettings(port=port, url=f"http://127.0.0.1:{port}")
    cast.write_statement(folder)
    with db.writing() as session:
        coordinators.first(session, "Bea", "bea@team.example", cast.clock)
    return wire(cast.settings(folder, public=public), db.keyring, db.engine, {}, cast.clock, via="page", seed=1)


@pytest.fixture
def place(program: Program) -> Iterator[Place]:
    assert program.settings.public is not None
    with running(public_app(program), program.settings.public):
        yield Place(program)
