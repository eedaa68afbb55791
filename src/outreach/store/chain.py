"""The log's hash chain: shows whether an event was changed, taken out, moved or put in afterwards.

Every event is hashed to a leaf, every link hashes the head before it with the leaf; what is hashed for one purpose
can never pass for another (RFC 6962, 2.1). A chain beside the log proves nothing against whoever can rewrite both, so
heads are kept elsewhere too: in the manifest of each wave, and wherever coordinators put what ``log verify`` prints.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Protocol

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.orm import Session

from outreach.errors import Refused, SealBroken
from outreach.model import Event, EventPayload, LogLink
from outreach.model.base import KEYRING
from outreach.sealing import Keyring

_LEAF: Final = b"\x00"
_LINK: Final = b"\x01"
_PAYLOAD: Final = b"\x02"
_JSON: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_HEAD = re.compile(r"(\d{1,12}):([0-9a-f]{64})")
_AT_ONCE: Final = 1_000  #: rows that verifying holds in memory


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stood: after how many events, and their hash. Written "12:8f3c…"."""

    count: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.count}:{self.hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Raises Refused."""
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise Refused("That is no head of the log: it looks like 12:8f3c… with 64 hexadecimal digits.")
        return cls(int(found[1]), bytes.fromhex(found[2]))


#: The chain before its first event.
EMPTY: Final = Head(0, sha256(b"").digest())


@dataclass(frozen=True, slots=True)
class Whole:
    """Nothing was touched up to the head; so many newer events are not linked yet."""

    head: Head
    unlinked: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The first bad entry: its place in the chain, the number of its event, and what is wrong with it."""

    position: int
    event_id: int | None
    what: str


class _Logged(Protocol):
    """The columns of an event that are hashed."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def via(self) -> str | None: ...
    @property
    def action(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def commitment(self) -> bytes | None: ...


def new_salt() -> str:
    """Makes a commitment say nothing to whoever guesses what was committed to (128 bits)."""
    return secrets.token_hex(16)


def commitment(salt: str, said: dict[str, Any]) -> bytes:
    """Binds an event to what was said, without saying it; without the salt it is meaningless."""
    return sha256(_PAYLOAD + _canonical([salt, said])).digest()


def head(session: Session) -> Head:
    """Where the chain stands."""
    last = session.execute(select(LogLink.position, LogLink.head).order_by(LogLink.position.desc()).limit(1)).first()
    return Head(last.position, last.head) if last is not None else EMPTY


def link(session: Session, limit: int) -> int:
    """Link up to ``limit`` events that are not linked yet; how many there were.

    Writers take turns on both databases, so events become visible in the order of their numbers.
    """
    last = session.scalar(select(LogLink.event_id).order_by(LogLink.position.desc()).limit(1)) or 0
    newer = select(*_columns()).where(Event.id > last).order_by(Event.id).limit(limit)
    at, rows = head(session), []
    for event in session.execute(newer):
        at = _next(at, event)
        rows.append({"position": at.count, "event_id": event.id, "head": at.hash})
    if rows:
        session.execute(insert(LogLink), rows)
    return len(rows)


def link_all(session: Session) -> Head:
    """Link every event there is; the head after it."""
    while link(session, _AT_ONCE):
        pass
    return head(session)


def verify(session: Session, known: Iterable[Head] = ()) -> Whole | Broken:
    """Compare every event with its link, with what it committed to, and the chain with heads known from elsewhere."""
    expected: dict[int, bytes] = {}
    for one in known:
        if expected.setdefault(one.count, one.hash) != one.hash:
            return Broken(one.count, None, f"two different heads of {one.count} events are known")
    at, last_event = EMPTY, 0
    with session.execute(_linked(), execution_options={"yield_per": _AT_ONCE}) as rows:
        for row in rows:
            what = _fault(session, at, last_event, row)
            if what is not None:
                return Broken(at.count + 1, row.event_id, what)
            at, last_event = Head(row.position, row.head), row.event_id
            if expected.pop(at.count, at.hash) != at.hash:
                return Broken(at.count, row.event_id, "the chain up to here is not the one whose head is known")
    if any(count > at.count for count in expected):
        return Broken(at.count + 1, None, f"the log was cut off: a head of {max(expected)} events is known")
    return _unlinked(session, at, last_event)


def _unlinked(session: Session, at: Head, last_event: int) -> Whole | Broken:
    loose = (
        select(func.count(), func.min(Event.id))
        .select_from(Event)
        .outerjoin(LogLink, LogLink.event_id == Event.id)
        .where(LogLink.position.is_(None))
    )
    count, first = session.execute(loose).one()
    if first is not None and first < last_event:
        return Broken(at.count + 1, first, "it was put in afterwards")
    return Whole(at, count)


def _fault(session: Session, at: Head, last_event: int, row: Row[Any]) -> str | None:
    """What is wrong with an entry, after those before it were right."""
    if row.position != at.count + 1:
        return f"the links {at.count + 1} to {row.position - 1} are missing"
    if row.event_id <= last_event:
        return "it stands in another order than it happened"
    if row.id is None:
        return "the event was deleted"
    if _next(at, row).hash != row.head:
        return "the event or its link was changed"
    if row.content_sealed is not None and not _keeps_its_word(session.info[KEYRING], row):
        return "what it was about was changed"
    return None


def _keeps_its_word(keyring: Keyring, row: Row[Any]) -> bool:
    try:
        plain = keyring.open(row.content_sealed, table=EventPayload.__tablename__, column="content_sealed", ref=row.ref)
    except SealBroken:
        return False
    content = json.loads(plain)
    return bool(commitment(content["salt"], content["said"]) == row.commitment)


def _columns() -> tuple[Any, ...]:
    return (
        Event.id,
        Event.at,
        Event.actor,
        Event.via,
        Event.action,
        Event.subject,
        Event.reason,
        Event.commitment,
    )


def _linked() -> Select[Any]:
    return (
        select(LogLink.position, LogLink.event_id, LogLink.head, *_columns())
        .add_columns(EventPayload.ref, EventPayload.content_sealed)
        .outerjoin_from(LogLink, Event, Event.id == LogLink.event_id)
        .outerjoin(EventPayload, EventPayload.event_id == Event.id)
        .order_by(LogLink.position)
    )


def _next(at: Head, event: _Logged) -> Head:
    """The head after one more event."""
    fields = [event.id, event.at.isoformat(timespec="microseconds")]
    fields += [event.actor, event.via, event.action, event.subject, event.reason]
    leaf = sha256(_LEAF + _canonical([*fields, event.commitment.hex() if event.commitment else None])).digest()
    return Head(at.count + 1, sha256(_LINK + at.hash + leaf).digest())


def _canonical(value: object) -> bytes:
    return _JSON.encode(value).encode()
