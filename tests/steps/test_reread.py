"""Reading again: a newer parser is applied where nothing was decided or done, and a person's correction is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.model import Event, InboundMessage, Suppression
from outreach.steps import intake, refile, reread, review
from outreach.steps.reread import Consequence
from outreach.store import log, suppressions
from outreach.store.database import Database
from outreach.words import (
    InboundStatus,
    Kind,
    RejectReason,
    RevisionStatus,
    SuppressionReason,
    SuppressionScope,
)
from tests.cast import NOW, clock
from tests.steps.story import FORM, STRANGER, Story, begin
from tests.steps.test_intake import bounce


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def as_an_older_parser_read_it(story: Story, reference: str, kind: Kind = Kind.OTHER) -> None:
    """Put a mail where a parser that understood less would have left it: with a person, nothing done."""
    with story.db.writing() as session:
        message = session.scalars(select(InboundMessage).where(InboundMessage.reference == reference)).one()
        message.kind, message.reading = kind, {**message.reading, "kind": str(kind), "signups": []}


def status(story: Story, reference: str) -> tuple[InboundStatus, Kind | None]:
    with story.db.reading() as session:
        message = session.scalars(select(InboundMessage).where(InboundMessage.reference == reference)).one()
        return message.status, message.kind


def apply(story: Story) -> list[reread.Change]:
    found = reread.changes(story.db, story.desk)
    reread.apply(story.db, found, clock, actor="Bea")
    return found


def refiled(story: Story, reference: str, kind: Kind) -> None:
    with story.db.writing() as session:
        refile.refile(session, reference, kind, clock, actor="Bea")


QUESTION = "Who are you, and who else signs? We would like to know before we decide anything."


def test_what_reads_as_before_is_not_named(story: Story) -> None:
    story.receive(FORM, sender=STRANGER)
    story.receive(QUESTION, sender="other@elsewhere.example")
    assert reread.changes(story.db, story.desk) == []


def test_looking_changes_nothing(story: Story) -> None:
    reference = story.receive(QUESTION, sender=STRANGER).reference
    as_an_older_parser_read_it(story, reference)
    [change] = reread.changes(story.db, story.desk)
    assert (change.before, change.after, change.consequence) == ("other", "question", Consequence.TAKEN_IN)
    assert status(story, reference) == (InboundStatus.OPEN, Kind.OTHER)


def test_mail_on_which_nothing_was_done_is_taken_in_by_the_newer_reading(story: Story) -> None:
    reference = story.receive(QUESTION, sender=STRANGER).reference
    as_an_older_parser_read_it(story, reference)
    apply(story)
    assert status(story, reference)[0] is InboundStatus.FETCHED
    intake.run(story.db, story.desk, clock)
    assert status(story, reference) == (InboundStatus.OPEN, Kind.QUESTION)
    assert reread.changes(story.db, story.desk) == []


def test_mail_on_which_the_machine_has_acted_is_shown_to_a_person_and_its_entries_stay(story: Story) -> None:
    reference = story.receive(FORM, answers=story.invite()).reference
    as_an_older_parser_read_it(story, reference, Kind.SIGNUP)
    before = [(entry.id, entry.status) for entry in story.entries]
    [change] = apply(story)
    assert change.consequence is Consequence.SHOWN
    assert status(story, reference)[0] is InboundStatus.OPEN
    assert [(entry.id, entry.status) for entry in story.entries] == before
    assert [again.consequence for again in reread.changes(story.db, story.desk)] == [Consequence.LEFT]


def test_mail_whose_entry_a_person_has_decided_is_left_alone(story: Story) -> None:
    reference = story.receive(FORM, answers=story.invite()).reference
    as_an_older_parser_read_it(story, reference, Kind.SIGNUP)
    with story.db.writing() as session:
        review.approve(session, story.entries[0].signatory.reference, clock, actor="Bea")
    [change] = apply(story)
    assert change.consequence is Consequence.LEFT
    assert status(story, reference) == (InboundStatus.HANDLED, Kind.SIGNUP)


def test_mail_that_a_person_has_closed_is_left_alone(story: Story) -> None:
    reference = story.receive(QUESTION, sender=STRANGER).reference
    as_an_older_parser_read_it(story, reference)
    with story.db.writing() as session:
        session.scalars(select(InboundMessage)).one().close(clock())
    assert [change.consequence for change in apply(story)] == [Consequence.LEFT]
    assert status(story, reference)[0] is InboundStatus.CLOSED


def test_what_a_person_decides_after_the_look_is_left_alone_too(story: Story) -> None:
    reference = story.receive(QUESTION, sender=STRANGER).reference
    as_an_older_parser_read_it(story, reference)
    found = reread.changes(story.db, story.desk)
    with story.db.writing() as session:
        message = session.scalars(select(InboundMessage)).one()
        message.close(clock())
        log.note(session, clock(), actor="Bea", action="closed", about=message)
    reread.apply(story.db, found, clock, actor="Bea")
    assert status(story, reference)[0] is InboundStatus.CLOSED


def test_only_named_mails_are_read_again_and_unknown_ones_refused(story: Story) -> None:
    references = [story.receive(QUESTION, sender=f"{name}@elsewhere.example").reference for name in ("a", "b")]
    for reference in references:
        as_an_older_parser_read_it(story, reference)
    assert [change.reference for change in reread.changes(story.db, story.desk, references[:1])] == references[:1]
    with pytest.raises(Refused, match="1 are kept"):
        reread.changes(story.db, story.desk, [references[0], "2222-2222"])


# ── a person's correction ──


def test_no_sign_up_but_a_question_rejects_what_was_signed_and_waits_for_a_person(story: Story) -> None:
    reference = story.receive(FORM, sender=STRANGER).reference
    refiled(story, reference, Kind.QUESTION)
    [entry] = story.entries
    assert (entry.status, entry.reject_reason) == (RevisionStatus.REJECTED, RejectReason.NOT_A_SIGN_UP)
    assert status(story, reference) == (InboundStatus.OPEN, Kind.QUESTION)
    with story.db.reading() as session:
        events = session.scalars(select(Event).where(Event.action == "refiled")).all()
        assert [(event.actor, event.reason) for event in events] == [("Bea", "signup, truly question")]


def test_approved_line_stays_when_its_mail_is_filed_anew(story: Story) -> None:
    reference = story.receive(FORM, answers=story.invite()).reference
    with story.db.writing() as session:
        review.approve(session, story.entries[0].signatory.reference, clock, actor="Bea")
    refiled(story, reference, Kind.QUESTION)
    assert [entry.status for entry in story.entries] == [RevisionStatus.APPROVED]


def test_mail_on_which_nothing_was_done_is_taken_in_as_what_a_person_says_it_is(story: Story) -> None:
    reference = story.receive(QUESTION, sender=STRANGER).reference
    refiled(story, reference, Kind.UNSUBSCRIBE)
    intake.run(story.db, story.desk, clock)
    assert status(story, reference)[1] is Kind.UNSUBSCRIBE
    assert [change.consequence for change in reread.changes(story.db, story.desk)] == [Consequence.LEFT]


def test_mail_that_wants_nothing_is_closed(story: Story) -> None:
    reference = story.receive(QUESTION, sender=STRANGER).reference
    refiled(story, reference, Kind.OTHER)
    assert status(story, reference) == (InboundStatus.CLOSED, Kind.OTHER)


def test_filing_as_what_it_is_already_is_refused(story: Story) -> None:
    reference = story.receive(QUESTION, sender=STRANGER).reference
    with pytest.raises(Refused, match="already"):
        refiled(story, reference, Kind.QUESTION)
    with pytest.raises(Refused, match="no message"):
        refiled(story, "2222-2222", Kind.OTHER)


# ── a suppression that rested on a wrong reading ──


def suppressed(story: Story) -> list[tuple[SuppressionScope, SuppressionReason]]:
    with story.db.reading() as session:
        return [(row.scope, row.reason) for row in session.scalars(select(Suppression).order_by(Suppression.id))]


def unsubscribe(story: Story, sender: str = STRANGER, more: str = "") -> str:
    return story.receive("unsubscribe" + more, sender=sender, subject="unsubscribe").reference


BY_THEM = (SuppressionScope.INVITATIONS, SuppressionReason.UNSUBSCRIBED)


def test_address_that_never_unsubscribed_may_be_invited_again(story: Story) -> None:
    reference = unsubscribe(story)
    assert suppressed(story) == [BY_THEM]
    refiled(story, reference, Kind.QUESTION)
    assert suppressed(story) == []
    with story.db.reading() as session:
        event = session.scalars(select(Event).where(Event.action == "released")).one()
        assert (event.actor, event.subject, event.reason) == ("Bea", f"message {reference}", "invitations")


def test_bounce_that_was_none_gives_the_address_back(story: Story) -> None:
    reference = story.take(bounce(story.invite())).reference
    assert [scope for scope, _ in suppressed(story)] == [SuppressionScope.EVERYTHING]
    refiled(story, reference, Kind.AUTO_REPLY)
    assert suppressed(story) == []


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.BOUNCE])
def test_true_kind_that_asks_for_the_same_takes_nothing_back(story: Story, kind: Kind) -> None:
    refiled(story, unsubscribe(story), kind)
    assert suppressed(story) == [BY_THEM]


def test_nobody_elses_suppression_is_touched(story: Story) -> None:
    reference = unsubscribe(story)
    unsubscribe(story, "other@elsewhere.example")
    refiled(story, reference, Kind.QUESTION)
    assert suppressed(story) == [BY_THEM]


@pytest.mark.parametrize("which", [0, 1])
def test_what_two_mails_asked_for_is_taken_back_by_neither(story: Story, which: int) -> None:
    references = [unsubscribe(story), unsubscribe(story, more=" ")]
    assert len(set(references)) == 2
    refiled(story, references[which], Kind.QUESTION)
    assert suppressed(story) == [BY_THEM]


def test_what_a_coordinator_asks_for_as_well_stays(story: Story) -> None:
    reference = unsubscribe(story)
    with story.db.writing() as session:
        hash_, scope = story.db.keyring.address_hash(STRANGER), SuppressionScope.INVITATIONS
        suppressions.suppress(session, hash_, scope, SuppressionReason.COORDINATOR, actor="Bea", at=NOW)
    refiled(story, reference, Kind.QUESTION)
    assert suppressed(story) == [BY_THEM]
