"""The log: every act on a record, with its actor. Written in the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from outreach.model import Coordinator, Event, EventPayload, InboundMessage, OutboxMail, Prospect, Signatory, Wave
from outreach.store import chain
from outreach.store.database import VIA
from outreach.store.paging import Page, page
from outreach.store.prepared import Prepared

MACHINE: Final = "machine"


def note(session: Session, at: datetime, *, actor: str, action: str, about: object, reason: str | None = None) -> None:
    """Add one event. ``about`` is a record of ours, or a word for what has no reference."""
    via = session.info.get(VIA) if actor != MACHINE else None
    event = Event(at=at, actor=actor, via=via, action=action, subject=subject_of(about), reason=reason)
    if (said := _said_of(session, about)) is not None:
        salt = chain.new_salt()
        event.commitment = chain.commitment(salt, said)
        event.payload = EventPayload()
        event.payload.content = {"salt": salt, "said": said}
    session.add(event)


def note_all(session: Session, at: datetime, *, actor: str, action: str, about: Sequence[Prospect]) -> None:
    """Add an event for each of these organisations, by one statement."""
    via = session.info.get(VIA) if actor != MACHINE else None
    rows = [{"subject": subject_of(one)} for one in about]
    _NOTE.run(session.connection(), rows, at=at, actor=actor, via=via, action=action)


_NOTE: Final = Prepared(insert(Event).inline(), ("at", "actor", "via", "action", "subject"))


def forget(session: Session, about: object) -> None:
    """Erase what the events about a record said in its own words; that they happened stays, and the chain holds."""
    events_about = select(Event.id).where(Event.subject == subject_of(about))
    session.execute(delete(EventPayload).where(EventPayload.event_id.in_(events_about)))


def remembered(session: Session) -> set[str]:
    """The subjects of events whose own words are still kept."""
    return set(session.scalars(select(Event.subject).join(EventPayload).distinct()))


def _said_of(session: Session, about: object) -> dict[str, Any] | None:
    """What an act on this record binds itself to: the line as it stood then, the manifest as it was published."""
    match about:
        case Signatory():
            with session.no_autoflush:
                if not about.revisions:
                    return None
                lines = {language: str(line) for language, line in about.newest.printed_lines.items()}
                return {"revision": about.newest.number, "lines": lines}
        case Wave(manifest_sha256=digest):
            return {"manifest_sha256": digest}
        case _:
            return None


def subject_of(about: object) -> str:
    """How the log names a record: its kind and reference."""
    match about:
        case Signatory(reference=reference):
            return f"signatory {reference}"
        case Prospect(reference=reference):
            return f"prospect {reference}"
        case Wave(number=number):
            return f"wave {number}"
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


def newest(session: Session, *, about: Collection[str] = (), before: int | None, limit: int) -> Sequence[Event]:
    """Events by falling id, below one that was seen, about these subjects (none: about all)."""
    query = select(Event).order_by(Event.id.desc()).limit(limit)
    if about:
        query = query.where(Event.subject.in_(about))
    if before is not None:
        query = query.where(Event.id < before)
    return session.scalars(query).all()


def was_touched_by_a_person(session: Session, abouts: Collection[object]) -> bool:
    """Whether any event about these records has a person as its actor."""
    subjects = [subject_of(about) for about in abouts]
    query = select(Event.id).where(Event.subject.in_(subjects), Event.actor != MACHINE).limit(1)
    return session.scalar(query) is not None
