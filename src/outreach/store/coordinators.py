"""The coordinators: who may decide now, and who once could."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.model import Coordinator


def everybody(session: Session) -> Sequence[Coordinator]:
    """All that ever were, the first one first."""
    return session.scalars(select(Coordinator).order_by(Coordinator.id)).all()


def active(session: Session, *, lock: bool = False) -> Sequence[Coordinator]:
    """Those who may decide; with ``lock`` nobody else changes them until this transaction ends."""
    query = select(Coordinator).where(Coordinator.revoked_at.is_(None)).order_by(Coordinator.id)
    return session.scalars(query.with_for_update() if lock else query).all()


def with_name(session: Session, name: str) -> Coordinator | None:
    """Whose name this is, however it is capitalised and spaced."""
    wanted = _alike(name)
    return next((found for found in everybody(session) if _alike(found.name) == wanted), None)


def with_address(session: Session, address: str) -> Coordinator | None:
    """The active coordinator who writes from this address. A team is small: each one's address is opened."""
    wanted = address.lower()
    return next((found for found in active(session) if (found.email or "").lower() == wanted), None)


def _alike(name: str) -> str:
    return " ".join(name.split()).casefold()
