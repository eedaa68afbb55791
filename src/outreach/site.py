"""The published files: one list, written for machines, for tables, for pasting, and as a page. Used by publish.

Only what is printed goes in: lines, wave, date and count; never a reference or a contact.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach import resources
from outreach.dates import day_text, digits
from outreach.errors import TemplateProblem
from outreach.ports import Entry, PublishedList, Writer
from outreach.settings import Settings
from outreach.words import Individuals, direction

_PAGE: Final = "signatories.html"
_PARTS: Final = ("name", "city", "country")
#: What makes a spreadsheet take a cell for a formula, in both widths (OWASP, CSV injection).
_FORMULA_STARTS: Final = frozenset("=+-@\t\r＝＋－＠")


def writers(settings: Settings) -> Mapping[str, Writer]:
    """The published files by name; people who sign for themselves have files of their own if the settings say so."""
    page: Writer = lambda listed: as_page(listed, settings)  # noqa: E731 - one of four writers
    if settings.individuals is not Individuals.SEPARATE_LIST:
        return {"signatories.json": as_json, "signatories.csv": as_csv, "signatories.txt": as_text, _PAGE: page}
    kinds = {"signatories": False, "individuals": True}
    forms = {"json": as_json, "csv": as_csv, "txt": as_text, "html": page}
    return {
        f"{name}.{form}": _only(write, individual=individual)
        for name, individual in kinds.items()
        for form, write in forms.items()
    }


def _only(write: Writer, *, individual: bool) -> Writer:
    """The file about the organisations alone, or about the people alone."""

    def written(listed: PublishedList) -> str:
        return write(replace(listed, entries=tuple(one for one in listed.entries if one.individual is individual)))

    return written


def as_json(listed: PublishedList) -> str:
    """One document: the wave, and each signatory's line in each language, whole and in its parts."""
    document = {
        "campaign": listed.campaign,
        "wave": listed.wave,
        "published_at": listed.published_at.isoformat(timespec="seconds"),
        "languages": listed.languages,
        "count": len(listed.entries),
        "signatories": [
            {
                language: {"line": str(line), "name": line.name, "city": line.city, "country": line.country}
                for language, line in entry.lines.items()
            }
            for entry in listed.entries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_csv(listed: PublishedList) -> str:
    """A table that spreadsheets open as it is: UTF-8 with BOM, all quoted, no cell a formula (RFC 4180 line ends)."""
    file = io.StringIO()
    table = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    columns = [(part, language) for language in listed.languages for part in ("line", *_PARTS)]
    table.writerow(["number", *(f"{part}_{language}" for part, language in columns)])
    for number, entry in enumerate(listed.entries, 1):
        table.writerow([number, *(_guarded(_part(entry, part, language)) for part, language in columns)])
    return "\ufeff" + file.getvalue()


def as_text(listed: PublishedList) -> str:
    """A line for each language, one below the other, and an empty line between signatories: ready to be pasted."""
    return "\n".join("".join(f"{line}\n" for line in _lines(entry, listed)) for entry in listed.entries)


def as_page(listed: PublishedList, settings: Settings) -> str:
    """One page that needs nothing else: no script, no font, no picture from anywhere. Raises TemplateProblem."""
    folders = [settings.folder / "templates" / "site", resources.templates() / "site"]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders], encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        return environment.get_template(_PAGE).render(_context(listed, settings)) + "\n"
    except TemplateError as fault:
        raise TemplateProblem(f"site/{_PAGE}: {fault}") from fault


def _context(listed: PublishedList, settings: Settings) -> dict[str, object]:
    today = listed.published_at.astimezone(settings.day.zone).date()
    return {
        "languages": [
            {
                "code": language,
                "dir": direction(language),
                "title": _title(settings, language),
                "wave": digits(str(listed.wave), language),
                "count": len(listed.entries),
                "count_text": digits(str(len(listed.entries)), language),
                "day": day_text(today, language),
            }
            for language in listed.languages
        ],
        "day": today.isoformat(),
        "entries": [
            [
                {"code": language, "dir": direction(language), "line": entry.lines[language]}
                for language in listed.languages
                if language in entry.lines
            ]
            for entry in listed.entries
        ],
    }


def _title(settings: Settings, language: str) -> str:
    """The first line of the statement; the campaign's short name where there is none."""
    text = settings.text_of_statement(language) or ""
    return text.partition("\n")[0].lstrip("# ").strip() or settings.slug


def _lines(entry: Entry, listed: PublishedList) -> list[str]:
    return [str(entry.lines[language]) for language in listed.languages if language in entry.lines]


def _part(entry: Entry, part: str, language: str) -> str:
    line = entry.lines.get(language)
    if line is None:
        return ""
    return str(line) if part == "line" else getattr(line, part) or ""


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet evaluates."""
    return f"'{cell}" if cell.lstrip(" ")[:1] in _FORMULA_STARTS and cell else cell
