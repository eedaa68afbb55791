"""Addresses that mail does not reach: the one that does not exist at once, the doubtful one by points.

A refusal at the relay's door and a report that comes back count alike. A point for every refusal for good, half a point
for a full mailbox, one count a day at most; a week without any, and it begins anew. Two points and the address is not
written to any more. What is our own fault never comes here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from outreach.model import BounceScore, InboundMessage, OutboxMail
from outreach.store import log, outbox, suppressions
from outreach.words import SuppressionReason, SuppressionScope

#: Points of one refusal: for good, or because the mailbox is full just now.
HARD: Final = 1.0
SOFT: Final = 0.5
_ENOUGH: Final = 2.0
_STALE: Final = timedelta(days=7)


def unreachable(session: Session, mail: OutboxMail, at: datetime, *, message: InboundMessage | None = None) -> None:
    """There is no such mailbox: nothing is sent there any more, and somebody must find another address.

    In a rehearsal the mail went to the team, whose addresses say nothing about anybody's.
    """
    lose(session, mail)
    if mail.in_rehearsal:
        return
    reason = SuppressionReason.BOUNCED
    if suppressions.suppress(
        session, mail.recipient_hash, SuppressionScope.EVERYTHING, reason, actor=log.MACHINE, at=at, message=message
    ):
        log.note(session, at, actor=log.MACHINE, action="suppressed", about=mail, reason=reason)


def doubtful(session: Session, mail: OutboxMail, points: float, at: datetime) -> None:
    """A mail did not arrive, for another reason than that there is no such mailbox."""
    if mail.in_rehearsal:
        return
    score = session.get(BounceScore, mail.recipient_hash)
    if score is None:
        score = BounceScore(address_hash=mail.recipient_hash, points=0.0, counted_at=at - _STALE - _STALE)
        session.add(score)
    if at - score.counted_at < timedelta(days=1):
        return
    score.points = points + (score.points if at - score.counted_at <= _STALE else 0.0)
    score.counted_at = at
    if score.points >= _ENOUGH:
        unreachable(session, mail, at)


def lose(session: Session, mail: OutboxMail) -> None:
    """What a mail invited to did not hear of it."""
    for prospect in outbox.prospects_of(session, mail.id):
        prospect.lose()
