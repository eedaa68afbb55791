"""Dates and times as people write them: Gregorian and Jalali, Western and Persian digits, in words and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from outreach.dates import from_jalali
from outreach.reading.lexicon import lexicon, words
from outreach.reading.memory import remembered

_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_DIGIT = re.compile(r"\d")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_FIGURES = re.compile(r"(?<![\d.:/])(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2})|\.(?=\W|$)|(?=[\s,;)]|$))(?![\d:])")
_DAY_MONTH = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.|-|م|ی|[êa]ye|ê)?\s*(?:of|de|den|del|ماه|من)?\s*([^\W\d_]{2,15})\.?,?(?:\s+(?:de\s+|ماه\s+)?(\d{4}))?"
)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,12})\.?\s+(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?\b(?![:.]\d)(?:,?\s+(\d{4}))?")
_CLOCK = re.compile(
    r"(?<![\d.,/])([01]?\d|2[0-4])\s?[:.hH]\s?([0-5]\d)\s*([ap]\.?m\b|بعد|عصر|شب)?(?![\d/]|\.\d)", re.IGNORECASE
)
_HOUR = re.compile(
    r"(?<![\d.,/:])([01]?\d|2[0-4])\s*(?:(a\.?m\b|p\.?m\b)|uhr\b|h\b|heures?\b|horas?\b|hrs?\b|o.?clock|uur\b|noon)"
    r"|(?:ساعت|\bkl\.?|\bat|\bum|\bab|\balle|\bdalle|\blas|\bà|\bom|\bsaat|\buhr|\bfrom|\bvon)\s+([01]?\d|2[0-4])"
    r"(?![\d:./]|\.?\s*[^\W\d_]{3,}\s+\d{4})\s*(بعد ?از ?ظهر|بعدازظهر|عصر|شب|پسین|pm|p\.m\.)?",
    re.IGNORECASE,
)
_NOON: Final = "12:00"
_ENDINGS: Final = ("de", "da", "te", "ta")
_SINCE: Final = ("den", "dan", "ten", "tan")
#: Years of the imperial calendar of Iran are so many more than those of the Jalali one.
_IMPERIAL: Final = 1180
_CARDINALS: Final = "یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده"
_ORDINALS: Final = (
    "یکم دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم یازدهم دوازدهم سیزدهم چهاردهم",
    "اول",
    "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن التاسع العاشر",
)
_NUMBERS: Final = {word: n for line in (_CARDINALS, *_ORDINALS) for n, word in enumerate(line.split(), start=1)}


def _one_of(words_: str) -> str:
    return "|".join(sorted(words_.split(), key=len, reverse=True))


#: An hour behind «ساعت», a day before the name of a month, in words.
_MONTH: Final = "(?:ژانویه|فوریه|مارس|[آا]وریل|ژوئن|ژوئیه|جولای|اوت|[آا]گوست|سپتامبر|اکتبر|نوامبر|دسامبر)"
_SPELT = re.compile(
    rf"(?<=ساعت )(?:{_one_of(_CARDINALS)})\b|\b(?:{_one_of(' '.join(_ORDINALS))})\b(?=\s+\w{{2}})"
    rf"|\b(?:{_one_of(_CARDINALS)})\b(?=\s+{_MONTH})"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text and where it stands (code points)."""

    value: date
    start: int
    end: int


def _in_figures(text: str) -> str:
    """The text with hours and days in figures, of the same length."""
    if _ARABIC.search(text) is None:  # all that are spelt out are
        return text
    return _SPELT.sub(lambda found: str(_NUMBERS[found[0]]).ljust(len(found[0])), text)


def may_hold_date(text: str) -> bool:
    """Whether a figure stands in the text, or one that is spelt out."""
    return _DIGIT.search(_in_figures(text)) is not None


@remembered
def find_date(text: str, year: int | None) -> FoundDate | None:
    """The first date in the text; ``year`` stands in where the text names none (None: such dates are left)."""
    text = _in_figures(text)
    if not _DIGIT.search(text):
        return None
    return min(_dates(text.translate(_DIGITS), year), key=lambda found: found.start, default=None)


def find_dates(text: str, years: Iterable[int]) -> list[FoundDate]:
    """Every date in the text, in their order; where the text names no year, once for each of these."""
    plain = text.translate(_DIGITS)
    return sorted({found for year in years for found in _dates(plain, year)}, key=lambda found: found.start)


def _dates(text: str, year: int | None) -> Iterator[FoundDate]:
    for match in _ISO.finditer(text):
        yield from _checked(match, int(match[1]), int(match[2]), int(match[3]))
    for match in _FIGURES.finditer(text):
        day, month = int(match[1]), int(match[2])
        if month > 12 >= day:
            if "/" not in match[0]:
                continue  # "10.30 Uhr" is a time
            day, month = month, day
        yield from _checked(match, _year(match[3]) or year, month, day)
    for match in _DAY_MONTH.finditer(text):
        yield from _named(match, match[2], int(match[1]), match[3], year)
    for match in _MONTH_DAY.finditer(text):
        yield from _named(match, match[1], int(match[2]), match[3], year)


def _named(match: re.Match[str], name: str, day: int, stated: str | None, year: int | None) -> Iterator[FoundDate]:
    """A date whose month is a word, Gregorian or Jalali."""
    word = _without_ending("".join(words(name)))
    if month := lexicon().months.get(word):
        yield from _checked(match, _year(stated) or year, month, day)
    elif month := lexicon().jalali_months.get(word):
        for candidate in [_year(stated)] if stated else [year - 621, year - 622] if year else []:
            candidate = candidate - _IMPERIAL if candidate and candidate > 2500 else candidate
            found = _jalali(candidate, month, day) if candidate else None
            if found and (stated or found.year == year):
                yield FoundDate(found, *match.span())
                return


def _without_ending(word: str) -> str:
    """The name of a month without "on" and "since", where Turkish and Azeri join them to it: "5 eylülde"."""
    bare = word[:-2] if word.endswith(_ENDINGS) else word[:-3] if word.endswith(_SINCE) else word
    return bare if len(bare) > 3 and bare in lexicon().months and word not in lexicon().months else word


def _year(stated: str | None) -> int | None:
    if not stated:
        return None
    return int(stated) if len(stated) == 4 else 2000 + int(stated)


def _checked(match: re.Match[str], year: int | None, month: int, day: int) -> Iterator[FoundDate]:
    if year is not None and 1300 <= year < 1500:
        if found := _jalali(year, month, day):
            yield FoundDate(found, *match.span())
    elif year is not None and 1970 <= year <= 2100:
        try:
            yield FoundDate(date(year, month, day), *match.span())
        except ValueError:  # no such day
            return


def _jalali(year: int, month: int, day: int) -> date | None:
    try:
        return from_jalali(year, month, day)
    except ValueError:  # no such day
        return None


@remembered
def find_time(text: str) -> str | None:
    """The first time of day as HH:MM, or None."""
    text = _in_figures(text)
    if _DIGIT.search(text):
        text = text.translate(_DIGITS)
        if match := _CLOCK.search(text):
            return _time(int(match[1]), int(match[2]), match[3])
        if match := _HOUR.search(text):
            return _time(int(match[1] or match[3]), 0, match[2] or match[4])
    return _NOON if any(lexicon().is_in("noon", word) for word in words(text)) else None


def _time(hour: int, minute: int, half: str | None) -> str:
    if half and not half.lower().startswith("a") and hour < 12:
        hour += 12
    return f"{hour % 24:02d}:{minute:02d}"
