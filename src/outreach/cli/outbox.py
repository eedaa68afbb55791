"""``outreach outbox``: the mails that go out, how each try ended, and what a person settles."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import click

from outreach import timeline
from outreach.bootstrap import Program
from outreach.cli import sending
from outreach.cli.output import (
    actor_option,
    after_option,
    campaign_of,
    confirm_by_typing,
    json_option,
    limit_option,
    local_time,
    print_json,
    print_list,
    print_record,
    say,
    status_option,
    yes_option,
)
from outreach.errors import Refused
from outreach.model import OutboxMail
from outreach.steps import settle as settling
from outreach.steps.settle import Verdict
from outreach.store import outbox as stored
from outreach.store import references
from outreach.words import OutboxStatus


@click.group()
def outbox() -> None:
    """List, show and settle the mails that go out; hold up the sending."""


for _command in (sending.status, sending.pause, sending.resume):
    outbox.add_command(_command)


@outbox.command("list")
@status_option(OutboxStatus)
@limit_option
@after_option
@json_option
@click.pass_context
def list_(
    context: click.Context, status: tuple[OutboxStatus, ...], limit: int, after: str | None, as_json: bool
) -> None:
    """List the mails that go out, in the order they were queued."""
    program = campaign_of(context)
    with program.db.reading() as session:
        page = stored.listed(session, status, after=references.id_of(session, OutboxMail, after), limit=limit)
        items = [_item(row, program.settings.day.zone) for row in page.rows]
    columns = ("reference", "status", "kind", "recipient", "queued_at", "attempts", "reason")
    print_list(items, columns, as_json=as_json, total=page.total)


@outbox.command("show")
@click.argument("reference", metavar="REFERENCE|ADDRESS")
@json_option
@click.pass_context
def show(context: click.Context, reference: str, as_json: bool) -> None:
    """Show one mail as plain text, and every try to send it; or what became of every mail to an ADDRESS.

    Each try with how far it came, the code, whose fault it was, and what which server said.
    """
    program = campaign_of(context)
    zone = program.settings.day.zone
    if "@" in reference:
        _show_recipient(program, reference, as_json=as_json)
        return
    with program.db.reading() as session:
        mail = settling.mail_with(session, reference)
        record: dict[str, Any] = {
            **_item(mail, zone),
            "message_id": mail.message_id,
            "entries": [revision.signatory.reference for revision in stored.revisions_of(session, mail.id)],
            "prospects": [prospect.reference for prospect in stored.prospects_of(session, mail.id)],
            "tries": timeline.of_mail(session, mail, zone),
            **_content(mail.sent_bytes or mail.content),
        }
    if as_json:
        print_json(record)
        return
    text = record.pop("text")
    record["tries"] = [_line(item, zone) for item in record["tries"]]
    print_record(record, as_json=False)
    say(f"\n{text}" if text is not None else "\nIts content has been erased.")


def _show_recipient(program: Program, address: str, *, as_json: bool) -> None:
    zone = program.settings.day.zone
    with program.db.reading() as session:
        items = timeline.of_recipient(session, program.keyring.address_hash(address), zone)
    if as_json:
        print_json({"total": len(items), "items": items})
        return
    for item in items:
        say(_line(item, zone))
    if not items:
        say("No mail was ever queued to this address.")


@outbox.command("settle")
@click.argument("reference")
@click.option("--sent", "verdict", flag_value="sent", help="It arrived: the relay's log or the recipient says so.")
@click.option("--not-sent", "verdict", flag_value="not_sent", help="It did not leave, and is not sent again.")
@click.option("--resend", "verdict", flag_value="resend", help="Send it (again), with the same Message-ID.")
@actor_option
@click.pass_context
def settle(context: click.Context, reference: str, verdict: str | None, actor: str) -> None:
    """Say what became of a mail in doubt, of which nobody knows whether it left."""
    if verdict is None:
        raise click.UsageError("Say one of --sent, --not-sent and --resend.")
    program = campaign_of(context)
    with program.db.writing() as session:
        said = settling.settle(session, reference, Verdict(verdict), program.clock, actor=actor)
    say(said)


@outbox.command("retry")
@click.argument("reference", required=False)
@click.option("--failed", "all_failed", is_flag=True, help="All that failed; a count has to be typed first.")
@yes_option
@actor_option
@click.pass_context
def retry(context: click.Context, reference: str | None, all_failed: bool, yes: bool, actor: str) -> None:
    """Send a failed mail again, or all of them. Whatever forbids a mail meanwhile is asked at the moment of sending."""
    if (reference is None) is not all_failed:
        raise click.UsageError("Say a reference or --failed.")
    program = campaign_of(context)
    if reference is None:
        _retry_all(program, yes=yes, actor=actor)
        return
    with program.db.writing() as session:
        said = settling.retry(session, reference, program.clock, actor=actor)
    say(said)


def _retry_all(program: Program, *, yes: bool, actor: str) -> None:
    with program.db.reading() as session:
        count = stored.counted(session).get(OutboxStatus.FAILED, 0)
    if not count:
        raise Refused("No mail has failed.")
    confirm_by_typing(str(count), yes=yes, what=f"{count} mail(s) that failed will be sent again.")
    with program.db.writing() as session:
        done = settling.retry_failed(session, program.clock, actor=actor)
    say(f"{done} mail(s) are queued again.")


@outbox.command("cancel")
@click.argument("reference")
@actor_option
@click.pass_context
def cancel(context: click.Context, reference: str, actor: str) -> None:
    """Do not send a mail that has not left yet."""
    program = campaign_of(context)
    with program.db.writing() as session:
        said = settling.cancel(session, reference, program.clock, actor=actor)
    say(said)


def _line(item: dict[str, Any], zone: ZoneInfo) -> str:
    """One try in one line: "2026-08-20 14:00 deferred envelope 451 4.7.1 (recipient) smtp.example:465: later"."""
    words = [item.get(key) for key in ("mail", "kind", "outcome", "phase", "code", "enhanced")]
    fault = f"({item['fault']})" if item.get("fault") else None
    server = " ".join(filter(None, (item.get("relay"), item.get("server"))))
    said = ": ".join(str(part) for part in (server, item.get("reply")) if part)
    return " ".join(str(word) for word in (local_time(item["at"], zone), *words, fault, said) if word)


def _item(mail: OutboxMail, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "reference": mail.reference,
        "status": mail.status,
        "kind": mail.kind,
        "recipient": mail.recipient,
        "language": mail.language,
        "queued_at": mail.created_at.astimezone(zone),
        "next_attempt_at": mail.next_attempt_at.astimezone(zone) if mail.settled_at is None else None,
        "settled_at": mail.settled_at.astimezone(zone) if mail.settled_at else None,
        "attempts": mail.attempts,
        "reason": mail.reason,
        "rehearsal": mail.in_rehearsal,
    }


def _content(raw: bytes | None) -> dict[str, Any]:
    if raw is None:
        return {"subject": None, "text": None}
    message = message_from_bytes(raw, policy=default)
    body = message.get_body(("plain",))
    return {"subject": message["Subject"], "text": body.get_content() if body is not None else None}
