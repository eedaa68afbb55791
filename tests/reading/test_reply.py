"""Splitting a reply: new, quoted, forwarded, signature, as the mail clients of many languages write them."""

from __future__ import annotations

import pytest

from outreach.reading import reply

_ATTRIBUTIONS = [
    "On Tue, 7 Jul 2026 at 10:14, Campaign <contact@campaign.example> wrote:",
    "On Tue, 7 Jul 2026 at 10:14, Free Political Prisoners Campaign\n<contact@campaign.example> wrote:",
    "Am 07.07.26 um 10:14 schrieb Campaign:",
    "Campaign schrieb am 7. Juli 2026 um 10:14 Uhr:",
    "Le mar. 7 juil. 2026 à 10:14, Campaign <contact@campaign.example> a écrit\u202f:",
    "Den tis 7 juli 2026 kl 10:14 skrev Campaign <contact@campaign.example>:",
    "El mar, 7 jul 2026 a las 10:14, Campaign\n(<contact@campaign.example>) escribió:",
    "Il giorno mar 7 lug 2026 alle ore 10:14 Campaign <contact@campaign.example> ha scritto:",
    "Em ter., 7 de jul. de 2026 às 10:14, Campaign <contact@campaign.example> escreveu:",
    "Op di 7 jul 2026 om 10:14 schreef Campaign <contact@campaign.example>:",
    "W dniu 7.07.2026 o 10:14, Campaign pisze:",
    "7 Tem 2026 Sal, saat 10:14 tarihinde Campaign <contact@campaign.example> şunu yazdı:",
    "در تاریخ سه‌شنبه ۷ ژوئیهٔ ۲۰۲۶،\u200f ساعت ۱۰:۱۴ Campaign\n<contact@campaign.example> نوشت:",
    "في الثلاثاء، 7 يوليو 2026 في 10:14 كتب Campaign <contact@campaign.example>:",
    "\u200fבתאריך יום ג׳, 7 ביולי 2026 ב-10:14 מאת Campaign <contact@campaign.example> כתב:",
    "2026-07-07 10:14 GMT+02:00 Campaign <contact@campaign.example>:",
    "---- On Tue, 07 Jul 2026 10:14:03 +0200 Campaign <contact@campaign.example> wrote ----",
]


@pytest.mark.parametrize("attribution", _ATTRIBUTIONS)
def test_an_attribution_and_what_it_introduces_are_quoted(attribution: str) -> None:
    split = reply.split(f"We sign.\n\n{attribution}\n\n> Dear friends,\n> would you sign?\n")

    assert split.new == "We sign."
    assert split.parts["quoted"].startswith(attribution.split("\n")[0])


@pytest.mark.parametrize("attribution", _ATTRIBUTIONS)
def test_a_text_without_quote_marks_is_quoted_below_an_attribution(attribution: str) -> None:
    assert reply.split(f"We sign.\n\n{attribution}\n\nDear friends,\nwould you sign?\n").new == "We sign."


_BLOCKS = [
    "From: C <c@d.example>\nSent: Tuesday, July 7, 2026\nTo: A\nSubject: x",
    "Von: C <c@d.example>\nGesendet: Dienstag, 7. Juli 2026\nAn: A\nBetreff: x",
    "________________________________\nDe : C <c@d.example>\nEnvoyé : mardi 7 juillet 2026\nÀ : A\nObjet : x",
    "Från: C <c@d.example>\nSkickat: den 7 juli 2026\nTill: A\nÄmne: x",
    "Fra: C <c@d.example>\nSendt: 7. juli 2026\nTil: A\nEmne: x",
    "Da: C <c@d.example>\nInviato: martedì 7 luglio 2026\nA: A\nOggetto: x",
    "Van: C <c@d.example>\nVerzonden: dinsdag 7 juli 2026\nAan: A\nOnderwerp: x",
    "Kimden: C <c@d.example>\nGönderildi: 7 Temmuz 2026\nKime: A\nKonu: x",
    "از: C <c@d.example>\nارسال شده: سه‌شنبه ۷ ژوئیه\nبه: A\nموضوع: x",
    "*From:* C <c@d.example>\n*Date:* 7 July 2026\n*To:* A\n*Subject:* x",
    "-----Ursprüngliche Nachricht-----\nVon: C\nGesendet: heute\nAn: A\nBetreff: x",
]


@pytest.mark.parametrize("block", _BLOCKS)
def test_a_header_block_starts_the_quotation(block: str) -> None:
    assert reply.split(f"We sign.\n\n{block}\n\nDear friends,\nwould you sign?\n").new == "We sign."


def test_a_filled_form_is_no_header_block() -> None:
    text = "Name: North Committee\nTo be printed: yes\nDate: 5 September\nE-mail: a@b.example"

    assert reply.split(text).new == text


def test_prose_that_speaks_of_writing_stays_new() -> None:
    text = "On your remote host you will find it.\nHe wrote: we are late.\nOn 5 September we meet."

    assert reply.split(text).new == text


def test_answers_between_quoted_lines_are_new() -> None:
    split = reply.split("On 7 Jul 2026, C <c@d.example> wrote:\n> City:\n\nOslo\n\n> Country:\n\nNorway\n")

    assert split.new.split() == ["Oslo", "Norway"]


def test_a_text_below_the_quotation_is_new() -> None:
    assert reply.split("Am 07.07.26 um 10:14 schrieb C:\n> Dear friends,\n\nwir sind dabei").new == "wir sind dabei"


def test_a_signature_is_kept_apart() -> None:
    split = reply.split("We sign.\n-- \nJens Kjær\nDansk Forening\n\nOn 7 Jul 2026, C <c@d.example> wrote:\n> x")

    assert (split.new, split.parts["signature"]) == ("We sign.", "-- \nJens Kjær\nDansk Forening")


@pytest.mark.parametrize(
    "footer",
    ["Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "Skickat från min iPhone",
     "Télécharger Outlook pour iOS<https://aka.ms/o0ukef>", "Sent with Proton Mail secure email.",
     "ارسال شده از آیفون من"],
)  # fmt: skip
def test_the_footer_of_a_client_is_signature(footer: str) -> None:
    assert reply.split(f"We sign.\n\n{footer}").parts["signature"] == footer


@pytest.mark.parametrize(
    "separator",
    ["---------- Forwarded message ---------", "Begin forwarded message:",
     "-------- Weitergeleitete Nachricht --------",
     "---------- پیام بازارسال شده ----------", "Anfang der weitergeleiteten Nachricht:"],
)  # fmt: skip
def test_a_forwarded_mail_is_kept_apart(separator: str) -> None:
    split = reply.split(f"See below.\n\n{separator}\nFrom: A <a@b.example>\nDate: today\nSubject: x\n\nWe sign.")

    assert split.new == "See below."
    assert split.parts["forwarded"].endswith("We sign.")
