"""Trouble holds up what it is about: all mail, or what goes to one destination; and ends with the next success."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.model import Attempt, Event, Halt, OutboxMail
from outreach.model.throttle import HaltCause, HaltScope
from outreach.ports import Deferred, Failed, Fault, Outcome, Pace, Phase
from outreach.settings import Day
from outreach.steps import dispatch, halt
from outreach.store import halts, suppressions
from outreach.store.database import Database
from outreach.words import MailKind, OutboxStatus, Report
from tests import cast
from tests.cast import NOW, clock
from tests.fakes import FakeSender

BUSY = Deferred(421, "4.3.2", "421 4.3.2 busy", Phase.ENVELOPE, Fault.RELAY, Pace.BUSY)
LIMIT = Deferred(550, "5.4.5", "550 5.4.5 Daily user sending limit exceeded", Phase.ENVELOPE, Fault.RELAY, Pace.LIMIT)
RATE = Deferred(450, "4.7.28", "450 4.7.28 too fast", Phase.ENVELOPE, Fault.DOMAIN, Pace.RATE)
POLICY = Failed(550, "5.7.26", "550 5.7.26 unauthenticated", Phase.BODY, Fault.POLICY)
GREY = Deferred(451, "4.7.1", "451 4.7.1 greylisted", Phase.ENVELOPE, Fault.RECIPIENT, Pace.GREYLISTED)


def put(db: Database, *recipients: str, **values: Any) -> list[int]:
    with db.writing() as session:
        return [cast.mail(session, recipient, **values).id for recipient in recipients]


def run(
    db: Database, folder: Path, *outcomes: Outcome, now: datetime = NOW, **changes: Any
) -> tuple[Report, list[str]]:
    """One pass against a relay that answers so; the report, and who was written to."""
    relay = FakeSender(list(outcomes))
    desk = cast.desk(db, folder, **{"day": Day(), **changes})
    report = dispatch.run(db, desk, lambda _: relay, lambda: now, owner="x", jitter=random.Random(1))
    return report, [recipient for recipient, _ in relay.sent]


def holding(db: Database, now: datetime = NOW) -> list[tuple[HaltScope, HaltCause, str | None]]:
    with db.reading() as session:
        return [(row.scope, row.cause, row.name) for row in halts.holding(session, now)]


def span(db: Database) -> timedelta:
    with db.reading() as session:
        [row] = session.scalars(select(Halt)).all()
        assert row.until is not None
        return row.until - row.placed_at


def statuses(db: Database, ids: Sequence[int]) -> list[OutboxStatus]:
    with db.reading() as session:
        return [session.get_one(OutboxMail, id_).status for id_ in ids]


def test_a_busy_relay_holds_up_all_mail_for_seconds_longer_each_time(db: Database, folder: Path) -> None:
    put(db, "a@a.example", "b@b.example")
    now, spans = NOW, []
    for _ in range(3):
        run(db, folder, BUSY, now=now)
        spans.append(span(db))
        assert run(db, folder, now=now + timedelta(seconds=1))[1] == []
        now += timedelta(minutes=2)
    assert timedelta(seconds=10) <= spans[0] < spans[1] < spans[2] < timedelta(minutes=1)


def test_a_taken_mail_ends_the_count_of_troubles(db: Database, folder: Path) -> None:
    put(db, "a@a.example", "b@b.example")
    run(db, folder, BUSY)
    run(db, folder, now=NOW + timedelta(minutes=1))
    with db.reading() as session:
        assert session.scalars(select(Halt)).all() == []


def test_the_daily_limit_of_the_relay_holds_up_all_mail_for_an_hour_and_is_told(db: Database, folder: Path) -> None:
    first, second = put(db, "a@a.example", "b@b.example")
    report, _ = run(db, folder, LIMIT)
    assert holding(db) == [(HaltScope.RELAY, HaltCause.LIMIT, None)]
    assert timedelta(hours=1) <= span(db) < timedelta(hours=2)
    assert report.attention == (
        "the relay takes no more mail from us for now (550 5.4.5). Look at: outreach outbox status",
    )
    assert statuses(db, [first, second]) == [OutboxStatus.DEFERRED, OutboxStatus.QUEUED]
    assert run(db, folder, now=NOW + timedelta(minutes=59))[1] == []
    assert len(run(db, folder, now=NOW + timedelta(hours=2))[1]) == 2


def test_a_destination_that_finds_us_too_fast_holds_up_its_own_mail_only(db: Database, folder: Path) -> None:
    put(db, "a@gmail.com", "b@elsewhere.example", "c@googlemail.com")
    _, tried = run(db, folder, RATE)
    assert tried == ["a@gmail.com", "b@elsewhere.example"]
    assert holding(db) == [(HaltScope.DESTINATION, HaltCause.RATE, "gmail.com")]
    with db.reading() as session:
        assert session.scalars(select(OutboxMail.attempts)).all() == [0, 1, 0]
    assert sorted(run(db, folder, now=NOW + timedelta(minutes=15))[1]) == ["a@gmail.com", "c@googlemail.com"]


def test_a_fault_of_ours_raises_an_alert_and_never_suppresses(db: Database, folder: Path) -> None:
    first, second = put(db, "a@mail.example", "b@mail.example")
    report, tried = run(db, folder, POLICY)
    assert tried == ["a@mail.example"]
    assert len(report.attention) == 1 and "5.7.26" in report.attention[0] and "mail.example" not in report.attention[0]
    assert statuses(db, [first, second]) == [OutboxStatus.FAILED, OutboxStatus.QUEUED]
    with db.reading() as session:
        assert suppressions.scopes(session, db.keyring.address_hash("a@mail.example")) == frozenset()
        assert [(event.action, event.reason) for event in session.scalars(select(Event))] == [("halted", "policy")]


def test_a_fault_of_one_recipient_holds_up_nobody_else(db: Database, folder: Path) -> None:
    first, second = put(db, "a@a.example", "b@a.example")
    run(db, folder, GREY)
    assert (holding(db), statuses(db, [first, second])) == ([], [OutboxStatus.DEFERRED, OutboxStatus.SENT])


def test_a_mail_is_given_up_when_the_campaign_ends_before_the_next_try(db: Database, folder: Path) -> None:
    [invitation] = put(db, "a@a.example", kind=MailKind.NEW_CONTACT, not_after=NOW + timedelta(minutes=2))
    [receipt] = put(db, "b@a.example")
    run(db, folder, GREY, GREY)
    assert statuses(db, [invitation, receipt]) == [OutboxStatus.FAILED, OutboxStatus.DEFERRED]


def test_an_attempt_tells_phase_fault_and_server(db: Database, folder: Path) -> None:
    put(db, "a@a.example", "b@b.example")
    run(db, folder, GREY)
    with db.reading() as session:
        tries = [(t.outcome, t.phase, t.fault, t.server) for t in session.scalars(select(Attempt).order_by(Attempt.id))]
    assert tries == [
        ("greylisted", "envelope", "recipient", "127.0.0.1:1"),
        ("accepted", "done", None, "127.0.0.1:1"),
    ]


# ── by a coordinator ──


@pytest.mark.parametrize(
    ("scope", "domain", "goes"),
    [
        (HaltScope.ALL, None, []),
        (HaltScope.SEQUENCE, None, [MailKind.RECEIPT, MailKind.ANSWER]),
        (HaltScope.ALL, "B.example", [MailKind.RECEIPT]),
    ],
)
def test_what_a_coordinator_holds_up_waits_until_it_is_resumed(
    db: Database, folder: Path, scope: HaltScope, domain: str | None, goes: list[MailKind]
) -> None:
    [receipt] = put(db, "a@a.example")
    [answer, other] = put(db, "b@b.example", "c@b.example", kind=MailKind.ANSWER)
    desk = cast.desk(db, folder)
    halt.pause(db, desk, clock, actor="Bea", scope=scope, domain=domain)
    for late in (timedelta(), timedelta(days=3)):
        run(db, folder, now=NOW + late)
    with db.reading() as session:
        left = {row.kind for row in session.scalars(select(OutboxMail)) if row.status is OutboxStatus.SENT}
    assert left == set(goes)
    assert halt.resume(db, clock, actor="Bea", domain=domain) == 1
    run(db, folder)
    assert statuses(db, [receipt, answer, other]) == [OutboxStatus.SENT] * 3


def test_a_halt_with_a_time_ends_by_itself(db: Database, folder: Path) -> None:
    put(db, "a@a.example")
    halt.pause(db, cast.desk(db, folder), clock, actor="Bea", until=NOW + timedelta(hours=2))
    assert run(db, folder, now=NOW + timedelta(hours=1))[1] == []
    assert run(db, folder, now=NOW + timedelta(hours=3))[1] == ["a@a.example"]


def test_trouble_does_not_shorten_what_a_coordinator_holds_up(db: Database, folder: Path) -> None:
    put(db, "a@a.example")
    with db.writing() as session:
        halts.place(session, HaltScope.ALL, HaltCause.COORDINATOR, until=None, at=NOW, actor="Bea")
        halts.place(session, HaltScope.ALL, HaltCause.RELAY, until=NOW, at=NOW, actor="machine")
    assert holding(db, NOW + timedelta(days=1)) == [(HaltScope.ALL, HaltCause.COORDINATOR, None)]


def test_nothing_held_up_cannot_be_resumed_and_the_past_is_no_time(db: Database, folder: Path) -> None:
    with pytest.raises(Refused, match="Nothing is held up"):
        halt.resume(db, clock, actor="Bea")
    with pytest.raises(Refused, match="passed"):
        halt.pause(db, cast.desk(db, folder), clock, actor="Bea", until=NOW)
