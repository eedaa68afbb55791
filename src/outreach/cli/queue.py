"""``outreach queue``: the review. What came in is looked at, and each decision is made in somebody's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import click

from outreach.cli.dossier import tell
from outreach.cli.output import (
    TIMES,
    actor_option,
    after_option,
    campaign_of,
    in_utc,
    json_option,
    limit_option,
    local_time,
    print_json,
    print_list,
    say,
    warn,
)
from outreach.cli.relate import merge, relate
from outreach.dossier import as_texts, dossier
from outreach.errors import Refused
from outreach.model import Revision, Signatory
from outreach.settings import Settings
from outreach.steps import publish, review
from outreach.store import references, relations
from outreach.store import signatories as stored
from outreach.words import HoldKind, PrintedLine, RejectReason, RevisionStatus

_HOLDS = [str(kind) for kind in HoldKind]
_OPEN = [str(status) for status in stored.IN_QUEUE]


@click.group()
def queue() -> None:
    """Review sign-ups: show, approve, reject, ask, edit, hold, merge, relate."""


queue.add_command(merge)
queue.add_command(relate)


@queue.command("list")
@click.option("--status", type=click.Choice(_OPEN), multiple=True, help="Only these; repeatable.")
@limit_option
@after_option
@json_option
@click.pass_context
def list_(context: click.Context, status: tuple[str, ...], limit: int, after: str | None, as_json: bool) -> None:
    """List what waits for somebody, the oldest first. Unconfirmed entries wait for the organisation."""
    program = campaign_of(context)
    statuses = [RevisionStatus(value) for value in status] or list(stored.IN_QUEUE)
    with program.db.reading() as session:
        start = references.id_of(session, Signatory, after)
        page = stored.in_queue(session, statuses, after=start, limit=limit)
        shown = [next(found for found in review.waiting(row) if found.status in statuses) for row in page.rows]
        items = [_item(revision, program.settings) for revision in shown]
    columns = ("reference", "status", "proof", "confidence", "warnings", "holds", "lines")
    print_list(items, columns, as_json=as_json, total=page.total)


@queue.command("show")
@click.argument("reference")
@json_option
@click.pass_context
def show(context: click.Context, reference: str, as_json: bool) -> None:
    """Show an entry: its lines, proof and history, and the words of the mail that each value was read from."""
    program = campaign_of(context)
    with program.db.reading() as session:
        found = dossier(session, program.settings, program.keyring, stored.entry(session, reference), program.clock())
    if as_json:
        print_json(found)
    else:
        tell(found)


@queue.command("approve")
@click.argument("reference")
@actor_option
@click.pass_context
def approve(context: click.Context, reference: str, actor: str) -> None:
    """Approve the line under review for print."""
    program = campaign_of(context)
    with program.db.writing() as session:
        revision = review.approve(session, reference, program.clock, actor=actor)
        lacking = publish.what_lacks(session, program.settings, revision, program.clock())
        reference = revision.signatory.reference
        beside = {found.signatory_id for found in stored.approved(session)}
        touched = [found for found in relations.conditions(session, beside) if revision.signatory_id in found.ids]
        conditions = [found.in_words for found in touched]
    say(f"{reference} is approved.")
    for condition in conditions:
        warn(f"A condition is touched: {condition}.")
    if lacking:
        warn(f"It is not printed yet; it lacks: {'; '.join(lacking)}.")


@queue.command("reject")
@click.argument("reference")
@click.option("--reason", type=click.Choice([str(reason) for reason in RejectReason]), required=True)
@click.option("--silently", is_flag=True, help="Write them nothing about it.")
@actor_option
@click.pass_context
def reject(context: click.Context, reference: str, reason: str, silently: bool, actor: str) -> None:
    """Reject all that is open of an entry, and tell them why. A line of theirs that is approved stays.

    The mail leaves after ten minutes, so that queue undo can still stop it. Of spam, and of what was not theirs,
    nobody is told.
    """
    program = campaign_of(context)
    with program.db.writing() as session:
        revision = review.reject(
            session, program.desk, reference, RejectReason(reason), program.clock, actor=actor, tell=not silently
        )
        said = f"{revision.signatory.reference} is rejected."
        if revision.signatory.standing is not None:
            said += " The line approved before stays: to keep it from print, use queue hold."
    say(said)


@queue.command("ask")
@click.argument("reference")
@click.option("--text", metavar="TEXT", help="Your own question. Without it: is this line right?")
@actor_option
@click.pass_context
def ask(context: click.Context, reference: str, text: str | None, actor: str) -> None:
    """Ask the organisation by mail."""
    program = campaign_of(context)
    with program.db.writing() as session:
        mail = review.ask(session, program.desk, reference, program.clock, actor=actor, text=text)
        leaves = local_time(mail.next_attempt_at, program.settings.day.zone)
        said = f"The {mail.kind} {mail.reference} is queued and leaves at {leaves}; before, queue undo takes it back."
    say(said)


@queue.command("edit")
@click.argument("reference")
@click.option("--language", metavar="TAG", help="Which line to change; needed when the campaign has several.")
@click.option("--name", metavar="TEXT")
@click.option("--city", metavar="TEXT", help='"" takes it away.')
@click.option("--country", metavar="TEXT", help='"" takes it away.')
@actor_option
@click.pass_context
def edit(
    context: click.Context,
    reference: str,
    language: str | None,
    name: str | None,
    city: str | None,
    country: str | None,
    actor: str,
) -> None:
    """Change a line, and ask the organisation whether it is right: nothing edited prints unseen."""
    program = campaign_of(context)
    with program.db.writing() as session:
        signatory = stored.entry(session, reference)
        tag = _language(program.settings, language)
        line = _changed(signatory.newest.printed_lines.get(tag), name, city, country)
        edited = review.edit(session, program.desk, reference, {tag: line}, program.clock, actor=actor)
        lines = as_texts(edited.revision.printed_lines)
        asking = edited.asking.reference if edited.asking is not None else None
    for tag, text in lines.items():
        say(f"{tag}  {text}")
    if asking is None:
        warn(f"Nobody is asked: {edited.why_not_asked or 'that very line has been asked about'}.")
    else:
        say(f"The asking {asking} is queued; the line prints once they have answered and it is approved.")


@queue.command("hold")
@click.argument("reference")
@click.option("--reason", "text", metavar="TEXT", required=True, help="Kept sealed, for the other coordinators.")
@click.option("--kind", type=click.Choice(_HOLDS), default=str(HoldKind.WITHHELD), show_default=True)
@click.option("--until", type=click.DateTime(TIMES), metavar='"DATE HH:MM"', help="For an embargo: when it ends.")
@actor_option
@click.pass_context
def hold(context: click.Context, reference: str, text: str, kind: str, until: datetime | None, actor: str) -> None:
    """Keep an entry from print and, but for an embargo, from machine mail, until the hold is lifted.

    An embargo ends by itself at its time; all others when a coordinator lifts them.
    """
    program = campaign_of(context)
    ends = in_utc(until, program.settings.day.zone)
    with program.db.writing() as session:
        signatory = review.hold(session, reference, text, program.clock, actor=actor, kind=HoldKind(kind), until=ends)
        said = f"{signatory.reference} is held: {kind}" + (f" until {until:%Y-%m-%d %H:%M}." if until else ".")
    say(said)


@queue.command("release")
@click.argument("reference")
@actor_option
@click.pass_context
def release(context: click.Context, reference: str, actor: str) -> None:
    """Let an entry from an unsafe place be printed and written to, with subjects that give nothing away."""
    program = campaign_of(context)
    with program.db.writing() as session:
        signatory = review.lift(session, reference, HoldKind.WITHHELD, program.clock, actor=actor)
        said = f"{signatory.reference} is released."
    say(said)


@queue.command("lift")
@click.argument("reference")
@click.option("--hold", "kind", type=click.Choice(_HOLDS), required=True)
@actor_option
@click.pass_context
def lift(context: click.Context, reference: str, kind: str, actor: str) -> None:
    """End a hold."""
    program = campaign_of(context)
    with program.db.writing() as session:
        signatory = review.lift(session, reference, HoldKind(kind), program.clock, actor=actor)
        left = ", ".join(found.kind for found in signatory.open_holds)
        said = f"{signatory.reference} is not {kind} any more" + (f"; it is still {left}." if left else ".")
    say(said)


@queue.command("undo")
@click.argument("reference")
@actor_option
@click.pass_context
def undo(context: click.Context, reference: str, actor: str) -> None:
    """Take the last decision about an entry back: within ten minutes, and before anything about it has left."""
    program = campaign_of(context)
    with program.db.writing() as session:
        decision = review.undo(session, reference, program.clock, actor=actor)
        signatory = decision.signatory
        said = f"{signatory.reference} is as it was before it was {decision.action}: {signatory.newest.status}."
    say(said)


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


def _language(settings: Settings, language: str | None) -> str:
    if language is not None:
        return language
    if len(settings.languages) > 1:
        raise Refused(f"Say which line: --language {' or --language '.join(settings.languages)}.")
    return settings.languages[0]


def _changed(line: PrintedLine | None, name: str | None, city: str | None, country: str | None) -> PrintedLine:
    """The line with what was typed; an empty text takes a part away."""
    if name is None and line is None:
        raise Refused("There is no line in this language yet: give it a --name.")
    changed = replace(line, name=name or line.name) if line is not None else PrintedLine(name or "")
    if city is not None:
        changed = replace(changed, city=city or None)
    return replace(changed, country=country or None) if country is not None else changed
