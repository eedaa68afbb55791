"""How long the sequence will take under the limits there are: the hours ahead, played through one by one.

Asked by ``outbox status`` and by ``invite``, before anything is queued. An estimate: it knows the limits, the halts,
the quiet hours of the campaign's own zone and what has left already, but not what a relay will say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model import HaltScope
from outreach.steps.dispatch.rates import HOUR, Lately, RelayHours
from outreach.steps.dispatch.throttle import DAY, UNLIMITED
from outreach.store import buckets, halts, outbox
from outreach.store.buckets import Bucket
from outreach.words import SEQUENCE

#: Nobody plans further.
_LONGEST: Final = 24 * 366
#: Cron runs every five minutes.
_RUNS_AN_HOUR: Final = 12


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
        left, moment = left - count, moment + HOUR
    if left:
        late += left if closes is not None else 0
    done = moment if waiting and not left else None
    span = max((moment - now) / HOUR, 1)
    why = reasons.most_common(1)[0][0] if reasons else "nothing: all can leave within the hour"
    return Forecast(waiting, done, waiting / span, why, late)


class _Hours:
    """The limits, hour by hour. What leaves in one hour counts against those that follow."""

    def __init__(self, session: Session, desk: Desk, now: datetime, waiting: int) -> None:
        self._settings, self._waiting = desk.settings, waiting
        held = halts.holding(session, now)
        self._relays = [RelayHours(session, desk.settings, relay, held, now) for relay in desk.settings.relays]
        sequence = Bucket(buckets.SEQUENCE, DAY, 0)
        self._ramped = Lately(buckets.slots(session, sequence, now).items())
        self._began = buckets.first_slot(session, buckets.SEQUENCE) or now
        self._held = [halt for halt in held if halt.scope is not HaltScope.DESTINATION and not halt.relay]
        self.played = 0

    def play(self, moment: datetime, left: int) -> tuple[int, str]:
        """How many of those left can leave in the hour that begins now, and what allows no more."""
        self.played += 1
        allowed, reason = min(self._limits(moment), key=lambda limit: limit[0])
        count, by_relays = self._leave(moment, min(left, max(0, allowed)))
        self._ramped.add(moment, count)
        return count, by_relays if count < allowed else reason

    def _leave(self, moment: datetime, wanted: int) -> tuple[int, str]:
        """How many the relays take of those, one after the other: the next has its turn when a day's limit is spent."""
        total, reason = 0, "a halt"
        for hours in self._relays:
            if hours.is_held(moment):
                continue
            room, reason = hours.limit(moment)
            count = min(wanted - total, room)
            hours.add(moment, count)
            total += count
            if total == wanted or hours.left_of_day(moment) > 0:
                break
        return total, reason

    def _limits(self, moment: datetime) -> list[tuple[int, str]]:
        """What holds for all relays together."""
        sending = self._settings.sending
        found = [(UNLIMITED, "nothing")]
        if self._is_quiet(moment):
            return [(0, "the quiet hours")]
        if any(halt.until is not None and halt.until > moment for halt in self._held):
            return [(0, "a halt")]
        if sending.per_run is not None:
            found.append((sending.per_run * _RUNS_AN_HOUR, f"{sending.per_run} in one run"))
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
