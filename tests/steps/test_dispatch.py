"""Sending: never two workers on one mail, never a silent loss, a duplicate only when it is declared."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from outreach.conversation import Conversation
from outreach.errors import ServerUnreachable
from outreach.model import Attempt, MailContent, MailEntry, MailProspect, OutboxMail
from outreach.ports import Accepted, Deferred, Failed, Fault, InDoubt, Outcome, Pace, Phase
from outreach.settings import SendingSettings
from outreach.steps import dispatch
from outreach.store import sending, suppressions
from outreach.store.database import Database
from outreach.words import (
    HoldKind,
    MailKind,
    OutboxStatus,
    Proof,
    Report,
    RevisionStatus,
    Seen,
    SuppressionReason,
    SuppressionScope,
)
from tests import cast
from tests.cast import NOW
from tests.fakes import FakeSender

LATER = Deferred(451, "4.7.1", "451 4.7.1 try later", Phase.ENVELOPE, Fault.RECIPIENT, Pace.GREYLISTED)
FULL = Deferred(452, "4.2.2", "452 4.2.2 mailbox full", Phase.ENVELOPE, Fault.RECIPIENT)
RELAY_BUSY = Deferred(421, "4.3.2", "421 4.3.2 busy", Phase.ENVELOPE, Fault.RELAY)
REFUSED = Failed(550, "5.1.1", "550 5.1.1 nobody here", Phase.ENVELOPE, Fault.RECIPIENT)


def run(db: Database, folder: Path, relay: FakeSender, now: datetime = NOW, **changes: Any) -> Report:
    desk = cast.desk(db, folder, **changes)
    return dispatch.run(db, desk, lambda _: relay, lambda: now, owner="here", jitter=random.Random(1))


def put(db: Database, **values: Any) -> int:
    with db.writing() as session:
        return cast.mail(session, **values).id


def status(db: Database, mail_id: int) -> OutboxStatus:
    with db.reading() as session:
        return session.get_one(OutboxMail, mail_id).status


def reason(db: Database, mail_id: int) -> str | None:
    with db.reading() as session:
        return session.get_one(OutboxMail, mail_id).reason


def test_a_due_mail_is_sent_once_with_a_date_in_utc(db: Database, folder: Path) -> None:
    mail = put(db)
    relay = FakeSender()
    assert run(db, folder, relay).counts == {"accepted": 1}
    assert run(db, folder, relay).counts == {}
    [(recipient, message)] = relay.sent
    assert recipient == "office@refugees.example"
    assert message.startswith(b"Date: Thu, 20 Aug 2026 12:00:00 +0000\r\n")
    assert status(db, mail) is OutboxStatus.SENT


def test_nothing_due_means_no_connection(db: Database, folder: Path) -> None:
    relay = FakeSender()
    run(db, folder, relay)
    assert relay.connections == 0


def test_it_is_marked_as_sending_and_committed_before_the_relay_sees_it(db: Database, folder: Path) -> None:
    mail = put(db)
    seen: list[OutboxStatus] = []
    relay = FakeSender(on_send=lambda: seen.append(status(db, mail)))
    run(db, folder, relay)
    assert seen == [OutboxStatus.SENDING]


def test_no_transaction_is_open_while_the_relay_is_talked_to(db: Database, folder: Path) -> None:
    first = put(db)

    def write_meanwhile() -> None:
        put(db, recipient="second@refugees.example")

    run(db, folder, FakeSender(on_send=write_meanwhile), sending=SendingSettings(per_run=1, per_day=None))
    assert status(db, first) is OutboxStatus.SENT


def test_the_most_urgent_goes_first(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.mail(session, "late@refugees.example").priority = 60
        cast.mail(session, "first@refugees.example").priority = 10
    relay = FakeSender()
    run(db, folder, relay)
    assert [recipient for recipient, _ in relay.sent] == ["first@refugees.example", "late@refugees.example"]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Accepted("250 ok"), OutboxStatus.SENT),
        (FULL, OutboxStatus.DEFERRED),
        (RELAY_BUSY, OutboxStatus.DEFERRED),
        (REFUSED, OutboxStatus.FAILED),
        (InDoubt("connection lost"), OutboxStatus.IN_DOUBT),
    ],
)
def test_each_outcome_has_its_status_and_its_attempt(
    db: Database, folder: Path, outcome: Outcome, expected: OutboxStatus
) -> None:
    mail = put(db)
    run(db, folder, FakeSender([outcome]))
    assert status(db, mail) is expected
    with db.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert attempt.outcome == type(outcome).__name__.lower()
        assert attempt.reply == outcome.reply


def test_a_deferred_mail_is_tried_again_with_the_same_octets(db: Database, folder: Path) -> None:
    put(db)
    relay = FakeSender([LATER])
    run(db, folder, relay)
    assert run(db, folder, relay, NOW + timedelta(minutes=1)).counts == {}
    run(db, folder, relay, NOW + timedelta(minutes=10))
    assert len(relay.sent) == 2
    assert relay.sent[0] == relay.sent[1]


def test_it_gives_up_five_days_after_the_first_try_however_long_it_waited_before(db: Database, folder: Path) -> None:
    mail = put(db)
    relay = FakeSender([LATER] * 100)
    for days in (3, 4, 5, 7, 9):
        assert status(db, mail) in (OutboxStatus.QUEUED, OutboxStatus.DEFERRED)
        run(db, folder, relay, NOW + timedelta(days=days))
    assert status(db, mail) is OutboxStatus.FAILED
    assert reason(db, mail) == "gave up: the relay answered 451 4.7.1"


def test_trouble_of_the_relay_stops_the_pass_and_is_not_counted_against_the_mail(db: Database, folder: Path) -> None:
    first, second = put(db), put(db)
    relay = FakeSender([RELAY_BUSY])
    run(db, folder, relay)
    assert len(relay.sent) == 1
    assert (status(db, first), status(db, second)) == (OutboxStatus.DEFERRED, OutboxStatus.QUEUED)
    with db.reading() as session:
        assert session.get_one(OutboxMail, first).attempts == 0


def test_an_unreachable_relay_leaves_every_mail_in_the_queue(db: Database, folder: Path) -> None:
    mail = put(db)
    with pytest.raises(ServerUnreachable):
        run(db, folder, FakeSender(unreachable=ServerUnreachable("no route")))
    assert status(db, mail) is OutboxStatus.QUEUED


def test_a_connection_that_cannot_be_made_again_in_the_middle_puts_everything_back(db: Database, folder: Path) -> None:
    first, second, third = put(db), put(db), put(db)
    lost = ServerUnreachable("no route")

    class Dying(FakeSender):
        def send(self, *, sender: str, recipient: str, message: bytes, message_id: str) -> Conversation[Outcome]:
            if self.sent:
                raise lost
            return (yield from super().send(sender=sender, recipient=recipient, message=message, message_id=message_id))

    with pytest.raises(ServerUnreachable):
        run(db, folder, Dying())
    assert [status(db, mail) for mail in (first, second, third)] == [
        OutboxStatus.SENT,
        OutboxStatus.DEFERRED,
        OutboxStatus.QUEUED,
    ]


def test_an_address_that_cannot_stand_on_an_envelope_fails_alone(db: Database, folder: Path) -> None:
    bad, good = put(db), put(db)

    class Strict(FakeSender):
        def send(self, *, sender: str, recipient: str, message: bytes, message_id: str) -> Conversation[Outcome]:
            if not self.sent:
                self.sent.append((recipient, message))
                raise ValueError(recipient)
            return (yield from super().send(sender=sender, recipient=recipient, message=message, message_id=message_id))

    run(db, folder, Strict())
    assert (status(db, bad), status(db, good)) == (OutboxStatus.FAILED, OutboxStatus.SENT)


def test_a_worker_that_died_before_sending_loses_nothing(db: Database, folder: Path) -> None:
    mail = put(db)
    with db.writing() as session:
        sending.claim(session, NOW, owner="dead", lease=timedelta(minutes=15), limit=1)
    relay = FakeSender()
    assert run(db, folder, relay, NOW + timedelta(minutes=14)).counts == {}
    run(db, folder, relay, NOW + timedelta(minutes=16))
    assert status(db, mail) is OutboxStatus.SENT
    assert len(relay.sent) == 1


@pytest.mark.parametrize(
    ("kind", "resent"),
    [(MailKind.RECEIPT, True), (MailKind.INVITATION, False), (MailKind.REMINDER, False), (MailKind.QUESTION, False)],
)
def test_a_worker_that_died_while_sending_leaves_the_mail_in_doubt(
    db: Database, folder: Path, kind: MailKind, resent: bool
) -> None:
    mail = put(db, kind=kind)
    with db.writing() as session:
        [claim] = sending.claim(session, NOW, owner="dead", lease=timedelta(minutes=15), limit=1)
        sending.move(session, claim, OutboxStatus.SENDING, sending_at=NOW)
    relay = FakeSender()
    report = run(db, folder, relay, NOW + timedelta(hours=1))
    assert status(db, mail) is OutboxStatus.IN_DOUBT
    assert report.attention
    assert relay.sent == []
    run(db, folder, relay, NOW + timedelta(hours=25))
    assert len(relay.sent) == resent


def test_a_worker_whose_lease_ran_out_cannot_move_the_mail_any_more(db: Database) -> None:
    put(db)
    with db.writing() as session:
        [old] = sending.claim(session, NOW, owner="slow", lease=timedelta(minutes=15), limit=1)
        sending.recover(session, NOW + timedelta(minutes=16))
        [new] = sending.claim(session, NOW + timedelta(minutes=16), owner="quick", lease=timedelta(minutes=15), limit=1)
        assert not sending.move(session, old, OutboxStatus.SENDING)
        assert sending.move(session, new, OutboxStatus.SENDING)


def test_an_answer_of_the_relay_that_comes_after_the_lease_still_ends_the_doubt(db: Database, folder: Path) -> None:
    mail = put(db)

    def another_worker_recovers() -> None:
        with db.writing() as session:
            sending.recover(session, NOW + timedelta(hours=1))

    run(db, folder, FakeSender(on_send=another_worker_recovers))
    assert status(db, mail) is OutboxStatus.SENT


def test_a_mail_that_was_deleted_under_an_expired_claim_is_passed_over(db: Database, folder: Path) -> None:
    first, second, third = put(db), put(db), put(db)

    def start_elsewhere() -> None:
        """This process stalled beyond its lease; meanwhile another one recovered, and deleted the rehearsal."""
        with db.writing() as session:
            sending.recover(session, NOW + timedelta(hours=1))
            session.execute(delete(MailContent).where(MailContent.id == second))
            session.execute(delete(OutboxMail).where(OutboxMail.id == second))

    relay = FakeSender(on_send=start_elsewhere)
    run(db, folder, relay)
    assert len(relay.sent) == 2
    assert (status(db, first), status(db, third)) == (OutboxStatus.SENT, OutboxStatus.SENT)


def test_two_workers_never_claim_the_same_mail(db: Database) -> None:
    for _ in range(10):
        put(db)
    taken: list[int] = []
    for owner in ("one", "two", "three"):
        with db.writing() as session:
            taken += [c.mail_id for c in sending.claim(session, NOW, owner=owner, lease=timedelta(hours=1), limit=4)]
    assert len(taken) == len(set(taken)) == 10


def test_limits_hold_for_a_pass_and_for_a_day(db: Database, folder: Path) -> None:
    for _ in range(5):
        put(db)
    relay = FakeSender()
    limits = SendingSettings(per_run=2, per_day=3)
    for _ in range(3):
        run(db, folder, relay, sending=limits)
    assert len(relay.sent) == 3
    run(db, folder, relay, NOW + timedelta(hours=25), sending=limits)
    assert len(relay.sent) == 5


@pytest.mark.parametrize("scope", SuppressionScope)
@pytest.mark.parametrize("kind", [MailKind.INVITATION, MailKind.REMINDER, MailKind.RECEIPT])
def test_suppression_is_looked_up_at_the_moment_of_sending(
    db: Database, folder: Path, scope: SuppressionScope, kind: MailKind
) -> None:
    with db.writing() as session:
        mail = cast.mail(session, kind=kind)
        invited = cast.prospect(session)
        session.add(MailProspect(mail_id=mail.id, prospect_id=invited.id))
        suppressions.suppress(session, mail.recipient_hash, scope, SuppressionReason.COORDINATOR, actor="Bea", at=NOW)
        mail_id = mail.id
    relay = FakeSender()
    run(db, folder, relay)
    stopped = scope is SuppressionScope.EVERYTHING or kind is not MailKind.RECEIPT
    assert bool(relay.sent) is not stopped
    if scope is SuppressionScope.EVERYTHING:
        assert status(db, mail_id) is OutboxStatus.CANCELLED
        assert reason(db, mail_id) == "the address is suppressed"


def test_an_invitation_is_not_sent_to_who_has_answered_meanwhile(db: Database, folder: Path) -> None:
    with db.writing() as session:
        mail = cast.mail(session, kind=MailKind.REMINDER)
        invited = cast.prospect(session)
        session.add(MailProspect(mail_id=mail.id, prospect_id=invited.id))
        invited.answer(NOW)
        mail_id = mail.id
    relay = FakeSender()
    assert run(db, folder, relay).counts == {"cancelled": 1}
    assert (relay.sent, reason(db, mail_id)) == ([], "they have answered")


@pytest.mark.parametrize(
    ("revision", "sent"),
    [
        ({"status": RevisionStatus.UNCONFIRMED, "proof": Proof.NONE, "seen": Seen.NO}, True),
        ({"status": RevisionStatus.PENDING, "proof": Proof.DOMAIN, "seen": Seen.CONFIRMED}, False),
        ({"status": RevisionStatus.REJECTED, "proof": Proof.NONE, "seen": Seen.NO}, False),
        ({"status": RevisionStatus.WITHDRAWN, "proof": Proof.NONE, "seen": Seen.NO}, False),
    ],
)
def test_an_asking_is_sent_only_while_there_is_something_to_ask(
    db: Database, folder: Path, revision: dict[str, Any], sent: bool
) -> None:
    with db.writing() as session:
        asked = cast.signatory(session, **revision)
        mail = cast.mail(session, kind=MailKind.ASKING)
        session.add(MailEntry(mail_id=mail.id, number=1, revision_id=asked.newest.id))
    relay = FakeSender()
    run(db, folder, relay)
    assert bool(relay.sent) is sent


def test_a_held_entry_is_neither_asked_about_nor_shown(db: Database, folder: Path) -> None:
    with db.writing() as session:
        held = cast.signatory(session, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO)
        held.hold(HoldKind.HIDDEN, by="machine", at=NOW, reason="")
        mail = cast.mail(session, kind=MailKind.ASKING)
        session.add(MailEntry(mail_id=mail.id, number=1, revision_id=held.newest.id))
    relay = FakeSender()
    run(db, folder, relay)
    assert relay.sent == []


def test_no_asking_leaves_once_the_day_has_passed_but_a_receipt_does(db: Database, folder: Path) -> None:
    asking, receipt = put(db, kind=MailKind.ASKING), put(db, kind=MailKind.RECEIPT)
    after = datetime(2026, 9, 6, 0, 0, 1, tzinfo=NOW.tzinfo)
    relay = FakeSender()
    run(db, folder, relay, after)
    assert reason(db, asking) == "the day has passed"
    assert status(db, receipt) is OutboxStatus.SENT
