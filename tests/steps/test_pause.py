"""Pauses: whoever is away, or paused by a coordinator, is not reminded meanwhile; and is, when it is over."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.letters import inviting
from outreach.letters.queue import Desk
from outreach.model import Event, OutboxMail, Pause, Prospect
from outreach.settings import Day, MailboxSettings
from outreach.steps import dispatch, followup, invite, pause
from outreach.store import pauses
from outreach.store.database import Database
from outreach.words import MailKind, OutboxStatus, PauseReason, Proof, RevisionStatus, Seen
from tests import cast
from tests.cast import NOW, clock
from tests.fakes import FakeSender
from tests.steps.story import OFFICE, Story

AWAY = "I am out of the office until Sunday 30 August."
BACK = datetime(2026, 8, 31, tzinfo=UTC)
LATER = NOW + timedelta(days=5)


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    cast.write_statement(folder)
    renderer = cast.FakeRenderer()
    mailbox = MailboxSettings(url=cast.settings(folder).mailbox.url, authserv_id="mx.contact.example")
    return Story(db, cast.desk(db, folder, renderer, mailbox=mailbox), renderer)


def away(story: Story, answers: str | None = None, sender: str = OFFICE, **headers: str) -> None:
    story.receive(AWAY, sender, answers, Auto_Submitted="auto-replied", **headers)


def followed_up(story: Story, now: datetime) -> dict[str, int]:
    return followup.run(story.db, story.desk, lambda: now).counts


def until(db: Database) -> list[datetime | None]:
    with db.reading() as session:
        return list(session.scalars(select(Pause.until)))


def test_who_is_away_is_reminded_when_they_are_back(story: Story) -> None:
    away(story, story.invite())
    assert until(story.db) == [BACK]
    assert followed_up(story, BACK - timedelta(minutes=1)) == {}
    assert followed_up(story, BACK) == {"reminded": 1}


def test_an_asking_of_who_is_away_is_not_repeated_before_they_are_back(story: Story) -> None:
    away(story, story.ask())
    assert followed_up(story, BACK - timedelta(minutes=1)) == {}
    assert followed_up(story, BACK) == {"asked again": 1}


def test_an_automatic_answer_from_another_desk_pauses_the_address_that_was_written_to(story: Story) -> None:
    away(story, story.invite(), sender="rosa@refugees.example")
    assert followed_up(story, LATER) == {}


def test_an_automatic_answer_without_a_day_of_return_pauses_nothing(story: Story) -> None:
    story.receive("I am out of the office.", answers=story.invite(), Auto_Submitted="auto-replied")
    assert until(story.db) == []


def test_an_automatic_answer_that_its_domain_disowns_pauses_nothing(story: Story) -> None:
    away(story, story.invite(), verdict="fail")
    assert until(story.db) == []


def test_a_pause_ends_with_the_deadline_at_the_latest(db: Database, folder: Path) -> None:
    deadline = NOW + timedelta(days=6)
    renderer = cast.FakeRenderer()
    story = Story(db, cast.desk(db, folder, renderer, day=Day(deadline=deadline)), renderer)
    away(story, story.invite())
    assert until(db) == [deadline]


def test_a_queued_reminder_waits_until_they_are_back_and_then_leaves(story: Story) -> None:
    secret = story.invite()
    assert followed_up(story, LATER) == {"reminded": 1}
    away(story, secret)
    relay = FakeSender()
    for now in (LATER, BACK - timedelta(minutes=1), BACK):
        assert relay.sent == []
        dispatch.run(story.db, story.desk, lambda _: relay, lambda now=now: now, owner="x", jitter=random.Random(1))  # type: ignore[misc]  # a default binds the loop's value
    assert [recipient for recipient, _ in relay.sent] == [OFFICE]


# ── by a coordinator ─────────────────────────────────────────────────────────────────────────────────────────────────


def listed(db: Database, email: str | None = OFFICE, **values: Any) -> str:
    with db.writing() as session:
        return cast.prospect(session, email=email, **values).reference


@pytest.fixture
def desk(db: Database, folder: Path) -> Desk:
    cast.write_statement(folder)
    return cast.desk(db, folder)


def test_a_paused_organisation_is_not_invited_until_it_is_resumed(db: Database, desk: Desk) -> None:
    reference = listed(db)
    pause.pause(db, desk, reference, None, clock, actor="Bea")
    assert (invite.plan(db, desk, clock).mails, invite.plan(db, desk, clock).paused) == (0, 1)
    pause.resume(db, reference, clock, actor="Bea")
    assert invite.plan(db, desk, clock).mails == 1
    with db.reading() as session:
        assert [(e.actor, e.action) for e in session.scalars(select(Event))] == [("Bea", "paused"), ("Bea", "resumed")]


def test_a_pause_that_came_after_the_plan_still_counts(db: Database, desk: Desk) -> None:
    reference = listed(db)
    planned = invite.plan(db, desk, clock)
    pause.pause(db, desk, reference, None, clock, actor="Bea")
    assert invite.run(db, desk, planned, clock, actor="Bea").mails == 0


def test_an_invitation_on_its_way_waits_for_the_resume_and_leaves_at_once_then(db: Database, desk: Desk) -> None:
    reference = listed(db)
    with db.writing() as session:
        [invited] = session.scalars(select(Prospect))
        assert inviting.invitation(session, desk, [invited], NOW) is not None
        invited.invite(NOW)
    pause.pause(db, desk, reference, None, clock, actor="Bea")
    relay = FakeSender()
    dispatch.run(db, desk, lambda _: relay, clock, owner="x", jitter=random.Random(1))
    assert relay.sent == []
    pause.resume(db, reference, clock, actor="Bea")
    dispatch.run(db, desk, lambda _: relay, clock, owner="x", jitter=random.Random(1))
    assert len(relay.sent) == 1


@pytest.mark.parametrize(("email", "days"), [(None, None), (OFFICE, -1)])
def test_a_pause_that_means_nothing_is_refused(db: Database, desk: Desk, email: str | None, days: int | None) -> None:
    reference = listed(db, email)
    with pytest.raises(Refused):
        pause.pause(db, desk, reference, NOW + timedelta(days=days) if days else None, clock, actor="Bea")


def test_what_is_not_paused_cannot_be_resumed(db: Database) -> None:
    with pytest.raises(Refused, match="not paused"):
        pause.resume(db, listed(db), clock, actor="Bea")


def test_the_longest_of_several_pauses_holds(db: Database) -> None:
    address_hash = db.keyring.address_hash(OFFICE)
    with db.writing() as session:
        for reason, end in ((PauseReason.ABSENT, BACK), (PauseReason.COORDINATOR, LATER)):
            pauses.pause(session, address_hash, reason, until=end, actor="Bea", at=NOW)
    with db.reading() as session:
        held = pauses.current(session, address_hash, NOW)
        assert held is not None
        assert held.until == BACK


def test_a_receipt_is_sent_to_who_is_paused(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        mail = cast.mail(session, OFFICE, kind=MailKind.RECEIPT).id
        pauses.pause(session, db.keyring.address_hash(OFFICE), PauseReason.COORDINATOR, until=None, actor="B", at=NOW)
    dispatch.run(db, desk, lambda _: FakeSender(), clock, owner="x", jitter=random.Random(1))
    with db.reading() as session:
        assert session.get_one(OutboxMail, mail).status is OutboxStatus.SENT


def test_who_is_written_to_by_hand_is_still_reminded_of_an_asking(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        asked: dict[str, Any] = {"status": RevisionStatus.UNCONFIRMED, "proof": Proof.NONE, "seen": Seen.NO}
        cast.signatory(session, email=OFFICE, asked_at=NOW, **asked)
        pauses.pause(session, db.keyring.address_hash(OFFICE), PauseReason.BY_HAND, until=None, actor="B", at=NOW)
    assert followup.run(db, desk, lambda: LATER).counts == {"asked again": 1}


def test_notes_are_kept_in_their_order_and_sealed(db: Database) -> None:
    reference = listed(db)
    for text in ("called Rosa", "she asks  her board"):
        pause.note(db, reference, text, clock, actor="Bea")
    with db.reading() as session:
        [noted] = session.scalars(select(Prospect))
        assert [note["text"] for note in noted.details["notes"]] == ["called Rosa", "she asks her board"]
        assert b"Rosa" not in (noted.details_sealed or b"")


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001, "a\x1b[2J"])
def test_a_note_that_cannot_be_shown_is_refused(db: Database, text: str) -> None:
    with pytest.raises(Refused):
        pause.note(db, listed(db), text, clock, actor="Bea")
