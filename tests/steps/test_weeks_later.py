""" "X is wrong, it is Y", weeks later and from a third address: shown to people, asked at the contact, printed anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.model import Event, OutboxMail, Signatory
from outreach.settings import AskingSettings
from outreach.steps import followup, publish, review
from outreach.store import waves
from outreach.store.database import Database
from outreach.words import InboundStatus, MailKind, PrintedLine, Proof, RevisionStatus, Seen
from tests import cast
from tests.steps.story import OFFICE, STRANGER, Story, begin, sent

S = RevisionStatus
NURSES = {"fa": PrintedLine("اتحادیهٔ پرستاران", "برلین"), "en": PrintedLine("Nurses' Union", "Berlin")}
WRONG = (
    "Hello,\n\nin your list “Iranian political refugees center” is wrong. Please correct the name to {right}.\n\nRosa"
)

CITY = "Please correct our entry: the city is Hamburg, not Berlin.\n\nRosa"


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def printed(story: Story) -> str:
    """A line that is approved and proven; its reference. Another organisation's stands beside it."""
    with story.db.writing() as session:
        cast.signatory(session, NURSES, "office@nurses.example", status=S.APPROVED, decided_at=story.now)
        row = cast.signatory(session, status=S.APPROVED, decided_at=story.now)
        signatory = row.reference
    return signatory


def state(story: Story, reference: str) -> list[RevisionStatus]:
    with story.db.reading() as session:
        row = session.scalars(select(Signatory).where(Signatory.reference == reference)).one()
        return [revision.status for revision in row.revisions]


@pytest.mark.parametrize(
    "text",
    [
        WRONG.format(right="“Iranian refugees center in Berlin”"),
        "نام «كانون پناهندگان سياسي ايران» در فهرست اشتباه است. درستش: «کانون پناهندگان سیاسی ایران در برلین».",
    ],
)
def test_a_correction_from_a_third_address_is_found_by_the_printed_name(story: Story, text: str) -> None:
    reference = printed(story)
    taken = story.receive(text, STRANGER, subject="Your list")
    assert taken.status is InboundStatus.OPEN
    assert taken.reason == f"a correction of: {reference}? Not from its address, so nothing was done"
    assert state(story, reference) == [S.APPROVED]
    with story.db.reading() as session:
        [event] = session.scalars(select(Event).where(Event.action == "named"))
        assert (event.subject, event.reason) == (
            f"signatory {reference}",
            f"a correction: message {taken.reference}",
        )
        assert session.scalars(select(OutboxMail)).all() == []


def test_a_colleague_who_names_nobody_is_found_by_the_organisations_own_domain(story: Story) -> None:
    with story.db.writing() as session:
        signed = cast.signatory(session, status=S.APPROVED).reference
    taken = story.receive(CITY, "board@refugees.example")
    assert taken.reason == f"a correction of: {signed}? Not from its address, so nothing was done"


def test_a_domain_where_anybody_has_an_address_finds_nobody(story: Story) -> None:
    with story.db.writing() as session:
        cast.signatory(session, email="center@gmail.example", status=S.APPROVED)
    taken = story.receive(CITY, "rosa@gmail.example")
    assert taken.reason == "a correction, but of which entry?"


def test_a_withdrawal_that_only_names_the_organisation_hides_nobody(story: Story) -> None:
    reference = printed(story)
    text = "Please remove the signature of the Iranian political refugees center from the list."
    taken = story.receive(text, STRANGER)
    assert taken.reason == f"a withdrawal of: {reference}? Not from its address, so nothing was done"
    with story.db.reading() as session:
        assert [hold for one in session.scalars(select(Signatory)) for hold in one.open_holds] == []


def test_a_name_that_is_part_of_a_longer_one_is_not_named(story: Story) -> None:
    reference = printed(story)
    with story.db.writing() as session:
        cast.signatory(session, {"en": PrintedLine("Iranian political")}, "a@b.example", status=S.APPROVED)
    taken = story.receive(WRONG.format(right="“Iranian refugees center in Berlin”"), STRANGER)
    assert taken.reason == f"a correction of: {reference}? Not from its address, so nothing was done"


