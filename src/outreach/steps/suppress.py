"""What coordinators decide about an address: that it is not written to any more."""

from __future__ import annotations

from sqlalchemy.orm import Session

from outreach.ports import Clock
from outreach.store import log, suppressions
from outreach.words import SuppressionReason, SuppressionScope


def suppress(
    session: Session,
    address_hash: bytes,
    scope: SuppressionScope,
    clock: Clock,
    *,
    actor: str,
    reason: SuppressionReason = SuppressionReason.COORDINATOR,
) -> bool:
    """Never write to an address again, as far as the scope goes; False when that is decided already."""
    now = clock()
    added = suppressions.suppress(session, address_hash, scope, reason, actor=actor, at=now)
    if added:
        about = named(address_hash)
        log.note(session, now, actor=actor, action="suppressed", about=about, reason=f"{scope}: {reason}")
    return added


def named(address_hash: bytes) -> str:
    """How the log and the list name an address that nobody can read from it."""
    return f"address {address_hash.hex()[:12]}"
