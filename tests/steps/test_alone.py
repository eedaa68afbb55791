"""A word sent alone: answered from the sender's own records, the same to whoever is known and unknown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.model import OutboxMail, Revision
from outreach.store.database import Database
from outreach.words import HoldKind, InboundStatus, MailKind, PrintedLine, Proof, RevisionStatus
from tests import cast
from tests.cast import NOW
from tests.steps.story import OFFICE, STRANGER, Story, begin

S = RevisionStatus


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def put(story: Story, **values: object) -> None:
    with story.db.writing() as session:
        cast.signatory(session, **values)  # type: ignore[arg-type]  # the builder's keywords


def told(story: Story) -> list[object]:
    """The state of each entry in the last mail."""
    entries = story.renderer.letters[-1].context["entries"]
    assert isinstance(entries, list)
    return [entry["state"] for entry in entries]


@pytest.mark.parametrize("word", ["status", "Status", "وضعیت", "état", "durum", "status\n\nBest regards\nRosa Doe"])
def test_the_status_of_the_senders_own_entries_is_told(story: Story, word: str) -> None:
    put(story, status=S.APPROVED)
    put(story, lines={"en": PrintedLine("Dockers' Union")}, email=STRANGER)
    message = story.receive(word)
    assert (message.status, story.written) == (InboundStatus.HANDLED, [MailKind.STATUS])
    assert story.renderer.letters[-1].recipient == OFFICE
    assert told(story) == ["approved"]


def test_a_stranger_hears_that_there_is_nothing_whatever_others_have_signed(story: Story) -> None:
    nothing = story.receive("status", sender=STRANGER)
    empty = story.renderer.letters[-1].context
    put(story)
    again = story.receive("status", sender="other@elsewhere.example", subject="Re: K7Q2-M9PX")
    assert (nothing.status, again.status) == (InboundStatus.HANDLED, InboundStatus.HANDLED)
    told_now = story.renderer.letters[-1].context
    assert {**empty, "reference": ""} == {**told_now, "reference": ""}


def test_another_one_who_answers_our_mail_is_told_of_their_own_entries_only(story: Story) -> None:
    story.receive("status", sender=STRANGER, answers=story.ask())
    assert told(story) == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (S.PENDING, "waiting"),
        (S.NEEDS_INFO, "needs_info"),
        (S.REJECTED, "rejected"),
        (S.WITHDRAWN, "withdrawn"),
        (S.EXPIRED, "expired"),
    ],
)
def test_every_state_has_its_words(story: Story, status: RevisionStatus, state: str) -> None:
    put(story, status=status)
    story.receive("status")
    assert told(story) == [state]


def test_an_entry_that_is_held_is_said_to_be_looked_into(story: Story) -> None:
    with story.db.writing() as session:
        cast.signatory(session).hold(HoldKind.DISPUTED, by="Bea", at=NOW, reason="")
    story.receive("status")
    assert told(story) == ["held"]


@pytest.mark.parametrize(
    ("name", "confidence"), [("Visit evil.example now", 1.0), ("Call +49 30 1234567", 1.0), ("Any council", 0.4)]
)
def test_words_that_a_stranger_put_under_an_address_are_not_mailed_there(
    story: Story, name: str, confidence: float
) -> None:
    forged = {"en": PrintedLine(name)}
    put(story, lines=forged, status=S.UNCONFIRMED, proof=Proof.NONE, confidence=confidence)
    story.receive("status")
    assert told(story) == []


def test_the_subject_alone_is_enough(story: Story) -> None:
    assert story.receive(" ", subject="status").status is InboundStatus.HANDLED
    assert story.written == [MailKind.STATUS]


def test_help_is_sent_to_everybody(story: Story) -> None:
    story.receive("help", sender=STRANGER)
    assert story.written == [MailKind.HELP]


def test_a_machine_that_says_status_is_answered_by_nobody(story: Story) -> None:
    story.receive("status", Auto_Submitted="auto-replied")
    story.receive("help", Precedence="bulk", List_Id="<list.elsewhere.example>")
    assert story.written == []


def test_a_forged_sender_is_answered_by_nobody(story: Story) -> None:
    assert story.receive("status", verdict="fail").status is InboundStatus.OPEN
    assert story.written == []


def test_no_more_than_three_a_day_and_address(story: Story) -> None:
    for number in range(5):
        story.now = NOW + timedelta(minutes=number)
        story.receive("status" + " " * number)
    assert story.written == [MailKind.STATUS] * 3


def test_no_more_than_two_where_nothing_proves_that_the_address_wrote_it(story: Story) -> None:
    for number in range(5):
        story.now = NOW + timedelta(minutes=number)
        story.receive("status" + " " * number, verdict=None)
    assert story.written == [MailKind.STATUS] * 2


def test_withdrawals_that_nothing_proves_tell_a_stranger_no_more_than_twice_a_day(story: Story) -> None:
    for number in range(4):
        story.now = NOW + timedelta(hours=2 * number)
        put(story, status=S.APPROVED)
        story.receive("withdraw" + " " * number, verdict=None)
    assert story.written == [MailKind.WITHDRAWAL_NOTICE] * 2


@pytest.mark.parametrize("word", ["withdraw", "انصراف", "zurückziehen", "retrait", "geri çekme", "отзыв"])
def test_withdraw_in_answer_to_our_mail_takes_the_entry_off(story: Story, word: str) -> None:
    story.receive(word, answers=story.ask())
    assert story.entries[0].status is S.WITHDRAWN


def test_withdraw_without_our_secret_only_hides(story: Story) -> None:
    put(story, status=S.APPROVED)
    story.receive("withdraw")
    assert story.entries[0].status is S.APPROVED
    assert story.written == [MailKind.WITHDRAWAL_NOTICE]


def test_a_correction_in_answer_to_our_mail_counts(story: Story) -> None:
    story.receive("correct: Iranian Political Refugees Centre – Hamburg", answers=story.ask())
    assert [entry.status for entry in story.entries] == [S.REPLACED, S.PENDING]
    assert story.lines()["en"] == "Iranian Political Refugees Centre – Hamburg"
    assert story.written == [MailKind.RECEIPT]


def test_a_correction_without_our_secret_waits_beside_the_line_and_is_asked_about(story: Story) -> None:
    put(story, status=S.APPROVED)
    story.receive("اصلاح: کانون پناهندگان سیاسی ایران – هامبورگ")
    assert [entry.status for entry in story.entries] == [S.APPROVED, S.UNCONFIRMED]
    assert story.written == []


def test_a_correction_into_another_organisation_waits_for_a_person(story: Story) -> None:
    message = story.receive("correct: Dockers' Union – Hamburg", answers=story.ask())
    assert (message.status, len(story.entries)) == (InboundStatus.OPEN, 1)


def test_the_mail_about_the_status_is_one_for_each_question(story: Story) -> None:
    story.receive("status")
    with story.db.reading() as session:
        assert len(session.scalars(select(OutboxMail)).all()) == 1
        assert session.scalars(select(Revision)).all() == []
