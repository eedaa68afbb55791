"""A letter of every kind in every language, with the context that the letters of the program get."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from outreach.dates import day_forms, day_text, hours_text, moment_text
from outreach.mail.render import TemplateRenderer
from outreach.ports import Letter
from outreach.resources import templates
from outreach.words import MailKind

LANGUAGES: Final = ("en", "fa", "de", "fr")
CONTACT: Final = "contact@campaign.example"
MESSAGE_ID: Final = "<k7q2m9px3n5r8t2w@campaign.example>"

OCCASION: Final = {
    "en": "Joint statement for political prisoners in Iran, 5 September",
    "fa": "بیانیهٔ مشترک برای زندانیان سیاسی، ۱۴ شهریور",
    "de": "Gemeinsame Erklärung für die politischen Gefangenen im Iran, 5. September",
    "fr": "Déclaration commune pour les prisonniers politiques en Iran, 5 septembre",
}
_GROUP: Final = {
    "en": "the coordinating group",
    "fa": "گروه هماهنگی",
    "de": "die Koordinationsgruppe",
    "fr": "le groupe de coordination",
}
_TITLE: Final = {
    "en": "Freedom for political prisoners",
    "fa": "آزادی برای زندانیان سیاسی",
    "de": "Freiheit für die politischen Gefangenen",
    "fr": "Liberté pour les prisonniers politiques",
}
LINES: Final = ["کانون پناهندگان سیاسی ایران – برلین", "Iranian political refugees center – Berlin"]


def entry(number: int = 1, *, action: str = "", changed: bool = False) -> dict[str, object]:
    return {"number": number, "lines": LINES, "action": action, "changed": changed, "state": "waiting"}


def context(language: str) -> dict[str, object]:
    """Every key of docs/mails.md, as an invitation in full and as an asking of one entry."""
    return {
        "sender": "مینا راد" if language == "fa" else "Mina Rad",
        "group": _GROUP[language],
        "contact": CONTACT,
        "reference": "K7Q2-M9PX",
        "name": "شورای حمایت" if language == "fa" else "Solidarity Council",
        "greeting": "",
        "day": day_forms(date(2026, 9, 5), language),
        "deadline": moment_text(datetime(2026, 9, 3, 18, tzinfo=UTC), language, ZoneInfo("Europe/Berlin")),
        "occasion": OCCASION[language],
        "neutral": False,
        "organisations": ["Solidarity Council"],
        "personal_line": "",
        "only_reminder": True,
        "known_by": "رضا کریمی" if language == "fa" else "Reza Karimi",
        "signed_count": 31,
        "signed_examples": ["Women’s Network Vienna", "Solidarity Network Gothenburg"],
        "statement": f"{_TITLE[language]}!\n\n{_TITLE[language]}!",
        "statement_title": _TITLE[language],
        "example_lines": LINES,
        "kept_days": 90,
        "entries": [entry()],
        "several": False,
        "asked_on": day_text(date(2026, 8, 31), language),
        "spoken_on": "",
        "expires": day_text(date(2026, 10, 5), language),
        "wait": hours_text(9, language),
        "question_open": False,
        "answer_url": None,
        "by_form": False,
        "message": "In which city does your organisation work?",
        "reason": "not_authorised",
        "masked": "r…@council.example",
        "person": "Rosa Doe",
    }


def letter(kind: MailKind = MailKind.RECEIPT, language: str = "en", **more: object) -> Letter:
    """A letter whose context has ``more`` in place of the usual."""
    return Letter(
        kind=kind,
        language=language,
        recipient="info@council.example",
        message_id=MESSAGE_ID,
        context={**context(language), **more},
    )


def renderer(*own: Path) -> TemplateRenderer:
    """A renderer of the shipped templates, with the campaign's ``own`` folders before them."""
    return TemplateRenderer(folders=[*own, templates()], contact=CONTACT, sender_name="Mina Rad", occasion=OCCASION)
