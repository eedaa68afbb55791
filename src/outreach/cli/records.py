"""``outreach log`` and ``suppressions``: who did what, and whom not to write."""

from __future__ import annotations

from typing import assert_never
from zoneinfo import ZoneInfo

import click

from outreach.addresses import valid_address
from outreach.cli.output import (
    actor_option,
    campaign_of,
    json_option,
    limit_option,
    print_list,
    print_record,
    say,
)
from outreach.errors import Refused
from outreach.model import Event, Suppression
from outreach.steps import suppress as suppressing
from outreach.store import chain, references, waves
from outreach.store import log as logged
from outreach.store import suppressions as suppressed
from outreach.words import REFERENCE, SuppressionReason, SuppressionScope


@click.group()
def log() -> None:
    """List who did what, and when; verify that nobody changed it."""


@log.command("list")
@click.option("--about", metavar="REFERENCE", help="Only what was done to this record.")
@limit_option
@click.option("--after", type=click.IntRange(0), default=0, metavar="NUMBER", help="Go on after this event.")
@json_option
@click.pass_context
def list_log(context: click.Context, about: str | None, limit: int, after: int, as_json: bool) -> None:
    """List what was done, the oldest first."""
    program = campaign_of(context)
    subjects = logged.subjects_of(references.normal(about)) if about else ()
    with program.db.reading() as session:
        page = logged.events(session, about=subjects, after=after, limit=limit)
        items = [_event(row, program.settings.day.zone) for row in page.rows]
    print_list(items, ("id", "at", "actor", "via", "action", "subject", "reason"), as_json=as_json, total=page.total)


@log.command("verify")
@click.option("--head", "heads", metavar="COUNT:HASH", multiple=True, help="A head printed before; repeatable.")
@json_option
@click.pass_context
def verify_log(context: click.Context, heads: tuple[str, ...], as_json: bool) -> None:
    """Verify the log's chain; exit 1 and name the first bad entry if there is one.

    Compared are the log, its chain, the heads in the manifests of the waves, and those given. Keep the head it prints
    where the machine's owner cannot change it: only a head from elsewhere shows that the whole log was replaced.
    """
    program = campaign_of(context)
    known = [chain.Head.parse(text) for text in heads]
    with program.db.reading() as session:
        found = chain.verify(session, [*waves.log_heads(session), *known])
    match found:
        case chain.Whole(head, unlinked):
            record: dict[str, object] = {"whole": True, "linked": head.count, "not_yet_linked": unlinked}
            print_record({**record, "head": str(head)}, as_json=as_json)
        case chain.Broken(position, event_id, what):
            record = {"whole": False, "entry": position, "event": event_id, "what": what}
            print_record(record, as_json=as_json)
            context.exit(1)
        case _:
            assert_never(found)


@click.group()
def suppressions() -> None:
    """List, add and remove addresses not to be written."""


@suppressions.command("list")
@limit_option
@click.option("--after", type=click.IntRange(0), default=0, metavar="NUMBER", help="Go on after this one.")
@json_option
@click.pass_context
def list_suppressions(context: click.Context, limit: int, after: int, as_json: bool) -> None:
    """List the addresses not to be written. They are kept as keyed hashes: the addresses themselves are not known."""
    program = campaign_of(context)
    with program.db.reading() as session:
        page = suppressed.listed(session, after=after, limit=limit)
        items = [_suppression(row, program.settings.day.zone) for row in page.rows]
    print_list(items, ("id", "address", "scope", "reason", "actor", "placed_at"), as_json=as_json, total=page.total)


@suppressions.command("add")
@click.argument("address")
@click.option(
    "--scope",
    type=click.Choice([str(scope) for scope in SuppressionScope]),
    default=str(SuppressionScope.INVITATIONS),
    show_default=True,
    help="No invitations and reminders, or no mail at all.",
)
@click.option(
    "--reason",
    type=click.Choice([str(reason) for reason in SuppressionReason]),
    default=str(SuppressionReason.COORDINATOR),
    show_default=True,
    help="Why: they said so in some other way, it came back, they complained, or you know why.",
)
@actor_option
@click.pass_context
def add_suppression(context: click.Context, address: str, scope: str, reason: str, actor: str) -> None:
    """Never write to ADDRESS again, as far as the scope goes."""
    program = campaign_of(context)
    address_hash = program.keyring.address_hash(valid_address(address))
    with program.db.writing() as session:
        added = suppressing.suppress(
            session,
            address_hash,
            SuppressionScope(scope),
            program.clock,
            actor=actor,
            reason=SuppressionReason(reason),
        )
    say("It will not be written to." if added else "It is suppressed already.")


@suppressions.command("remove")
@click.argument("address")
@click.option(
    "--reason",
    type=click.Choice(["asked", "mended", "mistake"]),
    default="asked",
    show_default=True,
    help="Why: its owner asked for it, the mailbox works again, or it was suppressed by mistake.",
)
@actor_option
@click.pass_context
def remove_suppression(context: click.Context, address: str, reason: str, actor: str) -> None:
    """Allow mail to ADDRESS again. Only where its owner asked for it."""
    program = campaign_of(context)
    address_hash = program.keyring.address_hash(address)
    with program.db.writing() as session:
        if not suppressed.release(session, address_hash):
            raise Refused("This address is not suppressed.")
        logged.note(
            session,
            program.clock(),
            actor=actor,
            action="released",
            about=suppressing.named(address_hash),
            reason=reason,
        )
    say("It may be written to again.")


def _event(event: Event, zone: ZoneInfo) -> dict[str, object]:
    found = REFERENCE.search(event.subject)
    return {
        "id": event.id,
        "at": event.at.astimezone(zone),
        "actor": event.actor,
        "via": event.via,
        "action": event.action,
        "subject": event.subject,
        "reason": event.reason,
        "reference": found[0] if found else None,
    }


def _suppression(row: Suppression, zone: ZoneInfo) -> dict[str, object]:
    return {
        "id": row.id,
        "address": suppressing.named(row.address_hash),
        "scope": row.scope,
        "reason": row.reason,
        "actor": row.actor,
        "placed_at": row.placed_at.astimezone(zone),
    }
