"""The outbox's rows: one worker for each mail, and nothing moved by who has lost the claim."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from outreach.model import InboundMessage, MailEntry, OutboxMail
from outreach.store import outbox, sending
from outreach.store.database import Database
from outreach.store.sending import Claim
from outreach.words import MailKind, OutboxStatus
from tests import cast
from tests.cast import NOW

S = OutboxStatus
LEASE = timedelta(minutes=15)


def claim(db: Database, now: datetime = NOW, *, owner: str = "one", limit: int = 10) -> list[Claim]:
    with db.writing() as session:
        return sending.claim(session, now, owner=owner, lease=LEASE, limit=limit)


def status(db: Database, mail_id: int = 1) -> OutboxStatus:
    with db.reading() as session:
        return session.get_one(OutboxMail, mail_id).status


def test_cause_is_written_once(db: Database) -> None:
    with pytest.raises(IntegrityError), db.writing() as session:
        for _ in range(2):
            cast.mail(session, cause="receipt:K7Q2-M9PX")


def test_mail_is_claimed_by_one_worker(db: Database) -> None:
    with db.writing() as session:
        cast.mail(session)
    assert len(claim(db)) == 1
    assert claim(db, owner="two") == []


def test_who_waits_for_an_answer_goes_before_who_is_invited(db: Database) -> None:
    with db.writing() as session:
        for priority in (60, 20, 60, 10):
            cast.mail(session).priority = priority
    assert [taken.mail_id for taken in claim(db, limit=3)] == [4, 2, 1]


@pytest.mark.parametrize("state", [state for state in S if state not in (S.QUEUED, S.DEFERRED)])
def test_only_what_is_queued_or_deferred_is_claimed(db: Database, state: OutboxStatus) -> None:
    with db.writing() as session:
        cast.mail(session, status=state)
    assert claim(db) == []


def test_deferred_mail_is_claimed_when_its_time_has_come(db: Database) -> None:
    with db.writing() as session:
        cast.mail(session, status=S.DEFERRED).next_attempt_at = NOW + timedelta(minutes=6)
    assert claim(db, NOW + timedelta(minutes=5)) == []
    assert len(claim(db, NOW + timedelta(minutes=6))) == 1


def test_worker_that_lost_its_claim_moves_nothing(db: Database) -> None:
    with db.writing() as session:
        cast.mail(session)
    [lost] = claim(db)
    later = NOW + LEASE + timedelta(seconds=1)
    with db.writing() as session:
        assert sending.recover(session, later) == (1, 0)
    [won] = claim(db, later, owner="two")
    with db.writing() as session:
        assert not sending.move(session, lost, S.SENDING, sending_at=later)
        assert sending.move(session, won, S.SENDING, sending_at=later, lease_until=later + LEASE)
        assert not sending.move(session, lost, S.SENT, settled_at=later)
    assert status(db) is S.SENDING


def test_crash_before_sending_queues_again_and_a_crash_while_sending_is_in_doubt(db: Database) -> None:
    with db.writing() as session:
        cast.mail(session, status=S.CLAIMED, lease_until=NOW)
        cast.mail(session, status=S.SENDING, lease_until=NOW)
        cast.mail(session, status=S.SENDING, lease_until=NOW + LEASE)
    with db.writing() as session:
        assert sending.recover(session, NOW + timedelta(seconds=1)) == (1, 1)
    assert [status(db, id_) for id_ in (1, 2, 3)] == [S.QUEUED, S.IN_DOUBT, S.SENDING]


def test_only_what_is_declared_is_sent_again_after_a_doubt(db: Database) -> None:
    with db.writing() as session:
        for kind in MailKind:
            cast.mail(session, kind=kind, status=S.IN_DOUBT, sending_at=NOW)
    with db.reading() as session:
        ids = sending.ids_in_doubt_to_resend(session, NOW + timedelta(seconds=1))
        kinds = {session.get_one(OutboxMail, id_).kind for id_ in ids}
    assert not kinds & {MailKind.INVITATION, MailKind.REMINDER, MailKind.QUESTION}
    assert MailKind.ASKING in kinds and MailKind.RECEIPT in kinds


def test_line_was_shown_when_a_mail_that_shows_it_was_sent(db: Database) -> None:
    with db.writing() as session:
        revision = cast.signatory(session).newest
        for number, (kind, state, at) in enumerate(
            [
                (MailKind.RECEIPT, S.SENT, NOW),
                (MailKind.ASKING, S.BOUNCED, NOW),
                (MailKind.ASKING_REMINDER, S.SENT, NOW + LEASE),
                (MailKind.WITHDRAWN, S.SENT, NOW),
                (MailKind.QUESTION, S.IN_DOUBT, None),
            ],
            1,
        ):
            mail = cast.mail(session, kind=kind, status=state, settled_at=at)
            session.add(MailEntry(mail_id=mail.id, number=number, revision_id=revision.id))
        session.flush()
        assert sorted(outbox.times_shown(session, revision.id)) == [NOW, NOW + LEASE]


def test_mails_that_a_message_led_to_are_found_by_cause_and_by_line(db: Database) -> None:
    with db.writing() as session:
        message = InboundMessage(reference="K7Q2-M9PX", content_hash=b"x", size=1, arrived_at=NOW, fetched_at=NOW)
        session.add(message)
        session.flush()
        revision = cast.signatory(session, message_id=message.id).newest
        receipt = cast.mail(session, cause="receipt:K7Q2-M9PX")
        asking = cast.mail(session, kind=MailKind.ASKING)
        cast.mail(session, cause="receipt:K7Q2-M9PZ")
        session.add(MailEntry(mail_id=asking.id, number=1, revision_id=revision.id))
        session.flush()
        assert outbox.caused_by(session, message) == [receipt, asking]
