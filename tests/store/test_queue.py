"""What waits is narrowed by what is chosen, page by page, and no table is read from end to end for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, event

from outreach.model import shelf
from outreach.store import facets, queue
from outreach.store.database import Database
from outreach.store.facets import Facet
from outreach.store.queue import Wanted
from outreach.words import PrintedLine, RevisionStatus
from tests import cast
from tests.cast import NOW

S = RevisionStatus
COUNTRIES = ("IR", "DE", "SE", None)
STATUSES = (S.PENDING, S.UNCONFIRMED, S.APPROVED)

#: Each facet with a value that some entries have, and the remainders of their number by which they have it.
CHOICES: tuple[tuple[Facet, str, int, tuple[int, ...]], ...] = (
    (Facet.COUNTRY, "DE", 4, (1,)),
    (Facet.COUNTRY, facets.UNKNOWN, 4, (3,)),
    (Facet.LANGUAGE, "fa", 2, (0,)),
    (Facet.CONFIDENCE, "doubtful", 5, (2,)),
    (Facet.WARNING, facets.SOME, 3, (0, 1)),
    (Facet.WARNING, "not authenticated", 3, (1,)),
    (Facet.DUPLICATE, facets.YES, 10, (4, 5)),
    (Facet.KIND, facets.INDIVIDUAL, 6, (5,)),
)
COUNT = 60
OLD = 20
SOME_STATUSES = ((S.PENDING,), (S.PENDING, S.UNCONFIRMED))
#: As SQLite says it, and as PostgreSQL does.
_WHOLE_TABLE = re.compile(r"^SCAN|Seq Scan")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shelves so narrow that few entries stand on many."""
    for module in (shelf, facets, queue):
        monkeypatch.setattr(module, "SPAN", 3)


@pytest.fixture
def filled(db: Database, narrow: None) -> Database:
    warnings: tuple[list[str], ...] = (["hidden text"], ["not authenticated"], [])
    with db.writing() as session:
        for number in range(COUNT):
            name = f"Committee {number - 1 if number % 10 == 5 else number}"
            code = COUNTRIES[number % 4]
            row = cast.signatory(
                session,
                {"en": PrintedLine(name)},
                f"{number}@b.example",
                status=STATUSES[number // 2 % 3],
                at=NOW - timedelta(days=number),
                language=("fa", "en")[number % 2],
                confidence=0.5 if number % 5 == 2 else 1.0,
                details={"country_code": code, "warnings": warnings[number % 3]},
            )
            row.individual = number % 6 == 5
    return db


def fits(number: int, statuses: Sequence[S], chosen: Sequence[tuple[Facet, str]], *, old: bool) -> bool:
    """Whether the entry with this number should be found."""
    has = {(facet, value): number % step in rests for facet, value, step, rests in CHOICES}
    return STATUSES[number // 2 % 3] in statuses and all(has[one] for one in chosen) and (number >= OLD or not old)


def test_all_that_is_chosen_has_to_hold(filled: Database) -> None:
    both = (CHOICES[0][:2], CHOICES[4][:2])
    for chosen, statuses, old in product(((), both, *((one[:2],) for one in CHOICES)), SOME_STATUSES, (False, True)):
        wanted = Wanted(statuses, chosen, until=NOW - timedelta(days=OLD) if old else None)
        expected = [number + 1 for number in range(COUNT) if fits(number, statuses, chosen, old=old)]
        with filled.reading() as session:
            assert [row.id for row in queue.after(session, wanted, 0, COUNT)] == expected, wanted
            assert queue.page(session, wanted, 0, 2).total == len(expected)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # the questions were the same on both above
def test_pages_go_on_where_the_last_one_ended_and_back(filled: Database) -> None:
    for wanted in (Wanted(), Wanted(values=(CHOICES[0][:2],)), Wanted(until=NOW - timedelta(days=OLD))):
        with filled.reading() as session:
            expected, pages = list(queue.ids(session, wanted)), [0]
            while rows := queue.after(session, wanted, pages[-1], 1):
                pages.append(rows[-1].id)
            assert pages[1:] == expected
            back = [queue.before(session, wanted, id_) for id_ in (*expected, COUNT + 2)]
            assert [one.id if one is not None else 0 for one in back] == pages
            assert [id_ for id_ in range(1, COUNT + 1) if queue.has(session, wanted, id_)] == expected


def test_what_came_lately_is_found(filled: Database) -> None:
    with filled.reading() as session:
        found = queue.after(session, Wanted(since=NOW - timedelta(days=2)), 0, COUNT)
        assert [row.id for row in found] == [1, 2]


def test_each_filter_goes_by_an_index(filled: Database) -> None:
    for chosen, old in product(((), *((one[:2],) for one in CHOICES)), (False, True)):
        wanted = Wanted(SOME_STATUSES[1], chosen, until=NOW - timedelta(days=OLD) if old else None)
        with planned(filled) as plans, filled.reading() as session:
            queue.after(session, wanted, 5, 10)
            queue.before(session, wanted, 50)
            queue.has(session, wanted, 7)
        assert plans
        assert [plan for plan in plans if _WHOLE_TABLE.search(plan)] == [], wanted


@contextmanager
def planned(db: Database) -> Iterator[list[str]]:
    """How the database goes about each question that is asked meanwhile, though so few rows are quicker read whole."""
    plans: list[str] = []
    is_sqlite = db.engine.dialect.name == "sqlite"

    def explain(connection: Connection, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            if not is_sqlite:
                cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", parameters)
            plans.extend(str(row[-1]) for row in cursor.fetchall())

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
