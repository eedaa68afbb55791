"""Addresses not to be written. Known by keyed hash only; nothing but a person takes one back.

Each remembers the message that it rests on, as long as nothing else asks for the same.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from outreach.model import InboundMessage, Suppression
from outreach.store.paging import Page, page
from outreach.words import SuppressionReason, SuppressionScope


def suppress(
    session: Session,
    address_hash: bytes,
    scope: SuppressionScope,
    reason: SuppressionReason,
    *,
    actor: str,
    at: datetime,
    message: InboundMessage | None = None,
) -> bool:
    """Suppress an address; False when it is already, in this scope. ``message``: what asks for it."""
    query = select(Suppression).where(Suppression.address_hash == address_hash, Suppression.scope == scope)
    message_id = message.id if message is not None else None
    if (known := session.scalar(query)) is not None:
        if known.message_id != message_id:
            known.message_id = None
        return False
    row = Suppression(address_hash=address_hash, scope=scope, reason=reason, actor=actor, placed_at=at)
    row.message_id = message_id
    session.add(row)
    return True


def release_caused_by(session: Session, message: InboundMessage) -> list[SuppressionScope]:
    """Take back what rests on this message alone; in which scopes. Nobody else's is touched."""
    query = delete(Suppression).where(Suppression.message_id == message.id).returning(Suppression.scope)
    return list(session.scalars(query))


def release(session: Session, address_hash: bytes) -> int:
    """Take every suppression of an address back; how many there were."""
    gone = session.scalars(
        delete(Suppression).where(Suppression.address_hash == address_hash).returning(Suppression.id)
    ).all()
    return len(gone)


def scopes(session: Session, address_hash: bytes) -> frozenset[SuppressionScope]:
    """In which scopes an address is suppressed."""
    return frozenset(session.scalars(select(Suppression.scope).where(Suppression.address_hash == address_hash)))


def scopes_by_address(session: Session, address_hashes: Collection[bytes]) -> dict[bytes, frozenset[SuppressionScope]]:
    """In which scopes addresses are suppressed, of those that are."""
    found: dict[bytes, frozenset[SuppressionScope]] = {}
    for address_hash, scope in session.connection().execute(_SCOPES, {"hashes": list(address_hashes)}):
        found[address_hash] = found.get(address_hash, frozenset()) | {scope}
    return found


_SCOPES: Final = select(Suppression.address_hash, Suppression.scope).where(
    Suppression.address_hash.in_(bindparam("hashes", expanding=True))
)


def listed(session: Session, *, after: int = 0, limit: int = 100) -> Page[Suppression]:
    """Suppressions by rising id."""
    return page(session, select(Suppression), Suppression.id, after=after, limit=limit)
