"""A mailbox that is a list or a forwarder: From is our own address then, and no sign-up may be lost by it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.model import OutboxMail, Signatory
from outreach.reading.headers import Headers
from outreach.reading.ownlist import list_id
from outreach.steps import followup
from outreach.store.database import Database
from outreach.words import AuthResult, InboundStatus, MailKind, Proof, RevisionStatus
from tests.steps.story import OFFICE, Story, begin

US = "statement@contact.example"
FORM = "Name in English: Iranian political refugees center\nCity: Berlin\nCountry: Germany\n\nWe sign.\n\nRosa Doe"
LIST = {"List_Id": "<statement.contact.example>", "Precedence": "list"}


@pytest.fixture
def story(db: Database, folder: Path) -> Story:
    return begin(db, folder)


@pytest.mark.parametrize(
    "original",
    [
        {"X_Original_From": f"Rosa Doe <{OFFICE}>", "Reply_To": f"Rosa Doe <{OFFICE}>"},
        {"Reply_To": f"{OFFICE}, {US}"},
        {"X_Original_Sender": OFFICE, "Reply_To": US},  # a group that takes replies to itself
    ],
)
def test_a_sign_up_that_a_list_passes_on_in_our_name_is_asked_about_at_its_sender(
    story: Story, original: dict[str, str]
) -> None:
    taken = story.receive(FORM, US, **LIST, **original)
    assert taken.status is InboundStatus.HANDLED
    assert taken.auth_result is AuthResult.NONE  # what is said of our domain says nothing of theirs
    with story.db.reading() as session:
        revision = session.scalars(select(Signatory)).one().newest
        assert (revision.status, revision.proof) == (RevisionStatus.UNCONFIRMED, Proof.NONE)
        assert revision.signatory.contact["email"] == OFFICE
    followup.run(story.db, story.desk, lambda: story.now)
    with story.db.reading() as session:
        asked = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.ASKING)).one()
        assert asked.recipient == OFFICE


def test_an_answer_with_our_secret_is_the_organisations_however_it_came(story: Story) -> None:
    secret = story.invite()
    story.receive(FORM, US, answers=secret, X_Original_From=f"Rosa Doe <{OFFICE}>", **LIST)
    with story.db.reading() as session:
        assert session.scalars(select(Signatory)).one().newest.status is RevisionStatus.PENDING


def test_a_sender_whom_our_list_names_is_never_proven_even_on_our_own_domain(story: Story) -> None:
    taken = story.receive(FORM, US, Reply_To="board@contact.example", **LIST)
    assert taken.auth_result is AuthResult.NONE


def test_a_sign_up_in_our_name_that_nobody_is_named_for_waits_for_a_person(story: Story) -> None:
    taken = story.receive(FORM, US)
    assert (taken.status, story.entries) == (InboundStatus.OPEN, [])
    assert taken.reason == "from our own address: who wrote it?"
    with story.db.reading() as session:
        assert session.scalars(select(OutboxMail)).all() == []


def test_our_own_mail_that_comes_back_is_left_alone(story: Story) -> None:
    secret = story.invite()
    taken = story.take(
        f"From: {US}\r\nTo: {US}\r\nMessage-ID: {secret}\r\n\r\nDear friends, will you sign?\r\n".encode()
    )
    assert (taken.status, taken.reason) == (InboundStatus.IGNORED, "a copy of our own mail")


@pytest.mark.parametrize("verdict", ["fail", "none"])
def test_who_uses_our_address_without_our_domains_pass_is_forged(story: Story, verdict: str) -> None:
    taken = story.receive("Please remove our signature.", US, verdict=verdict, X_Original_From=OFFICE, **LIST)
    assert taken.auth_result is AuthResult.FAIL


def knowing(story: Story, *lists: str) -> Story:
    """The same campaign, whose settings name these lists."""
    mailbox = replace(story.desk.settings.mailbox, own_list_ids=frozenset(lists))
    story.desk = replace(story.desk, settings=replace(story.desk.settings, mailbox=mailbox))
    return story


def test_what_our_own_list_passes_on_under_its_senders_name_is_answered_like_any_mail(story: Story) -> None:
    knowing(story, "statement.contact.example").receive(FORM, OFFICE, **LIST)
    followup.run(story.db, story.desk, lambda: story.now)
    with story.db.reading() as session:
        [asked] = session.scalars(select(OutboxMail))
        assert (asked.kind, asked.recipient) == (MailKind.ASKING, OFFICE)


@pytest.mark.parametrize("named", [(), ("other.contact.example",)])
def test_what_another_list_passes_on_is_answered_by_no_machine(story: Story, named: tuple[str, ...]) -> None:
    knowing(story, *named).receive(FORM, OFFICE, **LIST)
    followup.run(story.db, story.desk, lambda: story.now)
    with story.db.reading() as session:
        assert session.scalars(select(OutboxMail)).all() == []


def test_where_our_lists_are_named_nothing_else_says_who_wrote_in_our_name(story: Story) -> None:
    knowing(story, "statement.contact.example")
    assert story.receive(FORM, US, X_Original_From=OFFICE).reason == "from our own address: who wrote it?"
    other = {"List_Id": "<other.contact.example>"}
    assert story.receive(FORM, US, X_Original_From=OFFICE, **other).reason == "from our own address: who wrote it?"
    assert story.entries == []


@pytest.mark.parametrize("verdict", ["fail", "none"])
def test_the_mark_of_our_list_without_our_domains_pass_is_a_forgery(story: Story, verdict: str) -> None:
    knowing(story, "statement.contact.example")
    taken = story.receive("Please remove our signature.", US, verdict=verdict, X_Original_From=OFFICE, **LIST)
    assert taken.auth_result is AuthResult.FAIL


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (["Our <b>list <Statement.Contact.Example>"], "statement.contact.example"),
        (["<a.example>", "<b.example>"], None),
        (["a.example"], None),
        (["<a\x1b[31m.example>"], None),
    ],
)
def test_a_list_is_known_by_its_one_identifier(written: list[str], name: str | None) -> None:
    assert list_id(Headers(("list-id", value) for value in written)) == name
