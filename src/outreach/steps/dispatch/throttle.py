"""How much may leave now, and by which relay: their limits, a destination's, and the campaign's ramp-up, as buckets.

A quarter of each relay's limits is kept for whoever waits for an answer: the sequence never takes it. Asked before each
claim (a claim takes no more than may go) and at the mark, where tokens are taken in the transaction that marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from outreach.model import HaltScope, OutboxMail
from outreach.providers import Limits
from outreach.settings import Settings
from outreach.store import buckets, halts, outbox, ways
from outreach.store.buckets import Bucket
from outreach.store.sending import Ready
from outreach.words import SEQUENCE

DAY: Final = timedelta(days=1)
_TO: Final = "to "
#: More than anybody has to send.
UNLIMITED: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Portion:
    """What one claim may take for a relay: so many mails, among those that fulfil every condition."""

    relay: str
    limit: int
    among: tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class Room:
    """How many mails may leave by a relay now, in all and of the sequence, and how many to each limited destination."""

    all: int
    sequence: int
    destinations: dict[bytes, int]
    day: int = UNLIMITED  #: what is left of its day's limit alone: without any it is the next relay's turn
    day_of_sequence: int = UNLIMITED

    @property
    def full(self) -> list[bytes]:
        return [key for key, left in self.destinations.items() if left <= 0]

    def of(self, *, sequence: bool) -> int:
        return min(self.all, self.sequence) if sequence else self.all

    def is_spent(self, *, sequence: bool) -> bool:
        """Whether nothing of such mails leaves by it today any more."""
        return (self.day_of_sequence if sequence else self.day) <= 0


class Throttle:
    """The limits of one campaign and of its relays. Holds nothing itself."""

    def __init__(self, settings: Settings) -> None:
        self._sending, self._day, self._relays = settings.sending, settings.day, settings.relays
        self.buckets: Final = {relay.name: _buckets(relay.name, settings.limits_of(relay)) for relay in settings.relays}
        self._by_hand = {relay.name: settings.counts_by_hand(relay) for relay in settings.relays}

    def is_open(self, relay: str) -> bool:
        """Nothing is limited by this relay."""
        limits = self._sending
        return not self.buckets[relay] and limits.per_destination_hour is None and limits.ramp_up is None

    def portions(self, session: Session, now: datetime, most: int, only: str | None = None) -> list[Portion]:
        """What may be claimed now for each relay (or one), the urgent before the sequence."""
        if len(self._relays) == 1 and self.is_open(name := self._relays[0].name):
            among = (halts.may_go(now, name), ways.by(name, takes_new=True, usable=()))
            return [Portion(name, most, among)]
        rooms = {relay.name: self.room(session, now, relay.name) for relay in self._relays}
        held = halts.relays_held(session, now)
        found: list[Portion] = []
        for sequence in (False, True):
            usable = usable_of(rooms, held, sequence=sequence)
            kind = OutboxMail.kind.in_(SEQUENCE) if sequence else OutboxMail.kind.not_in(SEQUENCE)
            for name in usable:
                room = rooms[name]
                if only not in (None, name) or (limit := min(room.of(sequence=sequence), most)) <= 0:
                    continue
                way = ways.by(name, takes_new=name == usable[0], usable=usable)
                free = (OutboxMail.destination_hash.not_in(room.full),) if room.full else ()
                found.append(Portion(name, limit, (halts.may_go(now, name), way, *free, kind)))
        return found

    def admit(self, session: Session, mails: Sequence[Ready], now: datetime, relay: str) -> list[Ready]:
        """Those of the mails that there are tokens for, which are taken; another worker may have been quicker."""
        if self.is_open(relay):
            return list(mails)
        room = self.room(session, now, relay)
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
        self._spend(session, going, now, relay)
        return going

    def room(self, session: Session, now: datetime, relay: str) -> Room:
        """What the buckets of a relay hold, and the campaign's."""
        left, of_sequence = [UNLIMITED], [UNLIMITED]
        day = day_of_sequence = UNLIMITED
        for bucket in self.buckets[relay]:
            by_hand = buckets.sent_by_hand(session, now - bucket.window) if self._by_hand[relay] else 0
            taken = buckets.spent(session, bucket, now) + by_hand
            left.append(bucket.limit - taken)
            of_sequence.append(unreserved(bucket.limit) - taken)
            if bucket.window == DAY:
                day, day_of_sequence = left[-1], of_sequence[-1]
        if (ramp := self.ramp(session, now)) is not None:
            of_sequence.append(ramp.limit - buckets.spent(session, ramp, now))
        return Room(min(left), min(of_sequence), self._destinations(session, now, relay), day, day_of_sequence)

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

    def _destinations(self, session: Session, now: datetime, relay: str) -> dict[bytes, int]:
        """What is left for each destination that was written to lately; half as much for each time it was too fast."""
        if (limit := self._sending.per_destination_hour) is None:
            return {}
        strikes = halts.strikes_by_destination(session, relay)
        taken = buckets.spent_of_each(session, _TO, Bucket(_TO, timedelta(hours=1), limit, relay), now)
        return {
            (key := bytes.fromhex(name.removeprefix(_TO))): max(limit >> strikes.get(key, 0), 1) - count
            for name, count in taken.items()
        }

    def _spend(self, session: Session, mails: Sequence[Ready], now: datetime, relay: str) -> None:
        if not mails:
            return
        buckets.spend(session, self.buckets[relay], len(mails), now)
        if self._sending.ramp_up is not None and (count := sum(mail.kind in SEQUENCE for mail in mails)):
            buckets.spend(session, [Bucket(buckets.SEQUENCE, DAY, 0)], count, now)
        if (limit := self._sending.per_destination_hour) is not None:
            for key, count in Counter(mail.destination_hash for mail in mails).items():
                buckets.spend(session, [Bucket(f"{_TO}{key.hex()}", timedelta(hours=1), limit, relay)], count, now)


def usable_of(rooms: Mapping[str, Room], held: Mapping[HaltScope, frozenset[str]], *, sequence: bool) -> list[str]:
    """The relays that such mails may leave by today, in their order: the first takes what none was given yet."""
    out = held[HaltScope.RELAY] | (held[HaltScope.SEQUENCE] if sequence else frozenset())
    return [name for name, room in rooms.items() if name not in out and not room.is_spent(sequence=sequence)]


def _buckets(relay: str, limits: Limits) -> tuple[Bucket, ...]:
    windows = (("day", DAY), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
    numbers = (limits.per_day, limits.per_hour, limits.per_minute)
    return tuple(
        Bucket(f"relay {name}", window, limit, relay)
        for (name, window), limit in zip(windows, numbers, strict=True)
        if limit is not None
    )


def unreserved(limit: int) -> int:
    """What the sequence may take of a limit: a quarter is kept for confirmations and receipts."""
    return limit - ceil(limit / 4)
