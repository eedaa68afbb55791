"""The gates of `make check`, so that whoever runs the tests has run them too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.project import run

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "gate",
    ["ruff format --check", "ruff check", "mypy", "lint-imports --no-cache --no-logo"],
    ids=["format", "lint", "types", "imports"],
)
def test_gate_is_passed(gate: str) -> None:
    tool, *arguments = gate.split()
    result = run([BIN / tool, *arguments])
    assert result.returncode == 0, result.stdout + result.stderr
