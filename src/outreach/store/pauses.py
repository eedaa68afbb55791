"""Pauses: addresses that get no reminders for a while, because somebody is away or talks to them already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from outreach.model import Pause
from outreach.words import PauseReason

#: What keeps the sequence (invitation and reminder) from an address.
FROM_THE_SEQUENCE: Final = frozenset(PauseReason)
#: What keeps the reminder of an asking from it: who is written to by hand must still say yes to the line.
FROM_ASKINGS: Final = frozenset({PauseReason.ABSENT, PauseReason.COORDINATOR})


def pause(
    session: Session, address_hash: bytes, reason: PauseReason, *, until: datetime | None, actor: str, at: datetime
) -> None:
    """Pause an address, until a moment or (None) until it is resumed. A newer word replaces an older one."""
    row = session.scalar(select(Pause).where(Pause.address_hash == address_hash, Pause.reason == reason))
    if row is None:
        session.add(Pause(address_hash=address_hash, reason=reason, until=until, actor=actor, placed_at=at))
    else:
        row.until, row.actor, row.placed_at = until, actor, at


def resume(session: Session, address_hash: bytes) -> bool:
    """Lift every pause of an address; False when there was none."""
    gone = session.execute(delete(Pause).where(Pause.address_hash == address_hash).returning(Pause.id))
    return gone.first() is not None


def current(
    session: Session, address_hash: bytes, now: datetime, reasons: Collection[PauseReason] = FROM_THE_SEQUENCE
) -> Pause | None:
    """The pause that holds now, and longest; None when mail may go."""
    return longest(session.scalars(_holding(now, reasons).where(Pause.address_hash == address_hash)).all(), reasons)


@dataclass(frozen=True, slots=True)
class Held:
    """A pause that holds, as dispatch asks for it: by the hundred, so without the row."""

    reason: PauseReason
    until: datetime | None
    placed_at: datetime


def by_address(session: Session, address_hashes: Collection[bytes], now: datetime) -> dict[bytes, list[Held]]:
    """Every pause that holds now, of those of the addresses that have any."""
    found: dict[bytes, list[Held]] = {}
    for row in session.connection().execute(_HELD, {"hashes": list(address_hashes), "now": now}):
        found.setdefault(row.address_hash, []).append(Held(row.reason, row.until, row.placed_at))
    return found


_HELD: Final = select(Pause.address_hash, Pause.reason, Pause.until, Pause.placed_at).where(
    Pause.address_hash.in_(bindparam("hashes", expanding=True)),
    or_(Pause.until.is_(None), Pause.until > bindparam("now")),
)

_Holding = TypeVar("_Holding", Pause, Held)


def longest(holding: Collection[_Holding], reasons: Collection[PauseReason]) -> _Holding | None:
    """Of pauses that hold, the one that holds longest for one of these reasons."""
    fitting = [row for row in holding if row.reason in reasons]
    return max(fitting, key=lambda row: (row.until is None, row.until or row.placed_at), default=None)


def none_holds(
    address_hash: ColumnElement[bytes | None], now: datetime, reasons: Collection[PauseReason]
) -> ColumnElement[bool]:
    """The condition of a query that the address in a column is not paused now."""
    return ~_holding(now, reasons).where(Pause.address_hash == address_hash).exists()


def forget_all_but_decided(session: Session) -> None:
    """The rehearsal is over: what was learnt from its mails is learnt again; what a person decided stays."""
    session.execute(delete(Pause).where(Pause.reason != PauseReason.COORDINATOR))


def _holding(now: datetime, reasons: Collection[PauseReason]) -> Select[Pause]:
    return select(Pause).where(Pause.reason.in_(list(reasons)), or_(Pause.until.is_(None), Pause.until > now))
