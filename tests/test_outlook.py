"""How many lines will be printed: from what is known, never without enough of it, and wide where little is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from outreach.outlook import FEWEST_ENDED, Known, foresee, outlook
from outreach.settings import Day
from outreach.store.database import Database
from outreach.words import RejectReason, RevisionStatus
from tests import cast

WEEK = timedelta(days=7)
KNOWN = Known(approved=100, waiting=20, ended=120, ended_well=100, span=WEEK, arrived=70, decided=60)
DAY = Day(deadline=cast.NOW + WEEK)


def test_range_holds_what_the_same_pace_would_bring() -> None:
    found = foresee(KNOWN, WEEK)
    assert found is not None
    assert found.least < 100 + 60 * 100 / 120 < found.most
    assert found.least >= 100
    assert (found.approved_of_100, found.new_a_day) == (83, 10)


def test_range_is_wider_when_less_is_known() -> None:
    much, little = foresee(KNOWN, WEEK), foresee(replace(KNOWN, ended=12, ended_well=10), WEEK)
    assert much is not None
    assert little is not None
    assert little.most - little.least > much.most - much.least


def test_where_nobody_decides_the_least_is_what_is_approved_already() -> None:
    found = foresee(replace(KNOWN, decided=0), WEEK)
    assert found is not None
    assert found.least == 100


def test_the_nearer_the_deadline_the_narrower() -> None:
    early, late = foresee(KNOWN, WEEK), foresee(KNOWN, timedelta(hours=1))
    assert early is not None
    assert late is not None
    assert late.most - late.least < early.most - early.least


@pytest.mark.parametrize("known", [replace(KNOWN, ended=FEWEST_ENDED - 1), replace(KNOWN, span=timedelta())])
def test_nothing_is_said_when_too_little_is_known(known: Known) -> None:
    assert foresee(known, WEEK) is None


def fill(db: Database, count: int, days: int) -> None:
    """One a day or several; each fourth was rejected, the rest approved; two wait."""
    with db.writing() as session:
        for at in range(count):
            came = cast.NOW - timedelta(days=days) * (at + 1) / count
            revision = cast.signatory(session, email=f"office@c{at}.example", at=came).newest
            if at % 4:
                revision.approve(came, by="Bea")
            else:
                revision.reject(came, by="Bea", reason=RejectReason.SPAM)
        for at in range(2):
            cast.signatory(session, email=f"waits@c{at}.example", status=RevisionStatus.UNCONFIRMED)


def test_rows_are_counted_once(db: Database) -> None:
    fill(db, 20, days=5)
    with db.reading() as session:
        found = outlook(session, DAY, cast.NOW)
    assert found is not None
    known = found.known
    assert (known.approved, known.waiting, known.ended, known.ended_well) == (15, 2, 20, 15)
    assert (known.arrived, known.decided, known.span) == (22, 20, timedelta(days=5))


def test_nothing_is_said_of_a_young_campaign_without_deadline_or_after_it(db: Database) -> None:
    with db.reading() as session:
        assert outlook(session, DAY, cast.NOW) is None
    fill(db, 20, days=5)
    with db.reading() as session:
        assert outlook(session, DAY, cast.NOW - timedelta(days=3)) is None
        assert outlook(session, Day(), cast.NOW) is None
        assert outlook(session, Day(deadline=datetime(2026, 1, 1, tzinfo=UTC)), cast.NOW) is None
