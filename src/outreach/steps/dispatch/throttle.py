"""How much may leave now: the relay's limits, a destination's, and the campaign's own ramp-up, as buckets.

A quarter of the relay's limits is kept for whoever waits for an answer: the sequence never takes it. Asked before each
claim (a claim takes no more than may go) and at the mark, where tokens are taken in the transaction that marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from outreach.model import OutboxMail
from outreach.settings import Settings
from outreach.store import buckets, halts, outbox
from outreach.store.buckets import Bucket
from outreach.store.sending import Ready
from outreach.words import SEQUENCE

DAY: Final = timedelta(days=1)
_TO: Final = "to "
#: More than anybody has to send.
UNLIMITED: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Portion:
    """What one claim may take: so many mails, among those that fulfil every condition."""

    limit: int
    among: tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Room:
    """How many mails may leave now, in all and of the sequence, and how many to each destination that is limited."""

    all: int
    sequence: int
    destinations: dict[bytes, int]

    @property
    def full(self) -> list[bytes]:
        return [key for key, left in self.destinations.items() if left <= 0]


class Throttle:
    """The limits of one campaign. Holds nothing itself."""

    def __init__(self, settings: Settings) -> None:
        self._sending, self._day = settings.sending, settings.day
        windows = (("day", DAY), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
        limits = (settings.sending.per_day, settings.sending.per_hour, settings.sending.per_minute)
        self.relay: Final = tuple(
            Bucket(f"relay {name}", window, limit)
            for (name, window), limit in zip(windows, limits, strict=True)
            if limit is not None
        )

    @property
    def is_open(self) -> bool:
        """Nothing is limited."""
        limits = self._sending
        return not self.relay and limits.per_destination_hour is None and limits.ramp_up is None

    def portions(self, session: Session, now: datetime, most: int) -> list[Portion]:
        """What may be claimed now, the urgent before the sequence."""
        may_go = halts.may_go(now)
        if self.is_open:
            return [Portion(most, (may_go,))]
        room = self.room(session, now)
        free = (may_go, OutboxMail.destination_hash.not_in(room.full)) if room.full else (may_go,)
        kinds = (OutboxMail.kind.not_in(SEQUENCE), OutboxMail.kind.in_(SEQUENCE))
        rooms = (min(room.all, most), min(room.all, room.sequence, most))
        return [Portion(limit, (*free, kind)) for limit, kind in zip(rooms, kinds, strict=True) if limit > 0]

    def admit(self, session: Session, mails: Sequence[Ready], now: datetime) -> list[Ready]:
        """Those of the mails that there are tokens for, which are taken; another worker may have been quicker."""
        if self.is_open:
            return list(mails)
        room = self.room(session, now)
        left, in_sequence, to = room.all, room.sequence, dict(room.destinations)
        going: list[Ready] = []
        for mail in mails:
            is_sequence = mail.kind in SEQUENCE
            if left <= 0 or (is_sequence and in_sequence <= 0) or to.get(mail.destination_hash, 1) <= 0:
                continue
            left, in_sequence = left - 1, in_sequence - is_sequence
            if (limit := self._sending.per_destination_hour) is not None:
                to[mail.destination_hash] = to.get(mail.destination_hash, limit) - 1
            going.append(mail)
        self._spend(session, going, now)
        return going

    def room(self, session: Session, now: datetime) -> Room:
        """What the buckets hold."""
        everything, sequence = UNLIMITED, UNLIMITED
        for bucket in self.relay:
            taken = buckets.spent(session, bucket, now) + buckets.sent_by_hand(session, now - bucket.window)
            everything = min(everything, bucket.limit - taken)
            sequence = min(sequence, unreserved(bucket.limit) - taken)
        if (ramp := self.ramp(session, now)) is not None:
            sequence = min(sequence, ramp.limit - buckets.spent(session, ramp, now))
        return Room(everything, sequence, self._destinations(session, now))

    def ramp(self, session: Session, now: datetime) -> Bucket | None:
        """How much of the sequence may leave within a day: twice as much each day, or what the deadline demands.

        A sender that nobody knows and that writes to hundreds at once looks like spam. But who is written to must
        have half of the time left to answer in.
        """
        if (first := self._sending.ramp_up) is None:
            return None
        began = buckets.first_slot(session, buckets.SEQUENCE) or now
        bucket = Bucket(buckets.SEQUENCE, DAY, first * 2 ** min((now - began) // DAY, 20))
        if self._day.closes is None or now >= self._day.closes:
            return bucket
        outstanding = outbox.outstanding(session, SEQUENCE) + buckets.spent(session, bucket, now)
        wanted = ceil(outstanding / max((self._day.closes - now) / 2 / DAY, 1 / 24))
        return Bucket(buckets.SEQUENCE, DAY, max(bucket.limit, wanted))

    def _destinations(self, session: Session, now: datetime) -> dict[bytes, int]:
        """What is left for each destination that was written to lately; half as much for each time it was too fast."""
        if (limit := self._sending.per_destination_hour) is None:
            return {}
        strikes = halts.strikes_by_destination(session)
        taken = buckets.spent_of_each(session, _TO, Bucket(_TO, timedelta(hours=1), limit), now)
        return {
            (key := bytes.fromhex(name.removeprefix(_TO))): max(limit >> strikes.get(key, 0), 1) - count
            for name, count in taken.items()
        }

    def _spend(self, session: Session, mails: Sequence[Ready], now: datetime) -> None:
        if not mails:
            return
        buckets.spend(session, self.relay, len(mails), now)
        if self._sending.ramp_up is not None and (count := sum(mail.kind in SEQUENCE for mail in mails)):
            buckets.spend(session, [Bucket(buckets.SEQUENCE, DAY, 0)], count, now)
        if (limit := self._sending.per_destination_hour) is not None:
            for key, count in Counter(mail.destination_hash for mail in mails).items():
                buckets.spend(session, [Bucket(f"{_TO}{key.hex()}", timedelta(hours=1), limit)], count, now)


def unreserved(limit: int) -> int:
    """What the sequence may take of a limit: a quarter is kept for confirmations and receipts."""
    return limit - ceil(limit / 4)
