"""``outreach prospects show``, ``pause``, ``resume``, ``release`` and ``note``: one organisation to be invited."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from outreach.bootstrap import Program
from outreach.cli.output import actor_option, campaign_of, json_option, local_time, print_record, say
from outreach.letters.safety import is_withheld
from outreach.model import Pause, Prospect
from outreach.steps import pause as pausing
from outreach.store import log, pauses


@click.command()
@click.argument("reference")
@json_option
@click.pass_context
def show(context: click.Context, reference: str, as_json: bool) -> None:
    """Show one organisation: what is known, what was noted, whether it is paused, and what was done."""
    program = campaign_of(context)
    zone = program.settings.day.zone
    with program.db.reading() as session:
        prospect = pausing.prospect_with(session, reference)
        now = program.clock()
        held = pauses.current(session, prospect.email_hash, now) if prospect.email_hash is not None else None
        events = log.events(session, about=[log.subject_of(prospect)]).rows
        history = [f"{local_time(event.at, zone)} {event.actor}: {event.action}" for event in events]
        record = {**_record(program, prospect), "paused": _paused(program, held), "history": history}
    print_record(record, as_json=as_json)


@click.command()
@click.argument("reference")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Until that day begins (2026-08-17).")
@actor_option
@click.pass_context
def pause(context: click.Context, reference: str, until: datetime | None, actor: str) -> None:
    """Send no invitation and no reminder to it, until a day or until it is resumed.

    All organisations under the same address are meant: they get their mails together.
    """
    program = campaign_of(context)
    zone = program.settings.day.zone
    day = until.replace(tzinfo=zone).astimezone(UTC) if until is not None else None
    ends = pausing.pause(program.db, program.desk, reference, day, program.clock, actor=actor)
    say(f"It is paused until {local_time(ends, zone) if ends else 'it is resumed'}.")


@click.command()
@click.argument("reference")
@actor_option
@click.pass_context
def resume(context: click.Context, reference: str, actor: str) -> None:
    """Let invitation and reminders go to it again, whatever they waited for."""
    program = campaign_of(context)
    pausing.resume(program.db, reference, program.clock, actor=actor)
    say("It is no longer paused.")


@click.command()
@click.argument("reference")
@actor_option
@click.pass_context
def release(context: click.Context, reference: str, actor: str) -> None:
    """Let it be invited though the settings call its place unsafe; its mails give nothing away on a locked screen."""
    program = campaign_of(context)
    pausing.release(program.db, reference, program.clock, actor=actor)
    say("It may be invited.")


@click.command()
@click.argument("reference")
@click.argument("text")
@actor_option
@click.pass_context
def note(context: click.Context, reference: str, text: str, actor: str) -> None:
    """Write TEXT down beside it, for every coordinator to see ("called Rosa, she asks her board on Friday")."""
    program = campaign_of(context)
    pausing.note(program.db, reference, text, program.clock, actor=actor)
    say("It is noted.")


def _record(program: Program, prospect: Prospect) -> dict[str, Any]:
    details, zone = prospect.details, program.settings.day.zone
    notes = [
        f"{local_time(datetime.fromisoformat(noted['at']), zone)} {noted['actor']}: {noted['text']}"
        for noted in details.get("notes") or ()
    ]
    return {
        "reference": prospect.reference,
        "status": prospect.status,
        "names": details.get("names") or {},
        "email": prospect.email,
        "language": prospect.language,
        **{key: value for key, value in details.items() if key not in ("names", "notes")},
        "invited_at": prospect.invited_at.astimezone(zone) if prospect.invited_at else None,
        "reminded_at": prospect.reminded_at.astimezone(zone) if prospect.reminded_at else None,
        "called_at": prospect.called_at.astimezone(zone) if prospect.called_at else None,
        "answered_at": prospect.answered_at.astimezone(zone) if prospect.answered_at else None,
        "withheld": is_withheld(program.desk, prospect),
        "notes": notes,
    }


def _paused(program: Program, held: Pause | None) -> str | None:
    if held is None:
        return None
    zone = program.settings.day.zone
    until = local_time(held.until, zone) if held.until else "it is resumed"
    return f"{held.reason}, since {local_time(held.placed_at, zone)}, until {until}, by {held.actor}"
