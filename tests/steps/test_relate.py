"""Two entries that are one, or belong together: only a person says so, and nothing is lost by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import IllegalMove, Refused
from outreach.letters.queue import Desk
from outreach.model import Event, Signatory, Wave
from outreach.steps import publish, relate, review
from outreach.store import relations
from outreach.store.database import Database
from outreach.words import HoldKind, PrintedLine, RelationKind, RevisionStatus
from tests import cast
from tests.cast import NOW, clock

S, R = RevisionStatus, RelationKind


@pytest.fixture
def desk(db: Database, folder: Path) -> Desk:
    return cast.desk(db, folder)


def council(session: Session) -> Signatory:
    lines = {"en": PrintedLine("Women's Council", "Cologne")}
    return cast.signatory(session, lines, "office@council.example")


def statuses(signatory: Signatory) -> list[RevisionStatus]:
    return [revision.status for revision in signatory.revisions]


# ── merge ──


def test_merged_entry_keeps_its_lines_and_contact_and_leads_to_the_other(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        gone, stays = cast.signatory(session), council(session)
        assert relate.merge(session, desk, gone.reference, stays.reference, clock, actor="Bea") is stays
        assert (statuses(gone), statuses(stays)) == ([S.MERGED], [S.PENDING])
        assert (gone.survivor, stays.survivor) == (stays, stays)
        assert gone.contact["email"] == "office@refugees.example"
        assert list(relations.merged_into(session, stays)) == [gone]
        session.flush()
        events = session.scalars(select(Event).order_by(Event.id)).all()
        assert [(event.action, event.subject) for event in events] == [
            ("merged", f"signatory {gone.reference}"),
            ("merged", f"signatory {stays.reference}"),
        ]


def test_merger_never_takes_a_name_off_the_list(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        printed, waiting = cast.signatory(session, status=S.APPROVED), council(session)
        with pytest.raises(Refused, match="merge the other way round"):
            relate.merge(session, desk, printed.reference, waiting.reference, clock, actor="Bea")
        relate.merge(session, desk, waiting.reference, printed.reference, clock, actor="Bea")
        assert statuses(printed) == [S.APPROVED]


def test_merger_loses_no_hold(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        gone, stays = cast.signatory(session), council(session)
        gone.hold(HoldKind.DISPUTED, by="machine", at=NOW, reason="")
        with pytest.raises(Refused, match="is disputed: settle that first"):
            relate.merge(session, desk, gone.reference, stays.reference, clock, actor="Bea")


def test_entry_is_merged_once_and_never_into_itself(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        gone, stays = cast.signatory(session), council(session)
        with pytest.raises(Refused, match="one entry already"):
            relate.merge(session, desk, gone.reference, gone.reference, clock, actor="Bea")
        relate.merge(session, desk, gone.reference, stays.reference, clock, actor="Bea")
        for one, into in ((gone, stays), (stays, gone)):
            with pytest.raises(Refused, match="was merged into"):
                relate.merge(session, desk, one.reference, into.reference, clock, actor="Bea")
        with pytest.raises(IllegalMove):
            stays.merge(gone, NOW, by="Bea")


def test_merger_is_taken_back_days_later_as_long_as_nothing_was_printed(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        gone, stays = cast.signatory(session), council(session)
        relate.merge(session, desk, gone.reference, stays.reference, clock, actor="Bea")
        review.undo(session, gone.reference, lambda: NOW + timedelta(days=3), actor="Cyrus")
        session.flush()
        session.refresh(gone)
        assert (statuses(gone), gone.merged_into) == ([S.PENDING], None)


def test_merger_stands_once_a_wave_is_published(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        gone, stays = cast.signatory(session), council(session)
        relate.merge(session, desk, gone.reference, stays.reference, clock, actor="Bea")
        session.add(
            Wave(number=1, published_at=NOW, actor="Bea", statement_version="", manifest="{}", manifest_sha256="0")
        )
        session.flush()
        with pytest.raises(Refused, match="has been printed since"):
            review.undo(session, gone.reference, clock, actor="Bea")


# ── relations ──


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (R.BRANCH_OF, "{} is a branch of {}"),
        (R.MEMBER_OF, "{} is a member of {}"),
        (R.RENAMED_FROM, "{} was called {} before"),
        (R.NOT_BESIDE, "{} signs only if {} does not"),
    ],
)
def test_relation_is_written_down_once_and_ended(db: Database, kind: RelationKind, said: str) -> None:
    with db.writing() as session:
        one, other = cast.signatory(session), council(session)
        relation = relate.relate(session, one.reference, kind, other.reference, clock, actor="Bea")
        assert relation.in_words == said.format(one.reference, other.reference)
        assert list(relations.of(session, other)) == [relation]
        with pytest.raises(Refused, match="written down already"):
            relate.relate(session, one.reference, kind, other.reference, clock, actor="Bea")
        relate.end(session, one.reference, kind, other.reference, clock, actor="Cyrus")
        assert (list(relations.of(session, one)), relation.ended_by) == ([], "Cyrus")
        with pytest.raises(Refused, match="not written down"):
            relate.end(session, one.reference, kind, other.reference, clock, actor="Cyrus")
        with pytest.raises(IllegalMove):
            relation.end(NOW, by="Bea")


@pytest.mark.parametrize(("kind", "note"), [(R.BRANCH_OF, "x"), (R.NOT_BESIDE, None), (R.NOT_BESIDE, " \u202e ")])
def test_only_a_condition_names_somebody_in_words(db: Database, kind: RelationKind, note: str | None) -> None:
    with db.writing() as session:
        one = cast.signatory(session)
        with pytest.raises(Refused, match="to which entry"):
            relate.relate(session, one.reference, kind, None, clock, actor="Bea", note=note)
        with pytest.raises(Refused, match="not related to itself"):
            relate.relate(session, one.reference, kind, one.reference, clock, actor="Bea")


def test_condition_is_said_when_both_would_print_and_not_before(db: Database, folder: Path) -> None:
    settings = cast.settings(folder)
    with db.writing() as session:
        one, other = cast.signatory(session, status=S.APPROVED), council(session)
        relate.relate(session, one.reference, R.NOT_BESIDE, other.reference, clock, actor="Bea", note="on the phone")
        references = one.reference, other.reference
    assert publish.draft(db, settings, clock).conditions == ()
    with db.writing() as session:
        review.approve(session, references[1], clock, actor="Bea")
    drafted = publish.draft(db, settings, clock)
    assert drafted.conditions == (f"{references[0]} signs only if {references[1]} does not: on the phone",)
    assert len(drafted.published.entries) == 2


def test_condition_in_words_is_said_with_every_list_that_holds_its_entry(db: Database, folder: Path) -> None:
    with db.writing() as session:
        one = cast.signatory(session, status=S.APPROVED)
        relate.relate(session, one.reference, R.NOT_BESIDE, None, clock, actor="Bea", note="the Monarchists")
        assert relations.conditions(session, {one.id})[0].in_words.endswith("signs only if … does not: the Monarchists")
        assert relations.conditions(session, set()) == []
    kept = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert b"Monarchists" not in kept
