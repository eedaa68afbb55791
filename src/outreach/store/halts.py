"""Halts of the sending itself: placed by trouble or by a coordinator, respected by every claim."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from outreach.model import Halt, OutboxMail
from outreach.model.throttle import HaltCause, HaltScope
from outreach.words import SEQUENCE, MailKind

#: The key of a scope of which there is one only.
NO_KEY: Final = b""
_TROUBLED: Final = select(Halt.scope, Halt.key_hash).where(Halt.strikes > 0)


def of(session: Session, scope: HaltScope, key_hash: bytes = NO_KEY) -> Halt | None:
    """The halt of a scope, over or not."""
    return session.scalar(select(Halt).where(Halt.scope == scope, Halt.key_hash == key_hash))


def place(
    session: Session,
    scope: HaltScope,
    cause: HaltCause,
    *,
    until: datetime | None,
    at: datetime,
    actor: str,
    key_hash: bytes = NO_KEY,
    name: str | None = None,
    note: str | None = None,
) -> Halt:
    """Hold up the sending, until a moment or (None) until a coordinator resumes it."""
    row = of(session, scope, key_hash)
    if row is None:
        row = Halt(scope=scope, key_hash=key_hash, cause=cause, until=at, placed_at=at, actor=actor)
        row.name = name
        session.add(row)
    row.place(cause, until=until, at=at, actor=actor, note=note)
    session.flush()
    return row


def holding(session: Session, now: datetime) -> Sequence[Halt]:
    """The halts that hold now, the one that was placed first before the others."""
    return session.scalars(select(Halt).where(_holds(now)).order_by(Halt.placed_at, Halt.id)).all()


@dataclass(frozen=True, slots=True)
class Held:
    """A halt that holds, as dispatch asks for it at every turn: without the row."""

    scope: HaltScope
    key_hash: bytes


def keys_with_strikes(session: Session) -> frozenset[tuple[HaltScope, bytes]]:
    """Where there was trouble lately: a mail that is taken there ends the row of it."""
    return frozenset((row.scope, row.key_hash) for row in session.execute(_TROUBLED))


def strikes_by_destination(session: Session) -> dict[bytes, int]:
    """How often in a row each destination found us too fast."""
    query = select(Halt.key_hash, Halt.strikes).where(
        Halt.scope == HaltScope.DESTINATION, Halt.cause == HaltCause.RATE, Halt.strikes > 0
    )
    return {row.key_hash: row.strikes for row in session.execute(query)}


def forget(session: Session, scope: HaltScope, keys: Collection[bytes], now: datetime) -> None:
    """A mail was taken there: the next trouble counts as the first, unless a halt holds still."""
    over = ~_holds(now)
    session.execute(delete(Halt).where(Halt.scope == scope, Halt.key_hash.in_(list(keys)), over))


def forget_rehearsal(session: Session) -> None:
    """What the team's own addresses taught about the sequence says nothing about organisations."""
    learnt = (HaltCause.FAILURES, HaltCause.BOUNCES)
    session.execute(delete(Halt).where(Halt.scope == HaltScope.SEQUENCE, Halt.cause.in_(learnt)))


def holds_up(halt: Halt | Held, kind: MailKind, destination_hash: bytes) -> bool:
    """Whether a halt that holds now holds up such a mail; ``may_go`` says the same to a database."""
    match halt.scope:
        case HaltScope.ALL:
            return True
        case HaltScope.SEQUENCE:
            return kind in SEQUENCE
        case HaltScope.DESTINATION:
            return halt.key_hash == destination_hash
        case _:
            assert_never(halt.scope)


def may_go(now: datetime) -> ColumnElement[bool]:
    """The condition of a claim that no halt holds a mail up."""
    held = select(Halt.id).where(
        _holds(now),
        or_(
            Halt.scope == HaltScope.ALL,
            (Halt.scope == HaltScope.SEQUENCE) & OutboxMail.kind.in_(SEQUENCE),
            (Halt.scope == HaltScope.DESTINATION) & (Halt.key_hash == OutboxMail.destination_hash),
        ),
    )
    return ~held.correlate(OutboxMail).exists()


def _holds(now: datetime) -> ColumnElement[bool]:
    return or_(Halt.until.is_(None), Halt.until > now)
