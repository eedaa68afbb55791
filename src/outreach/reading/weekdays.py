"""Names of weekdays in running text, in every language of the lexicon: for absences and for actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale, UnknownLocaleError

from outreach.reading.lexicon import lexicon, words

_WORD = re.compile(r"[\w\u200c]+(?:['’]\w+)?")


def spelt(text: str) -> Iterator[tuple[str, int, int]]:
    """(word as it is compared, start, end): each word, and each with the next one, as Persian writes many in two."""
    spans = [("".join(words(match[0])), *match.span()) for match in _WORD.finditer(text)]
    for (word, start, end), following in zip(spans, [*spans[1:], ("", 0, 0)], strict=True):
        yield word, start, end
        if following[0]:
            yield word + following[0], start, following[2]


def weekdays(text: str) -> Iterator[tuple[int, int, int]]:
    """(0 for Monday, start, end) of each weekday; what stands inside a longer one is none."""
    found = [(weekday, start, end) for word, start, end in spelt(text) if (weekday := _weekday(word)) is not None]
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
