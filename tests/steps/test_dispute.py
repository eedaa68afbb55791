"""Two officers of one organisation contradict each other: neither the first nor the last word wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.model import OutboxMail, Signatory
from outreach.steps import dispatch, publish
from outreach.store.database import Database
from outreach.words import HoldKind, InboundStatus, MailKind, RevisionStatus
from tests import cast
from tests.cast import NOW
from tests.steps.story import FORM, OFFICE, Story, begin

BOARD = "board@refugees.example"
OTHER_LINE = FORM.replace("Berlin", "Hamburg")
WITHDRAWAL = "Please take our name off the list: Iranian political refugees center. We withdraw."


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def holds(story: Story) -> list[HoldKind]:
    with story.db.reading() as session:
        rows = session.scalars(select(Signatory).order_by(Signatory.id))
        return [hold.kind for row in rows for hold in row.open_holds]


def told(story: Story) -> list[str]:
    with story.db.reading() as session:
        mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.DISPUTE).order_by(OutboxMail.id))
        return [str(mail.recipient) for mail in mails]


def signed(story: Story) -> str:
    """The office has signed by our form; a secret that a colleague may come by."""
    secret = story.invite()
    story.receive(FORM, answers=secret)
    with story.db.writing() as session:
        entry = session.scalars(select(Signatory)).one()
        entry.newest.approve(NOW, by="Bea")
    return secret


def test_withdrawal_by_a_colleague_is_a_dispute_and_both_are_told(story: Story) -> None:
    secret = signed(story)
    message = story.receive(WITHDRAWAL, BOARD, secret)
    assert (message.status, message.reason and "disputed, both are told" in message.reason) == (
        InboundStatus.OPEN,
        True,
    )
    assert (holds(story), told(story)) == ([HoldKind.DISPUTED], [OFFICE, BOARD])
    assert story.entries[0].status is RevisionStatus.APPROVED


def test_disputed_entry_is_not_printed_and_the_letters_about_it_leave(story: Story) -> None:
    story.receive(WITHDRAWAL, BOARD, signed(story))
    with story.db.reading() as session:
        entry = session.scalars(select(Signatory)).one()
        assert publish.what_lacks(session, story.desk.settings, entry.newest, NOW)[0] == "hold: disputed"
        for mail in session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.DISPUTE)):
            assert dispatch.why_not(session, story.desk, mail, NOW) is None


def test_both_letters_say_the_same_and_name_no_writer(story: Story) -> None:
    story.receive(WITHDRAWAL, BOARD, signed(story))
    first, second = (letter for letter in story.renderer.letters if letter.kind is MailKind.DISPUTE)
    assert first.context["entries"] == second.context["entries"]
    assert not any(BOARD in str(letter.context) for letter in (first, second))


def test_while_it_is_disputed_not_even_a_proven_withdrawal_decides(story: Story) -> None:
    secret = signed(story)
    story.receive(WITHDRAWAL, BOARD, secret)
    message = story.receive("We withdraw our signature. Take us off the list.", answers=secret)
    assert (message.status, message.reason) == (InboundStatus.OPEN, "a withdrawal of an entry that is disputed")
    assert story.entries[0].status is RevisionStatus.APPROVED


def test_correction_by_a_colleague_replaces_nothing(story: Story) -> None:
    secret = story.invite()
    story.receive(FORM, answers=secret)
    with story.db.reading() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.RECEIPT)).one()
        receipt = str(mail.message_id)
    story.receive("Please correct our entry: the city is Hamburg, not Berlin.", BOARD, receipt)
    assert holds(story) == [HoldKind.DISPUTED]
    assert [entry.status for entry in story.entries] == [RevisionStatus.PENDING] * 2
    assert told(story) == [OFFICE, BOARD]


def test_other_wording_by_a_colleague_holds_both_entries(story: Story) -> None:
    signed(story)
    story.receive(OTHER_LINE, BOARD)
    assert holds(story) == [HoldKind.DISPUTED, HoldKind.DISPUTED]
    assert told(story) == [OFFICE, BOARD]


def test_yes_after_a_colleague_has_withdrawn_is_a_dispute_about_the_new_entry(story: Story) -> None:
    signed(story)
    with story.db.writing() as session:
        session.scalars(select(Signatory)).one().withdraw(NOW, by="machine")
    story.receive(FORM, BOARD)
    with story.db.reading() as session:
        gone, new = session.scalars(select(Signatory).order_by(Signatory.id)).all()
        assert ([hold.kind for hold in gone.open_holds], [hold.kind for hold in new.open_holds]) == (
            [],
            [HoldKind.DISPUTED],
        )
    assert told(story) == [OFFICE, BOARD]


def test_same_yes_by_a_colleague_is_no_dispute(story: Story) -> None:
    signed(story)
    story.receive(FORM, BOARD)
    assert (holds(story), told(story)) == ([], [])


@pytest.mark.parametrize(
    ("sender", "verdict"),
    [("someone@elsewhere.example", "pass"), (BOARD, None), (BOARD, "fail")],
    ids=["another domain", "not authentic", "forged"],
)
def test_stranger_disputes_nothing(story: Story, sender: str, verdict: str | None) -> None:
    story.receive(WITHDRAWAL, sender, signed(story), verdict=verdict)
    assert (HoldKind.DISPUTED in holds(story), told(story)) == (False, [])


def test_two_people_at_a_mail_provider_are_no_colleagues(story: Story) -> None:
    with story.db.writing() as session:
        cast.signatory(session, email="a@gmail.com", status=RevisionStatus.APPROVED)
    story.receive(OTHER_LINE, "b@gmail.com")
    assert holds(story) == []
