"""The log: every act on a record, with its actor. Written in the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.model import Event, InboundMessage, OutboxMail, Prospect, Signatory

MACHINE: Final = "machine"


def note(session: Session, at: datetime, *, actor: str, action: str, about: object, reason: str | None = None) -> None:
    """Add one event. ``about`` is a record of ours, or a word for what has no reference."""
    session.add(Event(at=at, actor=actor, action=action, subject=subject_of(about), reason=reason))


def subject_of(about: object) -> str:
    """How the log names a record: its kind and reference."""
    match about:
        case Signatory(reference=reference):
            return f"signatory {reference}"
        case Prospect(reference=reference):
            return f"prospect {reference}"
        case InboundMessage(reference=reference):
            return f"message {reference}"
        case OutboxMail(reference=reference):
            return f"mail {reference}"
        case str():
            return about
        case _:
            raise TypeError(f"the log has no word for {type(about).__name__}")


def events(session: Session, *, about: str | None = None, after: int = 0, limit: int = 100) -> Sequence[Event]:
    """Events by rising id, of one record or of all."""
    query = select(Event).where(Event.id > after).order_by(Event.id).limit(limit)
    if about is not None:
        query = query.where(Event.subject == about)
    return session.scalars(query).all()
