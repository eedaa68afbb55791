"""How much of the sequence one relay takes in an hour, now and in the hours ahead, and what allows no more.

Asked by ``forecast``, which plays the hours through, and by ``standing``, which tells of this one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from outreach.model import Halt, HaltScope
from outreach.relay import Relay
from outreach.settings import Settings
from outreach.steps.dispatch.throttle import DAY, UNLIMITED, Throttle, unreserved
from outreach.store import buckets
from outreach.store.buckets import Bucket

HOUR: Final = timedelta(hours=1)
#: A connection hands over about a mail a second, at the least.
_BY_ONE_CONNECTION: Final = 3600
_WORDS: Final = {"relay day": "a day", "relay hour": "an hour", "relay minute": "a minute"}


class Lately:
    """What has left within a day, as far as one looks ahead."""

    def __init__(self, sent: Iterable[tuple[datetime, int]]) -> None:
        self._sent = deque(sorted(sent))

    def add(self, moment: datetime, count: int) -> None:
        self._sent.append((moment, count))

    def until(self, moment: datetime) -> int:
        """How many in the day before a moment; moments never go back."""
        while self._sent and self._sent[0][0] <= moment - DAY:
            self._sent.popleft()
        return sum(count for _, count in self._sent)


class RelayHours:
    """One relay, hour by hour. What leaves by it in one hour counts against those that follow."""

    def __init__(self, session: Session, settings: Settings, relay: Relay, held: Sequence[Halt], now: datetime) -> None:
        self.relay = relay
        self._connections = settings.connections_to(relay)
        self._buckets = Throttle(settings).buckets[relay.name]
        by_hand = buckets.sent_by_hand(session, now - DAY) if settings.counts_by_hand(relay) else 0
        day = Bucket("relay day", DAY, 0, relay.name)
        self._sent = Lately([*buckets.slots(session, day, now).items(), (now, by_hand)])
        scopes = (HaltScope.RELAY, HaltScope.SEQUENCE)
        self.halts = [halt for halt in held if halt.relay == relay.name and halt.scope in scopes]

    def is_held(self, moment: datetime) -> bool:
        """Whether a halt lasts until then. One without an end is taken for over soon: who reads this ends it."""
        return any(halt.until is not None and halt.until > moment for halt in self.halts)

    def limit(self, moment: datetime) -> tuple[int, str]:
        """How much of the sequence can leave in the hour that begins then, and what allows no more."""
        found = [(_BY_ONE_CONNECTION * self._connections, "the connections to the relay")]
        for bucket in self._buckets:
            room = unreserved(bucket.limit) * max(1, int(HOUR / bucket.window))
            if bucket.window > HOUR:
                room = self.left_of_day(moment)
            found.append((room, f"the relay's limit of {bucket.limit} {_WORDS[bucket.name]}, a quarter being kept"))
        room, why = min(found, key=lambda one: one[0])
        return max(room, 0), why

    def left_of_day(self, moment: datetime) -> int:
        """What is left of its day for the sequence; when it is spent, the next relay has its turn."""
        days = [bucket.limit for bucket in self._buckets if bucket.window == DAY]
        return unreserved(days[0]) - self._sent.until(moment) if days else UNLIMITED

    def add(self, moment: datetime, count: int) -> None:
        self._sent.add(moment, count)
