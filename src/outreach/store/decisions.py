"""Decisions about entries, the mails that tell of them, and whether they have been printed since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.model import Decision, OutboxMail, Revision, Signatory, Wave, WaveLine
from outreach.model.decision import state_of


@contextmanager
def deciding(session: Session, signatory: Signatory, action: str, at: datetime, *, actor: str) -> Iterator[Decision]:
    """Remember a decision with the states around it. A mail that tells of it is queued inside: ``decision.tell``."""
    session.flush()
    state = state_of(signatory)
    decision = Decision(signatory=signatory, action=action, actor=actor, at=at, before=state, after=state)
    session.add(decision)
    session.flush()
    yield decision
    session.flush()
    decision.after = state_of(signatory)


def last(session: Session, signatory: Signatory) -> Decision | None:
    """The newest decision about an entry that was not taken back."""
    query = select(Decision).where(Decision.signatory_id == signatory.id, Decision.undone_at.is_(None))
    return session.scalar(query.order_by(Decision.id.desc()).limit(1))


def mail_of(session: Session, decision: Decision) -> OutboxMail | None:
    """The mail that tells of a decision, locked: a worker that is at it has to finish first."""
    return session.scalar(select(OutboxMail).where(OutboxMail.id == decision.mail_id).with_for_update())


def printed_since(session: Session, decision: Decision) -> bool:
    """Whether a wave with a line of this entry was published after the decision; for a merger any wave counts."""
    if decision.is_merger:
        return session.scalar(select(Wave.number).where(Wave.published_at >= decision.at).limit(1)) is not None
    query = (
        select(WaveLine.wave_number)
        .join(Wave, Wave.number == WaveLine.wave_number)
        .join(Revision, Revision.id == WaveLine.revision_id)
        .where(Revision.signatory_id == decision.signatory_id, Wave.published_at >= decision.at)
    )
    return session.scalar(query.limit(1)) is not None
