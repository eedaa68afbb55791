"""How tries to send ended, looked back upon: what the circuit breaker and giving up go by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from outreach.model import Attempt, OutboxMail
from outreach.words import MailKind, OutboxStatus

_S = OutboxStatus


def last_results(
    session: Session, count: int, *, since: datetime, destination_hash: bytes | None = None
) -> Sequence[str]:
    """How the last tries since a time ended, without the relay's own trouble and greylisting."""
    query = select(Attempt.outcome).where(
        Attempt.at >= since,
        Attempt.outcome.in_(("accepted", "deferred", "failed")),
        or_(Attempt.fault.is_(None), Attempt.fault != "relay"),
    )
    if destination_hash is not None:
        query = query.join(OutboxMail, OutboxMail.id == Attempt.mail_id).where(
            OutboxMail.destination_hash == destination_hash
        )
    return session.scalars(query.order_by(Attempt.id.desc()).limit(count)).all()


def invitations_that_failed(session: Session, since: datetime) -> int:
    """How many invitations that left since a time came back or were refused."""
    return _invitations(session, (_S.BOUNCED, _S.FAILED), since)


def invitations_settled(session: Session, since: datetime) -> int:
    """How many invitations that left since a time have an end."""
    return _invitations(session, (_S.SENT, _S.BOUNCED, _S.FAILED), since)


def _invitations(session: Session, statuses: Collection[OutboxStatus], since: datetime) -> int:
    query = select(func.count()).where(
        OutboxMail.status.in_(statuses), OutboxMail.kind == MailKind.INVITATION, OutboxMail.sending_at >= since
    )
    return session.scalar(query) or 0


def first_try(session: Session, mail_id: int) -> datetime | None:
    """When a mail was first tried in earnest, since it was last queued: the relay's own trouble does not count."""
    query = (
        select(func.min(Attempt.at))
        .join(OutboxMail, OutboxMail.id == Attempt.mail_id)
        .where(
            Attempt.mail_id == mail_id,
            or_(Attempt.fault.is_(None), Attempt.fault != "relay"),
            or_(OutboxMail.requeued_at.is_(None), Attempt.at >= OutboxMail.requeued_at),
        )
    )
    return session.scalar(query)
