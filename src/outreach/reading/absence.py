"""How long an automatic answer says that somebody is away. Used by the intake step, for pauses; pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from outreach.reading.dates import find_dates
from outreach.reading.lexicon import lexicon
from outreach.reading.sentences import Sentence, sentences
from outreach.reading.weekdays import spelt, weekdays

#: Whoever is away for longer has left, or the date means something else.
LONGEST: Final = timedelta(days=120)
_TEXT: Final = 4000  #: characters that are looked at
_NEAR: Final = 40  #: characters between a date and the word that says what it is


def back_on(text: str, today: date) -> date | None:
    """The first day on which they read their mail again, if the text names one after ``today``.

    A date counts by the word beside it ("until", "back"), else by its sentence ("on holiday, 3 to 14 August").
    A weekday alone counts beside such a word only.
    """
    found: dict[int, list[date]] = {0: [], 1: [], 2: []}
    for sentence in sentences(text[:_TEXT]):
        for sureness, day in _said_in(sentence, today):
            if today < day <= today + LONGEST:
                found[sureness].append(day)
    return next((max(days) for days in found.values() if days), None)


def _said_in(sentence: Sentence, today: date) -> Iterator[tuple[int, date]]:
    """(how sure: 0 is best, first day back) for every date and weekday of a sentence."""
    signs = _signs(sentence.text)
    speaks_of_absence = lexicon().says(sentence.text, "auto_reply")
    for dated in find_dates(sentence.text, (today.year, today.year + 1)):
        sign = _nearest(signs, dated.start, dated.end)
        if sign is not None:
            yield 0, _first_day_back(dated.value, sign)
        elif speaks_of_absence:
            yield 2, _first_day_back(dated.value, "until")
    for weekday, start, end in weekdays(sentence.text):
        if (sign := _nearest(signs, start, end)) is not None:
            next_one = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
            yield 1, _first_day_back(next_one, sign)


def _first_day_back(day: date, sign: str) -> date:
    return day if sign == "back" else day + timedelta(days=1)


def _signs(text: str) -> list[tuple[str, int, int]]:
    """The words that say what a date is: ("until" or "back", start, end)."""
    return [
        (sign, start, end)
        for word, start, end in spelt(text)
        for sign in ("until", "back")
        if lexicon().is_in(sign, word)
    ]


def _nearest(signs: list[tuple[str, int, int]], start: int, end: int) -> str | None:
    near = [(max(start - sign_end, sign_start - end, 0), sign) for sign, sign_start, sign_end in signs]
    distance, sign = min(near, default=(_NEAR + 1, ""))
    return sign if distance <= _NEAR else None
