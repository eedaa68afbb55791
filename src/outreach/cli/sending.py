"""``outreach outbox status``, ``pause`` and ``resume``: how the sending goes, and holding it up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from outreach.bootstrap import Program
from outreach.cli.output import TIMES, actor_option, campaign_of, json_option, local_time, print_json, say, warn
from outreach.model.throttle import HaltScope
from outreach.steps import halt as halting
from outreach.steps.dispatch.forecast import Forecast
from outreach.steps.dispatch.standing import standing


@click.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say how the sending goes: every mail by its state, what is held up, the limits, and how long it will take.

    Exits with 1 when a person must act: something is held up until it is resumed, or the mails do not add up.
    """
    program = campaign_of(context)
    document, ahead = _document(program)
    warnings: list[str] = document["warnings"]
    if as_json:
        print_json(document)
    else:
        _tell(document, in_words(ahead, program.settings.day.zone))
    for warning in warnings:
        warn(warning)
    context.exit(1 if warnings else 0)


@click.command()
@click.option("--domain", metavar="DOMAIN", help="Only what goes there (with a big provider, to all its domains).")
@click.option("--relay", metavar="NAME", help="Only what leaves by this relay; the next one takes over.")
@click.option("--sequence", is_flag=True, help="Only invitations and reminders.")
@click.option("--until", type=click.DateTime(list(TIMES)), metavar="TIME", help='Until then ("2026-08-17 09:00").')
@click.option("--reason", metavar="TEXT", help="Why; kept sealed, for the other coordinators.")
@actor_option
@click.pass_context
def pause(
    context: click.Context,
    domain: str | None,
    relay: str | None,
    sequence: bool,
    until: datetime | None,
    reason: str | None,
    actor: str,
) -> None:
    """Send nothing until a time, or until outbox resume. What is queued stays queued."""
    if domain and sequence:
        raise click.UsageError("Say one of --domain and --sequence.")
    program = campaign_of(context)
    moment = until.replace(tzinfo=program.settings.day.zone).astimezone(UTC) if until is not None else None
    scope = HaltScope.SEQUENCE if sequence else HaltScope.ALL
    halting.pause(
        program.db,
        program.desk,
        program.clock,
        actor=actor,
        scope=scope,
        relay=relay,
        domain=domain,
        until=moment,
        note=reason,
    )
    say("It is held up. To go on: outreach outbox resume")


@click.command()
@click.option("--domain", metavar="DOMAIN", help="Only what goes there.")
@click.option("--relay", metavar="NAME", help="Only what leaves by this relay.")
@actor_option
@click.pass_context
def resume(context: click.Context, domain: str | None, relay: str | None, actor: str) -> None:
    """Let mail go again, whatever held it up; the next run sends it."""
    program = campaign_of(context)
    count = halting.resume(program.db, program.clock, actor=actor, relay=relay, domain=domain)
    say(f"{count} halt(s) ended; the next run sends.")


def _document(program: Program) -> tuple[dict[str, Any], Forecast]:
    with program.db.reading() as session:
        document, ahead = standing(session, program.desk, program.clock())
    warnings = [
        f"{halt['what']} held up until a person resumes it: {halt['why']}. outreach outbox resume"
        for halt in document["held_up"]
        if halt["until"] is None
    ]
    if document["there"] != document["ever_queued"]:
        warnings.append(
            f"The mails do not add up: {document['ever_queued']} were ever queued, {document['there']} are there."
        )
    return {**document, "warnings": warnings}, ahead


def in_words(ahead: Forecast, zone: ZoneInfo) -> list[str]:
    """When the invitations and reminders will have left, and how many not in time."""
    if not ahead.mails:
        return []
    when = f"by {local_time(ahead.done_at, zone)}" if ahead.done_at else "not within a year"
    told = [f"{ahead.mails} invitation(s) and reminder(s) will have left {when}: {ahead.per_hour:.0f} an hour."]
    if ahead.per_hour < ahead.mails:
        told.append(f"What holds most of them up: {ahead.limited_by}.")
    if ahead.late:
        told.append(f"{ahead.late} of them would be too late: they will not leave before the deadline.")
    return told


def _tell(document: dict[str, Any], ahead: Sequence[str]) -> None:
    for status, count in document["mails"].items():
        say(f"{count:>8} {status.replace('_', ' ')}")
    sign = "=" if document["there"] == document["ever_queued"] else "but"
    say(f"{document['there']:>8} {sign} {document['ever_queued']} ever queued")
    for halt in document["held_up"]:
        until = local_time(halt["until"], halt["until"].tzinfo) if halt["until"] else "it is resumed"
        why = f"{halt['why']}: {halt['note']}" if halt["note"] else halt["why"]
        say(f"Held up: {halt['what']}, until {until} ({why}, by {halt['by']}).")
    several = len(document["relays"]) > 1
    for relay in document["relays"] if several else ():
        first = ", takes what is new" if relay["takes_new"] else ""
        paused = relay["paused"]
        until = local_time(paused["until"], paused["until"].tzinfo) if paused and paused["until"] else "it is resumed"
        how = f"paused until {until} ({paused['why']})" if paused else f"{relay['per_hour']} an hour"
        limited = "" if paused else f", limited by: {relay['limited_by']}"
        say(f"Relay {relay['name']} ({relay['server']}): {how}{limited}{first}.")
    for limit in document["limits"]:
        by_hand = f", {limit['by_hand']} more by hand" if limit["by_hand"] else ""
        kept = f"{limit['kept_for_answers']} of them kept for answers"
        by = f" by {limit['relay']}" if several else ""
        say(f"Sent{by} in the last {limit['within']}: {limit['sent']} of {limit['limit']} ({kept}{by_hand}).")
    for line in ahead:
        say(line)
