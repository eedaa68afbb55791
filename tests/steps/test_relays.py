"""Several relays: the first takes what is new, the next when it has trouble; and no mail ever leaves by two."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.errors import LoginRefused, Refused, ServerUnreachable
from outreach.letters.queue import Desk
from outreach.mail.smtp import SmtpSender
from outreach.model import Attempt, HaltCause, HaltScope, OutboxMail
from outreach.ports import Deferred, Failed, Fault, InDoubt, Outcome, Pace, Phase
from outreach.providers import Limits
from outreach.relay import Relay
from outreach.serverurl import ServerUrl, Service
from outreach.settings import Day, SendingSettings
from outreach.steps import dispatch, halt
from outreach.steps.dispatch.forecast import forecast
from outreach.steps.dispatch.standing import relays as standing_of
from outreach.store import halts
from outreach.store.database import Database
from outreach.words import MailKind, OutboxStatus, Report
from tests import cast
from tests.cast import NOW, clock
from tests.fakes import FakeSender
from tests.servers.sink import Phase as SinkPhase
from tests.servers.sink import Sink, running_sink

GREY = Deferred(451, "4.7.1", "451 4.7.1 greylisted", Phase.ENVELOPE, Fault.RECIPIENT, Pace.GREYLISTED)
BUSY = Deferred(421, "4.3.2", "421 4.3.2 busy", Phase.ENVELOPE, Fault.RELAY, Pace.BUSY)
LIMIT = Deferred(550, "5.4.5", "550 5.4.5 Daily user sending limit exceeded", Phase.ENVELOPE, Fault.RELAY, Pace.LIMIT)
POLICY = Failed(550, "5.7.26", "550 5.7.26 unauthenticated", Phase.BODY, Fault.POLICY)
HOUR = timedelta(hours=1)
S = OutboxStatus


def relay(name: str, port: int = 1, **limits: int) -> Relay:
    url = ServerUrl.parse(f"smtp://127.0.0.1:{port}", Service.SMTP)
    return Relay(name=name, url=url, limits=Limits(**limits))


def desk_of(db: Database, folder: Path, *relays: Relay) -> Desk:
    chosen = relays or (relay("first"), relay("reserve", 2))
    sending = SendingSettings(per_run=None, per_day=None)
    return cast.desk(db, folder, sending=sending, day=Day(), relays=chosen)


def run(
    db: Database, desk: Desk, outcomes: Mapping[str, Sequence[Outcome]] | None = None, now: datetime = NOW, **down: Any
) -> tuple[Report, dict[str, list[str]]]:
    """One pass: how it ended, and who was written to by each relay. ``down`` says why one is not reached."""
    told = outcomes or {}
    senders = {
        one.name: FakeSender(list(told.get(one.name, ())), unreachable=down.get(one.name))
        for one in desk.settings.relays
    }
    report = dispatch.run(
        db, desk, lambda chosen: senders[chosen.name], lambda: now, owner="x", jitter=random.Random(1)
    )
    return report, {name: [to for to, _ in sender.sent] for name, sender in senders.items()}


def put(db: Database, count: int, kind: MailKind = MailKind.RECEIPT) -> list[str]:
    addresses = [f"office@{kind}{number}.example" for number in range(count)]
    with db.writing() as session:
        for address in addresses:
            mail = cast.mail(session, address, kind=kind)
            mail.content = f"Message-ID: {mail.message_id}\r\n\r\nHello.\r\n".encode()
            if kind is MailKind.INVITATION:
                mail.prospects.append(cast.invites(mail, cast.prospect(session, {"en": address}, address)))
    return addresses


def statuses(db: Database) -> Counter[OutboxStatus]:
    with db.reading() as session:
        return Counter(session.scalars(select(OutboxMail.status)))


def test_all_leaves_by_the_first_as_long_as_it_has_no_trouble(db: Database, folder: Path) -> None:
    addresses = put(db, 5)
    assert run(db, desk_of(db, folder))[1] == {"first": addresses, "reserve": []}
    with db.reading() as session:
        assert {(one.relay, one.server) for one in session.scalars(select(Attempt))} == {("first", "127.0.0.1:1")}


def test_the_rest_leaves_by_the_second_and_none_twice_when_the_first_goes_down(db: Database, folder: Path) -> None:
    with ExitStack() as stack:
        first, reserve = (stack.enter_context(running_sink(Sink())) for _ in range(2))
        desk = desk_of(db, folder, relay("first", first.port), relay("reserve", reserve.port))
        addresses = put(db, 30)
        first.drop(SinkPhase.RCPT, recipient=addresses[10])
        report = dispatch.run(
            db,
            desk,
            lambda chosen: SmtpSender(chosen.url, None, ehlo_name="contact.example"),
            clock,
            owner="x",
            jitter=random.Random(1),
        )
        assert report.counts == {"accepted": 30, "deferred": 1}
        assert (len(first.mails), len(reserve.mails)) == (10, 20)
        assert set(Counter(mail.message_id for mail in (*first.mails, *reserve.mails)).values()) == {1}
    assert statuses(db) == {S.SENT: 30}


@pytest.mark.parametrize("problem", [ServerUnreachable("not there"), LoginRefused("no")])
def test_the_second_takes_over_when_the_first_is_not_reached_or_refuses_the_login(
    db: Database, folder: Path, problem: Exception
) -> None:
    addresses = put(db, 3)
    report, sent = run(db, desk_of(db, folder), first=problem)
    assert sent == {"first": [], "reserve": addresses}
    is_told = any("The relay first is not used for now" in line for line in report.attention)
    assert is_told is isinstance(problem, LoginRefused)


@pytest.mark.parametrize("trouble", [BUSY, LIMIT])
def test_what_the_first_refuses_for_its_own_sake_leaves_by_the_second_at_once(
    db: Database, folder: Path, trouble: Outcome
) -> None:
    addresses = put(db, 3)
    assert run(db, desk_of(db, folder), {"first": [trouble]})[1] == {"first": addresses[:1], "reserve": addresses}


def test_the_second_takes_over_when_the_day_of_the_first_is_spent(db: Database, folder: Path) -> None:
    addresses = put(db, 10)
    desk = desk_of(db, folder, relay("first", per_day=4), relay("reserve", 2, per_day=5))
    assert run(db, desk)[1] == {"first": addresses[:4], "reserve": addresses[4:9]}
    assert run(db, desk)[1] == {"first": [], "reserve": []}
    assert run(db, desk, now=NOW + timedelta(hours=26))[1] == {"first": addresses[9:], "reserve": []}


def test_what_is_spent_of_an_hour_is_waited_for(db: Database, folder: Path) -> None:
    addresses = put(db, 6)
    desk = desk_of(db, folder, relay("first", per_hour=4), relay("reserve", 2))
    assert run(db, desk)[1] == {"first": addresses[:4], "reserve": []}


def test_answers_may_use_what_is_kept_of_each_relay_and_invitations_of_none(db: Database, folder: Path) -> None:
    put(db, 20, MailKind.INVITATION)
    desk = desk_of(db, folder, relay("first", per_day=4), relay("reserve", 2, per_day=4))
    assert [len(sent) for sent in run(db, desk)[1].values()] == [3, 3]
    put(db, 4)
    assert [len(sent) for sent in run(db, desk)[1].values()] == [1, 1]


def test_all_waits_and_status_says_until_when_and_why_while_both_are_paused(db: Database, folder: Path) -> None:
    desk = desk_of(db, folder)
    put(db, 2)
    halt.pause(db, desk, clock, actor="Bea", relay="first", until=NOW + HOUR)
    halt.pause(db, desk, clock, actor="Bea", relay="reserve")
    assert run(db, desk)[1] == {"first": [], "reserve": []}
    assert statuses(db) == {S.QUEUED: 2}
    with db.reading() as session:
        paused = [one["paused"] for one in standing_of(session, desk, NOW)]
    assert [(one["what"], one["until"], one["why"]) for one in paused] == [
        ("all mail by first", NOW + HOUR, HaltCause.COORDINATOR),
        ("all mail by reserve", None, HaltCause.COORDINATOR),
    ]
    assert halt.resume(db, clock, actor="Bea", relay="reserve") == 1
    assert [len(sent) for sent in run(db, desk)[1].values()] == [0, 2]


def test_pass_fails_when_no_relay_is_reached_and_the_next_one_tries_again(db: Database, folder: Path) -> None:
    desk, gone = desk_of(db, folder), ServerUnreachable("not there")
    put(db, 2)
    with pytest.raises(ServerUnreachable):
        run(db, desk, first=LoginRefused("no"), reserve=gone)
    assert statuses(db) == {S.QUEUED: 2}
    assert [len(sent) for sent in run(db, desk, now=NOW + timedelta(minutes=1))[1].values()] == [0, 2]


def test_relay_that_the_settings_do_not_name_cannot_be_paused(db: Database, folder: Path) -> None:
    with pytest.raises(Refused, match="There is no relay third"):
        halt.pause(db, desk_of(db, folder), clock, actor="Bea", relay="third")


def test_mail_in_doubt_never_leaves_by_another_relay(db: Database, folder: Path) -> None:
    [address] = put(db, 1)
    desk = desk_of(db, folder)
    run(db, desk, {"first": [InDoubt("the connection broke")]})
    halt.pause(db, desk, clock, actor="Bea", relay="first")
    later = NOW + timedelta(hours=25)
    assert run(db, desk, now=later)[0].counts == {"resent": 1}
    assert statuses(db) == {S.QUEUED: 1}
    halt.resume(db, clock, actor="Bea", relay="first")
    assert run(db, desk, now=later)[1] == {"first": [address], "reserve": []}


def test_mail_in_doubt_waits_and_is_told_of_when_its_relay_has_left_the_settings(db: Database, folder: Path) -> None:
    put(db, 1)
    run(db, desk_of(db, folder), {"first": [InDoubt("the connection broke")]})
    other = desk_of(db, folder, relay("new"))
    run(db, other, now=NOW + timedelta(hours=25))
    report, sent = run(db, other, now=NOW + timedelta(hours=26))
    assert (sent, statuses(db)) == ({"new": []}, {S.QUEUED: 1})
    assert "the relay first may have sent" in report.attention[0]


def test_greylisted_mail_stays_with_its_relay_until_that_one_is_paused(db: Database, folder: Path) -> None:
    addresses = put(db, 2)
    desk = desk_of(db, folder)
    run(db, desk, {"first": [GREY, GREY]})
    # What is new leaves by the first again once it may; what began with the reserve stays there.
    assert run(db, desk, {"first": [GREY, GREY]}, now=NOW + HOUR)[1] == {"first": addresses, "reserve": []}
    halt.pause(db, desk, clock, actor="Bea", relay="first", until=NOW + 3 * HOUR)
    assert run(db, desk, {"reserve": [GREY, GREY]}, now=NOW + 2 * HOUR)[1] == {"first": [], "reserve": addresses}
    assert run(db, desk, now=NOW + 4 * HOUR)[1] == {"first": [], "reserve": addresses}


def test_who_does_not_want_mail_by_one_relay_holds_up_that_relay_alone(db: Database, folder: Path) -> None:
    put(db, 30)
    desk = desk_of(db, folder)
    report, _ = run(db, desk, {"first": [POLICY] * 25})
    with db.reading() as session:
        held = {(one.scope, one.relay, one.cause) for one in halts.holding(session, NOW)}
    assert (HaltScope.SEQUENCE, "first", HaltCause.FAILURES) in held
    assert not any(scope is HaltScope.SEQUENCE and not by for scope, by, _ in held)
    assert any("mails by the relay first were refused" in line for line in report.attention)


def test_invitations_that_are_not_wanted_by_one_relay_leave_by_the_next(db: Database, folder: Path) -> None:
    addresses = put(db, 30, MailKind.INVITATION)
    desk = desk_of(db, folder)
    assert run(db, desk, {"first": [POLICY] * 30})[1] == {"first": addresses[:10], "reserve": addresses[10:]}
    with db.reading() as session:
        held = {(one.scope, one.relay) for one in halts.holding(session, NOW)}
    assert (HaltScope.SEQUENCE, "first") in held
    assert (HaltScope.SEQUENCE, "") not in held


def test_invitations_that_come_back_by_one_relay_alone_stop_only_that_one(db: Database, folder: Path) -> None:
    with db.writing() as session:
        for number in range(40):
            by, status = ("first", S.BOUNCED) if number % 4 == 0 else ("reserve" if number % 2 else "first", S.SENT)
            mail = cast.mail(session, f"o@i{number}.example", kind=MailKind.INVITATION, status=status, sending_at=NOW)
            mail.relay = by
    desk = desk_of(db, folder)
    report, _ = run(db, desk)
    assert "10 of 20 invitations by the relay first came back" in report.attention[0]
    put(db, 3, MailKind.INVITATION)
    assert [len(sent) for sent in run(db, desk)[1].values()] == [0, 3]


def test_forecast_takes_the_second_relay_into_account(db: Database, folder: Path) -> None:
    put(db, 60, MailKind.INVITATION)
    hours = []
    for chosen in ((relay("first", per_day=40),), (relay("first", per_day=40), relay("reserve", 2, per_day=40))):
        with db.reading() as session:
            done = forecast(session, desk_of(db, folder, *chosen), NOW).done_at
        assert done is not None
        hours.append(round((done - NOW) / HOUR))
    assert hours == [25, 1]
