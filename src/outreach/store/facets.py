"""By what the entries that wait are found in the queue: kept, sealed, in the transaction that changes an entry.

Where an entry is from and what is doubted about it stand in sealed rows only, and no column may tell it, nor a hash of
it: which entries have the same would lie open, and a country would be known by how many they are
(docs/decisions/0004-filters.md). So the index is sealed as well, on shelves of many entries each, and beside it how
many entries have each term. Whatever changes an entry, by whatever step, comes by here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import event, exists, func, inspect, select
from sqlalchemy.orm import Session, selectinload

from outreach.model import Attestation, Campaign, InboundMessage, NameKey, QueueShelf, Revision, Signatory
from outreach.model.base import KEYRING
from outreach.model.inbound import Origin
from outreach.model.revision import OPEN_STATUSES
from outreach.model.shelf import SPAN
from outreach.sealing import Keyring
from outreach.store import origins, signatories
from outreach.words import REFERENCE, Kind


class Facet(StrEnum):
    """One side of an entry that waits; it has a value, or several."""

    STATUS = "status"  #: of each of its lines that wait
    KIND = "kind"  #: what the mail was, or by which way they said yes
    COUNTRY = "country"  #: ISO 3166-1
    LANGUAGE = "language"  #: of the mails they get
    CONFIDENCE = "confidence"  #: how sure the reading is
    WARNING = "warning"  #: "some" or "none", and each doubt without the values in it
    DUPLICATE = "duplicate"  #: whether another entry bears one of its names


FORM: Final = "form"
INDIVIDUAL: Final = "individual"
UNKNOWN: Final = "unknown"
SOME, NONE = "some", "none"
YES, NO = "yes", "no"
#: From which confidence on a reading is called so.
CONFIDENCES: Final = {"sure": 0.9, "likely": 0.7, "doubtful": 0.0}

_TOUCHED: Final = "outreach_touched"  #: where ``Session.info`` remembers what a transaction has changed
_AT_ONCE: Final = 500
_Item = TypeVar("_Item")
_Came = tuple[Kind | None, Origin]


@dataclass(slots=True)
class _Touched:
    """What a transaction has changed, by ids and keys."""

    entries: set[int] = field(default_factory=set)
    revisions: set[int] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)
    merged: set[int] = field(default_factory=set)
    names: set[bytes] = field(default_factory=set)


def term(facet: Facet, value: str) -> str:
    """How a value stands in the index."""
    return f"{facet}:{value}"


def counts(session: Session) -> dict[Facet, dict[str, int]]:
    """How many entries that wait have each value."""
    campaign = session.scalar(select(Campaign))
    found: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
    for key, count in (campaign.waiting if campaign is not None else {}).items():
        facet, _, value = key.partition(":")
        found[Facet(facet)][value] = count
    return found


def of(session: Session, keyring: Keyring, ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The terms of each of these entries that waits."""
    found: dict[int, frozenset[str]] = {}
    for part in _parts(ids):
        waits = exists().where(Revision.signatory_id == Signatory.id, Revision.status.in_(OPEN_STATUSES))
        query = select(Signatory).where(Signatory.id.in_(part), waits)
        lines = selectinload(Signatory.revisions).selectinload(Revision.attestation)
        entries = session.scalars(query.options(lines)).all()
        came = _came(session, [one.waiting[0].message_id for one in entries])
        names = {one.id: signatories.keys_of(keyring, one) for one in entries}
        bearers = _bearers(session, {key for keys in names.values() for key in keys})
        for one in entries:
            has_twin = any(set(bearers.get(key, ())) - {one.id} for key in names[one.id])
            found[one.id] = frozenset(_terms(one, came.get(one.waiting[0].message_id), has_twin))
    return found


def _terms(entry: Signatory, came: _Came | None, has_twin: bool) -> Iterator[str]:
    """Of the line a decision would be about; the status is that of each that waits."""
    line = entry.waiting[0]
    country, language = origins.of(line)
    doubts = {_without_values(doubt) for doubt in line.doubts}
    values: dict[Facet, Iterable[str]] = {
        Facet.STATUS: (one.status for one in entry.waiting),
        Facet.KIND: _kinds(entry, line, came),
        Facet.COUNTRY: (country or UNKNOWN,),
        Facet.LANGUAGE: (language,),
        Facet.CONFIDENCE: (next(word for word, least in CONFIDENCES.items() if line.confidence >= least),),
        Facet.WARNING: {SOME, *doubts} if doubts else (NONE,),
        Facet.DUPLICATE: (YES if has_twin else NO,),
    }
    for facet, found in values.items():
        yield from (term(facet, value) for value in found)


