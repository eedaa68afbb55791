"""How long an automatic answer says that somebody is away. Used by the intake step, for pauses; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

from babel import Locale, UnknownLocaleError

from outreach.reading.dates import find_dates
from outreach.reading.lexicon import lexicon, words
from outreach.reading.sentences import Sentence, sentences

#: Whoever is away for longer has left, or the date means something else.
LONGEST: Final = timedelta(days=120)
_TEXT: Final = 4000  #: characters that are looked at
_NEAR: Final = 40  #: characters between a date and the word that says what it is
_WORD = re.compile(r"[\w\u200c]+(?:['’]\w+)?")


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
    for weekday, start, end in _weekdays(sentence.text):
        if (sign := _nearest(signs, start, end)) is not None:
            next_one = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
            yield 1, _first_day_back(next_one, sign)


def _first_day_back(day: date, sign: str) -> date:
    return day if sign == "back" else day + timedelta(days=1)


def _signs(text: str) -> list[tuple[str, int, int]]:
    """The words that say what a date is: ("until" or "back", start, end)."""
    return [
        (sign, start, end)
        for word, start, end in _spelt(text)
        for sign in ("until", "back")
        if lexicon().is_in(sign, word)
    ]


def _spelt(text: str) -> Iterator[tuple[str, int, int]]:
    """(word as it is compared, start, end): each word, and each with the next one, as Persian writes many in two."""
    spans = [("".join(words(match[0])), *match.span()) for match in _WORD.finditer(text)]
    for (word, start, end), following in zip(spans, [*spans[1:], ("", 0, 0)], strict=True):
        yield word, start, end
        if following[0]:
            yield word + following[0], start, following[2]


def _nearest(signs: list[tuple[str, int, int]], start: int, end: int) -> str | None:
    near = [(max(start - sign_end, sign_start - end, 0), sign) for sign, sign_start, sign_end in signs]
    distance, sign = min(near, default=(_NEAR + 1, ""))
    return sign if distance <= _NEAR else None


def _weekdays(text: str) -> Iterator[tuple[int, int, int]]:
    """(0 for Monday, start, end) of each weekday; what stands inside a longer one is none."""
    found = [(weekday, start, end) for word, start, end in _spelt(text) if (weekday := _weekday(word)) is not None]
    for weekday, start, end in found:
        if not any(other <= start and end <= until and (other, until) != (start, end) for _, other, until in found):
            yield weekday, start, end


def _weekday(word: str) -> int | None:
    names = _weekday_names()
    for length in range(len(word), max(2, len(word) - 5), -1):
        if (found := names.get((word[:length], length == len(word)))) is not None:
            return found
    return None


@cache
def _weekday_names() -> dict[tuple[str, bool], int]:
    """Names of the weekdays (CLDR) in every language of the lexicon: (letters, whether they are the whole word).

    Of a long name the last letters may differ: many languages inflect them.
    """
    names: dict[tuple[str, bool], int] = {}
    for language in lexicon().stopwords:
        try:
            days = Locale.parse(language.replace("kmr", "ku"), sep="-").days["format"]["wide"]
        except (UnknownLocaleError, ValueError):
            continue
        for number, name in days.items():
            whole = "".join(words(name.split()[-1] if language == "he" else name))
            names.setdefault((whole, True), number)
            if len(whole) >= 5:
                names.setdefault((whole[: -2 if len(whole) > 5 else -1], False), number)
    return names
