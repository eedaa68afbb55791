"""`scripts/check-python`: what `make setup` says where the Python that is there cannot do it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import ROOT

#: A Python of a version, which has these modules and no others; it answers only what it is asked.
PYTHON = """#!/bin/sh
case "$*" in
    *version_info*3,\\ 11*) exit {is_too_old} ;;
    *ensurepip*) exit {lacks_venv} ;;
    *version_info*) echo 3.{minor} ;;
    -V) echo "Python 3.{minor}.4" ;;
esac
"""


def said(python: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [ROOT / "scripts" / "check-python", python], capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, done.stderr


def fake(folder: Path, minor: int, *, lacks_venv: bool = False) -> Path:
    program = folder / "python3"
    program.write_text(PYTHON.format(minor=minor, is_too_old=int(minor < 11), lacks_venv=int(lacks_venv)))
    program.chmod(0o755)
    return program


def test_the_python_that_runs_the_tests_is_taken_silently() -> None:
    assert said(sys.executable) == (0, "")


def test_python_that_is_not_there_is_answered_with_the_line_for_apt() -> None:
    code, line = said("python9.9")
    assert code == 1
    assert line == "python9.9 was not found. On Debian or Ubuntu type:  sudo apt-get install python3 python3-venv\n"


@pytest.mark.parametrize("minor", [8, 10])
def test_python_that_is_too_old_is_named_with_a_way_out(minor: int, tmp_path: Path) -> None:
    old = fake(tmp_path, minor)
    code, text = said(old)
    assert code == 1
    assert f"outreach needs Python 3.11 or newer; {old} is Python 3.{minor}.4." in text
    assert "sudo apt-get install python3.12 python3.12-venv && make setup PYTHON=python3.12" in text


def test_python_without_venv_is_answered_with_the_package_of_its_own_version(tmp_path: Path) -> None:
    code, text = said(fake(tmp_path, 12, lacks_venv=True))
    assert code == 1
    assert "cannot make virtual environments" in text
    assert text.endswith("    sudo apt-get install python3.12-venv\n")