def _kinds(entry: Signatory, line: Revision, came: _Came | None) -> Iterator[str]:
    if entry.individual:
        yield INDIVIDUAL
    if line.attestation is not None:
        yield line.attestation.channel
    elif came is not None:
        kind, origin = came
        if origin is Origin.FORM:
            yield FORM
        elif kind is not None:
            yield kind


def _without_values(doubt: str) -> str:
    """ "comes back: rejected on …" and "possible duplicate of K7Q2-M9PX" are the same for all whom they are said of."""
    return REFERENCE.sub("…", doubt.partition(":")[0])


def _came(session: Session, message_ids: Iterable[int | None]) -> dict[int | None, _Came]:
    wanted = [id_ for id_ in message_ids if id_ is not None]
    query = select(InboundMessage.id, InboundMessage.kind, InboundMessage.origin).where(InboundMessage.id.in_(wanted))
    return {id_: (kind, origin) for id_, kind, origin in session.execute(query)}


def _bearers(session: Session, keys: Iterable[bytes]) -> dict[bytes, tuple[int, int]]:
    """The first and the last entry under each of these names: two are enough to know that one is not alone."""
    found: dict[bytes, tuple[int, int]] = {}
    first, last = func.min(Signatory.id), func.max(Signatory.id)
    for part in _parts(keys):
        query = (
            select(NameKey.key_hash, first, last)
            .join(Signatory, Signatory.id == NameKey.signatory_id)
            .where(NameKey.key_hash.in_(part), Signatory.merged_into_id.is_(None))
            .group_by(NameKey.key_hash)
        )
        found |= {key: (one, other) for key, one, other in session.execute(query)}
    return found


@event.listens_for(Session, "after_flush")
def _remember(session: Session, *_: object) -> None:
    if KEYRING not in session.info:
        return
    touched: _Touched = session.info.setdefault(_TOUCHED, _Touched())
    for row in (*session.new, *session.dirty):
        match row:
            case Signatory():
                touched.entries.add(row.id)
                if inspect(row).attrs.merged_into_id.history.has_changes():
                    touched.merged.add(row.id)
            case Revision():
                touched.entries.add(row.signatory_id)
            case Attestation():
                touched.revisions.add(row.revision_id)
            case NameKey() if row.signatory_id is not None:
                touched.names.add(row.key_hash)
            case InboundMessage() if inspect(row).attrs.kind.history.has_changes():
                touched.messages.add(row.id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_TOUCHED, None)


@event.listens_for(Session, "before_commit")
def _keep(session: Session) -> None:
    if KEYRING not in session.info:
        return
    session.flush()
    touched: _Touched | None = session.info.pop(_TOUCHED, None)
    ids = _affected(session, touched) if touched is not None else set()
    if not ids:
        return
    found, shelves = of(session, session.info[KEYRING], ids), defaultdict[int, set[int]](set)
    for id_ in ids:
        shelves[id_ // SPAN].add(id_)
    change: Counter[str] = Counter()
    for number, here in shelves.items():
        change.update(_shelve(session, number, {id_: found.get(id_, frozenset()) for id_ in here}))
    campaign = session.scalar(select(Campaign))
    if campaign is not None and any(change.values()):
        counted = Counter(campaign.waiting)
        counted.update(change)
        campaign.waiting = {key: count for key, count in counted.items() if count}


def _affected(session: Session, touched: _Touched) -> set[int]:
    """The entries themselves, those that came from a mail, and those whose name has found or lost its only twin."""
    ids, names = set(touched.entries), set(touched.names)
    for part in _parts(touched.revisions):
        ids.update(session.scalars(select(Revision.signatory_id).where(Revision.id.in_(part))))
    for part in _parts(touched.messages):
        ids.update(session.scalars(select(Revision.signatory_id).where(Revision.message_id.in_(part))))
    for part in _parts(touched.merged):
        names.update(session.scalars(select(NameKey.key_hash).where(NameKey.signatory_id.in_(part))))
    return ids.union(*_bearers(session, names).values())


def _shelve(session: Session, number: int, found: Mapping[int, Collection[str]]) -> Counter[str]:
    shelf = session.get(QueueShelf, number)
    if shelf is None:
        if not any(found.values()):
            return Counter()
        shelf = QueueShelf(id=number)
        shelf.terms = {}
        session.add(shelf)
    return shelf.place(found)


def _parts(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """So many at once as a statement may name."""
    every = list(items)
    yield from (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
