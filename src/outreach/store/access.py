"""Who is let into the pages: ways in by name and link, open sessions, and the brakes on guessing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.model import Access, Coordinator, LoginBrake, WebSession
from outreach.model.access import SESSION_LASTS
from outreach.store import coordinators


def of(session: Session, coordinator: Coordinator) -> Access:
    """Their way in; there is one from the first link on."""
    found = session.scalar(select(Access).where(Access.coordinator_id == coordinator.id))
    if found is None:
        found = Access(coordinator=coordinator)
        session.add(found)
    return found


def with_name(session: Session, name: str) -> Access | None:
    """The way in of an active coordinator who has a password."""
    found = coordinators.with_name(session, name)
    if found is None or not found.is_active:
        return None
    return session.scalar(select(Access).where(Access.coordinator_id == found.id, Access.password_sealed.is_not(None)))


def with_link(session: Session, link_hash: bytes, now: datetime) -> Access | None:
    """Whom a one-time link lets in, as long as it is good."""
    query = (
        select(Access)
        .join(Coordinator, Coordinator.id == Access.coordinator_id)
        .where(Access.link_hash == link_hash, Access.link_until > now, Coordinator.revoked_at.is_(None))
    )
    return session.scalar(query)


def web_session(session: Session, token_hash: bytes) -> WebSession | None:
    """The open session of an active coordinator; whether it is over is for the caller to ask."""
    query = (
        select(WebSession)
        .join(Coordinator, Coordinator.id == WebSession.coordinator_id)
        .where(WebSession.token_hash == token_hash, Coordinator.revoked_at.is_(None))
    )
    return session.scalar(query)


def brake(session: Session, key_hash: bytes, now: datetime) -> LoginBrake:
    """The brake on one name or place; a new one is off."""
    found = session.get(LoginBrake, key_hash)
    if found is None:
        found = LoginBrake(key_hash=key_hash, tries=0, tried_at=now, waits_until=now)
        session.add(found)
    return found


def end_all(session: Session, coordinator: Coordinator) -> None:
    """Whoever is signed in as them is so no more."""
    session.execute(delete(WebSession).where(WebSession.coordinator_id == coordinator.id))


def shut(session: Session, coordinator: Coordinator) -> None:
    """Nothing opens the pages any more for somebody who leaves the team."""
    of(session, coordinator).close()
    end_all(session, coordinator)


def sweep(session: Session, now: datetime) -> None:
    """Drop sessions that are over; a sign-in does it in passing."""
    session.execute(delete(WebSession).where(WebSession.began_at <= now - SESSION_LASTS))
