"""A decision is taken back within ten minutes, as if it had never been made, unless something has left the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import Event, Signatory, Wave, WaveLine
from outreach.model.decision import state_of
from outreach.steps import dispatch, review
from outreach.store import sending
from outreach.store.database import Database
from outreach.words import HoldKind, OutboxStatus, PrintedLine, Proof, RejectReason, RevisionStatus, Seen
from tests import cast
from tests.cast import NOW, clock

S = RevisionStatus
SOON = timedelta(minutes=9, seconds=59)
COLOGNE = {"en": PrintedLine("Iranian political refugees center", "Cologne")}

DECISIONS: dict[str, Callable[[Session, Desk, str], object]] = {
    "approved": lambda session, desk, reference: review.approve(session, reference, clock, actor="Bea"),
    "rejected": lambda session, desk, reference: review.reject(
        session, desk, reference, RejectReason.SPAM, clock, actor="Bea"
    ),
    "asked": lambda session, desk, reference: review.ask(session, desk, reference, clock, actor="Bea"),
    "asked in words": lambda session, desk, reference: review.ask(
        session, desk, reference, clock, actor="Bea", text="Which city?"
    ),
    "held": lambda session, desk, reference: review.hold(session, reference, "they called", clock, actor="Bea"),
}


@pytest.fixture
def desk(db: Database, folder: Path) -> Desk:
    return cast.desk(db, folder)


def waiting(session: Session) -> Signatory:
    """An entry with a line that prints and a newer one that waits."""
    row = cast.signatory(session, status=S.APPROVED)
    row.revise(lines=COLOGNE, at=NOW, status=S.PENDING, proof=Proof.MAILBOX, seen=Seen.NO)
    session.flush()
    return row


def undo(session: Session, row: Signatory, after: timedelta = SOON) -> None:
    review.undo(session, row.reference, lambda: NOW + after, actor="Cyrus")


@pytest.mark.parametrize("name", DECISIONS)
def test_entry_is_as_it_was_before_the_decision(db: Database, desk: Desk, name: str) -> None:
    with db.writing() as session:
        row = waiting(session)
        before = state_of(row)
        DECISIONS[name](session, desk, row.reference)
        assert state_of(row) != before
        undo(session, row)
        assert state_of(row) == before
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.actor, event.action, event.reason) == ("Cyrus", "undone", name.partition(" ")[0])


def test_lifted_hold_is_there_again(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = waiting(session)
        row.hold(HoldKind.DISPUTED, by="machine", at=NOW, reason="two spellings")
        review.lift(session, row.reference, HoldKind.DISPUTED, clock, actor="Bea")
        undo(session, row)
        assert [(hold.kind, hold.lifted_by) for hold in row.holds] == [(HoldKind.DISPUTED, None)]


def test_mail_of_a_decision_waits_until_it_stands(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        mail = review.ask(session, desk, waiting(session).reference, clock, actor="Bea")
        session.flush()
        assert not sending.is_anything_due(session, NOW + SOON)
        assert sending.is_anything_due(session, NOW + timedelta(minutes=10))
        assert mail.status is OutboxStatus.QUEUED


def test_mail_of_a_decision_that_was_taken_back_never_leaves_and_bars_no_later_one(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = waiting(session)
        mail = review.ask(session, desk, row.reference, clock, actor="Bea")
        undo(session, row)
        assert (mail.status, mail.reason) == (OutboxStatus.CANCELLED, "the decision was taken back")
        again = review.ask(session, desk, row.reference, lambda: NOW + SOON, actor="Bea")
        assert again.status is OutboxStatus.QUEUED
        assert dispatch.why_not(session, desk, again, NOW + SOON) is None


@pytest.mark.parametrize("status", [OutboxStatus.CLAIMED, OutboxStatus.SENDING, OutboxStatus.SENT])
def test_decision_stands_once_its_mail_is_on_its_way(db: Database, desk: Desk, status: OutboxStatus) -> None:
    with db.writing() as session:
        row = waiting(session)
        mail = review.ask(session, desk, row.reference, clock, actor="Bea")
        mail.status = status
        with pytest.raises(Refused, match=f"about it is {status} already"):
            undo(session, row)
        assert row.newest.status is S.NEEDS_INFO


def test_decision_stands_after_ten_minutes(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = waiting(session)
        review.approve(session, row.reference, clock, actor="Bea")
        with pytest.raises(Refused, match="approved more than 10 minutes ago"):
            undo(session, row, timedelta(minutes=10))


def test_decision_stands_once_the_line_is_printed(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = waiting(session)
        review.approve(session, row.reference, clock, actor="Bea")
        session.add(
            Wave(number=1, published_at=NOW, actor="Bea", statement_version="", manifest="{}", manifest_sha256="0")
        )
        session.flush()
        session.add(WaveLine(wave_number=1, revision_id=row.newest.id, position=0))
        with pytest.raises(Refused, match="has been printed since"):
            undo(session, row)


def test_decision_stands_once_the_organisation_has_answered_it(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = waiting(session)
        review.ask(session, desk, row.reference, clock, actor="Bea")
        row.newest.confirm(NOW, proof=Proof.DOMAIN)
        with pytest.raises(Refused, match="Something has happened to"):
            undo(session, row)


def test_only_the_last_decision_is_taken_back_and_then_the_one_before(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = waiting(session)
        review.hold(session, row.reference, "wait", clock, actor="Bea")
        review.approve(session, row.reference, clock, actor="Bea")
        undo(session, row)
        assert (row.newest.status, len(row.open_holds)) == (S.PENDING, 1)
        undo(session, row)
        assert row.open_holds == []
        with pytest.raises(Refused, match="no decision about"):
            undo(session, row)


def test_nothing_of_a_name_stands_in_the_record_of_a_decision(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        review.hold(session, waiting(session).reference, "they fear the embassy", clock, actor="Bea")
        session.flush()
        kept = str(session.execute(text("SELECT * FROM decision")).all())
    assert "held" in kept
    assert not any(words in kept for words in ("embassy", "Iranian", "refugees"))
