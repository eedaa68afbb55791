"""Acts on what a page had shown, unless somebody was quicker: then nothing is decided, and what happened is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sqlalchemy.orm import Session

from outreach.model import InboundMessage, Signatory
from outreach.store import log
from outreach.web.answers import Answer, Moved, Shown, Visit

_EVENTS_SHOWN: Final = 3

_Record = TypeVar("_Record", Signatory, InboundMessage)


@dataclass(frozen=True, slots=True)
class Lane(Generic[_Record]):
    """Where records of one sort are shown, each on a page of its own, and what its forms know it by."""

    path: str
    find: Callable[[Session, str], _Record]  #: raises Refused
    version: Callable[[_Record], str]  #: changes with everything that is decided about it

    def decide(self, visit: Visit, done: str, act: Callable[[Session, str], object]) -> Answer:
        """Do it in one transaction to the record as the page had shown it; then back to its page."""
        with visit.program.db.writing() as session:
            record = self.find(session, visit.path["reference"])
            to = f"{self.path}/{record.reference}"
            if self.version(record) != visit.form.get("version"):
                return changed(session, record, to)
            act(session, record.reference)
        return Moved(f"{to}?said={done}")


def changed(session: Session, about: Signatory | InboundMessage, to: str) -> Shown:
    """``to`` is the page that shows it as it is now."""
    happened = log.events(session, about=[log.subject_of(about)], limit=10_000).rows[-_EVENTS_SHOWN:]
    events = [{"at": one.at, "actor": one.actor, "action": one.action, "reason": one.reason} for one in happened]
    return Shown("changed.html", {"to": to, "events": events}, 409)
