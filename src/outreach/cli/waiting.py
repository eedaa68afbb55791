"""``outreach queue list``: what waits for somebody; near the deadline, what needs most first."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from outreach.bootstrap import Program
from outreach.cli.output import (
    after_option,
    campaign_of,
    json_option,
    limit_option,
    print_list,
)
from outreach.dossier import as_texts
from outreach.model import Revision, Signatory
from outreach.settings import Settings
from outreach.steps import publish, review
from outreach.store import references
from outreach.store import signatories as stored
from outreach.words import RevisionStatus

_OPEN = [str(status) for status in stored.IN_QUEUE]


@click.command("list")
@click.option("--status", type=click.Choice(_OPEN), multiple=True, help="Only these; repeatable.")
@limit_option
@after_option
@json_option
@click.pass_context
def list_(context: click.Context, status: tuple[str, ...], limit: int, after: str | None, as_json: bool) -> None:
    """List what waits for somebody, the oldest first. Unconfirmed entries wait for the organisation.

    In the last 48 hours before the deadline those come first that have the longest way to go: unproven, not seen yet.
    """
    program = campaign_of(context)
    statuses = [RevisionStatus(value) for value in status] or list(stored.IN_QUEUE)
    with program.db.reading() as session:
        start = references.id_of(session, Signatory, after)
        is_near = program.settings.day.is_near(program.clock())
        page = stored.in_queue(session, statuses, after=0 if is_near else start, limit=10_000 if is_near else limit)
        shown = [next(found for found in review.waiting(row) if found.status in statuses) for row in page.rows]
        if is_near:
            shown = _longest_way_first(session, program, shown, after=start)[:limit]
        items = [_item(revision, program.settings) for revision in shown]
    columns = ("reference", "status", "proof", "confidence", "warnings", "holds", "lines")
    print_list(items, columns, as_json=as_json, total=page.total)


def _longest_way_first(session: Session, program: Program, waiting: list[Revision], *, after: int) -> list[Revision]:
    """Of those with an equally long way the oldest first; only what comes after a signatory, if one is named."""
    now = program.clock()
    ordered = sorted(waiting, key=lambda revision: -publish.way_to_go(session, program.settings, revision, now))
    ids = [revision.signatory_id for revision in ordered]
    return ordered[ids.index(after) + 1 :] if after in ids else ordered


def _item(revision: Revision, settings: Settings) -> dict[str, object]:
    signatory, details = revision.signatory, revision.details
    return {
        "reference": signatory.reference,
        "status": revision.status,
        "revision": revision.number,
        "lines": as_texts(revision.printed_lines),
        "individual": signatory.individual,
        "proof": revision.proof,
        "seen": revision.seen,
        "confidence": round(revision.confidence, 2),
        "warnings": [
            *(["attested by one coordinator"] if revision.rests_on_one_word else []),
            *(details.get("needs_human") or []),
            *(details.get("warnings") or []),
        ],
        "holds": [found.kind for found in signatory.open_holds],
        "added_at": revision.created_at.astimezone(settings.day.zone),
        "asked_at": revision.asked_at.astimezone(settings.day.zone) if revision.asked_at else None,
    }
