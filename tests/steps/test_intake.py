"""Intake: what each message leads to, by the rules of the design, section 5.

The messages are real text through the real reading; letters are remembered by a stand-in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.model import OutboxMail, Revision, Signatory, Suppression
from outreach.settings import SafetySettings
from outreach.steps import attest
from outreach.steps.attest import Said
from outreach.steps.attest.wish import Yes
from outreach.store.database import Database
from outreach.words import (
    AuthResult,
    Channel,
    HoldKind,
    InboundStatus,
    Individuals,
    MailKind,
    OutboxStatus,
    PrintedLine,
    Proof,
    ProspectStatus,
    RejectReason,
    RevisionStatus,
    Seen,
    SuppressionScope,
)
from tests import cast
from tests.cast import NOW
from tests.steps.story import FORM, OFFICE, STRANGER, Story, begin, sent


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


# ── sign-ups ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_form_with_our_secret_is_pending_with_proof_and_gets_a_receipt(story: Story) -> None:
    message = story.receive(FORM, answers=story.invite())
    assert message.status is InboundStatus.HANDLED
    [entry] = story.entries
    assert (entry.status, entry.proof, entry.seen) == (RevisionStatus.PENDING, Proof.DOMAIN, Seen.SHOWN)
    assert story.lines() == {
        "fa": "کانون پناهندگان سیاسی ایران – برلین – آلمان",
        "en": "Iranian political refugees center – Berlin – Germany",
    }
    assert story.written == [MailKind.RECEIPT]
    assert story.prospect() is ProspectStatus.ANSWERED


def test_our_secret_without_an_authentic_message_waits_with_a_warning_and_is_asked(story: Story) -> None:
    message = story.receive(FORM, answers=story.invite(), verdict=None)
    assert message.auth_result is AuthResult.NONE
    [entry] = story.entries
    assert (entry.status, entry.proof) == (RevisionStatus.PENDING, Proof.NONE)
    assert "not authenticated" in story.warnings()
    assert story.written == []


def test_a_message_that_its_domain_disowns_is_not_believed_even_with_our_secret(story: Story) -> None:
    story.receive(FORM, answers=story.invite(), verdict="fail")
    [entry] = story.entries
    assert (entry.status, entry.proof) == (RevisionStatus.UNCONFIRMED, Proof.NONE)


def test_a_stranger_is_unconfirmed_and_gets_no_receipt(story: Story) -> None:
    story.receive(FORM, sender=STRANGER)
    [entry] = story.entries
    assert (entry.status, entry.proof, entry.seen) == (RevisionStatus.UNCONFIRMED, Proof.NONE, Seen.NO)
    assert story.written == []


def test_a_freemail_address_proves_only_the_mailbox(story: Story) -> None:
    secret = story.invite("committee@gmail.example")
    story.receive(FORM, sender="committee@gmail.example", answers=secret)
    assert story.entries[0].proof is Proof.MAILBOX


def test_a_bare_yes_to_an_invitation_signs_with_the_name_that_was_invited(story: Story) -> None:
    story.receive("بله", answers=story.invite())
    [entry] = story.entries
    assert entry.status is RevisionStatus.PENDING
    assert story.lines() == {language: line.name for language, line in cast.BERLIN.items()}


def test_a_bare_yes_above_the_quoted_invitation_is_not_lost(story: Story) -> None:
    message = story.receive(
        "بله\n\nOn 20 Aug 2026, at 12:00, Bea <statement@contact.example> wrote:\n\n"
        "> Would your organisation sign too? If yes, please answer with:\n> Name in Persian (empty if none):",
        answers=story.invite(),
    )
    assert [entry.status for entry in story.entries] == [RevisionStatus.PENDING]
    assert story.lines() == {language: line.name for language, line in cast.BERLIN.items()}
    assert message.status is InboundStatus.HANDLED


def test_a_sign_up_without_any_name_waits_for_a_person(story: Story) -> None:
    message = story.receive("We would like to sign the joint statement.", sender=STRANGER)
    assert (message.status, story.entries) == (InboundStatus.OPEN, [])


def test_a_private_mailbox_that_answers_for_the_invited_counts_with_a_warning(story: Story) -> None:
    story.receive(FORM, sender="rosa@gmail.example", answers=story.invite())
    [entry] = story.entries
    assert (entry.status, entry.proof) == (RevisionStatus.PENDING, Proof.MAILBOX)
    assert "answered from another address than the invited one" in story.warnings()


def test_another_organisation_that_signs_through_a_forwarded_invitation_is_asked(story: Story) -> None:
    text = FORM.replace("Iranian political refugees center", "Dockers' Union").replace(
        "کانون پناهندگان سیاسی ایران", "اتحادیهٔ باراندازان"
    )
    story.receive(text, sender=STRANGER, answers=story.invite())
    [entry] = story.entries
    assert (entry.status, entry.proof) == (RevisionStatus.UNCONFIRMED, Proof.NONE)
    assert story.prospect() is ProspectStatus.INVITED


def test_the_same_sign_up_again_makes_no_second_entry(story: Story) -> None:
    secret = story.invite()
    story.receive(FORM, answers=secret)
    again = story.receive(FORM + "\nThank you!", answers=secret)
    assert (len(story.entries), again.status) == (1, InboundStatus.HANDLED)


def test_who_signs_again_is_told_that_it_is_there_already(story: Story) -> None:
    secret = story.invite()
    story.receive(FORM, answers=secret)
    story.receive(FORM + "\nThank you!", answers=secret)
    assert story.written == [MailKind.RECEIPT, MailKind.DUPLICATE]
    shown = story.renderer.letters[-1].context["entries"]
    assert isinstance(shown, list) and "Iranian political refugees center – Berlin – Germany" in shown[0]["lines"]


def test_who_signs_again_without_proof_is_told_nothing(story: Story) -> None:
    story.receive(FORM, sender=STRANGER)
    story.receive(FORM + "\nThank you!", sender=STRANGER)
    assert story.written == []


PERSON = "I would like to sign as a private person.\n\nName: Rosa Doe\nCity: Berlin\n"


def test_a_person_is_thanked_and_makes_no_entry(story: Story) -> None:
    message = story.receive(PERSON, sender=STRANGER, subject="my signature")
    assert (message.status, story.entries, story.written) == (InboundStatus.HANDLED, [], [MailKind.INDIVIDUAL])


def test_who_is_not_surely_a_person_is_thanked_by_nobody(story: Story) -> None:
    story.receive("I sign as an individual, not for any organisation: Rosa Doe, Berlin.", sender=STRANGER)
    assert (len(story.entries), story.written) == (1, [])


@pytest.mark.parametrize("individuals", [Individuals.SEPARATE_LIST, Individuals.ACCEPT])
def test_a_person_makes_an_entry_where_the_settings_take_people(
    db: Database, folder: Path, individuals: Individuals
) -> None:
    story = begin(db, folder, individuals=individuals)
    story.receive(PERSON, sender=STRANGER, subject="my signature")
    assert [entry.signatory.individual for entry in story.entries] == [True]
    assert MailKind.INDIVIDUAL not in story.written


def test_another_sender_under_the_same_name_is_a_possible_duplicate_and_never_merged(story: Story) -> None:
    story.receive(FORM, answers=story.invite())
    story.receive(FORM, sender=STRANGER)
    first, second = story.entries
    assert first.signatory.reference != second.signatory.reference
    assert f"possible duplicate of {first.signatory.reference}" in story.warnings()


def test_a_question_beside_a_sign_up_is_not_lost(story: Story) -> None:
    message = story.receive(FORM + "\nWho else has signed so far?", answers=story.invite())
    assert message.status is InboundStatus.OPEN
    assert story.entries[0].status is RevisionStatus.PENDING


def test_an_address_that_is_only_named_is_kept_and_not_written_to(story: Story) -> None:
    story.receive(FORM + "E-mail: board@refugees.example\n", answers=story.invite())
    with story.db.reading() as session:
        contact = session.scalars(select(Signatory)).one().contact
    assert (contact["email"], contact["named_email"]) == (OFFICE, "board@refugees.example")
    assert [letter.recipient for letter in story.renderer.letters] == [OFFICE, OFFICE]


# ── answers about lines ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("yes", ["Yes", "yes, that is right", "بله", "آری، درست است", "Ja", "oui"])
def test_a_yes_to_an_asking_confirms_the_line(story: Story, yes: str) -> None:
    story.receive(yes, answers=story.ask())
    [entry] = story.entries
    assert (entry.status, entry.proof, entry.seen) == (RevisionStatus.PENDING, Proof.DOMAIN, Seen.CONFIRMED)
    assert story.written == [MailKind.RECEIPT]


def test_a_yes_confirms_every_line_of_the_mail(story: Story) -> None:
    secret = story.ask(OFFICE, PrintedLine("First council"), PrintedLine("Second council"))
    story.receive("Yes, both.", answers=secret)
    assert [entry.seen for entry in story.entries] == [Seen.CONFIRMED, Seen.CONFIRMED]


def test_a_yes_needs_no_authentic_message_because_the_asking_was_fresh(story: Story) -> None:
    story.receive("Yes", answers=story.ask(), verdict=None)
    assert story.entries[0].proof is Proof.DOMAIN


def test_a_yes_without_our_secret_confirms_nothing(story: Story) -> None:
    story.ask()
    message = story.receive("Yes")
    assert message.status is InboundStatus.OPEN
    assert story.entries[0].status is RevisionStatus.UNCONFIRMED


def test_a_disowned_yes_confirms_nothing(story: Story) -> None:
    message = story.receive("Yes", answers=story.ask(), verdict="fail")
    assert message.status is InboundStatus.OPEN
    assert story.entries[0].status is RevisionStatus.UNCONFIRMED


def test_a_corrected_line_is_a_yes_to_the_correction(story: Story) -> None:
    secret = story.ask()
    story.receive("Almost. Please change the city to Hamburg.", answers=secret)
    first, second = story.entries
    assert first.status is RevisionStatus.REPLACED
    assert (second.status, second.proof, second.seen) == (RevisionStatus.PENDING, Proof.DOMAIN, Seen.CONFIRMED)
    assert story.lines()["en"] == "Iranian political refugees center – Hamburg"


def test_a_correction_without_our_secret_replaces_nothing(story: Story) -> None:
    story.receive(FORM, answers=story.invite())
    story.receive("Please correct our entry: the city is Hamburg, not Berlin.", subject="our entry")
    true_line, forged = story.entries
    assert true_line.status is RevisionStatus.PENDING
    assert (forged.status, forged.proof) == (RevisionStatus.UNCONFIRMED, Proof.NONE)


def test_not_us_closes_the_entry_and_calls_the_coordinators(story: Story) -> None:
    message = story.receive("No, that was not us. We never signed this.", answers=story.ask())
    [entry] = story.entries
    assert (entry.status, entry.reject_reason) == (RevisionStatus.REJECTED, RejectReason.NOT_US)
    assert message.status is InboundStatus.OPEN


def test_a_plain_no_to_an_asking_means_not_us(story: Story) -> None:
    story.receive("No", answers=story.ask())
    assert story.entries[0].reject_reason is RejectReason.NOT_US


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def signed(story: Story) -> str:
    """An approved entry that was asked about; the secret of the asking."""
    secret = story.ask()
    story.receive("Yes", answers=secret)
    with story.db.writing() as session:
        session.scalars(select(Revision)).one().approve(NOW, by="Bea")
    return secret


def test_a_proven_withdrawal_takes_the_entry_off(story: Story) -> None:
    message = story.receive("Please take our name off the statement, we withdraw.", answers=signed(story))
    assert message.status is InboundStatus.HANDLED
    assert story.entries[0].status is RevisionStatus.WITHDRAWN
    assert MailKind.WITHDRAWN in story.written


def test_an_unproven_withdrawal_hides_the_entry_and_asks_the_address_on_file(story: Story) -> None:
    signed(story)
    message = story.receive("Please take our name off the statement, we withdraw.", subject="withdrawal")
    [entry] = story.entries
    assert entry.status is RevisionStatus.APPROVED
    assert [hold.kind for hold in entry.signatory.holds] == [HoldKind.HIDDEN]
    assert story.written[-1] is MailKind.WITHDRAWAL_NOTICE
    assert message.status is InboundStatus.OPEN


def notice_of(story: Story) -> str:
    with story.db.writing() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.WITHDRAWAL_NOTICE)).one()
        return sent(mail, NOW)


def test_a_yes_to_the_notice_withdraws(story: Story) -> None:
    signed(story)
    story.receive("Please take our name off the statement, we withdraw.", subject="withdrawal")
    story.receive("Yes", answers=notice_of(story))
    assert story.entries[0].status is RevisionStatus.WITHDRAWN


def test_a_no_to_the_notice_brings_the_entry_back(story: Story) -> None:
    signed(story)
    story.receive("Please take our name off the statement, we withdraw.", subject="withdrawal")
    story.receive("No, that was not us.", answers=notice_of(story))
    [entry] = story.entries
    assert entry.status is RevisionStatus.APPROVED
    assert entry.signatory.open_holds == []


def test_a_decline_ends_the_sequence(story: Story) -> None:
    story.receive("No thank you, we will not sign.", answers=story.invite())
    assert story.prospect() is ProspectStatus.DECLINED


def test_a_decline_from_elsewhere_declines_for_nobody(story: Story) -> None:
    message = story.receive("No thank you, we will not sign.", sender=STRANGER, answers=story.invite())
    assert story.prospect() is ProspectStatus.INVITED
    assert message.status is InboundStatus.OPEN


def test_unsubscribe_acts_on_the_sender_alone(story: Story) -> None:
    story.receive("unsubscribe", sender=STRANGER, answers=story.invite(), subject="unsubscribe")
    with story.db.reading() as session:
        suppression = session.scalars(select(Suppression)).one()
        assert suppression.address_hash == story.db.keyring.address_hash(STRANGER)
        assert suppression.scope is SuppressionScope.INVITATIONS


# ── machines ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def bounce(returned_id: str, recipient: str = OFFICE, status: str = "5.1.1", action: str = "failed") -> bytes:
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nTo: statement@contact.example\r\n"
        "Subject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {returned_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_bounce_marks_the_mail_suppresses_the_address_and_loses_the_prospect(story: Story) -> None:
    story.take(bounce(story.invite()))
    with story.db.reading() as session:
        assert session.scalars(select(OutboxMail.status)).one() is OutboxStatus.BOUNCED
        assert session.scalars(select(Suppression.scope)).one() is SuppressionScope.EVERYTHING
    assert story.prospect() is ProspectStatus.UNREACHABLE


def test_a_bounce_without_our_message_id_suppresses_nobody(story: Story) -> None:
    story.invite()
    message = story.take(bounce("<forged@evil.example>"))
    assert message.status is InboundStatus.IGNORED
    with story.db.reading() as session:
        assert session.scalars(select(Suppression)).all() == []


def test_a_delay_is_not_a_bounce(story: Story) -> None:
    story.take(bounce(story.invite(), status="4.4.1", action="delayed"))
    with story.db.reading() as session:
        assert session.scalars(select(OutboxMail.status)).one() is OutboxStatus.SENT


def test_an_out_of_office_neither_stops_the_sequence_nor_is_answered(story: Story) -> None:
    message = story.receive(
        "I am away until Monday.", answers=story.invite(), subject="Automatic reply", Auto_Submitted="auto-replied"
    )
    assert message.status is InboundStatus.IGNORED
    assert (story.prospect(), story.written) == (ProspectStatus.INVITED, [])


def test_a_question_stops_the_sequence_and_waits_for_a_person(story: Story) -> None:
    message = story.receive("Who has written the statement?", answers=story.invite())
    assert message.status is InboundStatus.OPEN
    assert story.prospect() is ProspectStatus.ANSWERED


@pytest.mark.parametrize("text", ["Who has written the statement?", FORM])
def test_a_mail_that_its_domain_disowns_does_not_stop_the_sequence(text: str, story: Story) -> None:
    story.invite()
    story.receive(text, verdict="fail")
    assert story.prospect() is ProspectStatus.INVITED


def test_a_mail_in_doubt_that_is_answered_has_arrived(story: Story) -> None:
    secret = story.invite()
    with story.db.writing() as session:
        session.scalars(select(OutboxMail)).one().status = OutboxStatus.IN_DOUBT
    story.receive("Who has written the statement?", answers=secret)
    with story.db.reading() as session:
        assert session.scalars(select(OutboxMail.status)).one() is OutboxStatus.SENT


@pytest.mark.parametrize("raw", [b"", b"\0\xff\xfe", b'From: "\r\n\r\n', b"Message-ID: <[>\r\nFrom: x\r\n\r\nhello"])
def test_whatever_the_octets_the_message_ends_somewhere_visible(story: Story, raw: bytes) -> None:
    message = story.take(raw)
    assert message.status in (InboundStatus.IGNORED, InboundStatus.OPEN, InboundStatus.SET_ASIDE)


def test_three_machine_mails_a_day_and_no_more(story: Story) -> None:
    for number in range(5):
        story.now = NOW + timedelta(minutes=number)
        story.receive("Yes", answers=story.ask(OFFICE, PrintedLine(f"Council {number}")))
    with story.db.reading() as session:
        machine = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.RECEIPT)).all()
    # The askings count too: after the second asking and first receipt the day is full.
    assert len(machine) == 1


def test_mail_of_a_merged_entry_is_about_the_one_that_stays(story: Story) -> None:
    secret = story.ask()
    with story.db.writing() as session:
        gone = session.scalars(select(Signatory)).one()
        stays = cast.signatory(session, email="board@refugees.example")
        gone.merge(stays, NOW, by="Bea")
    story.receive("Please take our name off the list, we withdraw.", answers=secret, verdict=None)
    with story.db.reading() as session:
        gone, stays = session.scalars(select(Signatory).order_by(Signatory.id)).all()
        assert ([hold.kind for hold in stays.open_holds], gone.open_holds) == ([HoldKind.HIDDEN], [])


def test_sign_up_from_an_unsafe_place_is_withheld_and_answered_by_nobody(story: Story) -> None:
    safety = SafetySettings(domains=frozenset({"refugees.example"}))
    story.desk = replace(story.desk, settings=replace(story.desk.settings, safety=safety))
    story.receive(FORM, answers=story.invite())
    with story.db.reading() as session:
        entry = session.scalars(select(Signatory)).one()
        assert ([hold.kind for hold in entry.open_holds], entry.newest.proof) == ([HoldKind.WITHHELD], Proof.DOMAIN)
    assert story.written == []


def test_yes_by_mail_makes_the_coordinators_word_superfluous(story: Story) -> None:
    with story.db.writing() as session:
        wish = Yes(lines=cast.BERLIN, language="en", contact={"email": OFFICE})
        said = Said(Channel.PHONE, "Rosa Doe", story.now)
        taken = attest.take(session, story.desk, wish, said, lambda: story.now, actor="Bea")
        secret = sent(taken.asking, story.now)
    story.receive("Yes", answers=secret)
    [entry] = story.entries
    assert (entry.status, entry.proof, entry.seen) == (RevisionStatus.PENDING, Proof.DOMAIN, Seen.CONFIRMED)
    assert not entry.rests_on_one_word


def test_no_by_mail_undoes_what_was_said_on_the_phone(story: Story) -> None:
    with story.db.writing() as session:
        wish = Yes(lines=cast.BERLIN, language="en", contact={"email": OFFICE})
        said = Said(Channel.PHONE, "Rosa Doe", story.now)
        taken = attest.take(session, story.desk, wish, said, lambda: story.now, actor="Bea")
        secret = sent(taken.asking, story.now)
    message = story.receive("No, that was not us. We never signed this.", answers=secret)
    [entry] = story.entries
    assert (entry.status, entry.reject_reason) == (RevisionStatus.REJECTED, RejectReason.NOT_US)
    assert message.status is InboundStatus.OPEN


def test_corrected_country_that_is_unsafe_is_withheld(story: Story) -> None:
    safety = SafetySettings(countries=frozenset({"IR"}))
    story.desk = replace(story.desk, settings=replace(story.desk.settings, safety=safety))
    secret = story.ask()
    story.receive("Iranian political refugees center – Tehran – Iran", answers=secret)
    assert [hold.kind for hold in story.entries[0].signatory.open_holds] == [HoldKind.WITHHELD]
