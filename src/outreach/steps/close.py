"""A coordinator says that a mail which waited for a person has been dealt with. Writes the message and the log."""

from __future__ import annotations

from sqlalchemy.orm import Session

from outreach.model import InboundMessage
from outreach.ports import Clock
from outreach.store import inbound, log


def close(session: Session, reference: str, clock: Clock, *, actor: str) -> InboundMessage:
    """Raises Refused for an unknown mail, IllegalMove for one that waits for nobody."""
    message, now = inbound.entry(session, reference), clock()
    message.close(now)
    log.note(session, now, actor=actor, action="closed", about=message)
    return message
