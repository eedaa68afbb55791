"""How much waits, and since when: bounded counts, so that a page costs the same however much there is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from outreach.model import InboundMessage, OutboxMail, Prospect, Revision
from outreach.words import InboundStatus, OutboxStatus, ProspectStatus, RevisionStatus

#: Beyond this many a count reads "1,000+": nobody decides anything by the difference.
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many there are, at most one more than ``MOST``, and when the oldest came."""

    number: int
    oldest: datetime | None

    @property
    def count(self) -> str:
        return f"{MOST:,}+" if self.number > MOST else str(self.number)


def revisions(session: Session, statuses: Collection[RevisionStatus]) -> Waiting:
    return _waiting(session, Revision.status.in_(statuses), Revision.id, Revision.created_at)


def messages(session: Session, statuses: Collection[InboundStatus]) -> Waiting:
    return _waiting(session, InboundMessage.status.in_(statuses), InboundMessage.id, InboundMessage.arrived_at)


def messages_for_a_person(session: Session) -> Waiting:
    return messages(session, (InboundStatus.OPEN, InboundStatus.SET_ASIDE))


def open_questions(session: Session) -> Waiting:
    waits = InboundMessage.is_question & (InboundMessage.status == InboundStatus.OPEN)
    return _waiting(session, waits, InboundMessage.id, InboundMessage.arrived_at)


def prospects(session: Session, statuses: Collection[ProspectStatus]) -> Waiting:
    return _waiting(session, Prospect.status.in_(statuses), Prospect.id, Prospect.created_at)


def mails(session: Session, statuses: Collection[OutboxStatus]) -> Waiting:
    return _waiting(session, OutboxMail.status.in_(statuses), OutboxMail.id, OutboxMail.created_at)


def _waiting(
    session: Session,
    waits: ColumnElement[bool],
    key: InstrumentedAttribute[int],
    came: InstrumentedAttribute[Any],
) -> Waiting:
    some = select(key).where(waits).limit(MOST + 1).subquery()
    oldest = session.scalar(select(came).where(waits).order_by(came).limit(1))
    return Waiting(session.scalar(select(func.count()).select_from(some)) or 0, oldest)
