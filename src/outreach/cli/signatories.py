"""``outreach signatories``: where everybody stands, and a yes that came by phone, messenger, on paper or in person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from outreach.bootstrap import Program
from outreach.cli import lists
from outreach.cli.attest import CHANNELS, add, at_option, attest, countersign
from outreach.cli.output import (
    actor_option,
    after_option,
    campaign_of,
    in_utc,
    json_option,
    limit_option,
    print_list,
    say,
    status_option,
    yes_option,
)
from outreach.dossier import as_texts
from outreach.model import Signatory
from outreach.reading.listed import Preview
from outreach.steps import attest as attesting
from outreach.steps.attest import lists as listing
from outreach.steps.attest.lists import ListFile
from outreach.store import campaign as campaigns
from outreach.store import references, waves
from outreach.store import signatories as stored
from outreach.words import Channel, RevisionStatus


@click.group()
def signatories() -> None:
    """List the signatories, and take a yes that no mail brought."""


signatories.add_command(add)
signatories.add_command(attest)
signatories.add_command(countersign)


@signatories.command("import")
@click.argument("file", type=lists.a_file)
@click.option("--channel", type=CHANNELS, default=str(Channel.PAPER), show_default=True, help="How they said yes.")
@at_option
@click.option("--dry-run", is_flag=True, help="Say what each row would do, and change nothing.")
@yes_option
@json_option
@actor_option
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    channel: str,
    at: datetime | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    actor: str,
) -> None:
    """Take a list of organisations that said yes elsewhere: on paper, in a former spreadsheet.

    FILE and its columns are as in prospects import. Each row becomes a pending entry that you attest, and whoever has
    an address is asked by mail as well. The evidence is the line of this very file: keep it. All lines are shown as
    they would be printed, and their count has to be typed, unless --yes is given. Exits with 1 when a row is bad.
    """
    program = campaign_of(context)
    said_at = in_utc(at, program.settings.day.zone) or program.clock()
    listed = ListFile(file.name, file.read_bytes(), Channel(channel), said_at)
    how = channel.replace("_", " ")
    preview = lists.carry_out(
        lambda: listing.plan(program.db, program.desk, listed.data),
        lambda: listing.run(program.db, program.desk, listed, program.clock, actor=actor),
        _tell_rows,
        lambda taken: f"{taken} organisation(s) of {file.name} said yes ({how}), and you vouch for it.",
        outcomes=listing.Outcome,
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
    )
    if preview.taken and not dry_run and not as_json:
        _tell_what_comes(program)
    context.exit(1 if listing.Outcome.BAD in preview.counts else 0)


@signatories.command("list")
@status_option(RevisionStatus)
@limit_option
@after_option
@json_option
@click.pass_context
def list_signatories(
    context: click.Context, status: tuple[RevisionStatus, ...], limit: int, after: str | None, as_json: bool
) -> None:
    """List the signatories: approved when a line of theirs is, else as their newest line stands."""
    program = campaign_of(context)
    with program.db.reading() as session:
        start = references.id_of(session, Signatory, after)
        page = stored.listed(session, status, after=start, limit=limit)
        printed = waves.places(session, waves.last(session))
        items = [_signatory(row, printed, program.settings.day.zone) for row in page.rows]
    columns = ("reference", "status", "proof", "holds", "printed", "lines")
    print_list(items, columns, as_json=as_json, total=page.total)


def _tell_rows(preview: Preview, would: bool) -> None:
    lists.tell_rows(preview, listing.Outcome.BAD, would=would)
    said = [f"{preview.taken} {'would be ' if would else ''}pending"]
    others = [outcome for outcome in listing.Outcome if outcome is not listing.Outcome.NEW]
    said += [f"{count} {other.replace('_', ' ')}" for other in others if (count := preview.counts.get(other, 0))]
    say(", ".join(said) + ".")


def _tell_what_comes(program: Program) -> None:
    with program.db.reading() as session:
        is_single, in_rehearsal = attesting.is_single(session), campaigns.the_campaign(session).in_rehearsal
    if is_single:
        say("They are single: nobody else is there to countersign them.")
    else:
        say("They print once another coordinator has typed: signatories countersign --list FILE")
    say("They are approved one by one, or all that nothing speaks against: queue approve --list FILE")
    if in_rehearsal:
        say("This is the rehearsal: start deletes these entries. Import the file again afterwards.")


def _signatory(signatory: Signatory, printed: Mapping[int, int], zone: ZoneInfo) -> dict[str, object]:
    shown = signatory.standing or signatory.newest
    return {
        "reference": signatory.reference,
        "status": shown.status,
        "lines": as_texts(shown.printed_lines),
        "proof": shown.proof,
        "seen": shown.seen,
        "holds": [hold.kind for hold in signatory.open_holds],
        "printed": signatory.id in printed,
        "individual": signatory.individual,
        "language": signatory.language,
        "added_at": signatory.created_at.astimezone(zone),
    }
