"""Mail sent from our own mailbox: what a coordinator writes by hand counts, copies of our own mail do not."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.letters import inviting
from outreach.letters.queue import Desk
from outreach.model import Event, InboundMessage, OutboxMail, Pause, Prospect, Revision
from outreach.steps import dispatch, fetch, followup, intake
from outreach.store import prospects
from outreach.store.database import Database
from outreach.words import InboundStatus, MailKind, OutboxStatus, PauseReason, ProspectStatus, RevisionStatus
from tests import cast
from tests.cast import NOW
from tests.fakes import FakeMailbox, FakeSender
from tests.steps.test_intake import bounce

US = "statement@contact.example"
OFFICE = "office@refugees.example"
FORM = "Name in English: Iranian political refugees center\nCity: Berlin\nCountry: Germany\nWe sign."
ASKS = "Who organises this, and who pays for it?"


@dataclass(frozen=True)
class Invitation:
    """What a test needs of a mail of ours."""

    id: int
    message_id: str
    reference: str


@dataclass
class Office:
    """A campaign with a mailbox in which people write by hand, too."""

    db: Database
    desk: Desk
    box: FakeMailbox
    now: datetime = NOW
    written: int = 0

    def invite(self, email: str = OFFICE) -> Invitation:
        with self.db.writing() as session:
            invited = cast.prospect(session, email=email)
            mail = inviting.invitation(session, self.desk, [invited], self.now)
            assert mail is not None
            mail.status, mail.sending_at, mail.settled_at = OutboxStatus.SENT, self.now, self.now
            invited.invite(self.now)
            session.flush()
            return Invitation(mail.id, mail.message_id or "", mail.reference)

    def mail(self, text: str, sender: str, to: str, *, subject: str = "Re: statement", **headers: str) -> str:
        """A mail lies in INBOX, or among the sent mail when it is ours; its Message-ID."""
        message = EmailMessage(policy=SMTP)
        self.written += 1
        message_id = headers.pop("Message_ID", f"<{self.written}@{sender.rpartition('@')[2]}>")
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Message-ID"] = message_id
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text + "\n")
        self.box.put(message.as_bytes(), folder="Sent" if sender == US else "INBOX", arrived=self.now)
        self.now += timedelta(minutes=1)
        return message_id

    def poll(self) -> None:
        fetch.run(self.db, lambda: self.box, lambda: self.now, self.desk.settings)
        intake.run(self.db, self.desk, lambda: self.now)

    def messages(self) -> list[tuple[InboundStatus, str | None]]:
        with self.db.reading() as session:
            rows = session.scalars(select(InboundMessage).order_by(InboundMessage.arrived_at))
            return [(row.status, row.reason) for row in rows]

    def pauses(self) -> set[PauseReason]:
        with self.db.reading() as session:
            return {pause.reason for pause in session.scalars(select(Pause))}

    def prospect(self) -> ProspectStatus:
        with self.db.reading() as session:
            return session.scalars(select(Prospect.status)).one()


@pytest.fixture
def story(db: Database, folder: Path) -> Office:
    cast.write_statement(folder)
    return Office(db, cast.desk(db, folder), FakeMailbox({"INBOX": {}, "Junk": {}, "Sent": {}, "Archive": {}}))


def test_whom_we_write_to_by_hand_is_not_reminded(story: Office) -> None:
    story.invite()
    story.mail("Dear Rosa, shall we talk on the phone?", US, f"Rosa Doe <{OFFICE}>")
    story.poll()
    story.now += timedelta(days=6)
    assert followup.run(story.db, story.desk, lambda: story.now).counts == {}
    assert story.messages() == [(InboundStatus.HANDLED, "written by hand")]
    with story.db.reading() as session:
        assert session.scalars(select(InboundMessage.kind)).all() == [None]


def test_a_reminder_that_is_queued_already_is_cancelled_by_a_mail_written_by_hand(story: Office) -> None:
    story.invite()
    story.now += timedelta(days=6)
    followup.run(story.db, story.desk, lambda: story.now)
    story.mail("Dear Rosa, shall we talk on the phone?", US, OFFICE)
    story.poll()
    relay = FakeSender()
    dispatch.run(story.db, story.desk, lambda _: relay, lambda: story.now, owner="here", jitter=random.Random(1))
    assert relay.sent == []
    with story.db.reading() as session:
        reminder = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.REMINDER)).one()
        assert (reminder.status, reminder.reason) == (
            OutboxStatus.CANCELLED,
            "somebody has written to them by hand",
        )


def test_a_question_is_closed_by_the_answer_that_was_written_by_hand(story: Office) -> None:
    asked = story.mail(ASKS, "info@strangers.example", US)
    story.mail("We do, and nobody.", US, "info@strangers.example", In_Reply_To=asked, References=asked)
    story.poll()
    assert [status for status, _ in story.messages()] == [InboundStatus.CLOSED, InboundStatus.HANDLED]
    with story.db.reading() as session:
        assert "answered by hand" in session.scalars(select(Event.action)).all()


def test_a_sign_up_in_doubt_still_waits_when_it_was_answered_by_hand(story: Office) -> None:
    asked = story.mail("We would like to join your statement!", "info@strangers.example", US)
    story.mail("Thank you, we shall look at it.", US, "info@strangers.example", In_Reply_To=asked)
    story.poll()
    assert story.messages()[0][0] is InboundStatus.OPEN


def test_a_reply_to_what_was_written_by_hand_is_matched_to_the_organisation(story: Office) -> None:
    with story.db.writing() as session:
        cast.prospect(session)
    ours = story.mail("Dear Rosa, will you sign?", US, OFFICE)
    story.mail("Yes, of course, please add us to the statement!", "rosa@private.example", US, In_Reply_To=ours)
    story.poll()
    assert story.prospect() is ProspectStatus.ANSWERED
    with story.db.reading() as session:
        signed = session.scalars(select(Revision)).one()
        assert signed.status is RevisionStatus.UNCONFIRMED
        assert signed.signatory.prospect_id is not None


@pytest.mark.parametrize("answer", ["Yes.", "No."])
def test_a_bare_word_to_what_was_written_by_hand_does_not_answer_our_invitation(story: Office, answer: str) -> None:
    mail = story.invite()
    first = story.mail(ASKS, OFFICE, US, In_Reply_To=mail.message_id)
    thread = f"{mail.message_id} {first}"
    ours = story.mail("Do you know Mina?", US, OFFICE, In_Reply_To=first, References=thread)
    story.mail(answer, OFFICE, US, In_Reply_To=ours, References=f"{thread} {ours}")
    story.poll()
    assert story.messages()[-1][0] is InboundStatus.OPEN
    assert story.prospect() is ProspectStatus.ANSWERED
    with story.db.reading() as session:
        assert session.scalars(select(Revision)).all() == []


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({"Message_ID": "{id}"}, "text"),
        ({"References": "{id}"}, "text"),
        ({"References": "<earlier@x.example> {id}", "In_Reply_To": "<earlier@x.example>"}, "text"),
        ({"X_Microsoft_Original_Message_ID": "{id}"}, "text"),
        ({}, "Dear friends,\n\nRef. {reference}"),
    ],
)
def test_a_copy_of_our_own_mail_is_recognised(story: Office, headers: dict[str, str], text: str) -> None:
    mail = story.invite()
    known = {"id": mail.message_id, "reference": mail.reference}
    story.mail(text.format(**known), US, OFFICE, **{name: value.format(**known) for name, value in headers.items()})
    story.poll()
    assert story.messages() == [(InboundStatus.IGNORED, "a copy of our own mail")]
    assert story.pauses() == set()


def test_an_answer_to_the_id_that_a_relay_wrote_anew_answers_our_mail(story: Office) -> None:
    mail = story.invite()
    anew = story.mail("text", US, OFFICE, References=mail.message_id)
    story.mail(FORM, OFFICE, US, In_Reply_To=anew)
    story.poll()
    assert story.prospect() is ProspectStatus.ANSWERED
    with story.db.reading() as session:
        answer = session.scalars(select(InboundMessage).order_by(InboundMessage.arrived_at.desc()).limit(1)).one()
        assert answer.answers_id == mail.id


def test_a_mail_in_doubt_was_sent_when_it_lies_among_the_sent_mail_under_an_id_of_its_relay(story: Office) -> None:
    mail = story.invite()
    with story.db.writing() as session:
        session.get_one(OutboxMail, mail.id).status = OutboxStatus.IN_DOUBT
    story.mail("text", US, OFFICE, X_Microsoft_Original_Message_ID=mail.message_id)
    story.poll()
    with story.db.reading() as session:
        assert session.get_one(OutboxMail, mail.id).status is OutboxStatus.SENT


def test_a_report_about_the_id_that_a_relay_wrote_anew_is_about_our_mail(story: Office) -> None:
    mail = story.invite()
    anew = story.mail("text", US, OFFICE, References=mail.message_id)
    story.box.put(bounce(anew), arrived=story.now)
    story.poll()
    with story.db.reading() as session:
        assert session.get_one(OutboxMail, mail.id).status is OutboxStatus.BOUNCED


def test_a_hand_written_answer_below_our_own_mail_is_not_taken_for_its_copy(story: Office) -> None:
    mail = story.invite()
    story.mail("PS: we have a phone, too.", US, OFFICE, In_Reply_To=mail.message_id, References=mail.message_id)
    story.poll()
    assert story.messages() == [(InboundStatus.HANDLED, "written by hand")]


def test_what_is_written_to_nobody_we_know_is_not_kept(story: Office) -> None:
    story.mail("When can I see the dentist?", US, "practice@dentist.example")
    story.poll()
    assert story.messages() == [(InboundStatus.IGNORED, "written by hand, to nobody we know")]
    with story.db.reading() as session:
        assert session.scalars(select(InboundMessage.raw_sealed)).one() is None


def test_our_own_automatic_answer_stops_nothing(story: Office) -> None:
    story.invite()
    story.mail("We are away until Monday.", US, OFFICE, Auto_Submitted="auto-replied")
    story.poll()
    assert story.pauses() == set()


def test_mail_that_claims_to_be_ours_and_came_in_stops_nothing(story: Office) -> None:
    story.invite()
    forged = story.mail("Dear Rosa", US, OFFICE)
    [raw] = [raw for raw, _ in story.box.mails.pop("Sent").values()]
    story.box.put(raw, arrived=NOW)
    story.poll()
    assert forged
    assert story.messages() == [(InboundStatus.IGNORED, "our own mail")]
    assert story.pauses() == set()


def test_a_sign_up_that_somebody_filed_among_the_sent_mail_is_still_a_sign_up(story: Office) -> None:
    story.mail(FORM, OFFICE, US, Delivered_To=US)
    [(raw, _)] = story.box.mails["INBOX"].values()
    story.box.mails["INBOX"].clear()
    story.box.put(raw, folder="Sent", arrived=NOW)
    story.poll()
    with story.db.reading() as session:
        assert len(session.scalars(select(Revision)).all()) == 1


def test_sent_mail_that_was_seen_in_the_archive_first_counts_when_it_is_seen_among_the_sent(story: Office) -> None:
    story.invite()
    story.mail("Dear Rosa, shall we talk?", US, OFFICE)
    [(raw, _)] = story.box.mails["Sent"].values()
    story.box.mails["Sent"].clear()
    story.box.put(raw, folder="Archive", arrived=NOW)
    story.poll()
    assert story.pauses() == set()
    story.box.put(raw, folder="Sent", arrived=NOW)
    story.poll()
    assert story.pauses() == {PauseReason.BY_HAND}


def test_a_pause_of_one_address_leaves_the_others_to_be_reminded(story: Office) -> None:
    story.invite()
    story.invite("other@committee.example")
    story.mail("Dear Rosa", US, OFFICE)
    story.poll()
    with story.db.reading() as session:
        later = story.now + timedelta(days=6)
        left = prospects.ids_to_remind(session, later, later)
        assert [session.get_one(Prospect, id_).email for id_ in left] == ["other@committee.example"]
