"""Signatories are found by where they stand, by name in any spelling, and page by page."""

from __future__ import annotations

import pytest

from outreach.store import queue, signatories
from outreach.store.database import Database
from outreach.words import PrintedLine, Proof, RevisionStatus
from tests import cast
from tests.cast import NOW

S = RevisionStatus


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((), [1, 2, 3]),
        ((S.APPROVED,), [1]),
        ((S.PENDING,), [2]),
        ((S.REJECTED,), [3]),
        ((S.APPROVED, S.REJECTED), [1, 3]),
        ((S.WITHDRAWN,), []),
    ],
)
def test_signatory_stands_as_approved_or_as_its_newest_line(
    db: Database, statuses: tuple[RevisionStatus, ...], expected: list[int]
) -> None:
    with db.writing() as session:
        for number, states in enumerate([(S.APPROVED, S.PENDING), (S.WITHDRAWN, S.PENDING), (S.REJECTED,)]):
            row = cast.signatory(session, email=f"{number}@b.example", status=states[0])
            for state in states[1:]:
                row.revise(lines=cast.BERLIN, at=NOW, status=state)
    with db.reading() as session:
        page = signatories.listed(session, statuses)
        assert ([row.id for row in page.rows], page.total) == (expected, len(expected))


def test_list_pages_by_key_and_counts_the_whole(db: Database) -> None:
    with db.writing() as session:
        for number in range(5):
            cast.signatory(session, email=f"{number}@b.example")
    with db.reading() as session:
        first = queue.page(session, queue.Wanted(), 0, 2)
        second = queue.page(session, queue.Wanted(), first.rows[-1].id, 2)
        assert ([row.id for row in first.rows], [row.id for row in second.rows]) == ([1, 2], [3, 4])
        assert (first.total, second.total) == (5, 5)


def test_entry_with_two_open_lines_stands_in_the_queue_once(db: Database) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.NEEDS_INFO)
        row.revise(lines=cast.BERLIN, at=NOW, status=S.UNCONFIRMED)
    with db.reading() as session:
        assert queue.page(session, queue.Wanted(), 0, 9).total == 1


@pytest.mark.parametrize("name", ["كانون پناهندگان سياسى ايران", "IRANIAN  political–refugees CENTER"])
def test_alike_is_who_has_the_same_name_in_any_spelling(db: Database, name: str) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        twin = cast.signatory(session, {"fa": PrintedLine(name)}, "twin@b.example")
        cast.signatory(session, {"en": PrintedLine("Another")}, "another@b.example")
        assert signatories.alike(session, db.keyring, row) == [twin]


def test_line_without_proof_is_asked_about_once(db: Database) -> None:
    with db.writing() as session:
        for status, proof in ((S.UNCONFIRMED, Proof.NONE), (S.PENDING, Proof.NONE), (S.PENDING, Proof.MAILBOX)):
            cast.signatory(session, email=f"{status}{proof}@b.example", status=status, proof=proof)
        asked = cast.signatory(session, email="asked@b.example", status=S.UNCONFIRMED, proof=Proof.NONE)
        asked.newest.asked_at = NOW
    with db.reading() as session:
        assert signatories.ids_to_ask(session) == [1, 2]
