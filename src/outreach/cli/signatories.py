"""``outreach signatories``: where everybody stands, and a yes that came by phone, messenger, on paper or in person."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import click

from outreach.cli.attest import add, attest, countersign
from outreach.cli.output import after_option, campaign_of, json_option, limit_option, print_list, status_option
from outreach.dossier import as_texts
from outreach.model import Signatory
from outreach.store import references, waves
from outreach.store import signatories as stored
from outreach.words import RevisionStatus


@click.group()
def signatories() -> None:
    """List the signatories, and take a yes that no mail brought."""


signatories.add_command(add)
signatories.add_command(attest)
signatories.add_command(countersign)


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