def test_a_reference_from_a_third_address_makes_an_unproven_line_that_the_contact_is_asked_about(
    db: Database, folder: Path
) -> None:
    story = begin(db, folder, asking=AskingSettings(auto="always"))
    reference = printed(story)
    text = f"{WRONG.format(right='“Iranian refugees center in Berlin”')}\n\nRef. {reference}"
    story.receive(text, STRANGER)
    assert state(story, reference) == [S.APPROVED, S.UNCONFIRMED]
    assert [line.proof for line in story.entries][-1] is Proof.NONE
    followup.run(story.db, story.desk, lambda: story.now)
    with story.db.reading() as session:
        [asking] = session.scalars(select(OutboxMail))
        assert (asking.kind, asking.recipient) == (MailKind.ASKING, OFFICE)


def test_a_mailed_correction_is_asked_confirmed_told_approved_and_printed_in_the_next_wave(story: Story) -> None:
    reference = printed(story)
    assert publish_lines(story) == ["Iranian political refugees center – Berlin", "Nurses' Union – Berlin"]
    story.receive("correct: Iranian political refugees centre – Hamburg", STRANGER, subject=f"Re: ({reference})")
    followup.run(story.db, story.desk, lambda: story.now)
    with story.db.writing() as session:
        asking = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.ASKING)).one()
        assert asking.recipient == OFFICE
        secret = sent(asking, story.now)
    assert publish_lines(story) == ["Iranian political refugees center – Berlin", "Nurses' Union – Berlin"]
    story.receive("Yes, that is right.", OFFICE, secret)
    assert story.written[-1] is MailKind.RECEIPT
    assert state(story, reference) == [S.APPROVED, S.PENDING]
    with story.db.writing() as session:
        review.approve(session, reference, lambda: story.now, actor="Bea")
    assert state(story, reference) == [S.REPLACED, S.APPROVED]
    assert publish_lines(story) == ["Iranian political refugees centre – Hamburg", "Nurses' Union – Berlin"]


def test_an_erratum_prints_a_corrected_line_at_once_and_nobody_new(story: Story) -> None:
    reference = printed(story)
    publish_lines(story)
    with pytest.raises(Refused, match="no erratum"):
        publish_lines(story, errata=True)
    with story.db.writing() as session:
        row = session.scalars(select(Signatory).where(Signatory.reference == reference)).one()
        lines = {"en": PrintedLine("Iranian political refugees centre", "Hamburg")}
        row.revise(lines=lines, at=story.now, status=S.PENDING, proof=Proof.MAILBOX, seen=Seen.CONFIRMED)
        cast.signatory(session, {"en": PrintedLine("Newcomers")}, "a@b.example", status=S.APPROVED)
        review.approve(session, reference, lambda: story.now, actor="Bea")
    erratum = ["Iranian political refugees centre – Hamburg", "Nurses' Union – Berlin"]
    assert publish_lines(story, errata=True) == erratum
    assert publish_lines(story) == [*erratum[:1], "Newcomers", *erratum[1:]]


def test_an_erratum_takes_a_withdrawn_line_off_at_once(story: Story) -> None:
    reference = printed(story)
    publish_lines(story)
    with story.db.writing() as session:
        session.scalars(select(Signatory).where(Signatory.reference == reference)).one().withdraw(story.now, by="Bea")
        assert waves.changed(session) == 1
    assert publish_lines(story, errata=True) == ["Nurses' Union – Berlin"]


def publish_lines(story: Story, *, errata: bool = False) -> list[str]:
    """The English lines of a wave published now, sorted."""
    settings = story.desk.settings
    drafted = publish.draft(story.db, settings, lambda: story.now, errata=errata)
    publish.publish(story.db, settings, drafted, settings.folder / "site", {}, lambda: story.now, actor="Bea")
    return sorted(str(entry.lines["en"]) for entry in drafted.published.entries)
