"""The log: every act on a record, with its actor. Written in the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.model import Coordinator, Event, InboundMessage, OutboxMail, Prospect, Signatory
from outreach.store.database import VIA
from outreach.store.paging import Page, page

MACHINE: Final = "machine"


def note(session: Session, at: datetime, *, actor: str, action: str, about: object, reason: str | None = None) -> None:
    """Add one event. ``about`` is a record of ours, or a word for what has no reference."""
    via = session.info.get(VIA) if actor != MACHINE else None
    session.add(Event(at=at, actor=actor, via=via, action=action, subject=subject_of(about), reason=reason))


def subject_of(about: object) -> str:
    """How the log names a record: its kind and reference."""
    match about:
        case Signatory(reference=reference):
            return f"signatory {reference}"
        case Prospect(reference=reference):
            return f"prospect {reference}"
        case Coordinator(name=name):
            return f"coordinator {name}"
        case InboundMessage(reference=reference):
            return f"message {reference}"
        case OutboxMail(reference=reference):
            return f"mail {reference}"
        case str():
            return about
        case _:
            raise TypeError(f"the log has no word for {type(about).__name__}")


def subjects_of(reference: str) -> list[str]:
    """Every way in which the log may name the record with this reference."""
    return [f"{word} {reference}" for word in ("signatory", "prospect", "message", "mail")]


def events(session: Session, *, about: Collection[str] = (), after: int = 0, limit: int = 100) -> Page[Event]:
    """Events by rising id, about these subjects (none: about all)."""
    query = select(Event)
    if about:
        query = query.where(Event.subject.in_(about))
    return page(session, query, Event.id, after=after, limit=limit)
