"""Fills the templates of the pages, in the visitor's language. Whatever they are given comes out escaped."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from babel.dates import format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from outreach import resources
from outreach.bootstrap import Program
from outreach.dates import digits
from outreach.model import TeamRole
from outreach.web.answers import Shown, Visit
from outreach.words import direction

#: What the pages speak; English stands in the templates, each other language in a catalogue beside them.
LANGUAGES: Final = ("en", "fa")


class Pages:
    """The templates, once for each language."""

    def __init__(self, program: Program) -> None:
        folder = resources.templates() / "web"
        self._program = program
        self._environments = {language: _environment(folder, language) for language in LANGUAGES}
        self.languages = LANGUAGES

    def respond(self, shown: Shown, visit: Visit, token: str) -> HTMLResponse:
        """The page as an HTTP response."""
        template = self._environments[visit.language].get_template(shown.template)
        zone, now, language = self._program.settings.day.zone, self._program.clock(), visit.language
        text = template.render(
            **{key: value for key, value in shown.values.items() if key != "language"},
            campaign=self._program.settings.slug,
            visitor=visit.visitor,
            may_decide=visit.visitor is not None and visit.visitor.role.includes(TeamRole.REVIEWER),
            language=language,
            direction=direction(language),
            token=token,
            when=lambda moment: digits(f"{moment.astimezone(zone):%Y-%m-%d %H:%M}", language),
            age=lambda moment: _age(now - moment, language),
            lasting=lambda passed: _age(passed, language),
            number=lambda value: digits(str(value), language),
            dir_of=direction,
        )
        return HTMLResponse(text, shown.status)


def catalogue(folder: Path, language: str) -> NullTranslations:
    """The words of one language; English has none, it stands in the templates."""
    path = folder / "words" / f"{language}.po"
    if not path.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _environment(folder: Path, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([str(folder)], encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = catalogue(folder, language)
    # Jinja adds this by its extension; its types do not know it.
    cast("Any", environment).install_gettext_callables(words.gettext, words.ngettext, newstyle=True)
    environment.globals.update(word=partial(_word, words), told=words.gettext)
    return environment


def _word(words: NullTranslations, value: object) -> str:
    """A status or another word of ours, in the visitor's language."""
    return str(words.gettext(str(value).replace("_", " ")))


def _age(passed: timedelta, language: str) -> str:
    text = format_timedelta(max(passed, timedelta(minutes=1)), granularity="minute", locale=language)
    return digits(text, language)
