"""``outreach queue``: the review. What came in is looked at, and each decision is made in somebody's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from outreach.bootstrap import Program
from outreach.cli import lists
from outreach.cli.dossier import tell
from outreach.cli.output import (
    TIMES,
    actor_option,
    campaign_of,
    in_utc,
    json_option,
    local_time,
    print_json,
    say,
    warn,
    yes_option,
)
from outreach.cli.relate import merge, relate
from outreach.cli.waiting import list_
from outreach.dossier import as_texts, dossier
from outreach.errors import Refused
from outreach.settings import Settings
from outreach.steps import publish, review
from outreach.steps.attest.lists import list_hash
from outreach.store import relations
from outreach.store import signatories as stored
from outreach.words import HoldKind, PrintedLine, RejectReason

_HOLDS = [str(kind) for kind in HoldKind]


@click.group()
def queue() -> None:
    """Review sign-ups: show, approve, reject, ask, edit, hold, merge, relate."""


queue.add_command(list_)
queue.add_command(merge)
queue.add_command(relate)


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
@click.argument("reference", required=False)
@lists.list_option
@yes_option
@actor_option
@click.pass_context
def approve(context: click.Context, reference: str | None, file: Path | None, yes: bool, actor: str) -> None:
    """Approve the line under review for print.

    With --list all entries of a list that was imported, but those with a warning or a hold: their lines are shown, and
    their count has to be typed.
    """
    program = campaign_of(context)
    lists.require_one(reference, file)
    if file is not None:
        _approve_list(program, file, yes=yes, actor=actor)
        return
    assert reference is not None
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


def _approve_list(program: Program, file: Path, *, yes: bool, actor: str) -> None:
    with program.db.reading() as session:
        waiting, left = review.approvable(session, list_hash(program.keyring, file.read_bytes()))
        lists.confirm_all(waiting, left, yes=yes, what=f"line(s) of {file.name} will be approved by {actor}.")
        references = [revision.signatory.reference for revision in waiting]
    review.approve_all(program.db, references, program.clock, actor=actor)
    say(f"{len(references)} approved. What each still lacks: publish --dry-run")


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
