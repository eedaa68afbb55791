"""Templates of pages and their words in each language; what the coordinators' and the public pages share."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import Any, cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from outreach.sentences import Sentences


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


def _entries(folder: Path, language: str) -> list[str]:
    """What the catalogue translates, in English."""
    path = folder / "words" / f"{language}.po"
    if not path.is_file():
        return []
    with path.open("rb") as file:
        return [str(message.id) for message in read_po(file, locale=language) if message.string]


def environment(folder: Path, language: str) -> Environment:
    """Templates of a folder in one language: escaped whatever they are given, and nothing undefined passes."""
    made = Environment(
        loader=FileSystemLoader([str(folder)], encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = catalogue(folder, language)
    # Jinja adds this by its extension; its types do not know it.
    cast("Any", made).install_gettext_callables(words.gettext, words.ngettext, newstyle=True)
    made.globals.update(word=partial(_word, words), told=Sentences(words, _entries(folder, language)).say)
    return made


def _word(words: NullTranslations, value: object) -> str:
    """A status or another word of ours, in the visitor's language."""
    return str(words.gettext(str(value).replace("_", " ")))
