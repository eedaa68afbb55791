"""How tries to send ended, looked back upon: what the circuit breaker and giving up go by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from outreach.model import Attempt, OutboxMail
from outreach.words import MailKind, OutboxStatus

_S = OutboxStatus


class Result(NamedTuple):
    """How one try ended, and whose fault it was where it was not taken."""

    outcome: str
    fault: str | None


def last_results(
    session: Session, count: int, *, since: datetime, destination_hash: bytes | None = None, relay: str = ""
) -> Sequence[Result]:
    """How the last tries since a time ended (by one relay), without the relay's own trouble and greylisting."""
    query = select(Attempt.outcome, Attempt.fault).where(
        Attempt.at >= since,
        Attempt.outcome.in_(("accepted", "deferred", "failed")),
        or_(Attempt.fault.is_(None), Attempt.fault != "relay"),
    )
    if destination_hash is not None:
        query = query.join(OutboxMail, OutboxMail.id == Attempt.mail_id).where(
            OutboxMail.destination_hash == destination_hash
        )
    if relay:
        query = query.where(Attempt.relay == relay)
    return [Result(row.outcome, row.fault) for row in session.execute(query.order_by(Attempt.id.desc()).limit(count))]


def invitations(
    session: Session, since: datetime, *, by: str | None = None, but: Collection[str] = ()
) -> tuple[int, int]:
    """Of the invitations that left since a time (by one relay, or not by some): how many came back or failed, of all.

    Only those with an end are counted.
    """
    failed = (_S.BOUNCED, _S.FAILED)
    query = select(func.count(), func.count(case((OutboxMail.status.in_(failed), 1)))).where(
        OutboxMail.status.in_((_S.SENT, *failed)),
        OutboxMail.kind == MailKind.INVITATION,
        OutboxMail.sending_at >= since,
    )
    if by is not None:
        query = query.where(OutboxMail.relay == by)
    if but:
        query = query.where(or_(OutboxMail.relay.is_(None), OutboxMail.relay.not_in(but)))
    settled, bad = session.execute(query).one()
    return bad, settled


def invitations_unwanted(session: Session, since: datetime, relay: str) -> int:
    """How many invitations were refused since a time because they came by this relay (policy)."""
    query = select(func.count(Attempt.mail_id.distinct())).where(
        OutboxMail.id == Attempt.mail_id,
        OutboxMail.kind == MailKind.INVITATION,
        Attempt.at >= since,
        Attempt.relay == relay,
        Attempt.fault == "policy",
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
