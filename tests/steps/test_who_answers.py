"""Who answers for an organisation: a private mailbox, one to whom our mail was passed on, a new contact, a forger."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.model import OutboxMail, Prospect, Revision, Signatory
from outreach.steps import dispatch, followup
from outreach.store import signatories
from outreach.store.database import Database
from outreach.words import (
    HoldKind,
    InboundStatus,
    MailKind,
    PrintedLine,
    Proof,
    ProspectStatus,
    RejectReason,
    RevisionStatus,
)
from tests import cast
from tests.cast import NOW
from tests.steps.story import FORM, OFFICE, STRANGER, Story, begin, sent

S = RevisionStatus
PRIVATE = "rosa@gmail.example"
DOCKERS = FORM.replace("Iranian political refugees center", "Dockers' Union").replace(
    "کانون پناهندگان سیاسی ایران", "اتحادیهٔ باراندازان"
)
NURSES = FORM.replace("Iranian political refugees center", "Nurses' Union").replace(
    "کانون پناهندگان سیاسی ایران", "اتحادیهٔ پرستاران"
)


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def secret_of(story: Story, kind: MailKind) -> str:
    """The secret of the newest mail of a kind, sent."""
    with story.db.writing() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id.desc())).first()
        return sent(mail, NOW)


def contact(story: Story) -> dict[str, Any]:
    with story.db.reading() as session:
        found: dict[str, Any] = session.scalars(select(Signatory)).one().contact
        return found


def holds(story: Story) -> list[HoldKind]:
    with story.db.reading() as session:
        return [hold.kind for one in session.scalars(select(Signatory)) for hold in one.open_holds]


# ── a private mailbox ──


def test_the_invited_address_is_told_once_that_a_private_mailbox_has_answered(story: Story) -> None:
    secret = story.invite()
    story.receive(FORM, sender=PRIVATE, answers=secret)
    story.receive(FORM.replace("Berlin", "Hamburg"), sender=PRIVATE, answers=secret)
    told = [letter for letter in story.renderer.letters if letter.kind is MailKind.OTHER_MAILBOX]
    assert [(letter.recipient, letter.context["masked"]) for letter in told] == [(OFFICE, "r…@gmail.example")]


def test_the_invited_address_that_answers_itself_is_told_nothing(story: Story) -> None:
    story.receive(FORM, answers=story.invite())
    assert MailKind.OTHER_MAILBOX not in story.written


def test_a_no_of_the_invited_address_keeps_the_entry_from_print_and_is_an_alarm(story: Story) -> None:
    story.receive(FORM, sender=PRIVATE, answers=story.invite())
    message = story.receive("No", answers=secret_of(story, MailKind.OTHER_MAILBOX))
    assert (holds(story), message.status) == ([HoldKind.OBJECTED], InboundStatus.OPEN)
    assert story.report.attention[0].startswith("ALARM")
    assert story.entries[0].status is S.PENDING


def test_a_yes_of_the_invited_address_proves_its_domain(story: Story) -> None:
    story.receive(FORM, sender=PRIVATE, answers=story.invite())
    story.receive("Yes", answers=secret_of(story, MailKind.OTHER_MAILBOX))
    assert story.entries[0].proof is Proof.DOMAIN


def test_a_yes_to_an_asking_from_a_private_mailbox_counts_and_the_asked_address_is_told(story: Story) -> None:
    story.receive("Yes", sender=PRIVATE, answers=story.ask())
    assert (story.entries[0].status, story.entries[0].proof) == (S.PENDING, Proof.MAILBOX)
    assert MailKind.OTHER_MAILBOX in story.written
    assert "confirmed from another address than the one asked" in story.warnings()


QUESTION = "Who has written the statement?"


@pytest.mark.parametrize("text", [FORM, "Yes, we sign.", QUESTION, "Thank you, our board meets on Tuesday."])
@pytest.mark.parametrize("sender", [PRIVATE, "nora@refugees.example"])
def test_whatever_a_private_mailbox_or_a_colleague_answers_ends_the_committees_reminders(
    story: Story, text: str, sender: str
) -> None:
    story.receive(text, sender=sender, answers=story.invite())
    assert story.prospect() is ProspectStatus.ANSWERED
    followup.run(story.db, story.desk, lambda: NOW + timedelta(days=5))
    assert MailKind.REMINDER not in story.written


@pytest.mark.parametrize(
    ("text", "sender", "values"),
    [
        (DOCKERS, PRIVATE, {}),
        (DOCKERS, STRANGER, {}),
        (QUESTION, STRANGER, {}),
        (QUESTION, PRIVATE, {"verdict": "fail"}),
        ("No thank you, we will not sign.", PRIVATE, {}),
        ("unsubscribe", PRIVATE, {"subject": "unsubscribe"}),
        ("I am away until Monday.", PRIVATE, {"subject": "Automatic reply", "Auto_Submitted": "auto-replied"}),
    ],
)
def test_reminders_go_on_for_another_organisation_a_forger_a_no_and_a_machine(
    story: Story, text: str, sender: str, values: dict[str, str]
) -> None:
    story.receive(text, sender=sender, answers=story.invite(), **values)
    assert story.prospect() is ProspectStatus.INVITED
    followup.run(story.db, story.desk, lambda: NOW + timedelta(days=5))
    assert MailKind.REMINDER in story.written


def test_reminders_go_on_when_the_private_mailbox_is_that_of_another_organisation(story: Story) -> None:
    secret = story.invite()
    with story.db.writing() as session:
        cast.prospect(session, {"en": "Nurses' Union"}, PRIVATE, status=ProspectStatus.INVITED)
    story.receive(QUESTION, sender=PRIVATE, answers=secret)
    with story.db.reading() as session:
        statuses = {row.email: row.status for row in session.scalars(select(Prospect))}
    assert statuses == {OFFICE: ProspectStatus.INVITED, PRIVATE: ProspectStatus.ANSWERED}


# ── coming back ──


@pytest.mark.parametrize("status", [S.REJECTED, S.EXPIRED])
def test_an_organisation_comes_back_by_mail_after_its_entry_has_ended(story: Story, status: RevisionStatus) -> None:
    with story.db.writing() as session:
        reason = RejectReason.NOT_AUTHORISED if status is S.REJECTED else None
        cast.signatory(session, status=status, reject_reason=reason, decided_at=NOW, proof=Proof.NONE)
    story.receive(FORM)
    assert [entry.status for entry in story.entries] == [status, S.UNCONFIRMED]
    assert any(said.startswith(f"comes back: {status} on 2026-08-20") for said in story.warnings())
    followup.run(story.db, story.desk, lambda: NOW)
    story.receive("yes", answers=secret_of(story, MailKind.ASKING))
    assert [entry.status for entry in story.entries] == [status, S.PENDING]


# ── mails that were passed on ──


def chain(story: Story) -> list[str]:
    with story.db.reading() as session:
        newest = session.scalars(select(Signatory).order_by(Signatory.id.desc())).first()
        assert newest is not None
        return [type(one).__name__ for one in signatories.passed_on_by(newest)]


def test_who_signs_through_an_invitation_to_others_is_remembered_as_via_them(story: Story) -> None:
    story.receive(DOCKERS, sender=STRANGER, answers=story.invite())
    assert chain(story) == ["Prospect"]
    assert "signs through a mail of ours to another organisation" in story.warnings()


def test_a_chain_of_three_is_remembered(story: Story) -> None:
    story.receive(DOCKERS, sender=STRANGER, answers=story.invite())
    followup.run(story.db, story.desk, lambda: NOW)
    story.receive("yes", sender=STRANGER, answers=secret_of(story, MailKind.ASKING))
    story.receive(NURSES, sender="nora@nurses.example", answers=secret_of(story, MailKind.RECEIPT))
    assert chain(story) == ["Signatory", "Prospect"]


def test_who_answers_themselves_came_via_nobody(story: Story) -> None:
    story.receive(FORM, answers=story.invite())
    assert chain(story) == []


# ── a new contact ──

CHANGE = (
    "Please note that our contact person has changed: from now on please write to Nora Roe <nora@refugees.example>."
)


def test_a_change_of_contact_asks_the_old_contact_and_changes_nothing_before(story: Story) -> None:
    message = story.receive(CHANGE, answers=story.ask())
    assert (message.status, story.written) == (InboundStatus.OPEN, [MailKind.NEW_CONTACT])
    letter = story.renderer.letters[-1]
    assert (letter.recipient, letter.context["masked"]) == (OFFICE, "n…@refugees.example")
    assert contact(story)["email"] == OFFICE


def test_the_old_contacts_yes_changes_it(story: Story) -> None:
    story.receive(CHANGE, answers=story.ask())
    story.receive("Yes", answers=secret_of(story, MailKind.NEW_CONTACT))
    found = contact(story)
    assert (found["email"], found["contact_person"]) == ("nora@refugees.example", "Nora Roe")
    assert found["former"][0]["email"] == OFFICE
    assert "proposed" not in found


def test_the_old_contacts_no_keeps_it_and_is_an_alarm(story: Story) -> None:
    story.receive(CHANGE, answers=story.ask())
    message = story.receive("No", answers=secret_of(story, MailKind.NEW_CONTACT))
    assert contact(story)["email"] == OFFICE
    assert "proposed" not in contact(story)
    assert (message.status, story.report.attention[0][:5]) == (InboundStatus.OPEN, "ALARM")


def test_a_yes_of_the_new_contact_itself_changes_nothing(story: Story) -> None:
    story.receive(CHANGE, answers=story.ask())
    story.receive("Yes", sender="nora@refugees.example", answers=secret_of(story, MailKind.NEW_CONTACT))
    assert contact(story)["email"] == OFFICE


# ── forged withdrawals ──


def test_several_withdrawals_that_nothing_proves_within_an_hour_are_held_back(story: Story) -> None:
    for name in ("first", "second", "third"):
        with story.db.writing() as session:
            line = {"en": PrintedLine(f"{name.title()} council")}
            cast.signatory(session, line, f"{name}@council.example", status=S.APPROVED)
    for name in ("first", "second", "third"):
        last = story.receive("We withdraw our signature.", sender=f"{name}@council.example", subject="withdrawal")
    assert holds(story) == [HoldKind.HIDDEN, HoldKind.HIDDEN]
    assert last.status is InboundStatus.OPEN
    assert story.report.attention[0].startswith("ALARM")


# ── organisations that come back ──


def test_an_organisation_that_comes_back_gets_a_new_revision_with_its_history(story: Story) -> None:
    secret = story.invite()
    story.receive(FORM, answers=secret)
    with story.db.writing() as session:
        session.scalars(select(Revision)).one().withdraw(NOW, by="machine")
    story.receive(FORM + "\nWe are back.", answers=secret)
    first, second = story.entries
    assert (first.status, second.status) == (S.WITHDRAWN, S.PENDING)
    assert first.signatory_id == second.signatory_id
    assert "comes back: withdrawn on 2026-08-20" in story.warnings()


def test_questions_of_contact_do_not_leave_after_the_day(story: Story) -> None:
    story.receive(CHANGE, answers=story.ask())
    with story.db.reading() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.NEW_CONTACT)).one()
        assert dispatch.why_not(session, story.desk, mail, NOW.replace(month=12)) in ("too late", "the day has passed")
