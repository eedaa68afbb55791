"""What coordinators decide about the sending itself: hold it up, and let it go on."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import Halt
from outreach.model.throttle import HaltCause, HaltScope
from outreach.ports import Clock
from outreach.providers import destination_of
from outreach.store import halts, log
from outreach.store.database import Database

LONGEST_NOTE: Final = 200


def pause(
    db: Database,
    desk: Desk,
    clock: Clock,
    *,
    actor: str,
    scope: HaltScope = HaltScope.ALL,
    relay: str | None = None,
    domain: str | None = None,
    until: datetime | None = None,
    note: str | None = None,
) -> None:
    """Send nothing (of a scope, by a relay or to a domain) until a moment or until it is resumed. Raises Refused.

    ``note`` says why, for the other coordinators; it is kept sealed and does not enter the log.
    """
    now, why = clock(), " ".join((note or "").split())
    if len(why) > LONGEST_NOTE or not why.isprintable():
        raise Refused(f"A reason has at most {LONGEST_NOTE} printable characters.")
    if until is not None and until <= now:
        raise Refused("That moment has passed already.")
    if relay is not None and desk.settings.relay(relay) is None:
        raise Refused(f"There is no relay {relay} in the settings.")
    if relay is not None and scope is HaltScope.ALL:
        scope = HaltScope.RELAY
    name = destination_of(f"@{domain}") if domain else None
    with db.writing() as session:
        halts.place(
            session,
            HaltScope.DESTINATION if name else scope,
            HaltCause.COORDINATOR,
            until=until,
            at=now,
            actor=actor,
            key_hash=desk.keyring.destination_hash(name) if name else halts.NO_KEY,
            relay=relay or "",
            name=name,
            note=why or None,
        )
        log.note(session, now, actor=actor, action="halted", about="sending", reason=HaltCause.COORDINATOR)


def resume(db: Database, clock: Clock, *, actor: str, relay: str | None = None, domain: str | None = None) -> int:
    """Lift every halt, or those of a relay or a domain; how many there were. Raises Refused where there was none."""
    now = clock()
    with db.writing() as session:
        found = [halt for halt in halts.holding(session, now) if _is_meant(halt, relay, domain)]
        if not found:
            raise Refused("Nothing is held up.")
        for halt in found:
            halt.lift(now)
            log.note(session, now, actor=actor, action="resumed", about="sending", reason=halt.cause)
        return len(found)


def _is_meant(halt: Halt, relay: str | None, domain: str | None) -> bool:
    if relay is not None and halt.relay != relay:
        return False
    return domain is None or (halt.name is not None and halt.name == destination_of(f"@{domain}"))
