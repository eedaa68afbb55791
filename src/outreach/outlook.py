"""How many lines will be printed by the deadline, as far as what happened until now can say; else nothing is said.

Three things are known: how many are approved, how many wait, and how the last ones came and ended. The least is that
nobody decides faster than in the last week and as few come as may by chance; the most, that all is decided in time.
Both allow for chance, as far as so few cases mislead (95 of 100 times). It is a guess: what is held, or was not seen
by the organisation, is not printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, sqrt
from typing import Final

from sqlalchemy.orm import Session

from outreach.settings import Day
from outreach.store import figures, origins, signatories
from outreach.words import RevisionStatus

#: What is said of less would be made up.
FEWEST_ENDED: Final = 10
SHORTEST: Final = timedelta(days=3)
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
#: Standard deviations that 95 of 100 cases lie within.
_SPREAD: Final = 1.96


@dataclass(frozen=True, slots=True)
class Known:
    """What an outlook rests on."""

    approved: int  #: now
    waiting: int  #: entries that are pending, were asked, or are not confirmed
    ended: int  #: so many of the last lines have ended, whichever way
    ended_well: int  #: of these were approved
    span: timedelta  #: the time that was looked at for the pace, at most a week
    arrived: int  #: in that time
    decided: int  #: in that time


@dataclass(frozen=True, slots=True)
class Outlook:
    """From how many to how many, and what that rests on."""

    least: int
    most: int
    known: Known

    @property
    def approved_of_100(self) -> int:
        return round(100 * self.known.ended_well / self.known.ended)

    @property
    def new_a_day(self) -> float:
        return round(self.known.arrived / (self.known.span / _DAY), 1)


def outlook(session: Session, day: Day, now: datetime) -> Outlook | None:
    """None without a deadline, after it, and while too little has happened."""
    lasted = figures.first_and_last(session)
    if day.closes is None or day.closes <= now or lasted is None or now - lasted[0] < SHORTEST:
        return None
    since = max(lasted[0], now - _WEEK)
    came, ended = figures.arrived_lately(session, since), figures.ended_lately(session)
    if len(came) == figures.LATELY:  # so many that they tell the pace of a shorter time
        since = min(came)
    known = Known(
        approved=origins.kept(session).total(),
        waiting=figures.waiting(session, signatories.IN_QUEUE),
        ended=len(ended),
        ended_well=sum(status is RevisionStatus.APPROVED for status, _ in ended),
        span=now - since,
        arrived=len(came),
        decided=sum(at >= since for _, at in ended),
    )
    return foresee(known, day.closes - now)


def foresee(known: Known, left: timedelta) -> Outlook | None:
    """The arithmetic alone."""
    if known.ended < FEWEST_ENDED or known.span <= timedelta():
        return None
    times = left / known.span
    spread = _SPREAD * sqrt(known.arrived)
    few, many = max(0.0, known.arrived - spread) * times, (known.arrived + max(spread, 2)) * times
    worse, better = _share(known.ended_well, known.ended)
    at_this_pace = min(known.waiting + few, known.decided * times)
    return Outlook(
        int(known.approved + worse * at_this_pace), ceil(known.approved + better * (known.waiting + many)), known
    )


def _share(well: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies (Wilson's score interval)."""
    square = _SPREAD**2
    middle = (well + square / 2) / (of + square)
    width = _SPREAD / (of + square) * sqrt(well * (of - well) / of + square / 4)
    return middle - width, middle + width
