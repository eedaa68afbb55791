"""How long the sequence will take under the limits there are: the hours ahead, played through one by one.

Asked by ``outbox status`` and by ``invite``, before anything is queued. An estimate: it knows the limits, the halts,
the quiet hours of the campaign's own zone and what has left already, but not what a relay will say.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model import HaltScope
from outreach.steps.dispatch.throttle import DAY, UNLIMITED, Throttle, unreserved
from outreach.store import buckets, halts, outbox
from outreach.store.buckets import Bucket
from outreach.words import SEQUENCE

_HOUR: Final = timedelta(hours=1)
#: Nobody plans further.
_LONGEST: Final = 24 * 366
#: Cron runs every five minutes.
_RUNS_AN_HOUR: Final = 12
#: A connection hands over about a mail a second, at the least.
_BY_ONE_CONNECTION: Final = 3600
_WORDS: Final = {"relay day": "a day", "relay hour": "an hour", "relay minute": "a minute"}


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will become of the invitations and reminders that wait."""

    mails: int  #: how many wait
    done_at: datetime | None  #: None: nothing waits, or it will never be done
    per_hour: float  #: how many leave in an hour, over the whole time
    limited_by: str  #: what holds most of them up, in words
    late: int  #: how many will not have left when answers stop counting


def forecast(session: Session, desk: Desk, now: datetime, *, more: int = 0) -> Forecast:
    """When what waits (and so many ``more``) will have left."""
    waiting = outbox.outstanding(session, SEQUENCE) + more
    hours = _Hours(session, desk, now, waiting)
    closes, late, left = desk.settings.day.closes, 0, waiting
    moment, reasons = now, Counter[str]()
    while left and hours.played < _LONGEST:
        count, reason = hours.play(moment, left)
        if count < left:
            reasons[reason] += 1
        if closes is not None and moment >= closes:
            late += count
        left, moment = left - count, moment + _HOUR
    if left:
        late += left if closes is not None else 0
    done = moment if waiting and not left else None
    span = max((moment - now) / _HOUR, 1)
    why = reasons.most_common(1)[0][0] if reasons else "nothing: all can leave within the hour"
    return Forecast(waiting, done, waiting / span, why, late)


class _Hours:
    """The limits, hour by hour. What leaves in one hour counts against those that follow."""

    def __init__(self, session: Session, desk: Desk, now: datetime, waiting: int) -> None:
        self._settings, self._waiting = desk.settings, waiting
        throttle = Throttle(desk.settings)
        self._relay = throttle.relay
        by_hand = buckets.sent_by_hand(session, now - DAY)
        day = Bucket("relay day", DAY, 0)
        self._sent = _Lately([*buckets.slots(session, day, now).items(), (now, by_hand)])
        sequence = Bucket(buckets.SEQUENCE, DAY, 0)
        self._ramped = _Lately(buckets.slots(session, sequence, now).items())
        self._began = buckets.first_slot(session, buckets.SEQUENCE) or now
        self._held = [halt for halt in halts.holding(session, now) if halt.scope is not HaltScope.DESTINATION]
        self.played = 0

    def play(self, moment: datetime, left: int) -> tuple[int, str]:
        """How many of those left can leave in the hour that begins now, and what allows no more."""
        self.played += 1
        allowed, reason = min(self._limits(moment), key=lambda limit: limit[0])
        count = max(0, min(left, allowed))
        self._sent.add(moment, count)
        self._ramped.add(moment, count)
        return count, reason

    def _limits(self, moment: datetime) -> list[tuple[int, str]]:
        sending = self._settings.sending
        found = [(_BY_ONE_CONNECTION * sending.connections, "the connections to the relay")]
        if self._is_quiet(moment):
            return [(0, "the quiet hours")]
        if any(halt.until is not None and halt.until > moment for halt in self._held):
            return [(0, "a halt")]
        if sending.per_run is not None:
            found.append((sending.per_run * _RUNS_AN_HOUR, f"{sending.per_run} in one run"))
        for bucket in self._relay:
            room = unreserved(bucket.limit) * max(1, int(_HOUR / bucket.window))
            if bucket.window > _HOUR:
                room -= self._sent.until(moment)
            found.append((room, f"the relay's limit of {bucket.limit} {_WORDS[bucket.name]}, a quarter being kept"))
        found.append((self._ramp(moment) - self._ramped.until(moment), "the slow beginning (ramp_up)"))
        return found

    def _is_quiet(self, moment: datetime) -> bool:
        """By the campaign's own clock: whose night it is stands in sealed rows, and the nights are much the same."""
        sending, day = self._settings.sending, self._settings.day
        if sending.quiet is None or (day.closes is not None and day.closes - moment < sending.quiet_ends_before):
            return False
        return sending.quiet.hold(moment.astimezone(day.zone).hour)

    def _ramp(self, moment: datetime) -> int:
        first, closes = self._settings.sending.ramp_up, self._settings.day.closes
        if first is None:
            return UNLIMITED
        limit: int = first * 2 ** min(max((moment - self._began) // DAY, 0), 20)
        if closes is not None and closes > moment:
            limit = max(limit, int(self._waiting / max((closes - moment) / 2 / DAY, 1 / 24)) + 1)
        return limit


class _Lately:
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
