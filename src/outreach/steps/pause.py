"""What coordinators decide about an organisation that is to be invited: pause, resume or release it, note something."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import Prospect
from outreach.ports import Clock
from outreach.store import log, pauses, prospects, sending
from outreach.store.database import Database
from outreach.words import PauseReason


def pause(
    db: Database, desk: Desk, reference: str, until: datetime | None, clock: Clock, *, actor: str
) -> datetime | None:
    """Send nothing of the sequence and no reminder to its address, until a moment or until it is resumed.

    Never longer than to the deadline; returns what was set. Raises Refused.
    """
    now = clock()
    if until is not None and until <= now:
        raise Refused("That day has passed already.")
    if until is not None:
        until = desk.settings.day.bounded(until)
    with db.writing() as session:
        prospect = prospect_with(session, reference)
        address_hash = _address_hash(prospect)
        pauses.pause(session, address_hash, PauseReason.COORDINATOR, until=until, actor=actor, at=now)
        log.note(session, now, actor=actor, action="paused", about=prospect, reason=PauseReason.COORDINATOR)
    return until


def resume(db: Database, reference: str, clock: Clock, *, actor: str) -> None:
    """Lift every pause of its address, whatever it came from. Raises Refused."""
    now = clock()
    with db.writing() as session:
        prospect = prospect_with(session, reference)
        address_hash = _address_hash(prospect)
        if not pauses.resume(session, address_hash):
            raise Refused("It is not paused.")
        sending.wake(session, address_hash, now)
        log.note(session, now, actor=actor, action="resumed", about=prospect)


def release(db: Database, reference: str, clock: Clock, *, actor: str) -> None:
    """Let an organisation be invited, and reminded, though the settings call its place unsafe. Raises Refused."""
    now = clock()
    with db.writing() as session:
        prospect = prospect_with(session, reference)
        if prospect.released_at is not None:
            raise Refused("It is released already.")
        prospect.release(now)
        log.note(session, now, actor=actor, action="released", about=prospect)


def note(db: Database, reference: str, text: str, clock: Clock, *, actor: str) -> None:
    """Write a line down that every coordinator sees beside the organisation. Raises Refused."""
    now = clock()
    with db.writing() as session:
        prospect = prospect_with(session, reference)
        prospects.note(prospect, text, now, actor=actor)
        log.note(session, now, actor=actor, action="noted", about=prospect)


def prospect_with(session: Session, reference: str) -> Prospect:
    """The organisation with this reference. Raises Refused."""
    prospect = prospects.with_reference(session, reference)
    if prospect is None:
        raise Refused(f"There is no prospect {reference[:20]}.")
    return prospect


def _address_hash(prospect: Prospect) -> bytes:
    if prospect.email_hash is None:
        raise Refused(f"{prospect.reference} has no address: nothing is sent to it anyway.")
    return prospect.email_hash
