"""``outreach messages``: the mails that came in, what was understood, and what became of them."""

from __future__ import annotations

import zlib
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from outreach.cli.output import (
    actor_option,
    after_option,
    campaign_of,
    json_option,
    limit_option,
    print_json,
    print_list,
    print_record,
    say,
    status_option,
)
from outreach.errors import Refused
from outreach.model import InboundMessage, OutboxMail
from outreach.store import inbound, log, outbox, references, signatories
from outreach.words import InboundStatus

#: So much of a mail that could not be read is shown, in characters.
_SHOWN_RAW = 20_000
_PARTS = ("new", "quoted", "forwarded", "signature", "attachment")


@click.group()
def messages() -> None:
    """List and show the mails that came in."""


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
