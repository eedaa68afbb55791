"""scripts/score-reading: the figures of a corpus, its table and its picture; held-out messages only measure."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.project import ROOT, run

_TABLE = (
    "# Page\n\n<!-- reliability: written by scripts/score-reading -->\nold\n<!-- end of reliability -->\n\nThe end.\n"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for message in sorted((ROOT / "tests" / "corpus" / "replies").glob("00[1-4]*")):
        shutil.copy(message, folder)
    truth = next(folder.glob("002*.json"))
    truth.write_text(truth.read_text(encoding="utf-8").replace('"signup"', '"question"'), encoding="utf-8")
    truth = next(folder.glob("003*.json"))
    truth.write_text(truth.read_text(encoding="utf-8").replace('"signup"', '"decline"'), encoding="utf-8")
    (folder / "held-out.txt").write_text(f"{truth.stem}\n")
    return folder


def score_reading(*words: object) -> str:
    return run([sys.executable, str(ROOT / "scripts" / "score-reading"), *map(str, words)]).stdout


def test_development_and_held_out_messages_have_figures_of_their_own(corpus: Path) -> None:
    lines = {line[:20].strip(): line[20:].split() for line in score_reading(corpus).splitlines()}

    assert lines["messages"] == ["3", "1"]
    assert lines["kind right"] == ["0.6667", "0.0000"]
    assert lines["harm"] == ["1", "1"]


def test_held_out_messages_are_never_named(corpus: Path) -> None:
    shown = score_reading(corpus, "--show", "--rules")

    assert "002-" in shown
    assert "003-" not in shown


def test_table_and_picture_hold_the_same_figures(corpus: Path, tmp_path: Path) -> None:
    page, picture = tmp_path / "page.md", tmp_path / "picture.svg"
    page.write_text(_TABLE)
    score_reading(corpus, "--table", page, "--picture", picture)

    assert "old" not in page.read_text()
    assert page.read_text().endswith("The end.\n")
    assert "| 0.9 or more | 3 | 33.3% | 33.3% |" in page.read_text()
    drawn = [text.text for text in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert {"33.3%", "0.9 or more", "3 messages"} <= set(drawn)
