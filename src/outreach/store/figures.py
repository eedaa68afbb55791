"""The campaign in figures: how far everybody has come, since when, from where, and how long a decision takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from outreach.model import Prospect, Revision, Signatory
from outreach.store import log, waves
from outreach.words import RevisionStatus, Seen


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
    alone = Signatory.merged_into_id.is_(None)
    yes = Revision.seen.in_((Seen.CONFIRMED, Seen.ATTESTED))
    return Funnel(
        invited=_count(session, Prospect.id, Prospect.invited_at.is_not(None)),
        answered=_count(session, Prospect.id, Prospect.answered_at.is_not(None)),
        signed=_count(session, Signatory.id, alone),
        confirmed=_count(session, Signatory.id, alone, Signatory.revisions.any(yes)),
        approved=_count(session, Revision.id, Revision.status == RevisionStatus.APPROVED),
        printed=len(waves.printed(session)),
    )


def arrivals(session: Session) -> Sequence[datetime]:
    """When each entry came that stands alone."""
    return session.scalars(select(Signatory.created_at).where(Signatory.merged_into_id.is_(None))).all()


def origins(session: Session) -> Iterator[tuple[str | None, str]]:
    """Country (ISO 3166-1) and language of every approved entry: each is opened, for countries are kept sealed."""
    query = select(Revision).where(Revision.status == RevisionStatus.APPROVED)
    for revision in session.scalars(query.options(joinedload(Revision.signatory))):
        yield revision.details.get("country_code"), revision.signatory.language


def decision_times(session: Session) -> list[timedelta]:
    """How long each line had waited when a coordinator decided about it."""
    query = select(Revision.created_at, Revision.decided_at).where(
        Revision.decided_at.is_not(None), Revision.decided_by.is_not(None), Revision.decided_by != log.MACHINE
    )
    return [decided - created for created, decided in session.execute(query) if decided is not None]


def _count(session: Session, key: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(key)).where(*conditions)) or 0
