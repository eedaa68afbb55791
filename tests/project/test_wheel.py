"""Wheels: what is installed without a checkout has its templates and migrations; an editable one has no copies."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from tests.project import ROOT, run

pytestmark = pytest.mark.slow

BUILD = "import sys; from hatchling import build; getattr(build, sys.argv[1])(sys.argv[2])"
ASK = "from outreach import resources; print(resources.templates(), resources.migrations(), sep='\\n')"


def build(kind: str, folder: Path) -> zipfile.ZipFile:
    result = run([sys.executable, "-c", BUILD, kind, str(folder)])
    assert result.returncode == 0, result.stderr
    [wheel] = folder.glob("*.whl")
    return zipfile.ZipFile(wheel)


def test_wheel_carries_templates_and_migrations(tmp_path: Path) -> None:
    with build("build_wheel", tmp_path) as wheel:
        names = set(wheel.namelist())
    for folder, inside in (("templates", "outreach/templates"), ("db", "outreach/migrations")):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        assert {f"{inside}/{path.relative_to(ROOT / folder)}" for path in files} <= names
    assert not [name for name in names if name.endswith(".pyc")]


def test_installed_program_finds_the_copies_of_its_wheel(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with build("build_wheel", tmp_path) as wheel:
        wheel.extractall(site)
    program = f"import sys; sys.path.insert(0, {str(site)!r}); {ASK}"
    assert run([sys.executable, "-c", program]).stdout.split() == [
        str(site / "outreach/templates"),
        str(site / "outreach/migrations"),
    ]


def test_editable_wheel_carries_no_copies(tmp_path: Path) -> None:
    with build("build_editable", tmp_path) as wheel:
        assert not [name for name in wheel.namelist() if name.startswith("outreach/")]
