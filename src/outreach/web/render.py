"""Fills the templates of the pages, in the visitor's language. Whatever they are given comes out escaped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from babel import Locale
from babel.dates import format_timedelta
from markupsafe import Markup
from starlette.responses import HTMLResponse

from outreach import resources
from outreach.bootstrap import Program
from outreach.dates import digits
from outreach.model import TeamRole
from outreach.pagewords import environment
from outreach.web.answers import Shown, Visit
from outreach.words import direction

#: What the pages speak; English stands in the templates, each other language in a catalogue beside them.
LANGUAGES: Final = ("en", "fa")


class Pages:
    """The templates, once for each language."""

    def __init__(self, program: Program) -> None:
        folder = resources.templates() / "web"
        self._program = program
        self._environments = {language: environment(folder, language) for language in LANGUAGES}
        self.languages = LANGUAGES

    def respond(self, shown: Shown, visit: Visit, token: str) -> HTMLResponse:
        """The page as an HTTP response."""
        template = self._environments[visit.language].get_template(shown.template)
        zone, now, language = self._program.settings.day.zone, self._program.clock(), visit.language
        text = template.render(
            **{key: value for key, value in shown.values.items() if key != "language"},
            campaign=self._program.settings.slug,
            visitor=visit.visitor,
            at=visit.at,
            may_decide=visit.visitor is not None and visit.visitor.role.includes(TeamRole.REVIEWER),
            language=language,
            direction=direction(language),
            token=token,
            when=lambda moment: _when(moment.astimezone(zone), language),
            tongue=lambda tag: _tongue(tag, language),
            land=lambda code: str(Locale.parse(language).territories.get(code, code)),
            age=lambda moment: _age(now - moment, language),
            lasting=lambda passed: _age(passed, language),
            number=lambda value: digits(str(value), language),
            dir_of=direction,
        )
        return HTMLResponse(text, shown.status)


def _when(moment: datetime, language: str) -> Markup:
    """A moment, set apart: after a word in Arabic letters its parts would change their places."""
    text = digits(f"{moment:%Y-%m-%d %H:%M}", language)
    return Markup('<bdi dir="{}">{}</bdi>').format(direction(language), text)


def _tongue(tag: str, language: str) -> str:
    """What a language (BCP 47) is called in another one; the tag of one that has no name there."""
    return str(Locale.parse(language).languages.get(tag.partition("-")[0], tag))


def _age(passed: timedelta, language: str) -> str:
    text = format_timedelta(max(passed, timedelta(minutes=1)), granularity="minute", locale=language)
    return digits(text, language)
