"""The reply corpus: every message is read, and the figures do not fall below what was reached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outreach.reading.read import read
from tests.reading.scoring import Score, score

_CORPUS = Path(__file__).parent.parent / "corpus" / "replies"
_MESSAGES = sorted(_CORPUS.glob("*.eml"))


@pytest.fixture(scope="module")
def result() -> Score:
    return score(_MESSAGES)


def test_no_message_of_the_corpus_does_harm(result: Score) -> None:
    assert result.harm == []


def test_kinds_of_the_corpus_are_read(result: Score) -> None:
    assert result.kinds >= 0.99


def test_fields_of_the_corpus_are_read(result: Score) -> None:
    assert result.f1 >= 0.99


@pytest.mark.parametrize("message", _MESSAGES, ids=lambda path: path.stem)
def test_the_evidence_of_a_message_holds_what_was_read(message: Path) -> None:
    reading = read(message.read_bytes())
    for signup in reading.signups:
        for evidence in signup.evidence.values():
            assert reading.parts[evidence.part][evidence.start : evidence.end].strip()


@pytest.mark.parametrize(
    "message", [m for m in _MESSAGES if "bounce" in m.stem or "dsn" in m.stem], ids=lambda p: p.stem
)
def test_a_bounce_of_the_corpus_names_its_recipients(message: Path) -> None:
    truth = json.loads(message.with_suffix(".json").read_text(encoding="utf-8"))["bounce"]
    bounce = read(message.read_bytes()).bounce

    assert bounce is not None
    assert (sorted(bounce.recipients), bounce.permanent) == (sorted(truth["recipients"]), truth["permanent"])
