"""``outreach queue list``: what waits for somebody; near the deadline, what needs most first."""

from __future__ import annotations

from datetime import timedelta

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
from outreach.steps import publish
from outreach.store import facets, references
from outreach.store import queue as queued
from outreach.store import signatories as stored
from outreach.store.facets import Facet
from outreach.store.queue import Wanted
from outreach.words import RevisionStatus

_OPEN = [str(status) for status in stored.IN_QUEUE]


@click.command("list")
@click.option("--status", type=click.Choice(_OPEN), multiple=True, help="Only these; repeatable.")
@click.option("--kind", metavar="WORD", help="What the mail was, or by which way they said yes: signup, phone, form, …")
@click.option("--country", metavar="CODE", help='ISO 3166-1: DE; or "unknown".')
@click.option("--language", metavar="TAG", help="Of the mails they get.")
@click.option("--confidence", type=click.Choice(list(facets.CONFIDENCES)), help="How sure the reading is.")
@click.option("--warning", metavar="WORDS", help='"some", "none", or one as queue show has it, without its values.')
@click.option("--duplicate", type=click.Choice((facets.YES, facets.NO)), help="Whether another entry bears its name.")
@click.option("--older-than", type=click.IntRange(0), metavar="DAYS", help="Lines that wait so many days or longer.")
@click.option("--newer-than", type=click.IntRange(0), metavar="DAYS", help="Lines that wait fewer days.")
@limit_option
@after_option
@json_option
@click.pass_context
def list_(
    context: click.Context,
    /,
    status: tuple[str, ...],
    limit: int,
    after: str | None,
    as_json: bool,
    older_than: int | None,
    newer_than: int | None,
    **values: str | None,
) -> None:
    """List what waits for somebody, the oldest first. Unconfirmed entries wait for the organisation.

    Options that narrow it have to hold all together.

    In the last 48 hours before the deadline those come first that have the longest way to go: unproven, not seen yet.
    """
    program = campaign_of(context)
    statuses, now = [RevisionStatus(value) for value in status] or list(stored.IN_QUEUE), program.clock()
    wanted = Wanted(
        statuses,
        tuple((Facet(name), value) for name, value in values.items() if value is not None),
        until=now - timedelta(days=older_than) if older_than is not None else None,
        since=now - timedelta(days=newer_than) if newer_than is not None else None,
    )
    with program.db.reading() as session:
        start = references.id_of(session, Signatory, after)
        is_near = program.settings.day.is_near(now)
        page = queued.page(session, wanted, 0 if is_near else start, 10_000 if is_near else limit)
        shown = [next(found for found in row.waiting if found.status in statuses) for row in page.rows]
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
    signatory = revision.signatory
    return {
        "reference": signatory.reference,
        "status": revision.status,
        "revision": revision.number,
        "lines": as_texts(revision.printed_lines),
        "individual": signatory.individual,
        "proof": revision.proof,
        "seen": revision.seen,
        "confidence": round(revision.confidence, 2),
        "warnings": list(revision.doubts),
        "holds": [found.kind for found in signatory.open_holds],
        "added_at": revision.created_at.astimezone(settings.day.zone),
        "asked_at": revision.asked_at.astimezone(settings.day.zone) if revision.asked_at else None,
    }
