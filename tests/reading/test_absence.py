"""When somebody who is away is back, as automatic answers say it."""

from __future__ import annotations

from datetime import date

import pytest

from outreach.reading.absence import back_on
from outreach.reading.lexicon import lexicon

TODAY = date(2026, 8, 3)  # a Monday, 12 Mordad 1405
MONDAY = date(2026, 8, 17)
SAID: dict[str, list[str]] = {
    "en": ["I am out of the office until Sunday 16 August.", "I will be back on 17 August 2026."],
    "de": ["Ich bin bis zum 16.8. nicht im Büro.", "Ab Montag, 17. August bin ich wieder da."],
    "fr": ["Je suis absente jusqu'au 16 août inclus.", "De retour le lundi 17 août."],
    "es": ["Estaré ausente hasta el 16 de agosto.", "Vuelvo el 17 de agosto."],
    "it": ["Sono in ferie fino al 16 agosto.", "Rientro il 17 agosto."],
    "pt": ["Estou de férias até 16 de agosto.", "Regresso a 17 de agosto."],
    "nl": ["Ik ben afwezig tot en met 16 augustus.", "Vanaf 17 augustus ben ik er weer."],
    "sv": ["Jag har semester till och med den 16 augusti.", "Jag är åter den 17 augusti."],
    "da": ["Jeg holder ferie til og med 16. august.", "Jeg er tilbage den 17. august."],
    "no": ["Jeg har ferie til og med 16. august.", "Jeg er tilbake 17. august."],
    "fi": ["Olen lomalla 16.8. asti.", "Palaan töihin 17. elokuuta."],
    "pl": ["Jestem na urlopie do 16 sierpnia.", "Wracam 17 sierpnia."],
    "ru": ["Я в отпуске до 16 августа.", "Вернусь 17 августа."],
    "el": ["Λείπω μέχρι τις 16 Αυγούστου.", "Επιστρέφω στις 17 Αυγούστου."],
    "tr": ["16 Ağustos'a kadar izindeyim.", "17 Ağustos'ta ofise döneceğim."],
    "az": ["Avqustun 16 avqust tarixinə qədər məzuniyyətdəyəm.", "17 avqust günü qayıdacağam."],
    "az-Arab": ["۱۶ آوقوست قدر یوخام.", "۱۷ آوقوست قاییداجاغام."],
    "ro": ["Sunt în concediu până la 16 august.", "Revin pe 17 august."],
    "fa": ["تا ۲۵ مرداد در مرخصی هستم.", "در تاریخ ۲۶ مرداد ۱۴۰۵ برمی‌گردم.", "تا ۱۶ اوت در سفر هستم."],
    "fa-Latn": ["ta 25 mordad dar safar hastam.", "26 mordad barmigardam."],
    "ar": ["أنا في إجازة حتى 16 أغسطس.", "سأعود في ١٧ أغسطس."],
    "ckb": ["تا ١٦ی ئاب لە پشوودام.", "لە ١٧ی ئاب دەگەڕێمەوە."],
    "kmr": ["Heta 16ê tebaxê ez di betlaneyê de me.", "Ez 17ê tebaxê vedigerim."],
    "he": ["אני בחופשה עד 16 באוגוסט.", "אחזור ב-17 באוגוסט."],
}


def test_every_language_of_the_lexicon_is_here() -> None:
    assert SAID.keys() == lexicon().stopwords.keys()


@pytest.mark.parametrize("text", [text for texts in SAID.values() for text in texts])
def test_the_day_of_return_is_read_in_every_language(text: str) -> None:
    assert back_on(text, TODAY) == MONDAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ich bin vom 3.8. bis 14.8. im Urlaub.", date(2026, 8, 15)),
        ("Im Urlaub 3.8.–14.8.", date(2026, 8, 15)),
        ("I am on leave from 3 August through 14 August 2026 and back on Monday, 17 August.", MONDAY),
        ("Out of office until 2 January", None),  # further away than anybody is on holiday
        ("از ۱۰ تا ۲۰ مرداد در مرخصی هستم.", date(2026, 8, 12)),
        ("۱۴۰۵/۰۵/۲۰ تا در مرخصی هستم", date(2026, 8, 12)),
        ("I am back on Thursday.", date(2026, 8, 6)),
        ("Ich bin erst am Montag wieder im Büro.", date(2026, 8, 10)),
        ("Jestem na urlopie do piątku.", date(2026, 8, 8)),
        ("تا سه شنبه در سفر هستم.", date(2026, 8, 5)),
        ("تا شنبه در سفر هستم.", date(2026, 8, 9)),
    ],
)
def test_ranges_and_weekdays_are_read(text: str, expected: date | None) -> None:
    assert back_on(text, TODAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I am out of the office. In urgent cases call 030 12 34 56.",
        "Your request of 1 August 2026 has arrived. Ticket 14.8.77.",
        "I no longer work here since 14 July 2026.",
        "We meet on 20 August in front of the station.",
        "Out of office until 31 February.",
        "until 99.99. until 16.8.1970 until 0.0.0",
    ],
)
def test_no_day_is_read_where_none_is_named(text: str) -> None:
    assert back_on(text, TODAY) is None


def test_the_turn_of_the_year_is_not_in_the_way() -> None:
    assert back_on("Wir sind bis 6. Januar im Urlaub.", date(2026, 12, 22)) == date(2027, 1, 7)


def test_a_long_text_of_dates_is_read_in_time() -> None:
    assert back_on("until 16 August " * 50_000, TODAY) == MONDAY
