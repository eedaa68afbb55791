"""``outreach outbox status``, ``pause`` and ``resume``: how the sending goes, and holding it up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from outreach.bootstrap import Program
from outreach.cli.output import TIMES, actor_option, campaign_of, json_option, local_time, print_json, say, warn
from outreach.model import Halt
from outreach.model.throttle import HaltScope
from outreach.steps import halt as halting
from outreach.store import campaign as campaigns
from outreach.store import halts, outbox
from outreach.words import OutboxStatus

_WHAT = {
    HaltScope.ALL: "all mail",
    HaltScope.SEQUENCE: "invitations and reminders",
}


@click.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say how the sending goes: every mail by its state, and what is held up.

    Exits with 1 when a person must act: something is held up until it is resumed, or the mails do not add up.
    """
    document = _document(campaign_of(context))
    warnings: list[str] = document["warnings"]
    if as_json:
        print_json(document)
    else:
        _tell(document)
    for warning in warnings:
        warn(warning)
    context.exit(1 if warnings else 0)


@click.command()
@click.option("--domain", metavar="DOMAIN", help="Only what goes there (with a big provider, to all its domains).")
@click.option("--sequence", is_flag=True, help="Only invitations and reminders.")
@click.option("--until", type=click.DateTime(list(TIMES)), metavar="TIME", help='Until then ("2026-08-17 09:00").')
@actor_option
@click.pass_context
def pause(context: click.Context, domain: str | None, sequence: bool, until: datetime | None, actor: str) -> None:
    """Send nothing until a time, or until outbox resume. What is queued stays queued."""
    if domain and sequence:
        raise click.UsageError("Say one of --domain and --sequence.")
    program = campaign_of(context)
    moment = until.replace(tzinfo=program.settings.day.zone).astimezone(UTC) if until is not None else None
    scope = HaltScope.SEQUENCE if sequence else HaltScope.ALL
    halting.pause(program.db, program.desk, program.clock, actor=actor, scope=scope, domain=domain, until=moment)
    say("It is held up. To go on: outreach outbox resume")


@click.command()
@click.option("--domain", metavar="DOMAIN", help="Only what goes there.")
@actor_option
@click.pass_context
def resume(context: click.Context, domain: str | None, actor: str) -> None:
    """Let mail go again, whatever held it up; the next run sends it."""
    program = campaign_of(context)
    count = halting.resume(program.db, program.clock, actor=actor, domain=domain)
    say(f"{count} halt(s) ended; the next run sends.")


def _document(program: Program) -> dict[str, Any]:
    now, zone = program.clock(), program.settings.day.zone
    with program.db.reading() as session:
        counts = outbox.counted(session)
        created = campaigns.the_campaign(session).mails_queued
        held = [_halt(halt, zone) for halt in halts.holding(session, now)]
    total = sum(counts.values())
    warnings = [
        f"{halt['what']} held up until a person resumes it: {halt['why']}. outreach outbox resume"
        for halt in held
        if halt["until"] is None
    ]
    if total != created:
        warnings.append(f"The mails do not add up: {created} were ever queued, {total} are there.")
    return {
        "mails": {str(status): counts.get(status, 0) for status in OutboxStatus},
        "there": total,
        "ever_queued": created,
        "held_up": held,
        "warnings": warnings,
    }


def _halt(halt: Halt, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "what": _WHAT.get(halt.scope) or f"mail to {halt.name}",
        "why": halt.cause,
        "since": halt.placed_at.astimezone(zone),
        "until": halt.until.astimezone(zone) if halt.until else None,
        "by": halt.actor,
    }


def _tell(document: dict[str, Any]) -> None:
    for status, count in document["mails"].items():
        say(f"{count:>8} {status.replace('_', ' ')}")
    sign = "=" if document["there"] == document["ever_queued"] else "but"
    say(f"{document['there']:>8} {sign} {document['ever_queued']} ever queued")
    for halt in document["held_up"]:
        until = local_time(halt["until"], halt["until"].tzinfo) if halt["until"] else "it is resumed"
        say(f"Held up: {halt['what']}, until {until} ({halt['why']}, by {halt['by']}).")
