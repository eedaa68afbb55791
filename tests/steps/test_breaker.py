"""The breaker: too many refusals halt for a while, too many bounces until a person looks; and the quiet hours."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.model import HaltCause, HaltScope, OutboxMail
from outreach.ports import Deferred, Failed, Fault, Outcome, Pace, Phase
from outreach.settings import Day, QuietHours, SendingSettings
from outreach.steps import dispatch, halt
from outreach.store import halts
from outreach.store.database import Database
from outreach.words import MailKind, OutboxStatus, Report
from tests import cast
from tests.cast import NOW
from tests.fakes import FakeSender

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOBODY = Failed(550, "5.1.1", "550 5.1.1 nobody here", Phase.ENVELOPE, Fault.RECIPIENT)
ODD = Failed(550, None, "550 rejected", Phase.ENVELOPE, Fault.MESSAGE)
GREY = Deferred(451, "4.7.1", "451 4.7.1 greylisted", Phase.ENVELOPE, Fault.RECIPIENT, Pace.GREYLISTED)


def invitations(db: Database, count: int, *, country: str | None = None, **values: Any) -> list[int]:
    ids = []
    with db.writing() as session:
        for number in range(count):
            address = f"office{number}@o{session.query(OutboxMail).count()}.example"
            mail = cast.mail(session, address, kind=MailKind.INVITATION, **values)
            listed = cast.prospect(session, {"en": address}, address, details={"country": country})
            session.add(cast.invites(mail, listed))
            ids.append(mail.id)
    return ids


def receipts(db: Database, count: int, domain: str = "a.example") -> None:
    with db.writing() as session:
        for number in range(count):
            cast.mail(session, f"office{number}@{domain}")


def run(db: Database, folder: Path, *outcomes: Outcome, now: datetime = NOW, **changes: Any) -> tuple[Report, int]:
    relay = FakeSender(list(outcomes))
    desk = cast.desk(db, folder, **{"day": Day(), **changes})
    report = dispatch.run(db, desk, lambda _: relay, lambda: now, owner="x", jitter=random.Random(1))
    return report, len(relay.sent)


def holding(db: Database, now: datetime = NOW) -> list[tuple[HaltScope, HaltCause, bool]]:
    with db.reading() as session:
        return [(row.scope, row.cause, row.waits_for_a_person) for row in halts.holding(session, now)]


def come_back(db: Database, ids: list[int]) -> None:
    with db.writing() as session:
        for id_ in ids:
            session.get_one(OutboxMail, id_).bounce(NOW)


SEQUENCE = [(HaltScope.SEQUENCE, HaltCause.BOUNCES, True)]


def test_a_fifth_of_the_invitations_coming_back_stops_the_sequence_until_a_person_resumes_it(
    db: Database, folder: Path
) -> None:
    ids = invitations(db, 20)
    assert run(db, folder)[1] == 20
    come_back(db, ids[:3])
    assert run(db, folder)[0].attention == ()
    come_back(db, ids[3:4])
    invitations(db, 5)
    report, sent = run(db, folder, now=NOW + HOUR)
    assert (holding(db), sent) == (SEQUENCE, 0)
    [told] = report.attention
    assert told.startswith("4 of 20 invitations came back") and told.endswith("type: outreach outbox resume")
    assert run(db, folder, now=NOW + 30 * DAY) == (Report("dispatch"), 0)


def test_receipts_leave_while_the_sequence_stands_still(db: Database, folder: Path) -> None:
    ids = invitations(db, 10)
    run(db, folder)
    come_back(db, ids[:2])
    receipts(db, 3)
    assert run(db, folder)[1] == 3


def test_after_it_is_resumed_a_new_count_begins_and_late_bounces_of_the_old_do_not_stop_it(
    db: Database, folder: Path
) -> None:
    ids = invitations(db, 10)
    run(db, folder)
    come_back(db, ids[:2])
    run(db, folder)
    halt.resume(db, lambda: NOW + HOUR, actor="Bea")
    come_back(db, ids[2:8])
    invitations(db, 9)
    assert run(db, folder, now=NOW + 2 * HOUR)[1] == 9
    assert run(db, folder, now=NOW + 3 * HOUR)[0].attention == ()


def test_of_a_few_invitations_nothing_is_concluded(db: Database, folder: Path) -> None:
    ids = invitations(db, 9)
    run(db, folder)
    come_back(db, ids)
    run(db, folder)
    assert holding(db) == []


def test_invitations_refused_at_the_door_count_as_bounces_within_the_pass(db: Database, folder: Path) -> None:
    invitations(db, 30)
    _, tried = run(db, folder, *[NOBODY] * 30)
    assert tried == 10
    assert holding(db) == SEQUENCE


def test_a_destination_that_refuses_most_of_the_last_mails_waits_and_no_other_does(db: Database, folder: Path) -> None:
    receipts(db, 30)
    report, tried = run(db, folder, *[ODD] * 30)
    assert tried == 20
    assert (HaltScope.DESTINATION, HaltCause.FAILURES, False) in holding(db)
    assert report.attention[0].startswith("20 of the last 20 mails were refused.")
    receipts(db, 2, "elsewhere.example")
    assert run(db, folder)[1] == 2


def test_the_breaker_closes_by_itself_and_opens_for_longer_when_nothing_is_better(db: Database, folder: Path) -> None:
    receipts(db, 60)
    run(db, folder, *[ODD] * 30)
    assert run(db, folder, *[ODD] * 30, now=NOW + timedelta(minutes=50))[1] == 0
    assert run(db, folder, *[ODD] * 30, now=NOW + 2 * HOUR)[1] == 20
    assert holding(db, NOW + 5 * HOUR) != []


def test_greylisting_does_not_open_the_breaker(db: Database, folder: Path) -> None:
    receipts(db, 30)
    assert run(db, folder, *[GREY] * 30)[1] == 30
    assert holding(db) == []


# ── quiet hours ──

NIGHT = SendingSettings(per_run=None, per_day=None, quiet=QuietHours(21, 8))


@pytest.mark.parametrize(("country", "sent"), [("DE", 1), ("AU", 0), (None, 1)])
def test_no_invitation_leaves_at_night_by_the_clock_of_its_country(
    db: Database, folder: Path, country: str | None, sent: int
) -> None:
    [mail] = invitations(db, 1, country=country)
    assert run(db, folder, sending=NIGHT)[1] == sent
    with db.reading() as session:
        row = session.get_one(OutboxMail, mail)
        assert row.status is (OutboxStatus.SENT if sent else OutboxStatus.DEFERRED)
        assert sent or (row.reason, row.attempts) == ("it is night there", 0)
        morning = row.next_attempt_at
    assert run(db, folder, sending=NIGHT, now=morning)[1] == 1 - sent


def test_a_receipt_leaves_at_any_hour(db: Database, folder: Path) -> None:
    receipts(db, 1)
    assert run(db, folder, sending=NIGHT, now=NOW + 14 * HOUR)[1] == 1


@pytest.mark.parametrize(("left", "sent"), [(3 * DAY, 0), (DAY, 1)])
def test_near_the_deadline_nobody_waits_for_the_morning(db: Database, folder: Path, left: timedelta, sent: int) -> None:
    invitations(db, 1, country="AU")
    assert run(db, folder, sending=NIGHT, day=Day(deadline=NOW + left))[1] == sent


def test_every_invitation_that_waits_is_still_there(db: Database, folder: Path) -> None:
    invitations(db, 3, country="AU")
    run(db, folder, sending=NIGHT)
    with db.reading() as session:
        assert set(session.scalars(select(OutboxMail.status))) == {OutboxStatus.DEFERRED}
