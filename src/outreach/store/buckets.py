"""Buckets: how many mails may leave within a window of time. Shared by all workers, for they lie in the database.

A token that is taken comes back when the window has passed, not before: a bucket that refills steadily would let twice
a day's number out within one day, and providers count any 24 hours. So that the cost stays flat, what was taken is
counted by slots, of which a window has 24; a token may come back a slot late, and never early.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from outreach.model import InboundMessage, Spent
from outreach.words import InboundStatus

_SLOTS: Final = 24
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
#: The one bucket whose past is kept: when the sequence began is where its ramp-up begins.
SEQUENCE: Final = "sequence"
_KEPT: Final = timedelta(days=3)
_READ: Final = (InboundStatus.HANDLED, InboundStatus.IGNORED)


@dataclass(frozen=True, slots=True)
class Bucket:
    """At most ``limit`` mails within ``window``."""

    name: str
    window: timedelta
    limit: int
    relay: str = ""  #: whose it is; empty: the campaign's

    def slot(self, moment: datetime) -> datetime:
        """The beginning of the slot in which a moment lies."""
        length = self.window / _SLOTS
        return _EPOCH + (moment - _EPOCH) // length * length

    def begins(self, now: datetime) -> datetime:
        """The first slot that still counts."""
        return self.slot(now - self.window)


def spent(session: Session, bucket: Bucket, now: datetime) -> int:
    """How many tokens are out."""
    query = select(func.sum(Spent.count)).where(*_of(bucket), Spent.slot >= bucket.begins(now))
    return session.scalar(query) or 0


def slots(session: Session, bucket: Bucket, now: datetime) -> dict[datetime, int]:
    """The same, by when they were taken."""
    query = select(Spent.slot, Spent.count.label("taken")).where(*_of(bucket), Spent.slot >= bucket.begins(now))
    return {row.slot: row.taken for row in session.execute(query)}


def spend(session: Session, buckets: Iterable[Bucket], count: int, now: datetime) -> None:
    """Take tokens. Nobody else can in between: there is one writer at a time."""
    for bucket in buckets:
        where = (*_of(bucket), Spent.slot == bucket.slot(now))
        counted = update(Spent).where(*where).values(count=Spent.count + count).returning(Spent.count)
        if session.execute(counted.execution_options(synchronize_session=False)).first() is None:
            session.execute(
                insert(Spent).values(relay=bucket.relay, bucket=bucket.name, slot=bucket.slot(now), count=count)
            )


def spent_of_each(session: Session, prefix: str, window: Bucket, now: datetime) -> dict[str, int]:
    """How many tokens are out of each bucket whose name begins so, by name; ``window`` tells whose, and since when."""
    query = (
        select(Spent.bucket, func.sum(Spent.count).label("taken"))
        .where(
            Spent.relay == window.relay,
            Spent.bucket.startswith(prefix, autoescape=True),
            Spent.slot >= window.begins(now),
        )
        .group_by(Spent.bucket)
    )
    return {row.bucket: row.taken for row in session.execute(query)}


def _of(bucket: Bucket) -> tuple[ColumnElement[bool], ...]:
    return Spent.relay == bucket.relay, Spent.bucket == bucket.name


def first_slot(session: Session, name: str) -> datetime | None:
    """When the first token was ever taken of a bucket whose past is kept."""
    return session.scalar(select(func.min(Spent.slot)).where(Spent.bucket == name))


def forget_old(session: Session, now: datetime) -> None:
    """What has long come back need not be counted any more."""
    session.execute(delete(Spent).where(Spent.bucket != SEQUENCE, Spent.slot < now - _KEPT))


def sent_by_hand(session: Session, since: datetime, statuses: Collection[InboundStatus] = _READ) -> int:
    """How many mails people sent from the same mailbox since a time: the provider counts them, too."""
    query = select(func.count()).where(
        InboundMessage.status.in_(statuses),
        InboundMessage.arrived_at >= since,
        InboundMessage.sent_by_us,
        InboundMessage.copy_of_id.is_(None),
    )
    return session.scalar(query) or 0
