"""What a coordinator decides: only what the organisation answered for, logged with a name, and never unseen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import Event, OutboxMail, Revision, Signatory
from outreach.reading.names import fold
from outreach.steps import dispatch, review
from outreach.store import origins, signatories
from outreach.store.database import Database
from outreach.words import (
    HoldKind,
    MailKind,
    PrintedLine,
    Proof,
    RejectReason,
    RevisionStatus,
    Seen,
)
from tests import cast
from tests.cast import BERLIN, NOW, clock

S = RevisionStatus
COLOGNE = {"en": PrintedLine("Iranian political refugees center", "Cologne")}


@pytest.fixture
def renderer() -> cast.FakeRenderer:
    return cast.FakeRenderer()


@pytest.fixture
def desk(db: Database, folder: Path, renderer: cast.FakeRenderer) -> Desk:
    return cast.desk(db, folder, renderer)


def events(db: Database) -> list[tuple[str, str, str | None]]:
    with db.reading() as session:
        return [(event.action, event.actor, event.reason) for event in session.scalars(select(Event))]


def statuses(signatory: Signatory) -> list[RevisionStatus]:
    return [revision.status for revision in signatory.revisions]


# ── approve and reject ──


@pytest.mark.parametrize("status", [S.PENDING, S.NEEDS_INFO])
def test_approval_is_recorded_with_actor_and_time(db: Database, status: RevisionStatus) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=status)
        revision = review.approve(session, row.reference.lower(), clock, actor="Bea")
        assert (revision.status, revision.decided_by, revision.decided_at) == (S.APPROVED, "Bea", NOW)
    assert events(db) == [("approved", "Bea", "revision 1")]


def test_unconfirmed_entry_is_not_approved(db: Database) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.UNCONFIRMED, proof=Proof.NONE)
        with pytest.raises(Refused, match="not confirmed: nobody has answered for it"):
            review.approve(session, row.reference, clock, actor="Bea")


@pytest.mark.parametrize("status", [S.APPROVED, S.REJECTED, S.EXPIRED, S.WITHDRAWN, S.MERGED])
def test_entry_that_waits_for_nothing_is_not_decided_again(db: Database, desk: Desk, status: RevisionStatus) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=status)
        with pytest.raises(Refused, match=f"waits for no decision: it is {status}"):
            review.approve(session, row.reference, clock, actor="Bea")
        with pytest.raises(Refused, match="waits for no decision"):
            review.reject(session, desk, row.reference, RejectReason.SPAM, clock, actor="Bea")


def test_unknown_reference_is_said_without_steering_the_terminal(db: Database) -> None:
    with db.reading() as session, pytest.raises(Refused, match=r"There is no entry AAAA\[31m"):
        signatories.entry(session, "AAAA\x1b[31m")


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{plain}", "{spaced}"])
def test_reference_is_found_however_it_is_typed(db: Database, typed: str) -> None:
    with db.writing() as session:
        reference = cast.signatory(session).reference
        plain = reference.replace("-", "")
        text = typed.format(reference, lower=reference.lower(), plain=plain, spaced=f"{plain[:4]} {plain[4:]}")
        assert signatories.entry(session, text).reference == reference


def test_proven_line_is_decided_before_a_newer_one_that_nobody_has_answered_for(db: Database) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        row.revise(lines=COLOGNE, at=NOW, status=S.UNCONFIRMED)
        assert review.under_review(row).number == 1


def test_rejection_closes_all_that_is_open_and_leaves_what_prints(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.APPROVED)
        for status in (S.NEEDS_INFO, S.UNCONFIRMED):
            row.revise(lines=COLOGNE, at=NOW, status=status)
        review.reject(session, desk, row.reference, RejectReason.NOT_US, clock, actor="Bea")
        assert statuses(row) == [S.APPROVED, S.REJECTED, S.REJECTED]
        assert row.newest.reject_reason is RejectReason.NOT_US
    assert events(db) == [("rejected", "Bea", "not_us")]


# ── edit ──


def test_edit_is_a_new_revision_that_the_organisation_is_asked_about(
    db: Database, desk: Desk, renderer: cast.FakeRenderer
) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        edited = review.edit(session, desk, row.reference, COLOGNE, clock, actor="Bea")
        revision = edited.revision
        assert (revision.number, revision.status, revision.proof, revision.seen) == (
            2,
            S.UNCONFIRMED,
            Proof.NONE,
            Seen.SHOWN,
        )
        assert revision.printed_lines == {**BERLIN, **COLOGNE}
        assert edited.asking is not None and edited.asking.kind is MailKind.ASKING
    [letter] = renderer.letters
    assert letter.recipient == "office@refugees.example"
    assert "Iranian political refugees center – Cologne" in str(letter.context["entries"])
    assert events(db) == [("edited", "Bea", "revision 2")]


def test_edited_country_is_no_longer_the_one_that_was_read(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, details={"country_code": "DE"})
        moved = {"en": PrintedLine("Iranian political refugees center", "Vienna", "Austria")}
        edited = review.edit(session, desk, row.reference, moved, clock, actor="Bea").revision
        assert "country_code" not in edited.details
        assert origins.of(edited) == ("AT", "en")
        renamed = {"en": PrintedLine("Iranian refugees center", "Vienna", "Austria")}
        assert origins.of(review.edit(session, desk, row.reference, renamed, clock, actor="Bea").revision)[0] == "AT"


def test_what_they_wrote_stays_open_while_an_edit_waits_for_their_answer(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        edited = review.edit(session, desk, row.reference, COLOGNE, clock, actor="Bea")
        assert statuses(row) == [S.NEEDS_INFO, S.UNCONFIRMED]
        edited.revision.confirm(NOW, proof=Proof.MAILBOX)
        edited.revision.supersede(NOW)
        assert statuses(row) == [S.REPLACED, S.PENDING]


def test_line_that_prints_stays_while_an_edit_waits(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.APPROVED)
        review.edit(session, desk, row.reference, COLOGNE, clock, actor="Bea")
        assert statuses(row) == [S.APPROVED, S.UNCONFIRMED]


def test_edited_entry_is_found_by_its_new_name_and_its_old_one(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        review.edit(session, desk, row.reference, {"en": PrintedLine("New Name")}, clock, actor="Bea")
        session.flush()
        for name in ("new name", fold(BERLIN["en"].name)):
            assert signatories.with_name(session, [db.keyring.hash("name", fold(name))]) == [row]


def test_changed_value_points_to_no_words_of_the_mail(db: Database, desk: Desk) -> None:
    spans = {field: {"part": "new", "start": 0, "end": 1} for field in ("names.fa", "names.en", "city", "country")}
    with db.writing() as session:
        row = cast.signatory(session, details={"evidence": spans, "needs_human": ["unsure"], "warnings": ["w"]})
        edited = review.edit(session, desk, row.reference, COLOGNE, clock, actor="Bea")
        assert sorted(edited.revision.details["evidence"]) == ["country", "names.en", "names.fa"]
        assert (edited.revision.details["needs_human"], edited.revision.details["warnings"]) == ([], ["w"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"de": PrintedLine("Zentrum")}, "prints no line in de"),
        ({"en": BERLIN["en"]}, "the line of .* already"),
        ({"en": PrintedLine(" \u202e ", "Berlin")}, "needs a name"),
        ({"en": PrintedLine("x" * 121)}, "longer than 120"),
    ],
)
def test_edit_that_makes_no_line_is_refused(db: Database, desk: Desk, line: dict[str, PrintedLine], said: str) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        with pytest.raises(Refused, match=said):
            review.edit(session, desk, row.reference, line, clock, actor="Bea")


@pytest.mark.parametrize("status", [S.WITHDRAWN, S.MERGED])
def test_coordinator_does_not_bring_back_who_withdrew(db: Database, desk: Desk, status: RevisionStatus) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=status)
        with pytest.raises(Refused, match="only a new mail of theirs"):
            review.edit(session, desk, row.reference, COLOGNE, clock, actor="Bea")


def test_edited_line_is_shown_without_controls(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        line = {"en": PrintedLine("A\u202eB  \x1b[31mC", " ", "\t")}
        edited = review.edit(session, desk, row.reference, line, clock, actor="Bea")
        assert edited.revision.printed_lines["en"] == PrintedLine("AB [31mC")


def test_edit_says_when_nobody_is_asked(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, email=None)
        edited = review.edit(session, desk, row.reference, COLOGNE, clock, actor="Bea")
        assert (edited.asking, edited.why_not_asked) == (None, "it has no address")


# ── ask ──


def test_asking_again_is_another_mail(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        review.ask(session, desk, row.reference, clock, actor="Bea")
        review.ask(session, desk, row.reference, lambda: NOW + timedelta(hours=1), actor="Bea")
        assert row.newest.status is S.NEEDS_INFO
        assert len(session.scalars(select(OutboxMail)).all()) == 2
        with pytest.raises(Refused, match="asked just now"):
            review.ask(session, desk, row.reference, clock, actor="Bea")


def test_own_question_carries_its_text_as_data(db: Database, desk: Desk, renderer: cast.FakeRenderer) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        mail = review.ask(session, desk, row.reference, clock, actor="Bea", text="Which {{ city }}?")
        assert mail.kind is MailKind.QUESTION
    assert renderer.letters[0].context["message"] == "Which {{ city }}?"


def test_entry_without_address_cannot_be_asked(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, email=None)
        with pytest.raises(Refused, match="it has no address"):
            review.ask(session, desk, row.reference, clock, actor="Bea")


def test_held_entry_is_not_asked_but_may_be_sent_a_question(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        row.hold(HoldKind.DISPUTED, by="machine", at=NOW, reason="")
        with pytest.raises(Refused, match="it is disputed; lift that first"):
            review.ask(session, desk, row.reference, clock, actor="Bea")
        mail = review.ask(session, desk, row.reference, clock, actor="Bea", text="Which of you?")
        assert dispatch.why_not(session, desk, mail, NOW) is None


def test_approved_line_that_cannot_print_yet_is_asked_and_the_mail_leaves(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.APPROVED, proof=Proof.NONE, seen=Seen.NO)
        mail = review.ask(session, desk, row.reference, clock, actor="Bea")
        assert dispatch.why_not(session, desk, mail, NOW) is None
        assert row.newest.status is S.APPROVED


def test_approved_and_confirmed_line_is_not_asked_about(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.APPROVED)
        with pytest.raises(Refused, match="nothing to ask"):
            review.ask(session, desk, row.reference, clock, actor="Bea")


# ── holds ──


def test_hold_is_placed_once_and_lifted_by_name(db: Database) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.APPROVED)
        review.hold(session, row.reference, "they called", clock, actor="Bea")
        assert [hold.kind for hold in row.open_holds] == [HoldKind.WITHHELD]
        with pytest.raises(Refused, match="withheld already"):
            review.hold(session, row.reference, "again", clock, actor="Bea")
        with pytest.raises(Refused, match="is not hidden"):
            review.lift(session, row.reference, HoldKind.HIDDEN, clock, actor="Bea")
        review.lift(session, row.reference, HoldKind.WITHHELD, clock, actor="Cyrus")
        assert not row.open_holds
    assert events(db) == [("held", "Bea", "withheld"), ("lifted", "Cyrus", "withheld")]


def test_reason_of_a_hold_is_sealed(db: Database, folder: Path) -> None:
    with db.writing() as session:
        review.hold(session, cast.signatory(session).reference, "they fear the embassy", clock, actor="Bea")
    with db.reading() as session:
        assert session.scalars(select(Revision)).one().signatory.open_holds[0].reason == "they fear the embassy"
    assert b"embassy" not in b"".join(path.read_bytes() for path in folder.iterdir())
