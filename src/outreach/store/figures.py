"""The campaign in figures: how far everybody has come, since when, from where, and how long a decision takes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from outreach.model import Revision, Signatory
from outreach.model.revision import ENDED_STATUSES
from outreach.model.tally import Counted
from outreach.store import log, origins, tallies, waves
from outreach.words import RevisionStatus

#: From so many of the last ones a pace is read, and a median: a page costs the same however long the campaign lasts.
LATELY: Final = 1000


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many have come how far. Entries that were merged into another one are not counted twice."""

    invited: int
    answered: int  #: of those invited or listed: somebody has written
    signed: int  #: entries, whoever invited them
    confirmed: int  #: of these: they said yes to the very line, by mail or to a coordinator
    approved: int
    printed: int  #: lines of the newest wave


def funnel(session: Session) -> Funnel:
    return Funnel(
        invited=tallies.total(session, Counted.INVITED),
        answered=tallies.total(session, Counted.ANSWERED),
        signed=tallies.total(session, Counted.SIGNED),
        confirmed=tallies.total(session, Counted.CONFIRMED),
        approved=origins.kept(session).total(),
        printed=waves.count_printed(session),
    )


def first_and_last(session: Session) -> tuple[datetime, datetime] | None:
    """When the first entry came, and the newest; None while there is none."""
    # Each alone is found at an end of the index; together they would be looked for in all of it.
    first = session.scalar(select(func.min(Signatory.created_at)))
    last = session.scalar(select(func.max(Signatory.created_at)))
    return (first, last) if first is not None and last is not None else None


def arrived_lately(session: Session, since: datetime) -> Sequence[datetime]:
    """When the newest entries came, the newest first: so many at most as are needed to know the pace."""
    query = select(Signatory.created_at).where(Signatory.created_at >= since)
    return session.scalars(query.order_by(Signatory.created_at.desc()).limit(LATELY)).all()


def waiting(session: Session, statuses: Collection[RevisionStatus]) -> int:
    """How many lines have one of these statuses."""
    return _count(session, Revision.id, Revision.status.in_(statuses))


def decision_times(session: Session) -> list[timedelta]:
    """How long each line had waited when a coordinator decided about it: of the last decisions."""
    query = select(Revision.created_at, Revision.decided_at).where(
        Revision.decided_at.is_not(None), Revision.decided_by.is_not(None), Revision.decided_by != log.MACHINE
    )
    rows = session.execute(query.order_by(Revision.decided_at.desc()).limit(LATELY))
    return [decided - created for created, decided in rows if decided is not None]


def ended_lately(session: Session) -> list[tuple[RevisionStatus, datetime]]:
    """How the lines that ended last have ended, and when: approved, or not to be printed."""
    query = select(Revision.status, Revision.decided_at).where(Revision.decided_at.is_not(None))
    rows = session.execute(query.order_by(Revision.decided_at.desc()).limit(LATELY))
    ended = (RevisionStatus.APPROVED, *ENDED_STATUSES)
    return [(status, at) for status, at in rows if at is not None and status in ended]


def _count(session: Session, key: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(key)).where(*conditions)) or 0
