"""A campaign that has begun and started, for the commands that work on its records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.bootstrap import Program, open_program
from tests.cli.commands import Begun, begin, put_statement


@pytest.fixture
def begun(tmp_path: Path, init_url: str) -> Begun:
    """A campaign in rehearsal whose statement is written."""
    campaign = begin(tmp_path, database=init_url)
    put_statement(campaign)
    return campaign


@pytest.fixture
def started(begun: Begun) -> Begun:
    """The same, after the rehearsal."""
    result = begun.type_("start", "--yes")
    assert result.exit_code == 0, result.output
    return begun


@pytest.fixture
def program(started: Begun) -> Iterator[Program]:
    """The started campaign, opened, to put records into it and to look at them."""
    opened = open_program(started.folder, started.environment)
    yield opened
    opened.db.engine.dispose()
