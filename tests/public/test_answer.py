"""Lines are answered by the link of the mail that asks about them: by a choice and a button, as by a reply."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from outreach.bootstrap import Program
from outreach.letters import answering, inviting
from outreach.letters.queue import Desk
from outreach.model import InboundMessage, OutboxMail
from outreach.steps import intake
from outreach.store import log
from outreach.words import HoldKind, InboundStatus, Lines, MailKind, PrintedLine, Proof, RevisionStatus, Seen
from tests import cast
from tests.public.place import Place
from tests.steps.story import sent

OFFICE = "office@refugees.example"
ROTTERDAM = {"fa": PrintedLine("شورای همبستگی", "رتردام"), "en": PrintedLine("Solidarity council", "Rotterdam")}


def ask(place: Place, *entries: Lines, again: bool = False) -> str:
    """Have asked about lines; returns the path of the link in the mail."""
    with place.program.db.writing() as session:
        revisions = [
            cast.signatory(
                session, lines, OFFICE, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO
            ).newest
            for lines in entries or (cast.BERLIN,)
        ]
        mail = answering.asking(session, place.program.desk, revisions, cast.NOW, reminder_of_asking=again)
        sent(mail, cast.NOW)
        assert mail is not None
        return link_in(place, mail)


def text_of(mail: OutboxMail) -> str:
    body = message_from_bytes(mail.content or b"", policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(place: Place, mail: OutboxMail) -> str:
    """The path of the link in the mail's text, where it has a line of its own."""
    found = re.search(rf"\n{re.escape(place.url)}(/answer/\w+)\s*\n", text_of(mail))
    assert found is not None, text_of(mail)
    return found[1]


def take_in(place: Place) -> list[InboundStatus]:
    """What became of everything that waited to be read."""
    program = place.program
    intake.run(program.db, program.desk, program.clock)
    with program.db.reading() as session:
        return [message.status for message in session.query(InboundMessage).order_by(InboundMessage.id)]


def states(place: Place) -> list[tuple[RevisionStatus, Proof, Seen]]:
    with place.program.db.reading() as session:
        newest = [entry.newest for entry in cast.all_signatories(session)]
        return [(one.status, one.proof, one.seen) for one in newest]


_ASKED = (RevisionStatus.UNCONFIRMED, Proof.NONE, Seen.SHOWN)
_CONFIRMED = (RevisionStatus.PENDING, Proof.DOMAIN, Seen.CONFIRMED)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_page_shows_the_very_line_in_both_scripts(place: Place, again: bool) -> None:
    page = place.get(ask(place, again=again))
    assert page.status == 200
    for language, line in cast.BERLIN.items():
        assert f">{line}</span>" in page.text, language
    assert "checked" not in page.text


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_looking_confirms_nothing_however_often_and_by_whatever_means(place: Place) -> None:
    path = ask(place)
    for _ in range(3):
        assert place.get(path, **{"Sec-Purpose": "prefetch"}).status == 200
        assert place.visitor.request("HEAD", path, None, {}).status == 200
    assert place.visitor.request("OPTIONS", path, None, {}).status == 405
    assert take_in(place) == []
    assert states(place) == [_ASKED]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_form_sent_without_a_choice_as_a_scanner_would_changes_nothing(place: Place) -> None:
    path = ask(place)
    for form in ({}, {"line.1": ""}, {"line.1": "on"}, {"line.2": "yes"}):
        answered = place.post(path, {**form, "language": "en"})
        assert answered.status == 422, form
        assert "nothing has been changed yet" in answered.text
    assert take_in(place) == []
    assert states(place) == [_ASKED]


def test_yes_counts_as_a_mailed_one_does(place: Place) -> None:
    answered = place.post(ask(place), {"line.1": "yes", "language": "en"})
    assert "Thank you, your answer has arrived" in answered.text
    assert states(place) == [_ASKED]  # the page itself decides nothing
    assert take_in(place) == [InboundStatus.HANDLED]
    assert states(place) == [_CONFIRMED]
    with place.program.db.reading() as session:
        [event] = [event for event in log.events(session).rows if event.action == "confirmed"]
        assert event.reason == "on the page of its link"
        kinds = [mail.kind for mail in session.query(OutboxMail).order_by(OutboxMail.id)]
    assert kinds == [MailKind.ASKING, MailKind.RECEIPT]  # the mailbox is told


