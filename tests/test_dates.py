"""Dates as they stand in mails: the Persian calendar, and weekday, date and hour in four languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.dates import day_forms, day_text, digits, from_jalali, hours_text, moment_text, to_jalali

BERLIN = ZoneInfo("Europe/Berlin")
DEADLINE = datetime(2026, 9, 3, 18, 0, tzinfo=UTC)
HALF_PAST = datetime(2026, 9, 3, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gregorian", "jalali"),
    [
        (date(2026, 9, 5), (1405, 6, 14)),
        (date(1979, 2, 11), (1357, 11, 22)),
        (date(1988, 7, 28), (1367, 5, 6)),
        (date(2022, 9, 16), (1401, 6, 25)),
        (date(2000, 1, 1), (1378, 10, 11)),
        (date(2021, 3, 20), (1399, 12, 30)),
        (date(2025, 3, 20), (1403, 12, 30)),
        (date(2026, 3, 20), (1404, 12, 29)),
        (date(2026, 3, 21), (1405, 1, 1)),
        (date(1921, 3, 21), (1300, 1, 1)),
    ],
)
def test_known_days_fall_together(gregorian: date, jalali: tuple[int, int, int]) -> None:
    assert to_jalali(gregorian) == jalali
    assert from_jalali(*jalali) == gregorian


@pytest.mark.parametrize(
    ("year", "day"),
    [(1375, 20), (1376, 21), (1379, 20), (1380, 21), (1383, 20), (1384, 21), (1387, 20), (1388, 21), (1391, 20),
     (1392, 21), (1395, 20), (1396, 21), (1399, 20), (1400, 21), (1403, 20), (1404, 21), (1407, 20), (1408, 20)],
)  # fmt: skip
def test_new_year_falls_on_the_official_day_of_march(year: int, day: int) -> None:
    assert from_jalali(year, 1, 1) == date(year + 621, 3, day)


@given(st.dates(date(1921, 3, 21), date(2121, 12, 31)))
def test_every_day_comes_back(day: date) -> None:
    assert from_jalali(*to_jalali(day)) == day


@pytest.mark.parametrize(
    "jalali", [(1405, 12, 30), (1405, 7, 31), (1405, 0, 1), (1405, 13, 1), (1405, 1, 0), (2585, 6, 14)]
)
def test_day_that_does_not_exist_is_refused(jalali: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="calendar"):
        from_jalali(*jalali)


@pytest.mark.parametrize("day", [date(1921, 3, 20), date(2126, 1, 1)])
def test_day_outside_the_exact_years_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match="outside the years"):
        to_jalali(day)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Saturday, 5 September 2026"),
        ("fa", "شنبه ۱۴ شهریور ۱۴۰۵ (۵ سپتامبر ۲۰۲۶)"),
        ("de", "Samstag, 5. September 2026"),
        ("fr", "samedi 5 septembre 2026"),
        ("de-AT", "Samstag, 5. September 2026"),
        ("sv", "Saturday, 5 September 2026"),
    ],
)
def test_day_is_said_with_weekday_in_the_language(language: str, text: str) -> None:
    assert day_text(date(2026, 9, 5), language) == text


def test_first_of_a_month_is_an_ordinal_in_french_only() -> None:
    assert day_text(date(2026, 9, 1), "fr") == "mardi 1er septembre 2026"
    assert day_forms(date(2026, 9, 1), "fr")["short"] == "1er septembre"
    assert day_forms(date(2026, 9, 1), "de")["short"] == "1. September"
    assert day_text(date(2026, 9, 11), "fr") == "vendredi 11 septembre 2026"


def test_day_has_four_forms() -> None:
    assert day_forms(date(2026, 9, 5), "en") == {
        "gregorian": "Saturday, 5 September 2026",
        "jalali": "شنبه ۱۴ شهریور ۱۴۰۵",
        "both": "Saturday, 5 September 2026 (شنبه ۱۴ شهریور ۱۴۰۵)",
        "short": "5 September",
    }


def test_short_form_of_a_day_is_jalali_in_persian() -> None:
    assert day_forms(date(2026, 9, 5), "fa")["short"] == "۱۴ شهریور"


@pytest.mark.parametrize(
    ("language", "full", "half"),
    [
        ("en", "Thursday, 3 September 2026, 20:00 (Berlin)", "20:30 (Berlin)"),
        ("fa", "پنجشنبه ۱۲ شهریور ۱۴۰۵ (۳ سپتامبر ۲۰۲۶)، ساعت ۲۰ به وقت برلین", "ساعت ۲۰:۳۰ به وقت برلین"),
        ("de", "Donnerstag, 3. September 2026, 20:00 Uhr (Zeit in Berlin)", "20:30 Uhr (Zeit in Berlin)"),
        ("fr", "jeudi 3 septembre 2026 à 20 h (heure de Berlin)", "à 20 h 30 (heure de Berlin)"),
    ],
)
def test_moment_says_whose_hour_it_is(language: str, full: str, half: str) -> None:
    assert moment_text(DEADLINE, language, BERLIN) == full
    assert moment_text(HALF_PAST, language, BERLIN).endswith(half)


def test_moment_falls_on_the_day_of_its_zone() -> None:
    assert moment_text(datetime(2026, 9, 3, 23, tzinfo=UTC), "en", BERLIN).startswith("Friday, 4 September 2026, 01:00")


def test_zone_without_a_city_is_named_as_it_is() -> None:
    assert moment_text(DEADLINE, "de", ZoneInfo("UTC")).endswith("18:00 Uhr (UTC)")


@pytest.mark.parametrize(
    ("hours", "english", "persian"),
    [
        (0.2, "about 1 hour", "حدود ۱ ساعت"),
        (8.2, "about 9 hours", "حدود ۹ ساعت"),
        (47, "about 47 hours", "حدود ۴۷ ساعت"),
        (48, "about 2 days", "حدود ۲ روز"),
        (49, "about 3 days", "حدود ۳ روز"),
    ],
)
def test_span_is_rounded_up(hours: float, english: str, persian: str) -> None:
    assert (hours_text(hours, "en"), hours_text(hours, "fa")) == (english, persian)


@pytest.mark.parametrize(
    ("language", "text"), [("de", "etwa 9 Stunden"), ("fr", "environ 9 heures"), ("sv", "about 9 hours")]
)
def test_span_is_said_in_the_language(language: str, text: str) -> None:
    assert hours_text(9, language) == text


def test_only_persian_changes_digits() -> None:
    assert digits("Ref 2026 – 14:00", "fa") == "Ref ۲۰۲۶ – ۱۴:۰۰"
    assert digits("Ref 2026 – 14:00", "de") == "Ref 2026 – 14:00"
