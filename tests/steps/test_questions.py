"""Questions: open until answered, through the program or by hand; one beside a sign-up is not forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.model import InboundMessage
from outreach.steps import questions
from outreach.store.database import Database
from outreach.words import InboundStatus, MailKind
from tests.cast import clock
from tests.steps.story import FORM, STRANGER, Story, begin

QUESTION = "Who has written the statement?"


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


def state(story: Story, reference: str) -> tuple[str, str | None]:
    with story.db.reading() as session:
        question = questions.with_reference(session, reference)
        return questions.state_of(question), question.owner


def test_a_question_is_open_until_it_is_answered_in_its_thread(story: Story) -> None:
    message = story.receive(QUESTION, sender=STRANGER)
    assert state(story, message.reference) == ("open", None)
    with story.db.writing() as session:
        questions.answer(session, story.desk, message.reference, "We did.\n\nTogether.", clock, actor="Bea")
    assert state(story, message.reference) == ("answered", "Bea")
    letter = story.renderer.letters[-1]
    assert (letter.kind, letter.recipient) == (MailKind.ANSWER, STRANGER)
    assert (letter.context["message"], letter.is_reply, letter.auto_replied) == ("We did.\n\nTogether.", True, False)


def test_a_question_beside_a_sign_up_is_kept(story: Story) -> None:
    message = story.receive(FORM + "\nWho else has signed so far?", answers=story.invite())
    assert state(story, message.reference) == ("open", None)
    assert len(story.entries) == 1


def test_a_sign_up_without_a_question_is_none(story: Story) -> None:
    message = story.receive(FORM, answers=story.invite())
    with pytest.raises(Refused, match="There is no question"):
        state(story, message.reference)


def test_an_answer_by_hand_answers_it(story: Story) -> None:
    message = story.receive(QUESTION, sender=STRANGER)
    with story.db.reading() as session:
        clues = session.get_one(InboundMessage, message.id).reading["clues"]
    raw = (
        f"From: statement@contact.example\r\nTo: {STRANGER}\r\nSubject: Re: joint statement\r\n"
        f"Message-ID: <by-hand@contact.example>\r\nIn-Reply-To: {clues['message_id']}\r\n\r\nWe did.\r\n"
    )
    story.take(raw.encode(), sent_by_us=True)
    assert state(story, message.reference) == ("answered", None)


def test_a_question_is_looked_after_and_closed(story: Story) -> None:
    message = story.receive(QUESTION, sender=STRANGER)
    with story.db.writing() as session:
        questions.own(session, message.reference, "Cyrus", clock, actor="Bea")
        questions.close(session, message.reference, clock, actor="Bea")
    assert state(story, message.reference) == ("closed", "Cyrus")
    with story.db.writing() as session, pytest.raises(Refused, match="closed already"):
        questions.close(session, message.reference, clock, actor="Bea")


def test_an_answer_needs_words(story: Story) -> None:
    message = story.receive(QUESTION, sender=STRANGER)
    with story.db.writing() as session, pytest.raises(Refused, match="needs words"):
        questions.answer(session, story.desk, message.reference, " \n", clock, actor="Bea")
    assert message.status is InboundStatus.OPEN
    with story.db.reading() as session:
        assert session.scalars(select(InboundMessage)).one().is_question
