"""Time grows with the length of a text, not with its square, whatever one word or sign is repeated in it."""

from __future__ import annotations

import time

import pytest

from outreach.reading.lexicon import lexicon
from outreach.reading.read import read
from tests.reading.letters import letter

_REPEATED = (
    "a", "A", "1", "ک", "Aa ", "a.", "a-", "a@", "a@b.", "(", "«", "a: ", "A, ", " - ", "1.", "5.9.", "10:00 ",
    "Berlin, ", "Committee of ", "کمیته ", "می ", "should be ", "not ", "<a", "www.", "+49 1", "name ",
)  # fmt: skip
_AROUND = (
    "{}",
    "We sign: {}",
    "Name: {}\nCity: Berlin",
    "The city is wrong, it should be {}",
    "Please write to {} x@y.example",
    "We sign.\n\n-- \n{}",
    "{}\n\nOn Mon, 13 Jul 2026, Campaign <c@d.example> wrote:\n> This line would be printed:\n> A – B",
    "1. {}\n2. Committee of the North, Berlin",
)
_SHORT, _LONG = 2_700, 10_800
#: Four times the length takes four times as long where time is linear, and sixteen times where it is quadratic.
_MOST = 9.0
_NOTHING_MUCH = 0.05  #: seconds for the long text, with which no ratio means anything


def seconds(text: str) -> float:
    """The processor time of reading a mail with this text, the lesser of two."""
    raw, best = letter(text), float("inf")
    for _ in range(2):
        started = time.process_time()
        read(raw)
        best = min(best, time.process_time() - started)
    return best


def grows_too_fast(around: str, word: str) -> bool:
    short, long = (around.replace("{}", (word * size)[:size]) for size in (_SHORT, _LONG))
    taken = seconds(long)
    return taken > _NOTHING_MUCH and taken > _MOST * seconds(short)


@pytest.mark.parametrize("around", _AROUND)
def test_the_time_of_a_reading_is_linear_in_a_repeated_word(around: str) -> None:
    lexicon()

    assert [word for word in _REPEATED if grows_too_fast(around, word)] == []
