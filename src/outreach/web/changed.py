"""Acts on what a page had shown, unless somebody was quicker: then nothing is decided, and what happened is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from outreach.model import InboundMessage, Signatory
from outreach.store import log
from outreach.web.answers import Answer, Moved, Shown, Visit

_EVENTS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Lane:
    """Where mails of one sort are shown, each on a page of its own, and what its forms know it by."""

    path: str
    find: Callable[[Session, str], InboundMessage]  #: raises Refused
    version: Callable[[InboundMessage], str]  #: changes with everything that is decided about it

    def decide(self, visit: Visit, done: str, act: Callable[[Session, str], object]) -> Answer:
        """Do it in one transaction to the mail as the page had shown it; then back to its page."""
        with visit.program.db.writing() as session:
            message = self.find(session, visit.path["reference"])
            to = f"{self.path}/{message.reference}"
            if self.version(message) != visit.form.get("version"):
                return changed(session, message, to)
            act(session, message.reference)
        return Moved(f"{to}?said={done}")


def changed(session: Session, about: Signatory | InboundMessage, to: str) -> Shown:
    """``to`` is the page that shows it as it is now."""
    happened = log.events(session, about=[log.subject_of(about)], limit=10_000).rows[-_EVENTS_SHOWN:]
    events = [{"at": one.at, "actor": one.actor, "action": one.action, "reason": one.reason} for one in happened]
    return Shown("changed.html", {"to": to, "events": events}, 409)
