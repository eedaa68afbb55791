"""How much a machine may write by itself to one address: the one limit for askings, receipts and all other answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.store import inbound, outbox


def is_left(session: Session, desk: Desk, address: str, now: datetime) -> bool:
    """Whether one more mail may go there today. Fewer to whom we never met: somebody else may sign in their name."""
    sending, hash_ = desk.settings.sending, desk.keyring.address_hash(address)
    sent = outbox.machine_mails_since(session, hash_, now - timedelta(days=1))
    if sent >= sending.per_address_and_day:
        return False
    return sent < sending.per_stranger_and_day or inbound.has_written(session, hash_)
