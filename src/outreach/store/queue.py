"""The queue: what waits for somebody, by rising id (so oldest first), narrowed by what was chosen, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session, selectinload

from outreach.model import QueueShelf, Revision, Signatory
from outreach.model.base import KEYRING
from outreach.model.shelf import SPAN, Opened
from outreach.sealing import Keyring
from outreach.store.facets import Facet, term
from outreach.store.paging import Page
from outreach.store.signatories import IN_QUEUE
from outreach.words import RevisionStatus


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for among the entries that wait; all of it has to hold."""

    statuses: Sequence[RevisionStatus] = IN_QUEUE
    values: tuple[tuple[Facet, str], ...] = ()
    #: When the line that waits came: at the latest, and after when.
    until: datetime | None = None
    since: datetime | None = None


#: So many shelves are opened first.
_FEW: Final = 4
_SHELVES: Final = select(QueueShelf.id, QueueShelf.ref, QueueShelf.terms_sealed)


def after(session: Session, wanted: Wanted, start: int, limit: int) -> Sequence[Signatory]:
    """The first of them above an id: however many others there are, few rows are touched."""
    found = list(islice(ids(session, wanted, start, limit), limit))
    if not found:
        return []
    query = select(Signatory).where(Signatory.id.in_(found)).order_by(Signatory.id)
    lines = selectinload(Signatory.revisions).selectinload(Revision.attestation)
    return session.scalars(query.options(lines, selectinload(Signatory.holds))).all()


def before(session: Session, wanted: Wanted, end: int) -> Signatory | None:
    """The last of them below an id."""
    found = next(_back_by_shelves(session, wanted, end) if wanted.values else _back(session, wanted, end), None)
    return session.get(Signatory, found) if found is not None else None


def page(session: Session, wanted: Wanted, start: int, limit: int) -> Page[Signatory]:
    """The first of them above an id, and how many they all are."""
    return Page(after(session, wanted, start, limit), sum(1 for _ in ids(session, wanted)))


def has(session: Session, wanted: Wanted, id_: int) -> bool:
    """Whether this entry is one of them."""
    return next(ids(session, wanted, id_ - 1, last=id_), None) == id_


def not_empty(session: Session, choices: Mapping[str, Wanted]) -> set[str]:
    """Which of several choices find anything: each shelf is opened once for all of them."""
    found = {name for name, wanted in choices.items() if not wanted.values and any(ids(session, wanted, 0, 1))}
    left = {name: wanted for name, wanted in choices.items() if wanted.values}
    for shelves in _opened(session, 0) if left else ():
        here = {name for name, wanted in left.items() if any(_on(session, wanted, shelves, 0))}
        found |= here
        left = {name: wanted for name, wanted in left.items() if name not in here}
        if not left:
            break
    return found


def ids(
    session: Session, wanted: Wanted, start: int = 0, limit: int | None = None, *, last: int | None = None
) -> Iterator[int]:
    """Their ids above ``start``, rising; at least ``limit`` of them, if there are so many, none above ``last``."""
    if not wanted.values:
        return iter(_by_columns(session, wanted, start, last, limit))
    return (id_ for id_ in _by_shelves(session, wanted, start, last) if last is None or id_ <= last)


def _by_columns(
    session: Session, wanted: Wanted, start: int, last: int | None, limit: int | None = None
) -> Sequence[int]:
    """By what lies open: the status, and when the line came."""
    found: set[int] = set()
    within = [Revision.signatory_id > start, *_came(wanted)]
    if last is not None:
        within.append(Revision.signatory_id <= last)
    for status in wanted.statuses:
        query = select(Revision.signatory_id).where(Revision.status == status, *within)
        found.update(session.scalars(query.order_by(Revision.signatory_id).limit(limit)))
    return sorted(found)


def _back(session: Session, wanted: Wanted, end: int) -> Iterator[int]:
    last = select(func.max(Revision.signatory_id)).where(Revision.signatory_id < end, *_came(wanted))
    found = [session.scalar(last.where(Revision.status == status)) for status in wanted.statuses]
    yield from sorted((id_ for id_ in found if id_ is not None), reverse=True)


def _came(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.until is not None:
        conditions.append(Revision.created_at <= wanted.until)
    if wanted.since is not None:
        conditions.append(Revision.created_at > wanted.since)
    return conditions


def _by_shelves(session: Session, wanted: Wanted, start: int, last: int | None) -> Iterator[int]:
    """By the sealed index. Few shelves are opened first, then more at once: what is frequent stands on the first."""
    for shelves in _opened(session, start, last):
        yield from _on(session, wanted, shelves, start)


def _opened(session: Session, start: int, last: int | None = None) -> Iterator[list[Opened]]:
    number, count = (start + 1) // SPAN, _FEW
    query = _SHELVES.order_by(QueueShelf.id)
    if last is not None:
        query = query.where(QueueShelf.id <= last // SPAN)
    while rows := session.execute(query.where(QueueShelf.id >= number).limit(count)).all():
        yield [_open(session, row) for row in rows]
        number, count = rows[-1].id + 1, count * 2


def _open(session: Session, row: Row[int, str, bytes]) -> Opened:
    """As reading an attribute would, for a fraction of the work of making an object for each."""
    id_, ref, sealed = row
    keyring: Keyring = session.info[KEYRING]
    plain = keyring.open(sealed, table=QueueShelf.__tablename__, column=QueueShelf.terms_sealed.key, ref=ref)
    return Opened(id_ * SPAN, json.loads(plain))


def _back_by_shelves(session: Session, wanted: Wanted, end: int) -> Iterator[int]:
    number, count = (end - 1) // SPAN, _FEW
    query = _SHELVES.order_by(QueueShelf.id.desc())
    while rows := session.execute(query.where(QueueShelf.id <= number).limit(count)).all():
        for row in rows:
            found = _on(session, wanted, [_open(session, row)], 0)
            yield from sorted((id_ for id_ in found if id_ < end), reverse=True)
        number, count = rows[-1].id - 1, count * 2


def _on(session: Session, wanted: Wanted, shelves: Sequence[Opened], start: int) -> Iterable[int]:
    """Those of them on these shelves above an id."""
    groups = [[term(Facet.STATUS, status) for status in wanted.statuses]]
    groups += [[term(facet, value)] for facet, value in wanted.values]
    found = (id_ for shelf in shelves for id_ in shelf.having(groups, start))
    if not _came(wanted):
        return found
    some = list(found)
    came = set(_by_columns(session, wanted, some[0] - 1, some[-1])) if some else ()
    return [id_ for id_ in some if id_ in came]
