"""What comes back: the address that does not exist, the doubtful one by points, and what is our own fault."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.letters import inviting
from outreach.model import Attempt, Halt, HaltCause, HaltScope, OutboxMail, Prospect, Suppression
from outreach.ports import Failed, Fault, Phase
from outreach.steps import dispatch, importing, invite
from outreach.store import bounces, suppressions
from outreach.store.database import Database
from outreach.words import InboundStatus, MailKind, OutboxStatus, ProspectStatus, SuppressionReason, SuppressionScope
from tests import cast
from tests.cast import NOW, clock
from tests.fakes import FakeSender
from tests.steps.story import OFFICE, Story, begin
from tests.steps.test_intake import bounce

DAY = timedelta(days=1)
NOBODY = Failed(550, "5.1.1", "550 5.1.1 nobody here", Phase.ENVELOPE, Fault.RECIPIENT)


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def suppressed(db: Database) -> list[tuple[SuppressionScope, SuppressionReason]]:
    with db.reading() as session:
        return [(row.scope, row.reason) for row in session.scalars(select(Suppression))]


def mails(db: Database) -> list[OutboxStatus]:
    with db.reading() as session:
        return list(session.scalars(select(OutboxMail.status)))


EVERYTHING = [(SuppressionScope.EVERYTHING, SuppressionReason.BOUNCED)]


@pytest.mark.parametrize("status", ["5.1.1", "5.1.10", "5.2.1", "5.4.4"])
def test_an_address_that_does_not_exist_is_not_written_to_again(story: Story, status: str) -> None:
    story.take(bounce(story.invite(), status=status))
    assert (suppressed(story.db), mails(story.db)) == (EVERYTHING, [OutboxStatus.BOUNCED])
    assert story.prospect() is ProspectStatus.UNREACHABLE


@pytest.mark.parametrize("path", ["<MAILER-DAEMON@relay.example>", "<>", None])
def test_a_report_with_the_path_of_a_mail_system_or_of_none_that_is_known_is_believed(
    story: Story, path: str | None
) -> None:
    report = bounce(story.invite())
    story.take(report.replace(b"Return-Path: <>\r\n", f"Return-Path: {path}\r\n".encode() if path else b""))
    assert (suppressed(story.db), story.prospect()) == (EVERYTHING, ProspectStatus.UNREACHABLE)


@pytest.mark.parametrize("status", ["5.1.1", "5.7.1"])
def test_a_report_that_somebody_wrote_who_knows_our_message_id_changes_nothing_until_a_person_looks(
    story: Story, status: str
) -> None:
    forged = bounce(story.invite(), status=status).replace(b"Return-Path: <>", b"Return-Path: <eve@elsewhere.example>")
    message = story.take(forged)
    assert (message.status, mails(story.db)) == (InboundStatus.OPEN, [OutboxStatus.SENT])
    assert (suppressed(story.db), story.prospect()) == ([], ProspectStatus.INVITED)


@pytest.mark.parametrize("status", ["5.1.1", "5.7.1", "4.4.7"])
def test_a_report_about_another_address_than_ours_went_to_loses_nobody_and_a_person_looks(
    story: Story, status: str
) -> None:
    message = story.take(bounce(story.invite(), "behind@elsewhere.example", status=status))
    assert (message.status, mails(story.db)) == (InboundStatus.OPEN, [OutboxStatus.BOUNCED])
    assert (suppressed(story.db), story.prospect()) == ([], ProspectStatus.INVITED)
    with story.db.reading() as session:
        assert session.scalars(select(Halt)).all() == []


def complaint(returned_id: str, verdict: str) -> bytes:
    return (
        f"Authentication-Results: mx.contact.example; dmarc={verdict} header.from=mailbox.example\r\n"
        "From: feedback@mailbox.example\r\nTo: statement@contact.example\r\nSubject: abuse report\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\n\r\nSpam.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {returned_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_who_calls_a_mail_spam_is_never_written_to_again(story: Story) -> None:
    story.take(complaint(story.invite(), "pass"))
    assert suppressed(story.db) == [(SuppressionScope.EVERYTHING, SuppressionReason.COMPLAINED)]


def test_a_complaint_that_is_not_from_the_feedback_loop_it_names_waits_for_a_person(story: Story) -> None:
    message = story.take(complaint(story.invite(), "fail"))
    assert (message.status, suppressed(story.db)) == (InboundStatus.OPEN, [])


@pytest.mark.parametrize("status", ["5.7.1", "5.7.26", "5.7.515"])
def test_a_report_that_blames_us_alarms_and_suppresses_nobody(story: Story, status: str) -> None:
    message = story.take(bounce(story.invite(), status=status))
    assert (message.status, mails(story.db)) == (InboundStatus.OPEN, [OutboxStatus.BOUNCED])
    assert any("fault of ours" in line for line in story.report.attention)
    assert suppressed(story.db) == []
    assert story.prospect() is ProspectStatus.INVITED
    with story.db.reading() as session:
        halt = session.scalars(select(Halt)).one()
        assert (halt.scope, halt.cause, halt.name) == (HaltScope.DESTINATION, HaltCause.POLICY, "refugees.example")


@pytest.mark.parametrize("status", ["5.2.2", "4.4.1", "4.2.2"])
def test_a_mail_that_was_given_up_for_a_passing_trouble_has_come_back_but_its_address_stays(
    story: Story, status: str
) -> None:
    story.take(bounce(story.invite(), status=status))
    assert (suppressed(story.db), mails(story.db)) == ([], [OutboxStatus.BOUNCED])
    assert story.prospect() is ProspectStatus.INVITED


def test_a_refusal_for_another_reason_suppresses_nobody_at_first(story: Story) -> None:
    story.take(bounce(story.invite(), status="5.3.4"))
    assert suppressed(story.db) == []
    assert story.prospect() is ProspectStatus.UNREACHABLE


def test_the_report_stands_in_the_timeline_of_the_mail(story: Story) -> None:
    story.take(bounce(story.invite(), status="5.2.2"))
    with story.db.reading() as session:
        found = session.scalars(select(Attempt)).one()
        assert (found.outcome, found.enhanced, found.fault) == ("bounced", "5.2.2", "message")


@pytest.mark.parametrize(
    ("points", "days", "is_suppressed"),
    [
        ([bounces.HARD, bounces.HARD], [0, 1], True),
        ([bounces.HARD, bounces.HARD], [0, 0.5], False),  # one a day counts
        ([bounces.HARD, bounces.HARD], [0, 8], False),  # a week without any
        ([bounces.SOFT] * 3, [0, 2, 4], False),
        ([bounces.SOFT] * 4, [0, 2, 4, 6], True),
    ],
)
def test_a_doubtful_address_is_suppressed_by_points(
    db: Database, points: list[float], days: list[float], is_suppressed: bool
) -> None:
    for point, day in zip(points, days, strict=True):
        with db.writing() as session:
            bounces.doubtful(session, cast.mail(session), point, NOW + day * DAY)
    assert bool(suppressed(db)) is is_suppressed


def test_a_mailbox_that_the_relay_refuses_at_once_counts_like_a_report(db: Database, folder: Path) -> None:
    with db.writing() as session:
        mail, invited = cast.mail(session, kind=MailKind.INVITATION), cast.prospect(session)
        invited.invite(NOW)
        session.add(cast.invites(mail, invited))
    relay = FakeSender([NOBODY])
    dispatch.run(db, cast.desk(db, folder), lambda _: relay, clock, owner="x", jitter=random.Random(1))
    assert (suppressed(db), mails(db)) == (EVERYTHING, [OutboxStatus.FAILED])
    with db.reading() as session:
        assert session.scalars(select(Prospect.status)).one() is ProspectStatus.UNREACHABLE


def test_what_does_not_reach_the_team_in_a_rehearsal_suppresses_nobody(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.mail(session, "bea@team.example", in_rehearsal=True)
        session.scalars(select(OutboxMail)).one().meant_for_hash = db.keyring.address_hash(OFFICE)
        bounces.unreachable(session, session.scalars(select(OutboxMail)).one(), NOW)
    assert suppressed(db) == []


@pytest.mark.parametrize("scope", SuppressionScope)
def test_neither_a_second_import_nor_a_second_invitation_revives_a_suppressed_address(
    db: Database, folder: Path, scope: SuppressionScope
) -> None:
    cast.write_statement(folder)
    desk = cast.desk(db, folder)
    with db.writing() as session:
        suppressions.suppress(
            session,
            db.keyring.address_hash(OFFICE),
            scope,
            SuppressionReason.UNSUBSCRIBED,
            actor="machine",
            at=NOW,
        )
    for name in ("Refugees", "Refugees, under another name"):
        importing.run(db, desk, f"name,email\n{name},{OFFICE.upper()}\n".encode(), clock, actor="Bea")
        planned = invite.plan(db, desk, clock)
        assert (planned.mails, invite.run(db, desk, planned, clock, actor="Bea").mails) == (0, 0)
    with db.reading() as session:
        assert suppressions.scopes(session, db.keyring.address_hash(OFFICE)) == {scope}


def test_a_restored_database_learns_its_suppressions_anew_from_the_mailbox(story: Story) -> None:
    """After a restore the folders are read again from where the copy stood: the same mails have the same effect."""
    secret = story.invite()
    story.receive("unsubscribe", sender=OFFICE, answers=secret, subject="unsubscribe")
    kept = suppressed(story.db)
    with story.db.writing() as session:
        for row in session.scalars(select(Suppression)):
            session.delete(row)
    story.receive("unsubscribe ", sender=OFFICE, answers=secret, subject="unsubscribe")
    assert suppressed(story.db) == kept != []


# ── the sequence stops for who answers ──


def invited(story: Story, *emails: str) -> None:
    with story.db.writing() as session:
        for email in emails:
            one = cast.prospect(session, {"en": f"Branch {email}"}, email)
            inviting.invitation(session, story.desk, [one], NOW)
            one.invite(NOW)


def statuses(story: Story) -> dict[str | None, ProspectStatus]:
    with story.db.reading() as session:
        return {row.email: row.status for row in session.scalars(select(Prospect))}


def test_a_colleague_who_writes_unasked_from_the_organisations_own_domain_stops_its_sequence(story: Story) -> None:
    invited(story, "office@union.example", "office@elsewhere.example")
    story.receive("Who are you, and who else has signed?", sender="rosa@union.example")
    assert statuses(story) == {
        "office@union.example": ProspectStatus.ANSWERED,
        "office@elsewhere.example": ProspectStatus.INVITED,
    }


def test_other_branches_of_a_large_domain_go_on(story: Story) -> None:
    invited(story, "berlin@union.example", "paris@union.example")
    story.receive("Who are you?", sender="rosa@union.example")
    assert set(statuses(story).values()) == {ProspectStatus.INVITED}
    story.receive("Who are you, please?", sender="berlin@union.example")
    assert statuses(story)["berlin@union.example"] is ProspectStatus.ANSWERED
    assert statuses(story)["paris@union.example"] is ProspectStatus.INVITED


def test_a_provider_for_everybody_is_nobodys_own_domain(story: Story) -> None:
    invited(story, "refugees@gmail.com")
    story.receive("Who are you?", sender="somebody@gmail.com")
    assert statuses(story) == {"refugees@gmail.com": ProspectStatus.INVITED}


def test_who_writes_in_the_name_of_a_domain_that_disowns_it_stops_nothing(story: Story) -> None:
    invited(story, "office@union.example")
    story.receive("Who are you?", sender="rosa@union.example", verdict="fail")
    assert statuses(story) == {"office@union.example": ProspectStatus.INVITED}


def test_a_reminder_in_the_queue_is_not_sent_once_a_question_of_theirs_is_open(story: Story) -> None:
    invited(story, "office@union.example")
    with story.db.writing() as session:
        organisation = session.scalars(select(Prospect)).one()
        reminder = inviting.reminder(session, story.desk, [organisation], NOW)
        assert reminder is not None
        reminder_id = reminder.id
    message = story.receive("Who else has signed? May we see the list?", sender="rosa@union.example")
    assert message.status is InboundStatus.OPEN
    relay = FakeSender()
    dispatch.run(story.db, story.desk, lambda _: relay, clock, owner="x", jitter=random.Random(1))
    with story.db.reading() as session:
        assert session.get_one(OutboxMail, reminder_id).reason == "they have answered"
    assert relay.sent == []
