"""Answers to a mail about several lines: each number is settled by itself, and a line written anew is a yes to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.model import Revision, Signatory
from outreach.store.database import Database
from outreach.words import InboundStatus, MailKind, PrintedLine, Proof, RejectReason, RevisionStatus, Seen
from tests.steps.story import OFFICE, Story, begin

COUNCILS = [PrintedLine(f"{word} council", "Berlin") for word in ("First", "Second", "Third")]


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def ask(story: Story) -> str:
    return story.ask(OFFICE, *COUNCILS)


def states(story: Story) -> list[RevisionStatus]:
    return [entry.status for entry in story.entries]


@pytest.mark.parametrize("text", ["1, 3 yes, 2 no", "۱، ۳ بله، ۲ نه", "1. ja\n2. nein\n3. ja", "1 et 3 oui, 2 non"])
def test_each_line_gets_its_own_answer(story: Story, text: str) -> None:
    message = story.receive(text, answers=ask(story))
    assert states(story) == [RevisionStatus.PENDING, RevisionStatus.REJECTED, RevisionStatus.PENDING]
    assert [entry.seen for entry in story.entries if entry.proof is Proof.DOMAIN] == [Seen.CONFIRMED] * 2
    assert story.entries[1].reject_reason is RejectReason.NOT_US
    assert message.status is InboundStatus.OPEN
    assert story.written == [MailKind.RECEIPT]


def test_the_receipt_shows_only_the_lines_that_were_confirmed(story: Story) -> None:
    story.receive("all but 2", answers=ask(story))
    shown = story.renderer.letters[-1].context["entries"]
    assert isinstance(shown, list)
    assert [entry["lines"] for entry in shown] == [["First council – Berlin"], ["Third council – Berlin"]]


def test_a_line_that_was_not_named_stays_open_and_a_person_looks(story: Story) -> None:
    message = story.receive("all but 2", answers=ask(story))
    assert states(story) == [RevisionStatus.PENDING, RevisionStatus.UNCONFIRMED, RevisionStatus.PENDING]
    assert message.status is InboundStatus.OPEN


def test_a_numbered_line_written_anew_is_confirmed_as_written(story: Story) -> None:
    message = story.receive("1 and 3 yes\n2: Second Council – Cologne", answers=ask(story))
    *_, corrected = story.entries
    assert message.status is InboundStatus.HANDLED
    assert (corrected.status, corrected.seen) == (RevisionStatus.PENDING, Seen.CONFIRMED)
    assert story.lines()["en"] == "Second Council – Cologne"
    assert states(story)[1] is RevisionStatus.REPLACED


def test_a_numbered_line_of_somebody_else_waits_for_a_person_and_the_rest_is_done(story: Story) -> None:
    message = story.receive("1 and 3 yes\n2: Dockers' Union – Cologne", answers=ask(story))
    assert states(story) == [RevisionStatus.PENDING, RevisionStatus.UNCONFIRMED, RevisionStatus.PENDING]
    assert message.status is InboundStatus.OPEN


def test_an_answer_by_number_that_its_domain_disowns_settles_nothing(story: Story) -> None:
    story.receive("1, 3 yes, 2 no", answers=ask(story), verdict="fail")
    assert set(states(story)) == {RevisionStatus.UNCONFIRMED}


def test_numbers_to_no_mail_of_ours_settle_nothing(story: Story) -> None:
    ask(story)
    story.receive("1, 3 yes, 2 no")
    assert set(states(story)) == {RevisionStatus.UNCONFIRMED}


def test_the_single_line_of_an_asking_written_anew_is_a_yes_to_it(story: Story) -> None:
    message = story.receive("Iranian Political Refugees Centre – Hamburg", answers=story.ask())
    first, second = story.entries
    assert message.status is InboundStatus.HANDLED
    assert first.status is RevisionStatus.REPLACED
    assert (second.status, second.proof, second.seen) == (RevisionStatus.PENDING, Proof.DOMAIN, Seen.CONFIRMED)
    assert story.lines()["en"] == "Iranian Political Refugees Centre – Hamburg"
    with story.db.reading() as session:
        assert len(session.scalars(select(Signatory)).all()) == 1


def test_the_very_line_sent_back_is_a_yes(story: Story) -> None:
    story.receive("Iranian political refugees center – Berlin", answers=story.ask())
    [entry] = story.entries
    assert (entry.status, entry.seen) == (RevisionStatus.PENDING, Seen.CONFIRMED)


def test_not_us_is_an_alarm(story: Story) -> None:
    secret = story.ask()
    with story.db.writing() as session:
        revision = session.scalars(select(Revision)).one()
        assert revision.status is RevisionStatus.UNCONFIRMED
    message = story.receive("No, that was not us.", answers=secret)
    assert message.reason is not None and message.reason.startswith("not us")
    assert story.report.attention[0] == f"ALARM: message {message.reference}: {message.reason}"
