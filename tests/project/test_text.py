"""Every tracked file: speaks of the project alone, and stays short enough to be read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.project import ROOT, run

# Groups keep the patterns from matching this file.
FORBIDDEN = {
    "registry host": re.compile(
        r"\b(?:py[p]i|python[h]osted|npm[j]s|crates)\.(?:org|com|io)\b|\b(?:deb|security|ftp)\.(?:debian)\.org\b",
        re.IGNORECASE,
    ),
    "machine path": re.compile(
        r"(?<![\w.~/-])/(?:work|root|tmp|opt/(?:dev|wheels|py[p]i))(?:/|\b)(?![\w-])|\.(?:pyenv)/"
    ),
}
LONGEST = 300


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    listed = run(["git", "ls-files", "-z"]).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine(tracked: list[Path]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}: {match[0]}"
        for path in tracked
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "see https://files.python" + "hosted" + ".org/x",
        "deb" + ".debian.org",
        "cd /" + "work/x",
        "'/" + "tmp'",
        "--x=/" + "root/y",
    ],
)
def test_pattern_finds_what_must_not_be_named(text: str) -> None:
    assert any(pattern.search(text) for pattern in FORBIDDEN.values())


@pytest.mark.parametrize("text", ["https://a.example/wor" + "k/", "src/tmp/x", "/workers", "debian.org"])
def test_pattern_leaves_other_text_alone(text: str) -> None:
    assert not any(pattern.search(text) for pattern in FORBIDDEN.values())


def test_no_module_grows_longer_than_can_be_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "src").rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert not long
