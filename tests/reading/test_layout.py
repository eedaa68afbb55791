"""The layout of a mail changes no reading: each message of the corpus, as other clients, lists and gateways send it.

Held against the truth and against the reading of the same text unchanged. A sample runs with all tests, the whole
corpus with ``make soak``. `COSTS` says what each layout may cost at most; lower its figures when the reading gains.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from outreach.reading.read import as_answer, read
from tests.reading.layouts import LAYOUTS, Layout, Mail, Sent, opened, sent, unchanged
from tests.reading.scoring import BINS, Answer, Score, held_out

_CORPORA: Final = tuple(Path(__file__).parent.parent / "corpus" / name for name in ("own", "replies"))
_EVERY: Final = 8  #: of the sample: each eighth message
#: Reports of machines are laid out by machines alone.
_MACHINES: Final = frozenset({"bounce", "complaint"})

Reader = Callable[[bytes], Answer]


@dataclass(frozen=True)
class Cost:
    """The most that a layout may cost: field F1, and the share of messages whose kind changes."""

    f1: float = 0.002
    kinds: float = 0.0


#: What is free is not named.
COSTS: Final[Mapping[str, Cost]] = {
    "wrapped_at_60": Cost(f1=0.035, kinds=0.008),
    "wrapped_at_72": Cost(f1=0.018, kinds=0.008),
    "small_letters": Cost(f1=0.08, kinds=0.006),
    "no_ends_of_sentences": Cost(f1=0.008, kinds=0.005),
    "greeting_in_english": Cost(f1=0.02, kinds=0.004),
    "forwarded_once_more": Cost(f1=0.036, kinds=0.03),
}
#: In a sample one message weighs more.
_SLACK: Final = Cost(f1=0.02, kinds=0.02)


@dataclass
class Compared:
    """One layout over many messages: figures with it and without it, and what it must not do."""

    laid_out: Score = field(default_factory=Score)
    plain: Score = field(default_factory=Score)
    wrong: list[str] = field(default_factory=list)
    kinds: int = 0  #: that changed

    def add(self, name: str, truth: Answer, plain: Answer, answer: Answer) -> None:
        before, harm = len(self.laid_out.harm), len(self.plain.harm)
        self.plain.add(name, truth, plain)
        self.laid_out.add(name, truth, answer)
        one = self.laid_out.answered[-1]
        self.kinds += answer["kind"] != plain["kind"]
        looked_at = bool(answer["needs_human"])
        acts = answer["kind"] != "question"  # which a person answers
        if acts and answer["kind"] != plain["kind"] and one.confidence >= BINS[-1] and not one.kind_right:
            self.wrong.append(f"{name}: {answer['kind']} for {plain['kind']}, and sure of it")
        if len(self.laid_out.harm) > before and len(self.plain.harm) == harm and not looked_at:
            self.wrong += self.laid_out.harm[before:]


def compare(layout: Layout, messages: Iterable[Path], reader: Reader | None = None) -> Compared:
    """How the messages are read in a layout; by another reader where one is given."""
    found = Compared()
    for path in messages:
        mail, truth, plain = _opened(path)
        if mail is not None and (laid_out := layout(mail)) is not None:
            found.add(path.stem, truth, plain, (reader or _answered)(sent(mail, laid_out)))
    return found


@cache
def _opened(path: Path) -> tuple[Mail | None, Answer, Answer]:
    """The mail, what is true of it, and how it is read unchanged; None where it has no layout to change."""
    truth: Answer = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    mail = None if truth["kind"] in _MACHINES else opened(path.read_bytes())
    return mail, truth, {} if mail is None else _answered(sent(mail, unchanged(mail)))


def _answered(raw: bytes) -> Answer:
    return as_answer("", read(raw))


def _messages(every: int = 1) -> list[Path]:
    developed = [
        path
        for folder in _CORPORA
        for path in sorted(folder.glob("*.eml"))
        if path.stem not in held_out(folder) and path.with_suffix(".json").exists()
    ]
    return developed[::every]


def _check(name: str, found: Compared, slack: Cost) -> None:
    cost = COSTS.get(name, Cost())
    assert found.wrong == []
    assert found.kinds / found.laid_out.messages <= cost.kinds + slack.kinds
    assert found.laid_out.f1 >= found.plain.f1 - cost.f1 - slack.f1


@pytest.fixture(scope="module")
def sample() -> list[Path]:
    return _messages(_EVERY)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_changes_no_reading(name: str, sample: list[Path]) -> None:
    _check(name, compare(LAYOUTS[name], sample), _SLACK)


@pytest.mark.soak
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_changes_no_reading_of_any_message(name: str) -> None:
    _check(name, compare(LAYOUTS[name], _messages()), Cost(f1=0.0))


def test_the_sample_holds_what_can_go_wrong(sample: list[Path]) -> None:
    truths = [truth for mail, truth, _ in map(_opened, sample) if mail is not None]

    assert {"signup", "decline", "question", "withdrawal"} <= {truth["kind"] for truth in truths}
    assert sum(bool(truth["signups"]) for truth in truths) >= 50


def test_a_reader_that_takes_a_line_for_the_whole_name_is_found_out(sample: list[Path]) -> None:
    def cutting(raw: bytes) -> Answer:
        answer = _answered(raw)
        for signup in answer["signups"]:
            signup["names"] = {language: name.split()[0] for language, name in signup["names"].items()}
        return answer | {"confidence": 0.95, "needs_human": []}

    with pytest.raises(AssertionError, match="a wrong name, and sure of it"):
        _check("crlf", compare(LAYOUTS["crlf"], sample, cutting), _SLACK)


def test_a_layout_that_takes_words_away_is_found_out(sample: list[Path]) -> None:
    def cut(mail: Mail) -> Sent | None:
        return Sent("\n".join(line[:30] for line in mail.text.split("\n")))

    with pytest.raises(AssertionError):
        _check("cut", compare(cut, sample), _SLACK)
