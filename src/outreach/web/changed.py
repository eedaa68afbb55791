"""The page that a slower coordinator sees: nothing was decided, and this is what happened meanwhile."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from outreach.model import InboundMessage, Signatory
from outreach.store import log
from outreach.web.answers import Shown

_EVENTS_SHOWN: Final = 3


def changed(session: Session, about: Signatory | InboundMessage, to: str) -> Shown:
    """``to`` is the page that shows it as it is now."""
    happened = log.events(session, about=[log.subject_of(about)], limit=10_000).rows[-_EVENTS_SHOWN:]
    events = [{"at": one.at, "actor": one.actor, "action": one.action, "reason": one.reason} for one in happened]
    return Shown("changed.html", {"to": to, "events": events}, 409)
