"""The form to sign: what is typed goes the way of a mail that nothing proves, and tells nobody what is known."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

import pytest

from outreach.model import InboundMessage, OutboxMail, Prospect
from outreach.settings import Day, SendingSettings
from outreach.steps import followup, heard, intake
from outreach.store import outbox, suppressions
from outreach.words import (
    InboundStatus,
    MailKind,
    Proof,
    ProspectStatus,
    RevisionStatus,
    SuppressionReason,
    SuppressionScope,
)
from tests import cast
from tests.public.place import Place
from tests.public.test_answer import link_in, text_of
from tests.steps.story import sent

_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
OFFICE = "office@refugees.example"
BERLIN = {
    "name.fa": cast.BERLIN["fa"].name,
    "name.en": cast.BERLIN["en"].name,
    "city": "Berlin",
    "country": "Germany",
    "person": "Rosa Doe",
    "address": OFFICE,
    "language": "en",
}


def messages(place: Place) -> list[tuple[InboundStatus, str | None]]:
    with place.program.db.reading() as session:
        return [(one.status, one.reason) for one in session.query(InboundMessage).order_by(InboundMessage.id)]


def mails(place: Place) -> list[MailKind]:
    with place.program.db.reading() as session:
        return [mail.kind for mail in session.query(OutboxMail).order_by(OutboxMail.id)]


def work(place: Place) -> None:
    """The steps that a worker runs: read what came, and ask."""
    program = place.program
    intake.run(program.db, program.desk, program.clock)
    followup.run(program.db, program.desk, program.clock)


def test_what_is_typed_is_asked_about_by_mail_and_printed_by_no_means_before(place: Place) -> None:
    answered = place.post("/sign", BERLIN)
    assert (answered.status, "Thank you, that has arrived" in answered.text) == (200, True)
    assert mails(place) == []
    work(place)
    with place.program.db.writing() as session:
        [entry] = cast.all_signatories(session)
        line = entry.newest
        assert (line.status, line.proof, entry.language) == (RevisionStatus.UNCONFIRMED, Proof.NONE, "en")
        assert str(line.printed_lines["en"]) == "Iranian political refugees center – Berlin – Germany"
        assert entry.contact["email"] == OFFICE
        [asking] = outbox.written_to(session, place.program.keyring.address_hash(OFFICE))
        sent(asking, cast.NOW)
        link = link_in(place, asking)
    assert place.post(link, {"line.1": "yes"}).status == 200
    work(place)
    with place.program.db.reading() as session:
        [entry] = cast.all_signatories(session)
        assert (entry.newest.status, entry.newest.proof) == (RevisionStatus.PENDING, Proof.DOMAIN)


@_SQLITE
@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "somebody who gave your address asked us on our page"), ("fa", "کسی که نشانی شما را داد در صفحهٔ ما خواست")],
)
def test_question_says_that_it_came_by_the_form_in_the_language_of_the_page(
    place: Place, language: str, says: str
) -> None:
    place.post("/sign", {**BERLIN, "language": language})
    work(place)
    with place.program.db.reading() as session:
        [asking] = session.query(OutboxMail)
        assert asking.language == language
        assert says in text_of(asking)


@_SQLITE
def test_answer_of_the_page_is_the_same_whatever_is_known_of_the_address(place: Place) -> None:
    with place.program.db.writing() as session:
        cast.signatory(session)
        cast.prospect(session, email="invited@council.example")
        hash_ = place.program.keyring.address_hash("never@council.example")
        scope, reason = SuppressionScope.EVERYTHING, SuppressionReason.COORDINATOR
        suppressions.suppress(session, hash_, scope, reason, actor="Bea", at=cast.NOW)
    addresses = (OFFICE, "invited@council.example", "never@council.example", "unknown@elsewhere.example")
    answers = [place.post("/sign", {**BERLIN, "address": address}) for address in addresses]
    assert len({(one.status, one.text) for one in answers}) == 1


@pytest.mark.parametrize("scope", list(SuppressionScope))
@_SQLITE
def test_suppressed_address_gets_no_mail_and_somebody_is_told_to_call(place: Place, scope: SuppressionScope) -> None:
    with place.program.db.writing() as session:
        hash_ = place.program.keyring.address_hash(OFFICE)
        suppressions.suppress(session, hash_, scope, SuppressionReason.UNSUBSCRIBED, actor="Bea", at=cast.NOW)
    place.post("/sign", BERLIN)
    work(place)
    assert mails(place) == []
    [(status, reason)] = messages(place)
    assert status is InboundStatus.OPEN
    assert reason == "signed on the page, but its address is not to be written to: call them"


_REFUSED = (
    ("address", "rosa@elsewhere.example\r\nBcc: victim@elsewhere.example"),
    ("address", "rosa@elsewhere.example, victim@elsewhere.example"),
    ("address", "Rosa <rosa@elsewhere.example>"),
    ("address", "=?utf-8?q?rosa?=@elsewhere.example\n"),
    ("address", "rósa@elsewhere.example"),
    ("address", ""),
    ("name.en", "Win money at http://evil.example"),
    ("name.en", "Call +49 30 1234567"),
    ("name.en", "W" * 121),
    ("name.en", "Council\u202egnp.exe"),
    ("person", "www.evil.example"),
    ("city", "x" * 300),
    ("country", "\x00"),
)


@_SQLITE
def test_what_no_mail_of_ours_may_show_or_be_sent_to_is_refused_at_the_page(place: Place) -> None:
    for field, value in _REFUSED:
        answered = place.post("/sign", {**BERLIN, field: value})
        assert answered.status == 422, (field, value)
        assert "nothing has been sent" in answered.text
    assert messages(place) == []


@_SQLITE
def test_line_breaks_in_a_name_make_no_new_field_and_no_header(place: Place) -> None:
    place.post("/sign", {**BERLIN, "name.en": "Council\r\nCity: Paris\r\nBcc: victim@x"[:23], "name.fa": ""})
    with place.program.db.reading() as session:
        [message] = session.query(InboundMessage)
        head = zlib.decompress(message.raw or b"").partition(b"\r\n\r\n")[0].decode()
    assert [line.partition(":")[0] for line in head.splitlines()] == [
        "From", "To", "Subject", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    ]  # fmt: skip
    work(place)
    with place.program.db.reading() as session:
        [entry] = cast.all_signatories(session)
        assert entry.newest.printed_lines["en"].city == "Berlin"


@_SQLITE
def test_form_keeps_what_was_typed_where_something_is_wrong(place: Place) -> None:
    answered = place.post("/sign", {**BERLIN, "address": 'no"><script>'})
    assert 'value="Iranian political refugees center"' in answered.text
    assert "<script" not in answered.text


@_SQLITE
def test_machine_that_fills_in_everything_is_thanked_for_nothing(place: Place) -> None:
    assert place.post("/sign", {**BERLIN, "website": "x"}).text == place.post("/sign", BERLIN).text
    assert len(messages(place)) == 1


@_SQLITE
def test_same_form_sent_twice_is_one_sign_up(place: Place) -> None:
    place.post("/sign", BERLIN)
    place.post("/sign", BERLIN)
    assert len(messages(place)) == 1


@_SQLITE
def test_too_many_under_one_address_are_dropped_in_silence(place: Place) -> None:
    answers = [place.post("/sign", {**BERLIN, "name.en": f"Council {letter}"}) for letter in "ABCDE"]
    assert len({(one.status, one.text) for one in answers}) == 1
    assert len(messages(place)) == heard.MOST_UNDER_AN_ADDRESS
    place.post("/sign", {**BERLIN, "address": "other@council.example"})
    assert len(messages(place)) == heard.MOST_UNDER_AN_ADDRESS + 1


@_SQLITE
def test_too_many_from_one_place_are_told_to_wait_or_write(place: Place) -> None:
    answers = [
        place.post("/sign", {**BERLIN, "address": f"office{number}@council.example"}).status
        for number in range(heard.MOST_FROM_A_PLACE + 1)
    ]
    assert answers == [200] * heard.MOST_FROM_A_PLACE + [429]
    # What a visitor says about where they come from counts only behind a proxy.
    there = {"X-Forwarded-For": "192.0.2.7"}
    assert place.visitor.post("/sign", {**BERLIN, "address": "a@b.example"}, Origin="null", **there).status == 429
    assert len(messages(place)) == heard.MOST_FROM_A_PLACE


def _flood(place: Place, count: int, at: datetime) -> list[bool]:
    """So many sign-ups, each from a network and under an address of its own; whether each was taken."""
    program = place.program
    taken = []
    with program.db.writing() as session:
        for number in range(count):
            address = f"a{number}.{at:%H}@b.example"
            entry = heard.Entry(names={"en": "Council"}, city="", country="", person="", address=address, language="en")
            taken.append(heard.sign_up(session, program.desk, entry, f"2001:db8:{at:%H}:{number}::1", at))
    return taken


@_SQLITE
def test_too_many_in_an_hour_are_told_to_wait_wherever_they_come_from(place: Place) -> None:
    object.__setattr__(place.program.settings, "sending", SendingSettings(per_day=None))
    assert _flood(place, heard.MOST_IN_AN_HOUR + 1, cast.NOW) == [True] * heard.MOST_IN_AN_HOUR + [False]
    assert place.post("/sign", BERLIN).status == 429
    assert _flood(place, 1, cast.NOW + timedelta(hours=2)) == [True]


@_SQLITE
def test_flood_uses_up_a_quarter_of_the_days_mails_and_no_more(place: Place) -> None:
    object.__setattr__(place.program.settings, "sending", SendingSettings(per_day=40))
    assert _flood(place, 11, cast.NOW) == [True] * 10 + [False]
    assert _flood(place, 1, cast.NOW + timedelta(hours=10)) == [False]
    assert _flood(place, 1, cast.NOW + timedelta(hours=26)) == [True]


@_SQLITE
def test_one_host_of_ipv6_counts_as_one_place_with_all_its_addresses(place: Place) -> None:
    program = place.program
    with program.db.writing() as session:
        taken = [
            heard.sign_up(
                session,
                program.desk,
                heard.Entry(
                    names={"en": "Council"}, city="", country="", person="", address=f"a{n}@b.example", language="en"
                ),
                f"2001:db8::{n}",
                cast.NOW,
            )
            for n in range(heard.MOST_FROM_A_PLACE + 1)
        ]
    assert taken == [True] * heard.MOST_FROM_A_PLACE + [False]


@_SQLITE
def test_form_stops_no_reminder_and_no_sequence(place: Place) -> None:
    with place.program.db.writing() as session:
        cast.prospect(session).invite(cast.NOW)
    place.post("/sign", BERLIN)
    work(place)
    with place.program.db.reading() as session:
        assert session.query(Prospect).one().status is ProspectStatus.INVITED


@_SQLITE
def test_words_in_a_field_withdraw_nothing(place: Place) -> None:
    with place.program.db.writing() as session:
        reference = cast.signatory(session, status=RevisionStatus.APPROVED).reference
    for person in ("we withdraw our signature", "unsubscribe", "no, not us"):
        place.post("/sign", {**BERLIN, "person": person, "city": reference})
    work(place)
    with place.program.db.reading() as session:
        [entry] = [one for one in cast.all_signatories(session) if one.reference == reference]
        assert entry.standing is not None
        assert entry.standing.status is RevisionStatus.APPROVED
        assert entry.open_holds == []
        assert suppressions.scopes(session, place.program.keyring.address_hash(OFFICE)) == frozenset()


@_SQLITE
def test_form_in_a_colleagues_name_puts_nothing_under_dispute(place: Place) -> None:
    with place.program.db.writing() as session:
        cast.signatory(session, status=RevisionStatus.APPROVED)
    place.post("/sign", {**BERLIN, "address": "other@refugees.example", "city": "Paris"})
    work(place)
    with place.program.db.reading() as session:
        first, second = cast.all_signatories(session)
        assert [hold.kind for hold in first.open_holds] == []
        assert f"possible duplicate of {first.reference}" in second.newest.details["warnings"]


@_SQLITE
def test_nobody_signs_once_the_list_is_closed(place: Place) -> None:
    closed = Day(deadline=cast.NOW - timedelta(hours=1))
    object.__setattr__(place.program.settings, "day", closed)
    page = place.get("/sign?language=en")
    assert "The list is closed." in page.text
    assert "<form" not in page.text
    assert "The list is closed." in place.post("/sign", BERLIN).text
    assert messages(place) == []
