"""The day and the deadline rule every window: each is the smaller of its default and what the time left allows."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.letters import answering, inviting
from outreach.letters.queue import Desk
from outreach.model import OutboxMail, Revision
from outreach.ports import Deferred, Fault, Phase
from outreach.settings import Day
from outreach.steps import dispatch, followup, invite
from outreach.store.database import Database
from outreach.words import MailKind, OutboxStatus, Proof, ProspectStatus, RevisionStatus, Seen
from tests import cast
from tests.cast import NOW
from tests.fakes import FakeSender

HOUR = timedelta(hours=1)
UNPROVEN: dict[str, Any] = {"status": RevisionStatus.UNCONFIRMED, "proof": Proof.NONE, "seen": Seen.NO}
#: The deadline has passed, the day itself is tomorrow.
BETWEEN = Day(date=(NOW + timedelta(days=1)).date(), deadline=NOW - HOUR)
LATER = Deferred(451, "4.7.1", "451 4.7.1 try later", Phase.ENVELOPE, Fault.RECIPIENT)


def desk_of(db: Database, folder: Path, day: Day) -> Desk:
    cast.write_statement(folder)
    return cast.desk(db, folder, day=day)


def followed_up(db: Database, folder: Path, day: Day, now: datetime = NOW) -> dict[str, int]:
    return followup.run(db, desk_of(db, folder, day), lambda: now).counts


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (Day(), None),
        (Day(deadline=NOW), NOW),
        (Day(date=date(2026, 9, 5)), datetime(2026, 9, 6, tzinfo=UTC)),
        (Day(date=date(2026, 9, 5), deadline=NOW), NOW),
        (Day(date=date(2026, 8, 1), deadline=NOW), datetime(2026, 8, 2, tzinfo=UTC)),
    ],
)
def test_answers_count_until_the_deadline_or_else_the_end_of_the_day(day: Day, closes: datetime | None) -> None:
    assert day.closes == closes


@pytest.mark.parametrize(("left", "wait"), [(timedelta(days=30), 24 * HOUR), (8 * HOUR, 2 * HOUR)])
@pytest.mark.parametrize("as_deadline", [True, False])
def test_a_waiting_time_is_its_default_or_a_quarter_of_what_is_left(
    left: timedelta, wait: timedelta, as_deadline: bool
) -> None:
    end = datetime(2026, 9, 6, tzinfo=UTC)
    day = Day(deadline=end) if as_deadline else Day(date=date(2026, 9, 5))
    assert day.soon(24 * HOUR, end - left) == wait


def test_a_window_never_reaches_beyond_the_deadline() -> None:
    day = Day(deadline=NOW + HOUR)
    assert (day.window(24 * HOUR, NOW), day.window(24 * HOUR, NOW + 2 * HOUR)) == (HOUR, timedelta())
    assert (day.bounded(NOW), day.bounded(NOW + 2 * HOUR)) == (NOW, NOW + HOUR)


def test_between_deadline_and_day_nobody_is_asked_and_what_came_late_waits_for_a_person(
    db: Database, folder: Path
) -> None:
    with db.writing() as session:
        cast.signatory(session, **UNPROVEN)
    assert followed_up(db, folder, BETWEEN) == {}
    with db.reading() as session:
        assert session.scalars(select(Revision.status)).one() is RevisionStatus.UNCONFIRMED


def test_between_deadline_and_day_nobody_is_reminded(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.prospect(session, status=ProspectStatus.INVITED, invited_at=NOW - timedelta(days=9))
    assert followed_up(db, folder, BETWEEN) == {}


def test_between_deadline_and_day_nobody_is_invited(db: Database, folder: Path) -> None:
    with pytest.raises(Refused, match="deadline has passed"):
        invite.require_day(desk_of(db, folder, BETWEEN), lambda: NOW)


def test_where_only_a_day_is_set_the_reminder_comes_sooner_before_it(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.prospect(session, status=ProspectStatus.INVITED, invited_at=NOW - 20 * HOUR)
    far, near = Day(date=date(2026, 12, 1)), Day(date=(NOW + timedelta(days=2)).date())
    assert followed_up(db, folder, far) == {}
    assert followed_up(db, folder, near) == {"reminded": 1}


def test_an_asking_is_repeated_a_quarter_of_the_time_left_after_it_but_not_before_six_hours(
    db: Database, folder: Path
) -> None:
    with db.writing() as session:
        cast.signatory(session, asked_at=NOW, **UNPROVEN)
    day = Day(deadline=NOW + 40 * HOUR)
    assert followed_up(db, folder, day, NOW + 6 * HOUR) == {}
    assert followed_up(db, folder, day, NOW + 9 * HOUR) == {"asked again": 1}


@pytest.mark.parametrize(("left", "longest"), [(timedelta(days=60), 10 * HOUR), (8 * HOUR, 2.5 * HOUR)])
def test_what_the_other_side_puts_off_is_tried_sooner_near_the_deadline(
    db: Database, folder: Path, left: timedelta, longest: timedelta
) -> None:
    with db.writing() as session:
        mail = cast.mail(session, attempts=9).id
    desk = desk_of(db, folder, Day(deadline=NOW + left))
    relay = FakeSender([LATER])
    dispatch.run(db, desk, lambda _: relay, lambda: NOW, owner="x", jitter=random.Random(1))
    with db.reading() as session:
        waits = session.get_one(OutboxMail, mail).next_attempt_at - NOW
    assert longest / 2 < waits <= longest


@pytest.mark.parametrize(("left", "sent"), [(timedelta(days=60), 0), (20 * HOUR, 1)])
def test_a_mail_in_doubt_is_sent_again_sooner_near_the_deadline(
    db: Database, folder: Path, left: timedelta, sent: int
) -> None:
    with db.writing() as session:
        cast.mail(session, status=OutboxStatus.IN_DOUBT, sending_at=NOW - 6 * HOUR)
    desk = desk_of(db, folder, Day(deadline=NOW + left))
    relay = FakeSender()
    dispatch.run(db, desk, lambda _: relay, lambda: NOW, owner="x", jitter=random.Random(1))
    assert len(relay.sent) == sent


def test_invitation_and_asking_leave_before_the_deadline_or_not_at_all_and_a_receipt_whenever(
    db: Database, folder: Path
) -> None:
    deadline = NOW + HOUR
    desk = desk_of(db, folder, Day(date=(NOW + timedelta(days=3)).date(), deadline=deadline))
    with db.writing() as session:
        inviting.invitation(session, desk, [cast.prospect(session)], NOW)
        asked = cast.signatory(session, email="other@committee.example", **UNPROVEN).newest
        answering.asking(session, desk, [asked], NOW)
        cast.mail(session, kind=MailKind.RECEIPT)
    relay = FakeSender()
    dispatch.run(db, desk, lambda _: relay, lambda: deadline + HOUR, owner="x", jitter=random.Random(1))
    with db.reading() as session:
        ended = {mail.kind: (mail.status, mail.reason) for mail in session.scalars(select(OutboxMail))}
    assert ended == {
        MailKind.INVITATION: (OutboxStatus.CANCELLED, "too late"),
        MailKind.ASKING: (OutboxStatus.CANCELLED, "too late"),
        MailKind.RECEIPT: (OutboxStatus.SENT, None),
    }
