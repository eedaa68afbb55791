"""Limits: of the relay, a destination, and the campaign's own ramp-up; and how long it takes under them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.model import HaltCause, HaltScope, InboundMessage, OutboxMail
from outreach.settings import Day, QuietHours, SendingSettings
from outreach.steps import dispatch
from outreach.steps.dispatch.forecast import forecast
from outreach.steps.dispatch.throttle import Throttle
from outreach.store import buckets, halts
from outreach.store.buckets import Bucket
from outreach.store.database import Database
from outreach.store.references import new_reference
from outreach.words import InboundStatus, MailKind, OutboxStatus
from tests import cast
from tests.cast import NOW
from tests.fakes import FakeSender

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def limits(**values: Any) -> SendingSettings:
    unlimited: dict[str, Any] = {"per_run": None, "per_day": None}
    return SendingSettings(**{**unlimited, **values})


def put(db: Database, count: int, kind: MailKind = MailKind.INVITATION, domain: str = "") -> None:
    """Invitations to organisations that were not heard of, or other mails; each to a domain of its own."""
    with db.writing() as session:
        for number in range(count):
            where = domain or f"{kind}{number}.example"
            mail = cast.mail(session, f"office{number}@{where}", kind=kind)
            mail.priority = 60 if kind is MailKind.INVITATION else 30
            if kind is MailKind.INVITATION:
                listed = cast.prospect(session, {"en": f"Office {number}"}, f"office{number}@{where}")
                mail.prospects.append(cast.invites(mail, listed))


def sent(db: Database, folder: Path, sending: SendingSettings, now: datetime = NOW, **changes: Any) -> int:
    relay = FakeSender()
    desk = cast.desk(db, folder, sending=sending, **{"day": Day(), **changes})
    dispatch.run(db, desk, lambda _: relay, lambda: now, owner="x", jitter=random.Random(1))
    return len(relay.sent)


def kinds_sent(db: Database) -> list[MailKind]:
    with db.reading() as session:
        return list(session.scalars(select(OutboxMail.kind).where(OutboxMail.status == OutboxStatus.SENT)))


@pytest.mark.parametrize(
    ("limit", "window"), [("per_day", DAY), ("per_hour", HOUR), ("per_minute", timedelta(minutes=1))]
)
def test_no_more_leave_within_a_window_than_its_limit(
    db: Database, folder: Path, limit: str, window: timedelta
) -> None:
    put(db, 10, MailKind.RECEIPT)
    sending = limits(**{limit: 4})
    assert [sent(db, folder, sending, NOW + window * part) for part in (0, 0.5, 0.9)] == [4, 0, 0]
    assert sent(db, folder, sending, NOW + window * 1.05) == 4


def test_a_token_comes_back_a_window_after_it_was_taken_and_not_before(db: Database) -> None:
    bucket = Bucket("relay day", DAY, 10)
    with db.writing() as session:
        for hours in range(24):
            buckets.spend(session, [bucket], 1, NOW + timedelta(hours=hours))
        assert buckets.spent(session, bucket, NOW + timedelta(hours=23)) == 24
        assert buckets.spent(session, bucket, NOW + timedelta(hours=30)) == 18
        assert buckets.spent(session, bucket, NOW + timedelta(hours=48)) == 0


def test_a_quarter_is_kept_for_whoever_waits_for_an_answer(db: Database, folder: Path) -> None:
    put(db, 20)
    sending = limits(per_day=8)
    assert sent(db, folder, sending) == 6
    put(db, 5, MailKind.RECEIPT)
    assert sent(db, folder, sending) == 2
    assert kinds_sent(db).count(MailKind.RECEIPT) == 2


def test_receipts_go_first_and_may_use_everything(db: Database, folder: Path) -> None:
    put(db, 10)
    put(db, 10, MailKind.RECEIPT)
    assert sent(db, folder, limits(per_day=8)) == 8
    assert set(kinds_sent(db)) == {MailKind.RECEIPT}


def by_hand(db: Database, count: int, arrived: datetime = NOW, **values: Any) -> None:
    with db.writing() as session:
        for number in range(count):
            session.add(
                InboundMessage(
                    reference=new_reference(session, InboundMessage),
                    content_hash=bytes([number]) + arrived.isoformat().encode(),
                    size=1,
                    arrived_at=arrived,
                    fetched_at=arrived,
                    sent_by_us=True,
                    status=InboundStatus.HANDLED,
                    **values,
                )
            )


def test_what_people_send_by_hand_from_the_same_mailbox_counts_too(db: Database, folder: Path) -> None:
    put(db, 10, MailKind.RECEIPT)
    by_hand(db, 3, NOW - HOUR)
    by_hand(db, 4, NOW - 2 * DAY)
    with db.reading() as session:
        copied = session.scalars(select(OutboxMail.id)).first()
    by_hand(db, 2, NOW - 2 * HOUR, copy_of_id=copied)
    assert sent(db, folder, limits(per_day=8)) == 5


def test_one_destination_that_is_full_holds_up_no_other(db: Database, folder: Path) -> None:
    put(db, 6, MailKind.RECEIPT, "gmail.com")
    put(db, 3, MailKind.ANSWER)
    sending = limits(per_destination_hour=4)
    assert sent(db, folder, sending) == 7
    assert sorted(set(kinds_sent(db))) == [MailKind.ANSWER, MailKind.RECEIPT]
    assert sent(db, folder, sending, NOW + timedelta(minutes=65)) == 2


def test_a_destination_that_found_us_too_fast_gets_half_as_much(db: Database, folder: Path) -> None:
    put(db, 10, MailKind.RECEIPT, "gmail.com")
    with db.writing() as session:
        key = db.keyring.destination_hash("gmail.com")
        halts.place(
            session, HaltScope.DESTINATION, HaltCause.RATE, until=NOW, at=NOW - HOUR, actor="machine", key_hash=key
        )
        mail = session.scalars(select(OutboxMail)).first()
        assert mail is not None and mail.destination_hash == key
        buckets.spend(session, [Bucket(f"to {key.hex()}", HOUR, 8, "main")], 1, NOW)
        room = Throttle(cast.settings(folder, sending=limits(per_destination_hour=8))).room(session, NOW, "main")
    assert room.destinations == {key: 3}


def test_two_workers_together_keep_to_one_limit(db: Database, folder: Path) -> None:
    put(db, 10, MailKind.RECEIPT)
    sending, second = limits(per_day=4), FakeSender()
    desk = cast.desk(db, folder, sending=sending)

    def the_other_works() -> None:
        if not second.sent:
            dispatch.run(db, desk, lambda _: second, lambda: NOW, owner="b", jitter=random.Random(1))

    first = FakeSender(on_send=the_other_works)
    dispatch.run(db, desk, lambda _: first, lambda: NOW, owner="a", jitter=random.Random(1))
    assert len(first.sent) + len(second.sent) == 4
    assert not {to for to, _ in first.sent} & {to for to, _ in second.sent}


def test_the_sequence_begins_slowly_and_doubles_each_day(db: Database, folder: Path) -> None:
    put(db, 40)
    sending = limits(ramp_up=3)
    assert [sent(db, folder, sending, NOW + DAY * days) for days in (0, 0.5, 1.05, 2.1)] == [3, 0, 6, 12]


def test_the_slow_beginning_gives_way_where_the_deadline_asks_for_it(db: Database, folder: Path) -> None:
    put(db, 40)
    assert sent(db, folder, limits(ramp_up=3), day=Day(deadline=NOW + 4 * DAY)) == 20
    assert sent(db, folder, limits(ramp_up=3), NOW + 3.5 * DAY, day=Day(deadline=NOW + 4 * DAY)) == 20


def test_the_slow_beginning_holds_up_no_receipt(db: Database, folder: Path) -> None:
    put(db, 10, MailKind.RECEIPT)
    assert sent(db, folder, limits(ramp_up=3)) == 10


def test_nothing_may_go_means_no_connection(db: Database, folder: Path) -> None:
    put(db, 2, MailKind.RECEIPT)
    sent(db, folder, limits(per_day=1))
    relay = FakeSender()
    desk = cast.desk(db, folder, sending=limits(per_day=1))
    dispatch.run(db, desk, lambda _: relay, lambda: NOW, owner="x", jitter=random.Random(1))
    assert relay.connections == 0


# ── how long it takes ──


def ahead(db: Database, folder: Path, sending: SendingSettings, more: int, **day: Any) -> tuple[Any, int, str]:
    """In how many hours it is done, how many are late, and what holds it up."""
    desk = cast.desk(db, folder, sending=sending, day=Day(**day))
    with db.reading() as session:
        found = forecast(session, desk, NOW, more=more)
    return found.done_at and round((found.done_at - NOW) / HOUR), found.late, found.limited_by


def test_what_nothing_limits_is_done_within_the_hour(db: Database, folder: Path) -> None:
    assert ahead(db, folder, limits(), 100)[:2] == (1, 0)
    assert ahead(db, folder, limits(), 0)[:2] == (None, 0)


def test_a_daily_limit_is_what_takes_long_and_the_forecast_says_so(db: Database, folder: Path) -> None:
    hours, late, why = ahead(db, folder, limits(per_day=500), 1000)
    assert (hours, late) == (49, 0)
    assert why == "the relay's limit of 500 a day, a quarter being kept"


def test_what_will_not_leave_before_the_deadline_is_late(db: Database, folder: Path) -> None:
    hours, late, _ = ahead(db, folder, limits(per_day=400), 1000, deadline=NOW + 1.5 * DAY)
    assert (hours, late) == (73, 400)


def test_what_will_never_be_done_is_said_so_without_delay(db: Database, folder: Path) -> None:
    hours, late, _ = ahead(db, folder, limits(per_day=2), 10_000)
    assert (hours, late) == (None, 0)
    assert ahead(db, folder, limits(per_day=2), 10_000, deadline=NOW + 2 * DAY)[1] == 9_998


def test_the_forecast_waits_for_the_morning_and_for_the_end_of_a_halt(db: Database, folder: Path) -> None:
    quiet = limits(quiet=QuietHours(10, 14))
    assert ahead(db, folder, quiet, 5)[0] == 3  # 12 to 14, and the hour in which they leave
    with db.writing() as session:
        until = NOW + 4 * HOUR
        halts.place(session, HaltScope.SEQUENCE, HaltCause.COORDINATOR, until=until, at=NOW, actor="Bea")
    hours, _, why = ahead(db, folder, limits(), 5)
    assert (hours, why) == (5, "a halt")


def test_the_forecast_counts_what_has_left_and_what_waits_already(db: Database, folder: Path) -> None:
    put(db, 5)
    with db.writing() as session:
        buckets.spend(session, [Bucket("relay day", DAY, 100, "main")], 75, NOW)
    assert ahead(db, folder, limits(per_day=100), 70)[0] == 25


def test_the_forecast_is_what_then_happens(db: Database, folder: Path) -> None:
    put(db, 30)
    sending = limits(per_day=16)
    hours, _, _ = ahead(db, folder, sending, 0)
    total, passed = 0, 0
    while total < 30:
        total += sent(db, folder, sending, NOW + passed * HOUR)
        passed += 1
    assert abs(passed - hours) <= 3
