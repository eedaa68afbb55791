"""Dates, hours and numbers as people write them in a mail: Jalali for Persian, Gregorian for all others.

Lowest layer, beside ``words``. Month and day names come from CLDR (Babel); the Persian calendar is our own, because
Babel has none. Languages are BCP 47; what is not Persian, German or French is written in English.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location

_PERSIAN_DIGITS: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

_JALALI_MONTHS: Final = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور",
    "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip

#: 1 Farvardin 1300.
_EPOCH: Final = date(1921, 3, 21)

#: In these years the 33-year rule gives what the official (astronomical) calendar gives.
_FIRST_YEAR: Final = 1300
_LAST_YEAR: Final = 1500

_WITH_YEAR: Final = {"en": "EEEE, d MMMM y", "de": "EEEE, d. MMMM y", "fr": "EEEE d MMMM y"}
_WITHOUT_YEAR: Final = {"en": "d MMMM", "de": "d. MMMM", "fr": "d MMMM"}

#: about, an hour, hours, days (a span of one day is written in hours).
_SPANS: Final = {
    "en": ("about", "hour", "hours", "days"),
    "fa": ("حدود", "ساعت", "ساعت", "روز"),
    "de": ("etwa", "Stunde", "Stunden", "Tage"),
    "fr": ("environ", "heure", "heures", "jours"),
}


def to_jalali(day: date) -> tuple[int, int, int]:
    """Year, month and day of the Persian calendar. Raises ValueError before 1300 (21 March 1921) and after 2121."""
    year = day.year - 621
    if _new_year(year) > day:
        year -= 1
    passed = (day - _new_year(year)).days
    if passed < 186:
        return year, passed // 31 + 1, passed % 31 + 1
    return year, (passed - 186) // 30 + 7, (passed - 186) % 30 + 1


def from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian date of a day of the Persian calendar. Raises ValueError where there is no such day."""
    start = _new_year(year)
    if not 1 <= month <= 12 or not 1 <= day <= _month_length(year, month):
        raise ValueError("no such day in the Persian calendar")
    return start + timedelta(days=31 * (month - 1) - max(0, month - 7) + day - 1)


def digits(text: str, language: str) -> str:
    """The text with its ASCII digits in the digits of the language."""
    return text.translate(_PERSIAN_DIGITS) if _known(language) == "fa" else text


def day_text(day: date, language: str) -> str:
    """Weekday and date: "Saturday, 5 September 2026"; in Persian both calendars, the Gregorian in brackets."""
    return day_forms(day, language)["both" if _known(language) == "fa" else "gregorian"]


@lru_cache(maxsize=64)
def day_forms(day: date, language: str) -> dict[str, str]:
    """A day as the templates get it, all in the words of the language.

    ``gregorian`` and ``jalali`` with weekday and year, ``both`` of them with one weekday, ``short`` without weekday
    and year in the calendar of the language ("5 September", "۱۴ شهریور").
    """
    gregorian, jalali = _gregorian(day, language), _jalali(day)
    if _known(language) == "fa":
        both = f"{jalali} ({_gregorian(day, language, weekday=False)})"
        short = " ".join(jalali.split()[-3:-1])
    else:
        both = f"{gregorian} ({jalali})"
        short = _french_first(format_date(day, _WITHOUT_YEAR[_known(language)], locale=_known(language)), day, language)
    return {"gregorian": gregorian, "jalali": jalali, "both": both, "short": short}


@lru_cache(maxsize=64)
def moment_text(moment: datetime, language: str, zone: ZoneInfo) -> str:
    """Weekday, date, hour and whose hour it is: "Thursday, 3 September 2026, 20:00 (Berlin)". ``moment`` is aware."""
    local = moment.astimezone(zone)
    day = day_text(local.date(), language)
    where = _whose_hour(zone, language)
    hour = f"{local:%H:%M}"
    match _known(language):
        case "fa":
            return digits(f"{day}، ساعت {hour.removesuffix(':00')} به وقت {where}", "fa")
        case "de":
            return f"{day}, {hour} Uhr ({where})"
        case "fr":
            return f"{day} à {local.hour} h{f' {local:%M}' if local.minute else ''} ({where})"
        case _:
            return f"{day}, {hour} ({where})"


def hours_text(hours: float, language: str) -> str:
    """A span in words, rounded up: "about 9 hours", from two days on "about 3 days"; never less than an hour."""
    about, one, several, days = _SPANS[_known(language)]
    whole = max(1, ceil(hours))
    if whole >= 48:
        return digits(f"{about} {ceil(whole / 24)} {days}", language)
    return digits(f"{about} {whole} {one if whole == 1 else several}", language)


def _new_year(year: int) -> date:
    """1 Farvardin: 365 days a year and one more after each leap year, eight of them in 33 years."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError("outside the years this calendar is exact for")
    return _EPOCH + timedelta(days=365 * (year - _FIRST_YEAR) + _leaps_before(year) - _leaps_before(_FIRST_YEAR))


def _leaps_before(year: int) -> int:
    return (8 * year + 21) // 33


def _month_length(year: int, month: int) -> int:
    if month <= 6:
        return 31
    if month < 12:
        return 30
    return 29 + _leaps_before(year + 1) - _leaps_before(year)


def _known(language: str) -> str:
    primary = language.partition("-")[0].lower()
    return primary if primary in _SPANS else "en"


def _jalali(day: date) -> str:
    year, month, number = to_jalali(day)
    weekday = format_date(day, "EEEE", locale="fa")
    return digits(f"{weekday} {number} {_JALALI_MONTHS[month - 1]} {year}", "fa")


def _gregorian(day: date, language: str, *, weekday: bool = True) -> str:
    known = _known(language)
    if known == "fa":
        return digits(format_date(day, "EEEE d MMMM y" if weekday else "d MMMM y", locale="fa"), "fa")
    return _french_first(format_date(day, _WITH_YEAR[known], locale=known), day, language)


def _french_first(text: str, day: date, language: str) -> str:
    """French counts the first of a month as an ordinal ("1er"); CLDR does not."""
    return text.replace("1 ", "1er ", 1) if day.day == 1 and _known(language) == "fr" else text


def _whose_hour(zone: ZoneInfo, language: str) -> str:
    if "/" not in zone.key:
        return zone.key
    city = get_timezone_location(zone, locale=_known(language), return_city=True)
    return {"de": f"Zeit in {city}", "fr": f"heure de {city}"}.get(_known(language), city)