def test_no_closes_the_entry_and_calls_the_coordinators(place: Place) -> None:
    place.post(ask(place), {"line.1": "no"})
    report = intake.run(place.program.db, place.program.desk, place.program.clock)
    assert "not us: somebody has used their name" in report.attention[0]
    assert [state for state, _, _ in states(place)] == [RevisionStatus.REJECTED]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_each_of_several_lines_is_answered_for_itself(place: Place) -> None:
    path = ask(place, cast.BERLIN, ROTTERDAM)
    assert place.post(path, {"line.1": "yes"}).status == 422
    place.post(path, {"line.1": "yes", "line.2": "no"})
    take_in(place)
    assert [state for state, _, _ in states(place)] == [RevisionStatus.PENDING, RevisionStatus.REJECTED]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_yes_to_several_lines_confirms_them_all(place: Place) -> None:
    place.post(ask(place, cast.BERLIN, ROTTERDAM), {"line.1": "yes", "line.2": "yes"})
    take_in(place)
    assert states(place) == [_CONFIRMED, _CONFIRMED]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_used_link_is_as_quiet_as_an_unknown_one(place: Place) -> None:
    path, nowhere = ask(place), place.get("/nowhere")
    place.post(path, {"line.1": "yes"})
    for answered in (place.get(path), place.post(path, {"line.1": "no"}), place.get("/answer/" + "a" * 34)):
        assert (answered.status, answered.text) == (nowhere.status, nowhere.text)
    take_in(place)
    assert states(place) == [_CONFIRMED]
    assert place.get(path).text == nowhere.text


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ended", ["expired", "answered", "withdrawn"])
def test_link_is_quiet_once_there_is_nothing_left_to_answer(place: Place, ended: str) -> None:
    path = ask(place)
    with place.program.db.writing() as session:
        [entry] = cast.all_signatories(session)
        if ended == "expired":
            session.query(OutboxMail).one().created_at = cast.NOW - timedelta(days=31)
        elif ended == "answered":
            entry.newest.confirm(cast.NOW, proof=Proof.DOMAIN)
        else:
            entry.withdraw(cast.NOW, by="machine")
    before = states(place)
    assert place.get(path).text == place.post(path, {"line.1": "yes"}).text == place.get("/nowhere").text
    take_in(place)
    assert states(place) == before


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_link_of_one_page_opens_no_other(place: Place) -> None:
    path, nowhere = ask(place), place.get("/nowhere").text
    assert place.get(path.replace("/answer/", "/stop/")).text == nowhere
    place.post(path.replace("/answer/", "/stop/"), {"List-Unsubscribe": "One-Click"})
    with place.program.db.reading() as session:
        assert log.events(session).total == log.events(session, about=["coordinator Bea"]).total


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_link_that_a_program_wrote_in_capitals_still_leads_there(place: Place) -> None:
    path = ask(place)
    assert place.get("/answer/" + path.removeprefix("/answer/").upper()).status == 200


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_token_stands_in_no_log_and_nowhere_in_the_database(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    path = ask(place)
    with caplog.at_level(logging.DEBUG):
        place.get(path)
        place.post(path, {"line.1": "yes"})
        take_in(place)
    token = path.removeprefix("/answer/")
    assert token not in caplog.text
    for file in place.program.settings.folder.glob("outreach.db*"):
        assert token.encode() not in file.read_bytes(), file


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_hold_outlives_a_yes_on_the_page(place: Place) -> None:
    path = ask(place)
    with place.program.db.writing() as session:
        [entry] = cast.all_signatories(session)
        entry.hold(HoldKind.OBJECTED, by="machine", at=cast.NOW, reason="")
    place.post(path, {"line.1": "yes"})
    take_in(place)
    with place.program.db.reading() as session:
        [entry] = cast.all_signatories(session)
        assert [hold.kind for hold in entry.open_holds] == [HoldKind.OBJECTED]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_mail_has_a_link_where_there_are_no_public_pages(program: Program) -> None:
    desk = Desk(replace(program.settings, public=None), program.desk.renderer, program.keyring)
    with program.db.writing() as session:
        entry = cast.signatory(session, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO)
        asking = answering.asking(session, desk, [entry.newest], cast.NOW)
        invitation = inviting.invitation(session, desk, [cast.prospect(session)], cast.NOW)
        for mail in (asking, invitation):
            assert mail is not None
            assert "://" not in text_of(mail)
            assert b"List-Unsubscribe-Post" not in (mail.content or b"")
