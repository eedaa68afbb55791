"""How every command prints: one JSON document with --json, tables on a terminal, plain aligned text elsewhere.

The only place of the command line that writes to standard output. What it is given may come from a mail.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outreach.bootstrap import Program, open_program
from outreach.cli import Place
from outreach.cli.escape import safe, safe_json, safe_lines
from outreach.errors import Refused
from outreach.steps import coordinators

__all__ = [
    "TIMES",
    "actor_option",
    "after_option",
    "by_command_line",
    "campaign_of",
    "confirm_by_typing",
    "in_utc",
    "json_option",
    "limit_option",
    "local_time",
    "place_of",
    "print_highlighted",
    "print_json",
    "print_list",
    "print_record",
    "safe",
    "safe_json",
    "safe_lines",
    "say",
    "status_option",
    "warn",
    "yes_option",
]

_Command = TypeVar("_Command", bound=Callable[..., Any])
#: Brackets of the text itself, so that no mail can make marks of its own.
_BRACKETS: Final = str.maketrans({"⟦": "\\u27e6", "⟧": "\\u27e7"})
TIMES: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")  #: how a time is typed
_PROGRAM: Final = f"{__name__}.program"  #: where the context keeps the campaign that is open


def place_of(context: click.Context) -> Path:
    """The folder named by -C."""
    place = context.find_object(Place)
    assert place is not None
    return place.folder


def campaign_of(context: click.Context) -> Program:
    """The campaign in that folder, opened. Raises SettingsError, KeyProblem or DatabaseProblem."""
    opened: Program | None = context.meta.get(_PROGRAM)
    if opened is None:
        opened = context.meta[_PROGRAM] = open_program(place_of(context), via=by_command_line())
        context.find_root().call_on_close(opened.db.engine.dispose)
    return opened


def say(text: object = "") -> None:
    """Print a line (or lines) for a person."""
    click.echo(safe_lines(str(text)))


def warn(text: object) -> None:
    """Print a line on standard error: cron mails it."""
    click.echo(safe_lines(str(text)), err=True)


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print one JSON document. Enums by value, times in ISO 8601."""
    click.echo(safe_json(value, indent=indent))


def print_list(items: Sequence[Mapping[str, object]], columns: Sequence[str], *, as_json: bool, total: int) -> None:
    """Print a list: ``{"total": n, "items": [...]}``, or a table of these columns and how many more there are.

    A column is a key of the items; in the heading its underscores become spaces.
    """
    if as_json:
        print_json({"total": total, "items": [dict(item) for item in items]})
        return
    if items:
        rows = [[_cell(item.get(column)) for column in columns] for item in items]
        _print_table([column.replace("_", " ") for column in columns], rows)
    say(f"{len(items)} of {total}" if total != len(items) else f"{total} in all")


def print_record(record: Mapping[str, object], *, as_json: bool) -> None:
    """Print one thing in full: a JSON object, or a line for each key that has a value."""
    if as_json:
        print_json(dict(record))
        return
    shown = {key.replace("_", " "): value for key, value in record.items() if value not in (None, "", [], (), {})}
    width = max((len(key) for key in shown), default=0)
    for key, value in shown.items():
        text = safe_lines(_text(value))
        if "\n" in text:
            text = "\n" + "\n".join(f"    {line}" for line in text.split("\n"))
        click.echo(f"{safe(key):{width}}  {text}")


def print_highlighted(pieces: Iterable[tuple[str, str, str]]) -> None:
    """Print a text made of pieces: (text, colour, note). A colour shows on a terminal; elsewhere ⟦text|note⟧ does.

    A piece without a colour is printed as it is.
    """
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    shown = []
    for text, colour, note in pieces:
        text = safe_lines(text).translate(_BRACKETS)
        if colour and coloured:
            text = click.style(text, fg=colour, bold=True)
        elif colour:
            text = f"⟦{text}|{safe(note)}⟧"
        shown.append(text)
    click.echo("".join(shown))


def in_utc(typed: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A time as it was typed, in the campaign's zone."""
    return typed.replace(tzinfo=zone).astimezone(UTC) if typed is not None else None


def local_time(moment: datetime | None, zone: ZoneInfo) -> str:
    """A time in the campaign's zone, to the minute: "2026-08-20 14:00"."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment is not None else ""


def confirm_by_typing(expected: str, *, yes: bool, what: str) -> None:
    """Let a person type what shows that they know what they are doing; ``what`` is a sentence that says it.

    Raises Refused when something else is typed, or nobody is there to type.
    """
    if yes:
        return
    click.echo(f"{safe_lines(what)} Type {safe(expected)} to go on: ", nl=False, err=True)
    typed = sys.stdin.readline()
    if not typed:
        click.echo(err=True)
        raise Refused("Nothing was done: nobody is there to type it. With --yes it is not asked for.")
    if typed.strip() != expected:
        raise Refused("Nothing was done: that is not what had to be typed.")


def json_option(command: _Command) -> _Command:
    """``--json``: parameter ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def status_option(statuses: type[Enum]) -> Callable[[_Command], _Command]:
    """``--status``, repeatable: parameter ``status``, a tuple of members (empty: all)."""

    by_value = {str(status.value): status for status in statuses}

    def members(_: object, __: object, values: tuple[str, ...]) -> tuple[Enum, ...]:
        return tuple(by_value[value] for value in values)

    choice = click.Choice(list(by_value))
    return click.option("--status", type=choice, multiple=True, callback=members, help="Only these; repeatable.")


def limit_option(command: _Command) -> _Command:
    """``--limit``: parameter ``limit``."""
    number = click.IntRange(1, 10_000)
    return click.option("--limit", type=number, default=100, show_default=True, help="At most so many.")(command)


def after_option(command: _Command) -> _Command:
    """``--after``: parameter ``after``, the reference (of the log: the number) of the last item seen, or None."""
    return click.option("--after", metavar="REFERENCE", help="Go on after this one.")(command)


def yes_option(command: _Command) -> _Command:
    """``--yes``: parameter ``yes``."""
    return click.option("--yes", is_flag=True, help="Do not ask for anything to be typed.")(command)


def actor_option(command: _Command) -> _Command:
    """``--as NAME``: parameter ``actor``, the name of a registered coordinator, who decides.

    It may be left out where there is only one, and beside ``--dry-run`` (which stands before it): who only looks
    decides nothing. Raises Refused for anybody else.
    """

    def registered(context: click.Context, _: object, value: str | None) -> str:
        if value is None and context.params.get("dry_run"):
            return ""
        with campaign_of(context).db.reading() as session:
            return coordinators.acting(session, value)

    help_ = "The coordinator who decides; needed where there are several. Stands in the log."
    return click.option("--as", "actor", metavar="NAME", envvar="OUTREACH_AS", callback=registered, help=help_)(command)


def by_command_line() -> str:
    """How the log says that somebody acts by typing a command."""
    return f"command line, system user {_unix_user()}"[:80]


def _unix_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return f"uid {os.getuid()}"


def _print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if sys.stdout.isatty():
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in headings:
            table.add_column(Text(heading), overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console(highlight=False).print(table)
        return
    widths = [max(cell_len(row[index]) for row in (headings, *rows)) for index in range(len(headings))]
    for row in (headings, *rows):
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    return safe(_text(value).replace("\n", " / "))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M %Z}".rstrip()
        case str():
            return value
        case Mapping():
            return "\n".join(f"{key}: {_text(item)}" for key, item in value.items())
        case list() | tuple():
            return "\n".join(_text(item) for item in value)
        case _:
            return str(value)
