"""The circuit breaker: stops when too many of the last mails were refused, or too many invitations came back.

Refusals halt for a while, longer every time. Invitations that come back show that the list is bad, and a person must
look at it: that halt ends with ``outreach outbox resume`` alone, and a new count begins with it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model import Halt, HaltCause, HaltScope
from outreach.ports import Fault, Pace
from outreach.retrytable import wait
from outreach.store import halts, log, results
from outreach.store.halts import Key

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
    relays = [relay.name for relay in desk.settings.relays]
    told = bounces(session, now, relays)
    keys = [Key(HaltScope.SEQUENCE)] + [Key(HaltScope.DESTINATION, key) for key in destinations]
    if len(relays) > 1:
        keys += [Key(HaltScope.SEQUENCE, relay=relay) for relay in relays]
    for key in keys:
        known = halts.of(session, *key)
        if known is not None and known.holds(now):
            continue
        failed, ends = _refusals(session, key, _since(known), several=len(relays) > 1)
        if ends < _LEAST or failed * 2 <= ends:
            continue
        span = desk.settings.day.soon(wait(Pace.POLICY, (known.strikes if known else 0) + 1), now)
        _halt(
            session, key, HaltCause.FAILURES, now + span * jitter.uniform(1, 1.2), now, destinations.get(key.key_hash)
        )
        by = f" by the relay {key.relay}" if key.relay else ""
        told.append(f"{failed} of the last {ends} mails{by} were refused. Look at: outreach outbox status")
    return told


def _refusals(session: Session, key: Key, since: datetime, *, several: bool) -> tuple[int, int]:
    """How many of the last tries were refused, and how many those were.

    Who does not want mail from us by one of several relays has that relay to blame, and it alone.
    """
    ends = results.last_results(session, _LAST, since=since, destination_hash=key.key_hash or None, relay=key.relay)
    if several and not key.key_hash:
        is_the_relays = [end.fault == Fault.POLICY for end in ends]
        if key.relay:
            return sum(is_the_relays), len(ends)
        ends = [end for end, is_it in zip(ends, is_the_relays, strict=True) if not is_it]
    return sum(end.outcome != "accepted" for end in ends), len(ends)


def bounces(session: Session, now: datetime, relays: Sequence[str]) -> list[str]:
    """Halt the sequence when a fifth of the invitations came back or were refused; what a person must be told.

    Where it is so by one relay and not by another, or most were not wanted from it (policy), that relay alone is
    halted: the list is not what is bad.
    """
    held = halts.of(session, HaltScope.SEQUENCE)
    if held is not None and held.waits_for_a_person:
        return []
    bad, good, waiting = dict[str, tuple[int, int]](), False, set[str]()
    for relay in relays if len(relays) > 1 else ():
        known = halts.of(session, HaltScope.SEQUENCE, relay=relay)
        if known is not None and known.waits_for_a_person:
            waiting.add(relay)
            continue
        failed, settled = results.invitations(session, _since(known), by=relay)
        if _is_bad(failed, settled):
            bad[relay] = failed, settled
            good = good or results.invitations_unwanted(session, _since(known), relay) * 2 > failed
        elif settled >= _LEAST_INVITATIONS:
            good = True
    if good:
        for relay in bad:
            _halt(session, Key(HaltScope.SEQUENCE, relay=relay), HaltCause.BOUNCES, None, now)
        waiting |= bad.keys()
        return [
            f"{failed} of {settled} invitations by the relay {relay} came back or were refused: may it send for us? "
            f"None leave by it until you type: outreach outbox resume --relay {relay}"
            for relay, (failed, settled) in bad.items()
        ]
    failed, settled = results.invitations(session, _since(held), but=waiting)
    if not _is_bad(failed, settled):
        return []
    _halt(session, Key(HaltScope.SEQUENCE), HaltCause.BOUNCES, None, now)
    told = f"{failed} of {settled} invitations came back or were refused: is the list good?"
    return [f"{told} Invitations and reminders are held up; when it is mended, type: outreach outbox resume"]


def _is_bad(failed: int, settled: int) -> bool:
    return settled >= _LEAST_INVITATIONS and failed * _ONE_IN >= settled


def _since(known: Halt | None) -> datetime:
    """A new count begins where the last halt ended."""
    return known.until if known is not None and known.until is not None else _EVER


def _halt(
    session: Session, key: Key, cause: HaltCause, until: datetime | None, now: datetime, name: str | None = None
) -> None:
    of_it: dict[str, Any] = {"key_hash": key.key_hash, "relay": key.relay, "name": name}
    halts.place(session, key.scope, cause, until=until, at=now, actor=log.MACHINE, **of_it)
    log.note(session, now, actor=log.MACHINE, action="halted", about="sending", reason=cause)
