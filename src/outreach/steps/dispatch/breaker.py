"""The circuit breaker: stops when too many of the last mails were refused, or too many invitations came back.

Refusals halt for a while, longer every time. Invitations that come back show that the list is bad, and a person must
look at it: that halt ends with ``outreach outbox resume`` alone, and a new count begins with it.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model import HaltCause, HaltScope
from outreach.ports import Pace
from outreach.retrytable import wait
from outreach.store import halts, log, results

#: So many results are looked at; of fewer than the second number nothing is concluded.
_LAST: Final = 100
_LEAST: Final = 20
#: Of invitations that were settled, so many at least, and one in five of them came back.
_LEAST_INVITATIONS: Final = 10
_ONE_IN: Final = 5
_EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


def look(
    session: Session, desk: Desk, now: datetime, jitter: random.Random, destinations: dict[bytes, str]
) -> list[str]:
    """Halt what fails too often; what a person must be told. ``destinations`` are those that refused something now."""
    told = bounces(session, now)
    scopes: list[tuple[HaltScope, bytes, str | None]] = [(HaltScope.SEQUENCE, halts.NO_KEY, None)]
    scopes += [(HaltScope.DESTINATION, key, name) for key, name in destinations.items()]
    for scope, key, name in scopes:
        known = halts.of(session, scope, key)
        if known is not None and known.holds(now):
            continue
        since = known.until if known is not None and known.until is not None else _EVER
        ends = results.last_results(session, _LAST, since=since, destination_hash=key or None)
        failed = sum(result != "accepted" for result in ends)
        if len(ends) < _LEAST or failed * 2 <= len(ends):
            continue
        span = desk.settings.day.soon(wait(Pace.POLICY, (known.strikes if known else 0) + 1), now)
        until = now + span * jitter.uniform(1, 1.2)
        halts.place(session, scope, HaltCause.FAILURES, until=until, at=now, actor=log.MACHINE, key_hash=key, name=name)
        log.note(session, now, actor=log.MACHINE, action="halted", about="sending", reason=HaltCause.FAILURES)
        told.append(f"{failed} of the last {len(ends)} mails were refused. Look at: outreach outbox status")
    return told


def bounces(session: Session, now: datetime) -> list[str]:
    """Halt the sequence when a fifth of the invitations came back or were refused; what a person must be told."""
    known = halts.of(session, HaltScope.SEQUENCE)
    if known is not None and known.waits_for_a_person:
        return []
    since = known.until if known is not None and known.until is not None else _EVER
    bad = results.invitations_that_failed(session, since)
    if bad * _ONE_IN < _LEAST_INVITATIONS:
        return []
    settled = results.invitations_settled(session, since)
    if settled < _LEAST_INVITATIONS or bad * _ONE_IN < settled:
        return []
    halts.place(session, HaltScope.SEQUENCE, HaltCause.BOUNCES, until=None, at=now, actor=log.MACHINE)
    log.note(session, now, actor=log.MACHINE, action="halted", about="sending", reason=HaltCause.BOUNCES)
    told = f"{bad} of {settled} invitations came back or were refused: is the list good?"
    return [f"{told} Invitations and reminders are held up; when it is mended, type: outreach outbox resume"]
