"""How many were invited, have answered, have signed and said yes: kept as it happens, not counted by a page.

The counts change in the transaction that changes the rows. They tell nothing that those rows do not: times and states
lie open there. What came is counted by quarters of an hour, for every zone of today begins its days at one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import bindparam, delete, event, func, insert, inspect, select, update
from sqlalchemy.orm import PassiveFlag, Session
from sqlalchemy.orm.attributes import History, get_history

from outreach.model import Prospect, Revision, Signatory, Tally
from outreach.model.base import Base
from outreach.model.tally import Counted
from outreach.words import Seen

_SLOT: Final = timedelta(minutes=15)
#: Begins the slots; what is not counted by time stands in the first one.
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_YES: Final = frozenset({Seen.CONFIRMED, Seen.ATTESTED})

_Key = tuple[Counted, datetime]

_ALL: Final = select(func.sum(Tally.count)).where(Tally.counted == bindparam("counted"))
_BETWEEN: Final = _ALL.where(Tally.slot >= bindparam("start"), Tally.slot < bindparam("end"))
_HERE: Final = (Tally.counted == bindparam("what"), Tally.slot == bindparam("at"))
_MORE: Final = update(Tally).where(*_HERE).values(count=Tally.count + bindparam("more"))


def total(session: Session, what: Counted) -> int:
    return session.connection().scalar(_ALL, {"counted": what}) or 0


def count_invited(session: Session, more: int) -> None:
    """So many were invited by a statement of their own, past the rows that are watched here."""
    _write(session, {(Counted.INVITED, _EPOCH): more})


def arrivals(session: Session, edges: Sequence[datetime]) -> list[int]:
    """How many entries that stand alone came between each moment and the next; the moments begin slots."""
    connection = session.connection()
    return [
        connection.scalar(_BETWEEN, {"counted": Counted.SIGNED, "start": start, "end": end}) or 0
        for start, end in pairwise(edges)
    ]


def forget_rehearsal(session: Session) -> None:
    """Its entries are deleted, and nobody counts as invited."""
    session.flush()
    session.execute(delete(Tally))


@event.listens_for(Session, "before_flush", insert=True)
def _keep(session: Session, *_: object) -> None:
    change: Counter[_Key] = Counter()
    entries: dict[Signatory, set[Revision]] = {}
    for row in (*session.new, *session.dirty):
        match row:
            case Prospect():
                change[Counted.INVITED, _EPOCH] += _begun(row, "invited_at")
                change[Counted.ANSWERED, _EPOCH] += _begun(row, "answered_at")
            case Signatory() if _is_new(row) or _changes(row, "merged_into") or _changes(row, "merged_into_id"):
                entries.setdefault(row, set())
            case Revision() if _is_new(row) or _changes(row, "seen"):
                entry = row.signatory or session.get_one(Signatory, row.signatory_id)
                entries.setdefault(entry, set()).add(row)
    for entry, changed in entries.items():
        came = _EPOCH + (entry.created_at - _EPOCH) // _SLOT * _SLOT
        was_alone, is_alone = _stood_alone(entry), _stands_alone(entry)
        revisions = changed.union(entry.revisions)
        said = any(one.seen in _YES for one in revisions)
        had_said = any(_before(one, "seen") in _YES for one in revisions)
        change[Counted.SIGNED, came] += is_alone - was_alone
        change[Counted.CONFIRMED, _EPOCH] += (is_alone and said) - (was_alone and had_said)
    _write(session, change)


def _write(session: Session, change: Mapping[_Key, int]) -> None:
    connection = session.connection()
    for (what, slot), more in change.items():
        if more and connection.execute(_MORE, {"what": what, "at": slot, "more": more}).rowcount == 0:
            connection.execute(insert(Tally).values(counted=what, slot=slot, count=more))


def _begun(row: Prospect, name: str) -> int:
    """1 when it has got its time by this flush, -1 when it has lost it."""
    return (getattr(row, name) is not None) - (_before(row, name) is not None)


def _stood_alone(entry: Signatory) -> bool:
    return not _is_new(entry) and _before(entry, "merged_into_id") is None


def _stands_alone(entry: Signatory) -> bool:
    """By the entry it was merged into, or by the id of that one: either may have been set, and the last word counts."""
    return (entry.merged_into is None) if _changes(entry, "merged_into") else entry.merged_into_id is None


def _before(row: Base, name: str) -> Any:
    """What the database holds; None for a new row. The columns have an active history: what is set anew is loaded."""
    history = _history(row, name)
    if _is_new(row) or (history.added and not history.deleted):  # the latter: it was never set before
        return None
    return history.deleted[0] if history.deleted else getattr(row, name)


def _changes(row: Base, name: str) -> bool:
    return _history(row, name).has_changes()


def _history(row: Base, name: str) -> History:
    """Of this column alone: ``inspect(row).attrs`` lists all there are, each time."""
    return get_history(row, name, PassiveFlag.PASSIVE_NO_INITIALIZE)


def _is_new(row: Base) -> bool:
    return not inspect(row).persistent
