"""Replies as mail programs write them: what was typed is found again, and the original below it is not taken for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach.demo.clients import Client, Typed, apple_mail, gmail, out_of_office, outlook, thunderbird
from outreach.demo.received import Received
from outreach.mail.compose import Envelope, compose, date_line
from outreach.reading.read import read
from outreach.words import Kind
from tests.cast import NOW

SECRET = "<k7q2m9px3n5r8t2wk7q2m9px3n5r8t2w@campaign.example>"
LETTER = (
    "Dear friends,\n\nwould your organisation sign too? If yes, please answer with:\n\n"
    "Name in Persian (empty if none):\nName in English or your language:\nCity:\nCountry:\n\n"
    "Mina Rahimi\n\nRef. K7Q2-M9PX\n"
)
TYPED = {
    "en": "Dear Mina,\n\nyes, we sign.\n\nShirin",
    "fa": "با درود،\n\nبله، امضا می‌کنیم.\n\nمهرداد",
    "de": "Guten Tag,\n\nwir unterzeichnen gern.\n\nJutta Brandt",
    "fr": "Bonjour,\n\noui, nous signons. Merci !\n\nÉlise",
}
CLIENTS = [gmail, outlook, apple_mail, thunderbird]


def received() -> Received:
    envelope = Envelope(
        author="Mina Rahimi, joint statement 5 September",
        contact="contact@campaign.example",
        recipient="office@council.example",
        subject="Will your organisation sign?",
        message_id=SECRET,
    )
    html = f"<html><body><div>{LETTER}</div></body></html>"
    return Received.parse(date_line(NOW) + compose(envelope, LETTER, html))


def typed(language: str, **changes: object) -> Typed:
    values: dict[str, object] = {
        "name": "Shirin Daneshvar",
        "address": "office@council.example",
        "text": TYPED[language],
        "at": NOW + timedelta(hours=2),
        "language": language,
        "answered": received(),
    }
    return Typed(**{**values, **changes})  # type: ignore[arg-type]  # keywords of a test


@pytest.mark.parametrize("language", TYPED)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_what_was_typed_is_read_and_the_original_is_not(client: Client, language: str) -> None:
    reading = read(client(typed(language)))
    assert " ".join(reading.reply_text.split()) == " ".join(TYPED[language].split())
    assert "would your organisation sign too?" in reading.parts["quoted"]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_reply_brings_our_message_id_back(client: Client) -> None:
    clues = read(client(typed("en"))).clues
    assert (clues.in_reply_to, clues.references) == ((SECRET,), (SECRET,))


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_mail_that_answers_nothing_has_its_own_subject_and_thread(client: Client) -> None:
    reading = read(client(typed("en", answered=None, subject="We sign")))
    assert (reading.parts["subject"], reading.clues.in_reply_to) == ("We sign", ())


def test_an_out_of_office_is_known_as_a_machine() -> None:
    assert read(out_of_office(typed("de"))).kind is Kind.AUTO_REPLY


def test_the_form_is_copied_out_of_the_letter_line_by_line() -> None:
    assert received().filled("", "Council", "Berlin", "Germany").splitlines() == [
        "Name in Persian (empty if none):",
        "Name in English or your language: Council",
        "City: Berlin",
        "Country: Germany",
    ]
