"""Halts of the sending itself: placed by trouble or by a coordinator, respected by every claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple, assert_never

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from outreach.model import Halt, OutboxMail
from outreach.model.throttle import HaltCause, HaltScope
from outreach.words import SEQUENCE, MailKind

#: The key of a scope of which there is one only.
NO_KEY: Final = b""
_TROUBLED: Final = select(Halt.scope, Halt.key_hash, Halt.relay).where(Halt.strikes > 0)


class Key(NamedTuple):
    """What a halt is of: a scope, with a destination's key where it is one's, and a relay where it is by one alone."""

    scope: HaltScope
    key_hash: bytes = NO_KEY
    relay: str = ""


def of(session: Session, scope: HaltScope, key_hash: bytes = NO_KEY, relay: str = "") -> Halt | None:
    """The halt of a scope, over or not."""
    return session.scalar(select(Halt).where(Halt.scope == scope, Halt.key_hash == key_hash, Halt.relay == relay))


def place(
    session: Session,
    scope: HaltScope,
    cause: HaltCause,
    *,
    until: datetime | None,
    at: datetime,
    actor: str,
    key_hash: bytes = NO_KEY,
    relay: str = "",
    name: str | None = None,
    note: str | None = None,
) -> Halt:
    """Hold up the sending, until a moment or (None) until a coordinator resumes it."""
    row = of(session, scope, key_hash, relay)
    if row is None:
        row = Halt(scope=scope, key_hash=key_hash, relay=relay, cause=cause, until=at, placed_at=at, actor=actor)
        row.name = name
        session.add(row)
    row.place(cause, until=until, at=at, actor=actor, note=note)
    session.flush()
    return row


def holding(session: Session, now: datetime) -> Sequence[Halt]:
    """The halts that hold now, the one that was placed first before the others."""
    return session.scalars(select(Halt).where(_holds(now)).order_by(Halt.placed_at, Halt.id)).all()


def relays_held(session: Session, now: datetime) -> dict[HaltScope, frozenset[str]]:
    """By which relays nothing leaves now (RELAY), and by which no invitation and no reminder (SEQUENCE)."""
    query = select(Halt.scope, Halt.relay).where(
        _holds(now), Halt.relay != "", Halt.scope.in_((HaltScope.RELAY, HaltScope.SEQUENCE))
    )
    rows = session.execute(query).all()
    scopes = (HaltScope.RELAY, HaltScope.SEQUENCE)
    return {scope: frozenset(row.relay for row in rows if row.scope is scope) for scope in scopes}


def keys_with_strikes(session: Session) -> frozenset[Key]:
    """Where there was trouble lately: a mail that is taken there ends the row of it."""
    return frozenset(Key(row.scope, row.key_hash, row.relay) for row in session.execute(_TROUBLED))


def strikes_by_destination(session: Session, relay: str) -> dict[bytes, int]:
    """How often in a row each destination found us too fast by a relay."""
    query = select(Halt.key_hash, Halt.strikes).where(
        Halt.scope == HaltScope.DESTINATION,
        Halt.cause == HaltCause.RATE,
        Halt.strikes > 0,
        Halt.relay.in_(("", relay)),
    )
    return {row.key_hash: row.strikes for row in session.execute(query)}


def forget(session: Session, keys: Iterable[Key], now: datetime) -> None:
    """A mail was taken there: the next trouble counts as the first, unless a halt holds still."""
    for key in keys:
        of_key = (Halt.scope == key.scope, Halt.key_hash == key.key_hash, Halt.relay == key.relay)
        session.execute(delete(Halt).where(*of_key, ~_holds(now)))


def forget_rehearsal(session: Session) -> None:
    """What the team's own addresses taught about the sequence says nothing about organisations."""
    learnt = (HaltCause.FAILURES, HaltCause.BOUNCES)
    session.execute(delete(Halt).where(Halt.scope == HaltScope.SEQUENCE, Halt.cause.in_(learnt)))


def holds_up(halt: Halt | Key, kind: MailKind, destination_hash: bytes, relay: str) -> bool:
    """Whether a halt that holds now holds up such a mail by a relay; ``may_go`` says the same to a database."""
    if halt.relay not in ("", relay):
        return False
    match halt.scope:
        case HaltScope.ALL | HaltScope.RELAY:
            return True
        case HaltScope.SEQUENCE:
            return kind in SEQUENCE
        case HaltScope.DESTINATION:
            return halt.key_hash == destination_hash
        case _:
            assert_never(halt.scope)


def may_go(now: datetime, relay: str) -> ColumnElement[bool]:
    """The condition of a claim for a relay that no halt holds a mail up."""
    held = select(Halt.id).where(
        _holds(now),
        Halt.relay.in_(("", relay)),
        or_(
            Halt.scope.in_((HaltScope.ALL, HaltScope.RELAY)),
            (Halt.scope == HaltScope.SEQUENCE) & OutboxMail.kind.in_(SEQUENCE),
            (Halt.scope == HaltScope.DESTINATION) & (Halt.key_hash == OutboxMail.destination_hash),
        ),
    )
    return ~held.correlate(OutboxMail).exists()


def _holds(now: datetime) -> ColumnElement[bool]:
    return or_(Halt.until.is_(None), Halt.until > now)
