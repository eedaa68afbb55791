"""Our own letters around an answer, as a client writes them that marks nothing as quoted."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from outreach.reading.read import read
from outreach.reading.result import Ours, Reading
from outreach.reading.unmarked import wording
from outreach.words import Kind, MailKind
from tests.mail.letters import LANGUAGES, letter, renderer

YES: Final = {"en": "Yes", "fa": "بله", "de": "Ja", "fr": "Oui"}
NO: Final = {"en": "No", "fa": "خیر", "de": "Nein", "fr": "Non"}
CONSENT: Final = frozenset({Kind.SIGNUP, Kind.CONFIRMATION, Kind.CORRECTION})

every_letter = pytest.mark.parametrize("kind", MailKind)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def ours(*own: Path) -> Ours:
    return Ours(wording=wording(renderer(*own).said()))


@cache
def text_of(kind: MailKind, language: str, *own: Path) -> str:
    mail = message_from_bytes(renderer(*own).compose(letter(kind, language)), policy=SMTP)
    assert isinstance(mail, EmailMessage)
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n").strip()


def reading_of(text: str, known: Ours | None = None) -> Reading:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Rosa <info@council.example>", "Re: the statement"
    mail.set_content(text)
    return read(mail.as_bytes(), known or ours())


@every_language
@every_letter
@pytest.mark.parametrize("between", ["\n", "\n\n", "\nRosa Weber\n\n"])
def test_only_what_stands_above_a_letter_of_ours_is_theirs(kind: MailKind, language: str, between: str) -> None:
    reading = reading_of(f"{YES[language]}{between}{text_of(kind, language)}")

    said = f"{reading.parts['new']}\n{reading.parts['signature']}"
    assert said.split() == f"{YES[language]}{between}".split()


@every_language
@every_letter
def test_a_no_above_a_letter_of_ours_is_no_consent(kind: MailKind, language: str) -> None:
    assert reading_of(f"{NO[language]}\n\n{text_of(kind, language)}").kind not in CONSENT


@every_language
def test_a_yes_above_a_line_that_we_ask_about_confirms_it(language: str) -> None:
    reading = reading_of(f"{YES[language]}\n\n{text_of(MailKind.ASKING, language)}")

    assert (reading.kind, reading.signups) == (Kind.CONFIRMATION, ())


@every_language
def test_a_yes_below_a_line_that_we_ask_about_confirms_it(language: str) -> None:
    reading = reading_of(f"{text_of(MailKind.ASKING, language)}\n\n{YES[language]}\n")

    assert (reading.kind, reading.parts["new"]) == (Kind.CONFIRMATION, YES[language])


def test_a_form_that_is_filled_in_between_our_words_is_read() -> None:
    form = text_of(MailKind.INVITATION, "en").replace("or your language:", "or your language: Harbour Choir")
    form = form.replace("Country:", "Country: Norway")

    reading = reading_of(f"Please see below.\n\n{form}")

    assert reading.kind is Kind.SIGNUP
    assert reading.signups[0].names == {"en": "Harbour Choir"}


def test_words_that_the_campaign_has_put_in_place_of_ours_are_known(tmp_path: Path) -> None:
    body = (
        "Hi,\n\nwe were told that the following may be printed:\n\n{{ entries[0].lines[0] }}\n\nSay so or withdraw it."
    )
    (tmp_path / "email/asking").mkdir(parents=True)
    (tmp_path / "email/asking/body.en.txt").write_text(body, encoding="utf-8")

    reading = reading_of(f"No\n\n{text_of(MailKind.ASKING, 'en', tmp_path)}", ours(tmp_path))

    assert reading.parts["new"] == "No"


def test_a_sentence_of_ours_in_their_own_text_stays_theirs() -> None:
    text = (
        "Dear Mina,\n\nbefore we answer, one question. In your letter you write that without your answer nothing is\n"
        "printed, and the entry is deleted on Monday. Who deletes it, and who can see it until then?\n\nRosa Weber"
    )

    reading = reading_of(text)

    assert reading.parts["quoted"] == ""
    assert reading.kind is Kind.QUESTION


def test_the_words_of_the_form_are_theirs_to_use() -> None:
    text = (
        "Dear Mina,\n\nName in Persian (empty if none): گروه کر بندر\nName in English or your language: Harbour Choir\n"
        "City (empty if it must not be printed): Bergen\nCountry: Norway\nWho speaks for you (not printed): Rosa Doe\n"
        "Action on 5 September (yes/no, place, time; may we list it?): no\n"
    )

    reading = reading_of(text)

    assert reading.parts["quoted"] == ""
    assert reading.signups[0].names == {"fa": "گروه کر بندر", "en": "Harbour Choir"}
