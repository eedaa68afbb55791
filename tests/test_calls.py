"""Whom to call: only who is not reached by mail, until the deadline is so near that everybody is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from outreach import calls
from outreach.calls import Why
from outreach.settings import Day
from outreach.store import pauses
from outreach.store.database import Database
from outreach.words import PauseReason, Proof, ProspectStatus, RevisionStatus, Seen
from tests import cast
from tests.cast import NOW


def listed(db: Database, folder: Path, why: Why, *, left: timedelta = timedelta(days=9)) -> list[str]:
    settings = cast.settings(folder, day=Day(deadline=NOW + left))
    with db.reading() as session:
        return [row.reference for row in calls.listed(session, settings, why, NOW, after=0, limit=10).rows]


@pytest.mark.parametrize(("left", "is_called"), [(timedelta(hours=49), False), (timedelta(hours=47), True)])
def test_near_the_deadline_everybody_is_called_who_has_not_answered(
    db: Database, folder: Path, left: timedelta, is_called: bool
) -> None:
    with db.writing() as session:
        invited = cast.prospect(session, status=ProspectStatus.INVITED, invited_at=NOW).reference
        signed = cast.signatory(
            session, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO, asked_at=NOW
        ).reference
    assert listed(db, folder, Why.NO_ANSWER, left=left) == ([invited] if is_called else [])
    assert listed(db, folder, Why.NOT_CONFIRMED, left=left) == ([signed] if is_called else [])


def test_who_is_talked_to_already_is_not_called(db: Database, folder: Path) -> None:
    with db.writing() as session:
        prospect = cast.prospect(session, status=ProspectStatus.INVITED, invited_at=NOW, reminded_at=NOW)
        assert prospect.email_hash is not None
        pauses.pause(session, prospect.email_hash, PauseReason.BY_HAND, until=None, actor="Bea", at=NOW)
    assert listed(db, folder, Why.NO_ANSWER) == []


def test_who_has_an_address_is_written_to_first(db: Database, folder: Path) -> None:
    with db.writing() as session:
        without = cast.prospect(session, {"en": "By phone"}, None).reference
        cast.prospect(session)
    assert listed(db, folder, Why.NO_ADDRESS) == [without]


def test_line_that_was_proven_by_mail_waits_for_no_second_word(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.signatory(session, proof=Proof.DOMAIN, seen=Seen.CONFIRMED)
    assert listed(db, folder, Why.COUNTERSIGN) == []
