"""``outreach messages``: the mails that came in, what was understood, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from outreach import inbox
from outreach.cli.output import (
    actor_option,
    after_option,
    campaign_of,
    confirm_by_typing,
    json_option,
    limit_option,
    print_json,
    print_list,
    print_record,
    say,
    status_option,
    warn,
    yes_option,
)
from outreach.model import InboundMessage
from outreach.steps import close as closing
from outreach.steps import corrections, refile, reread
from outreach.store import inbound, references
from outreach.words import InboundStatus, Kind

_NOW = {
    InboundStatus.OPEN: "waits for a person",
    InboundStatus.CLOSED: "closed",
    InboundStatus.FETCHED: "taken in as that by the next run",
}


@click.group()
def messages() -> None:
    """List and show the mails that came in; read them again, and correct what was read."""


@messages.command("list")
@status_option(InboundStatus)
@limit_option
@after_option
@json_option
@click.pass_context
def list_(
    context: click.Context, status: tuple[InboundStatus, ...], limit: int, after: str | None, as_json: bool
) -> None:
    """List the mails that came in, in the order they were fetched."""
    program = campaign_of(context)
    with program.db.reading() as session:
        page = inbound.listed(session, status, after=references.id_of(session, InboundMessage, after), limit=limit)
        items = [inbox.item(row, program.settings.day.zone) for row in page.rows]
    columns = ("reference", "status", "kind", "arrived_at", "from", "subject", "reason")
    print_list(items, columns, as_json=as_json, total=page.total)


@messages.command("show")
@click.argument("reference")
@json_option
@click.pass_context
def show(context: click.Context, reference: str, as_json: bool) -> None:
    """Show one mail: its headers, what was newly written, what was quoted, and what became of it."""
    program = campaign_of(context)
    with program.db.reading() as session:
        message = inbound.entry(session, reference)
        record = _record(inbox.record(session, message, program.settings.day.zone))
    if as_json:
        print_json(record)
        return
    parts: dict[str, str] = record.pop("parts")
    print_record(record, as_json=False)
    for name, text in parts.items():
        say(f"\n--- {name} ---\n{text}")


@messages.command("close")
@click.argument("reference")
@actor_option
@click.pass_context
def close(context: click.Context, reference: str, actor: str) -> None:
    """Say that a mail that waited for a person has been dealt with."""
    program = campaign_of(context)
    with program.db.writing() as session:
        said = f"{closing.close(session, reference, program.clock, actor=actor).reference} is closed."
    say(said)


@messages.command("reread")
@click.argument("references", nargs=-1, metavar="[REFERENCE]...")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@actor_option
@yes_option
@click.pass_context
def reread_(context: click.Context, references: tuple[str, ...], dry_run: bool, actor: str, yes: bool) -> None:
    """Read stored mails again (none named: all that are kept) and show what would change before anything does.

    What a person has decided stays. What the machine has not acted on is taken in anew by the next run; the rest is
    shown to a person, with its entries as they are.
    """
    program = campaign_of(context)
    found = reread.changes(program.db, program.desk, references)
    items = [{"reference": c.reference, "before": c.before, "now": c.after, "then": c.consequence} for c in found]
    print_list(items, ("reference", "before", "now", "then"), as_json=False, total=len(items))
    count = sum(change.consequence is not reread.Consequence.LEFT for change in found)
    if dry_run or not count:
        return
    confirm_by_typing(str(count), yes=yes, what=f"{count} mail(s) would change.")
    reread.apply(program.db, found, program.clock, actor=actor)
    say("It is done; what is taken in anew waits for: outreach run")


@messages.command("refile")
@click.argument("reference")
@click.argument("kind", type=click.Choice([str(kind) for kind in Kind]))
@actor_option
@click.pass_context
def refile_(context: click.Context, reference: str, kind: str, actor: str) -> None:
    """Say what a mail truly is: "not a sign-up, it is a question". Open entries that came from it are rejected then.

    If an address is not written to because of this mail alone, it may be again.
    """
    program = campaign_of(context)
    with program.db.writing() as session:
        message = refile.refile(session, reference, Kind(kind), program.clock, actor=actor)
        said = f"{message.reference} is filed as {kind} and {_NOW[message.status]}."
    say(said)


@messages.command("corrections")
@click.option("--export", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Write there.")
@actor_option
@click.pass_context
def corrections_(context: click.Context, folder: Path, actor: str) -> None:
    """Write the mails that were filed anew as NAME.eml and NAME.json, with invented names and addresses.

    A name that no record knows is found only where it signs or stands beside its address. Read each file before you
    give it to anybody.
    """
    program = campaign_of(context)
    for path in corrections.export(program.db, program.desk, folder, program.clock, actor=actor):
        say(path)
    warn("Read each of them before you give it away: a name that no record knows may still be in it.")


def _joined(record: Mapping[str, Any], *keys: str) -> str:
    return " ".join(str(record[key]) for key in keys)


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    """A mail in full, with one line for each of what was made of it."""
    answers = record["answers"]
    return {
        **record,
        "answers": _joined(answers, "kind", "reference") if answers is not None else None,
        "entries": [_joined(one, "reference", "status") for one in record["entries"]],
        "written_back": [_joined(one, "kind", "reference", "status") for one in record["written_back"]],
        "history": [f"{one['at']:%Y-%m-%d %H:%M} {one['actor']}: {one['action']}" for one in record["history"]],
    }
