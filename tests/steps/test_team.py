"""Mail from a coordinator's own address: what it passes on is a manual entry, and the coordinator never signs by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.model import Coordinator, Event, OutboxMail, Revision, Signatory
from outreach.settings import AskingSettings
from outreach.steps import attest, publish, review
from outreach.steps.attest import Said
from outreach.store.database import Database
from outreach.words import (
    Channel,
    InboundStatus,
    MailKind,
    Proof,
    ProspectStatus,
    RevisionStatus,
    Seen,
)
from tests import cast
from tests.steps.story import FORM, OFFICE, Story, begin, sent

BEA = "bea@team.example"
HEAD = f"""\
This one came to me.

---------- Forwarded message ---------
From: Rosa Doe <{OFFICE}>
Date: Mon, 17 Aug 2026 at 10:00
Subject: our signature
To: Bea <{BEA}>

"""
FORWARD = f"{HEAD}Dear Bea, we sign the statement.\n\n{FORM}"
LINES = {
    "fa": "کانون پناهندگان سیاسی ایران – برلین – آلمان",
    "en": "Iranian political refugees center – Berlin – Germany",
}


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return team(begin(db, folder))


def team(story: Story) -> Story:
    with story.db.writing() as session:
        for name in ("Bea", "Cyrus"):
            member = Coordinator(name=name, since=story.now)
            member.email = f"{name.upper()}@team.example"
            session.add(member)
    return story


def forward(story: Story, text: str = FORWARD, *, verdict: str = "pass", answers: str | None = None) -> InboundStatus:
    return story.receive(text, BEA, answers, verdict=verdict, subject="Fwd: our signature").status


def askings(story: Story) -> list[str]:
    with story.db.reading() as session:
        mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.ASKING))
        return [str(mail.recipient) for mail in mails]


def test_a_forward_is_an_entry_that_the_coordinator_vouches_for(story: Story) -> None:
    assert forward(story) is InboundStatus.HANDLED
    assert story.lines() == LINES
    with story.db.reading() as session:
        entry = session.scalars(select(Signatory)).one()
        line, said = entry.newest, entry.newest.attestation
        assert (line.status, line.proof, line.seen) == (RevisionStatus.PENDING, Proof.ATTESTED, Seen.NO)
        assert said is not None
        assert (said.channel, said.attested_by, said.said) == (
            Channel.FORWARD,
            "Bea",
            {"speaker": "Rosa Doe", "lines": {}},
        )
        assert (entry.contact["email"], line.details["evidence"]["names.en"]["part"]) == (OFFICE, "forwarded")
        acts = session.scalars(select(Event).where(Event.action == "attested")).all()
        assert [(event.actor, event.reason) for event in acts] == [("Bea", "forward")]


def test_a_mail_that_is_forwarded_as_an_attachment_is_read_as_well(story: Story) -> None:
    inner = f"From: Rosa Doe <{OFFICE}>\r\nTo: {BEA}\r\nSubject: our signature\r\n\r\nWe sign.\r\n\r\n" + FORM.replace(
        "\n", "\r\n"
    )
    outer = (
        f"Authentication-Results: mx.contact.example; dkim=pass header.d=team.example\r\nFrom: Bea <{BEA}>\r\n"
        "To: statement@contact.example\r\nSubject: Fwd: our signature\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThis came to me.\r\n'
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: text/plain; charset=utf-8\r\n{inner}\r\n--b--\r\n"
    )
    assert story.take(outer.encode()).status is InboundStatus.HANDLED
    assert (story.lines(), story.entries[0].proof) == (LINES, Proof.ATTESTED)


def test_it_prints_only_with_a_countersign_and_once_they_have_seen_the_line(story: Story) -> None:
    forward(story)
    reference = story.entries[0].signatory.reference
    with story.db.writing() as session:
        review.approve(session, reference, lambda: story.now, actor="Cyrus")
    unseen = "the line was not seen by the organisation long enough"
    assert lacks(story) == ["a second coordinator's countersign", unseen]
    with story.db.writing() as session:
        attest.countersign(session, reference, lambda: story.now, actor="Cyrus")
        asked = review.ask(session, story.desk, reference, lambda: story.now, actor="Cyrus")
        assert asked.recipient == OFFICE
        secret = sent(asked, story.now)
    assert lacks(story) == [unseen]
    story.receive("Yes, that is right.", OFFICE, secret)
    assert (lacks(story), story.entries[0].proof) == ([], Proof.DOMAIN)


def test_the_line_can_be_read_back_to_them_instead_by_whoever_calls(story: Story) -> None:
    forward(story)
    reference = story.entries[0].signatory.reference
    call = Said(Channel.PHONE, "Rosa Doe", story.now)
    with story.db.writing() as session:
        attest.countersign(session, reference, lambda: story.now, actor="Cyrus")
        revision = attest.attest(session, story.desk, reference, call, lambda: story.now, actor="Cyrus").revision
        said = revision.attestation
        assert said is not None
        assert (said.channel, said.attested_by, said.countersigned_by) == (Channel.PHONE, "Cyrus", None)
        assert (revision.seen, said.said["lines"]) == (Seen.ATTESTED, LINES)


def test_they_are_asked_at_once_where_the_settings_ask_without_a_look(db: Database, folder: Path) -> None:
    story = team(begin(db, folder, asking=AskingSettings(auto="always")))
    forward(story)
    [letter] = story.renderer.letters
    assert (letter.recipient, letter.context["spoken_on"]) == (OFFICE, "Thursday, 20 August 2026")
    assert letter.in_reply_to is None  # they have never seen the coordinator's mail


def test_nobody_is_asked_who_said_before_that_it_was_not_them(db: Database, folder: Path) -> None:
    story = team(begin(db, folder, asking=AskingSettings(auto="always")))
    story.receive("No, that was not us.", OFFICE, story.ask(OFFICE, *cast.BERLIN.values()))
    letters = len(story.renderer.letters)
    forward(story)
    assert len(story.renderer.letters) == letters


def test_the_organisation_is_invited_no_more_whose_words_are_passed_on(story: Story) -> None:
    story.invite()
    forward(story)
    assert story.prospect() is ProspectStatus.ANSWERED
    with story.db.reading() as session:
        assert session.scalars(select(Signatory)).one().prospect_id is not None


def test_our_secret_in_what_is_passed_on_proves_no_more_than_the_coordinators_word(story: Story) -> None:
    forward(story, answers=story.invite())
    assert (story.entries[0].status, story.entries[0].proof) == (RevisionStatus.PENDING, Proof.ATTESTED)


@pytest.mark.parametrize("verdict", ["fail", "none"])
def test_a_forward_that_nothing_proves_is_only_shown_to_people(story: Story, verdict: str) -> None:
    assert forward(story, verdict=verdict) is InboundStatus.OPEN
    assert (story.entries, askings(story)) == ([], [])


def test_what_is_forwarded_twice_is_one_entry(story: Story) -> None:
    forward(story)
    forward(story, f"Here it is once more.\n{FORWARD}")
    assert len(story.entries) == 1


def test_a_forward_without_its_author_is_not_the_coordinators_entry(story: Story) -> None:
    forward(story, FORWARD.replace(f" <{OFFICE}>", ""))
    with story.db.reading() as session:
        assert session.scalars(select(Signatory)).one().contact["email"] is None


@pytest.mark.parametrize(
    "text",
    [
        "Please add the Women's Council, Vienna. They sign.\n\nBea",
        f"{HEAD}We do not sign. Please remove us, if we are on the list.\n\n{FORM}",
        f"{FORM}\nWe sign.",
    ],
)
def test_nobody_signs_by_a_coordinators_own_words(story: Story, text: str) -> None:
    assert story.receive(text, BEA, subject="Women's Council").status is InboundStatus.OPEN
    assert (story.entries, askings(story)) == ([], [])


def test_a_coordinators_yes_under_our_mail_confirms_nobodys_line(story: Story) -> None:
    secret = story.ask()
    assert story.receive("Yes, that is right.", BEA, secret).status is InboundStatus.OPEN
    assert story.receive("1 yes", BEA, secret).status is InboundStatus.OPEN
    assert story.entries[0].status is RevisionStatus.UNCONFIRMED


def test_a_coordinator_answers_for_the_organisation_that_is_reached_under_the_same_address(story: Story) -> None:
    story.receive("Yes, that is right.", BEA, story.ask(BEA))
    assert story.entries[0].status is RevisionStatus.PENDING


def test_whoever_is_no_coordinator_any_more_vouches_for_nobody(story: Story) -> None:
    with story.db.writing() as session:
        session.scalars(select(Coordinator).where(Coordinator.name == "Bea")).one().revoke(story.now)
    forward(story)
    assert {line.proof for line in story.entries} == {Proof.NONE}


def lacks(story: Story) -> list[str]:
    with story.db.reading() as session:
        line = session.scalars(select(Revision)).one()
        return list(publish.what_lacks(session, story.desk.settings, line, story.now))
