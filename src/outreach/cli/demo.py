"""``outreach demo``: plays the sample campaign and shows it, on a terminal with colours, elsewhere as plain text."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, assert_never

import click
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from outreach.cli import founding
from outreach.cli.output import safe, safe_lines, say
from outreach.errors import Refused
from outreach.ports import Clock

try:
    from outreach.demo.events import Chapter, Ended, Event, Letter, Published, Rows, Told
    from outreach.demo.story import Stage, tell
except ModuleNotFoundError as missing:
    raise Refused(f"The demo needs {missing.name}; it comes with: pip install 'outreach[demo]'") from missing

#: Without sides: terminals disagree about the width of Persian text, and would break them.
_BOX: Final = box.HORIZONTALS

#: Of a letter so many lines are shown.
_SHOWN: Final = 24


@click.command()
@click.option(
    "--keep",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Leave the campaign, the published files and all mails (.eml) here, in a new or empty folder.",
)
@click.option("--database", metavar="URL", help="Keep the records there, as init does: to try an empty PostgreSQL.")
@click.pass_context
def demo(context: click.Context, folder: Path | None, database: str | None) -> None:
    """Run a whole sample campaign with an embedded mail server.

    Twelve organisations are invited and answer by mail; in the end the list is published. Nothing leaves this
    machine. Exits with 0 only if what came out is what went in.
    """
    stage = Stage(folder=_folder(folder), found=_found, database=database)
    show = _Screen() if sys.stdout.isatty() else _Paper()
    ended = None
    for event in tell(stage):
        show.event(event)
        if isinstance(event, Ended):
            ended = event
    context.exit(0 if ended is not None and not ended.problems else 1)


def _folder(wanted: Path | None) -> Path:
    if wanted is None:
        return Path(tempfile.mkdtemp(prefix="outreach-demo-"))
    if wanted.exists() and any(wanted.iterdir()):
        raise Refused(f"{wanted} is not empty; name a new folder.")
    wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
    return wanted.absolute()


def _found(
    *,
    folder: Path,
    slug: str,
    contact: str,
    team: tuple[str, ...],
    languages: tuple[str, ...],
    mailbox: str,
    smtp: str,
    database: str | None,
    sender: str,
    environment: Mapping[str, str],
    clock: Clock,
) -> None:
    """What ``outreach init`` does."""
    wish = founding.Wish(
        folder=folder,
        slug=slug,
        contact=contact,
        team=team,
        languages=languages,
        mailbox=mailbox,
        smtp=smtp,
        database=database,
        sender=sender,
        coordinator=sender,
    )
    founding.found(wish, environment, clock)


class _Paper:
    """Plain text, for a file or a pipe."""

    def event(self, event: Event) -> None:
        match event:
            case Chapter(when=when, title=title):
                say(f"\n== {when}: {title}\n")
            case Told(text=text):
                say(text)
            case Rows(title=title, rows=rows):
                say(title if title.endswith("?") else f"{title}:")
                for *cells, last in rows:
                    before = "".join(f"{cell}  " for cell in cells)
                    say(f"    {before}{last}".replace("\n", "\n    " + " " * len(before)))
                say()
            case Letter(title=title, text=text):
                say(f"\n{title}:\n\n" + "\n".join(f"    {line}" for line in _beginning(text)) + "\n")
            case Published(entries=entries):
                say("\n" + "\n\n".join("\n".join(entry) for entry in entries) + "\n")
            case Ended():
                say("\n" + "\n".join(_ending(event)))
            case _:
                assert_never(event)


class _Screen:
    """Rules, panels and tables, for a terminal. Texts are escaped first and never read as markup."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, markup=False)

    def event(self, event: Event) -> None:
        show = self._console.print
        match event:
            case Chapter(when=when, title=title):
                show()
                show(Rule(Text(f"{safe(when)}  {safe(title)}", "bold cyan"), align="left", style="cyan"))
                show()
            case Told(text=text):
                show(Text(safe_lines(text)))
            case Rows():
                show(_table(event))
            case Letter(title=title, text=text):
                body = Text("\n".join(safe(line) for line in _beginning(text)))
                show(Panel(body, _BOX, title=safe(title), title_align="left", border_style="dim", width=100))
            case Published(entries=entries):
                lines = Text("\n\n").join(Text("\n".join(safe(line) for line in entry)) for entry in entries)
                show(
                    Panel(
                        lines,
                        _BOX,
                        title="The published list",
                        title_align="left",
                        border_style="green",
                        padding=(1, 3),
                    )
                )
            case Ended(problems=problems):
                show(Padding(Text(safe_lines("\n".join(_ending(event)))), (1, 0), style="red" if problems else "none"))
            case _:
                assert_never(event)


def _table(rows: Rows) -> Table:
    """The widest column stands last, so that right-to-left text disturbs no other."""
    table = Table(title=safe(rows.title), title_justify="left", title_style="bold", box=None, header_style="dim")
    for heading in rows.headings:
        table.add_column(Text(heading), overflow="fold")
    for row in rows.rows:
        table.add_row(*(Text(safe_lines(cell)) for cell in row))
    return table


def _beginning(text: str) -> list[str]:
    lines = text.rstrip("\n").split("\n")
    return lines if len(lines) <= _SHOWN else [*lines[:_SHOWN], "…"]


def _ending(ended: Ended) -> list[str]:
    """Where everything lies and how to look at it; and what went wrong, if anything did."""
    outreach = f"{sys.argv[0] if Path(sys.argv[0]).name == 'outreach' else 'outreach'} -C {ended.folder / 'campaign'}"
    lines = [
        f"Everything lies in {ended.folder}:",
        "    campaign/    settings, statement and, unless you named another place, the sealed database",
        "    published/   the list in every form, with its manifest",
        "    mails/       every mail that was sent and received, as .eml",
        "    demo.key     the key; without it the database cannot be read",
        "",
        "Look around:",
        *(f"    {outreach} {command}" for command in ("signatories list", "messages list", "outbox list", "log list")),
        "",
    ]
    if not ended.problems:
        return [*lines, "What came out is exactly what went in."]
    return [*lines, "What came out is not what went in:", *(f"  - {problem}" for problem in ended.problems)]
