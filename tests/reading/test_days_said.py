"""Days that are said without a date: by a weekday, by a number alone, or beside the day that we asked about."""

from __future__ import annotations

from datetime import date

import pytest

from outreach.reading.days import meant_day
from outreach.reading.read import read
from tests.reading.letters import QUOTED_INVITATION, letter

ASKED = date(2026, 9, 5)  # a Saturday
SENT = date(2026, 8, 12)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("On Saturday we stand in front of the town hall.", date(2026, 9, 5)),
        ("Am Freitag machen wir eine Mahnwache.", date(2026, 9, 4)),
        ("شنبه تو میدون جمع می‌شیم", date(2026, 9, 5)),
        ("روز یک شنبه تجمع داریم", date(2026, 9, 6)),
        ("Le samedi nous tiendrons une table.", date(2026, 9, 5)),
        ("we hold a vigil the night before", date(2026, 9, 4)),
        ("Unsere Kundgebung ist am Abend davor.", date(2026, 9, 4)),
        ("شب قبلش مراسم داریم", date(2026, 9, 4)),
        ("our rally is a week earlier", date(2026, 8, 29)),
        ("Wir demonstrieren schon eine Woche vorher.", date(2026, 8, 29)),
        ("a stall on the 4th", date(2026, 9, 4)),
        ("am 5. sind wir ab 14h am Römer", date(2026, 9, 5)),
        ("we will be standing there on the fifth", date(2026, 9, 5)),
        ("le 6 nous serons dans la rue", date(2026, 9, 6)),
    ],
)
def test_a_day_is_told_by_the_one_we_asked_about(text: str, meant: date) -> None:
    assert meant_day(text, ASKED, SENT) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Our rally is on Tuesday.",  # which one is anybody's guess
        "Saturday or Sunday, we do not know yet",
        "at 5 we gather",
        "am 5 Uhr",
        "the day before yesterday we met",
        "we are 5 people",
    ],
)
def test_no_day_is_guessed_from_what_may_mean_another(text: str) -> None:
    assert meant_day(text, ASKED, SENT) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("We hold a rally next Saturday.", date(2026, 8, 15)),
        ("Kommenden Freitag stehen wir am Markt.", date(2026, 8, 14)),
        ("شنبه آینده تجمع داریم", date(2026, 8, 15)),
    ],
)
def test_the_coming_weekday_is_counted_from_the_mail_when_no_day_was_asked_about(text: str, meant: date) -> None:
    assert meant_day(text, None, SENT) == meant


def test_a_bare_weekday_is_no_day_when_none_was_asked_about() -> None:
    assert meant_day("We always meet on Saturday.", None, SENT) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("We sign. On Saturday we are in the square from 11 am.", date(2026, 9, 5)),
        ("Wir unterschreiben. Am Fünften stellen wir einen Büchertisch auf.", date(2026, 9, 5)),
        ("We sign. The night before we hold a vigil at the cathedral.", date(2026, 9, 4)),
    ],
)
def test_the_action_is_on_the_day_that_is_said(text: str, day: date) -> None:
    action = read(letter(text + QUOTED_INVITATION)).signups[0].action

    assert action is not None
    assert (action.joins, action.date) == (True, day)


@pytest.mark.parametrize(
    "text",
    ["We sign. Our board meets again on Saturday at 5 pm.", "We sign. Saturday is a good day, thank you."],
)
def test_a_weekday_alone_makes_no_action(text: str) -> None:
    signups = read(letter(text + QUOTED_INVITATION)).signups

    assert all(signup.action is None for signup in signups)
