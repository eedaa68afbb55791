"""Fills the templates of the public pages. Whatever they are given comes out escaped."""

from __future__ import annotations

from typing import Final

from starlette.responses import HTMLResponse

from outreach import resources
from outreach.bootstrap import Program
from outreach.dates import day_text, digits
from outreach.pagewords import environment
from outreach.public.answers import Shown, Visit
from outreach.words import direction

#: What the pages can speak: English stands in the templates, each other language in a catalogue beside them.
LANGUAGES: Final = {"en": "English", "fa": "فارسی", "de": "Deutsch", "fr": "Français"}


class Pages:
    """The templates in each of the campaign's languages that there are words in; in English if there is none."""

    def __init__(self, program: Program) -> None:
        folder = resources.templates() / "public"
        bases = dict.fromkeys(language.partition("-")[0] for language in program.settings.languages)
        self.languages = tuple(base for base in bases if base in LANGUAGES) or ("en",)
        self._program = program
        self._environments = {language: environment(folder, language) for language in self.languages}

    def offered(self, wanted: str | None) -> str | None:
        """The language of the pages that a language tag asks for, if there is one."""
        base = (wanted or "").strip().partition("-")[0].lower()
        return base if base in self.languages else None

    def respond(self, shown: Shown, visit: Visit) -> HTMLResponse:
        """The page as an HTTP response."""
        settings = self._program.settings
        language = visit.chosen or self.offered(shown.language) or visit.language
        text = (
            self._environments[language]
            .get_template(shown.template)
            .render(
                **shown.values,
                language=language,
                direction=direction(language),
                others={other: LANGUAGES[other] for other in self.languages if other != language},
                contact=settings.contact,
                number=lambda value: digits(str(value), language),
                day=lambda moment: day_text(moment.astimezone(settings.day.zone).date(), language),
                dir_of=direction,
            )
        )
        return HTMLResponse(text, shown.status)
