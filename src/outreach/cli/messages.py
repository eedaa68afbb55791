"""``outreach messages``: the mails that came in, what was understood, and what became of them."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

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
from outreach.errors import Refused
from outreach.model import InboundMessage, OutboxMail
from outreach.steps import corrections, refile, reread
from outreach.store import inbound, log, outbox, references, signatories
from outreach.words import InboundStatus, Kind

#: So much of a mail that could not be read is shown, in characters.
_SHOWN_RAW = 20_000
_NOW = {
    InboundStatus.OPEN: "waits for a person",
    InboundStatus.CLOSED: "closed",
    InboundStatus.FETCHED: "taken in as that by the next run",
}
_PARTS = ("new", "quoted", "forwarded", "signature", "attachment")


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
        items = [_item(row, program.settings.day.zone) for row in page.rows]
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
        message = _message(session, reference)
        record = _record(session, message, program.settings.day.zone)
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
    now = program.clock()
    with program.db.writing() as session:
        message = _message(session, reference)
        message.close(now)
        log.note(session, now, actor=actor, action="closed", about=message)
        said = f"{message.reference} is closed."
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


def _message(session: Session, reference: str) -> InboundMessage:
    message = inbound.with_reference(session, reference)
    if message is None:
        raise Refused(f"There is no message {reference[:20]}.")
    return message


def _item(message: InboundMessage, zone: ZoneInfo) -> dict[str, Any]:
    parts: dict[str, str] = message.reading.get("parts") or {}
    clues = message.reading.get("clues") or {}
    return {
        "reference": message.reference,
        "status": message.status,
        "reason": message.reason,
        "kind": message.kind,
        "confidence": message.confidence,
        "language": message.language,
        "arrived_at": message.arrived_at.astimezone(zone),
        "from": _sender(clues),
        "subject": parts.get("subject"),
        "authenticity": message.auth_result,
    }


def _sender(clues: dict[str, Any]) -> str | None:
    name, address = clues.get("sender_name"), clues.get("sender")
    return f"{name} <{address}>" if name and address else address


def _record(session: Session, message: InboundMessage, zone: ZoneInfo) -> dict[str, Any]:
    clues = message.reading.get("clues") or {}
    answered = session.get(OutboxMail, message.answers_id) if message.answers_id else None
    made = signatories.from_message(session, message.id)
    events = log.events(session, about=[log.subject_of(message)]).rows
    return {
        **_item(message, zone),
        "to": list(clues.get("recipients") or ()),
        "reply_to": clues.get("reply_to"),
        "message_id": clues.get("message_id"),
        "size": message.size,
        "truncated": message.truncated,
        "also": message.reading.get("also") or [],
        "needs_human": message.reading.get("needs_human") or [],
        "warnings": message.reading.get("warnings") or [],
        "answers": f"{answered.kind} {answered.reference}" if answered is not None else None,
        "entries": [f"{revision.signatory.reference} {revision.status}" for revision in made],
        "written_back": [f"{mail.kind} {mail.reference} {mail.status}" for mail in outbox.caused_by(session, message)],
        "history": [f"{event.at.astimezone(zone):%Y-%m-%d %H:%M} {event.actor}: {event.action}" for event in events],
        "parts": _parts(message),
    }


def _parts(message: InboundMessage) -> dict[str, str]:
    """The texts of the mail; of one that could not be read its beginning as it came."""
    parts: dict[str, str] = message.reading.get("parts") or {}
    found = {name: parts[name] for name in _PARTS if parts.get(name)}
    if found or message.raw is None:
        return found
    raw = zlib.decompress(message.raw)
    return {"as it came": raw[: 4 * _SHOWN_RAW].decode("utf-8", "replace")[:_SHOWN_RAW]}
