"""``outreach prospects`` and ``outreach invite``: who is to be asked, and asking them."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from outreach.bootstrap import Program
from outreach.cli import lists, prospect
from outreach.cli.output import (
    actor_option,
    after_option,
    campaign_of,
    confirm_by_typing,
    json_option,
    limit_option,
    print_list,
    say,
    status_option,
    warn,
    yes_option,
)
from outreach.cli.sending import in_words
from outreach.errors import OutreachError, Refused
from outreach.model import Prospect
from outreach.reading.listed import Preview
from outreach.steps import importing, sample
from outreach.steps import invite as inviting
from outreach.steps.dispatch.forecast import forecast
from outreach.steps.importing import ADDED, Outcome
from outreach.store import campaign as campaigns
from outreach.store import prospects as stored
from outreach.store import references
from outreach.words import ProspectStatus


@click.group()
def prospects() -> None:
    """Import and list the organisations to be invited."""


for _command in (prospect.show, prospect.pause, prospect.resume, prospect.release, prospect.note):
    prospects.add_command(_command)


@prospects.command("import")
@click.argument("file", type=lists.a_file)
@click.option("--dry-run", is_flag=True, help="Say what each row would do, and change nothing.")
@yes_option
@json_option
@actor_option
@click.pass_context
def import_(context: click.Context, file: Path, dry_run: bool, yes: bool, as_json: bool, actor: str) -> None:
    """Take the organisations of a list: good rows are taken, bad ones are named.

    FILE is CSV, a workbook (.xlsx) or pasted lines "Name <address>". Columns, in English, German, French or Persian:
    name, or name_fa, name_en and so on; email, phone, language, city, country, contact_person, tags, greeting,
    personal_line, sender (the coordinator who signs), sign_off. Every row is shown and their count has to be typed
    first, unless --yes is given. Importing a file twice changes nothing. A row whose organisation may have signed
    already is taken with a warning. Exits with 1 when a row is bad.
    """
    program = campaign_of(context)
    data = file.read_bytes()
    preview = lists.carry_out(
        lambda: importing.plan(program.db, program.desk, data, program.clock),
        lambda: importing.run(program.db, program.desk, data, program.clock, actor=actor),
        _tell,
        lambda taken: f"{taken} row(s) of {file.name} will be taken.",
        outcomes=Outcome,
        dry_run=dry_run,
        yes=yes,
        as_json=as_json,
    )
    context.exit(1 if Outcome.BAD in preview.counts else 0)


@prospects.command("list")
@status_option(ProspectStatus)
@click.option("--to-call", is_flag=True, help="Only those that have no address.")
@limit_option
@after_option
@json_option
@click.pass_context
def list_(
    context: click.Context,
    status: tuple[ProspectStatus, ...],
    to_call: bool,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """List the organisations to be invited, in the order they were added."""
    program = campaign_of(context)
    with program.db.reading() as session:
        start = references.id_of(session, Prospect, after)
        page = stored.listed(session, status, to_call=to_call, after=start, limit=limit)
        items = [_item(row, program.settings.day.zone) for row in page.rows]
    columns = ("reference", "status", "name", "city", "phone" if to_call else "email", "language")
    print_list(items, columns, as_json=as_json, total=page.total)


@click.command()
@click.option("--dry-run", is_flag=True, help="Show the count and one full example, and queue nothing.")
@click.option("--first", type=click.IntRange(1), metavar="N", help="Only the first N mails.")
@click.option("--again", metavar="REFERENCE", help="A second invitation to one whose sequence has ended.")
@click.option("--reason", metavar="TEXT", help="Why it is invited again; kept sealed, for the other coordinators.")
@click.option("--to-me", is_flag=True, help="Send one in each language to your own address, now, and queue nothing.")
@yes_option
@actor_option
@click.pass_context
def invite(
    context: click.Context,
    dry_run: bool,
    first: int | None,
    again: str | None,
    reason: str | None,
    to_me: bool,
    yes: bool,
    actor: str,
) -> None:
    """Queue invitations for those not yet invited; the next run sends them.

    Before the count is typed it says when they will have left, and how many of them would be too late.
    With --again one organisation that was invited before: no reminder follows, and nobody is who has declined,
    withdrawn or unsubscribed.
    """
    program = campaign_of(context)
    if (again is None) != (reason is None) or (again is not None and first is not None):
        raise Refused("A second invitation needs both --again REFERENCE and --reason TEXT, and no --first.")
    if again is not None and reason is not None:
        _invite_again(program, again, reason, dry_run=dry_run, yes=yes, actor=actor)
        return
    inviting.require_day(program.desk, program.clock)
    if to_me:
        _send_sample(program, actor)
        return
    planned = inviting.plan(program.db, program.desk, program.clock, first=first)
    _tell_plan(planned)
    if planned.example is None or dry_run:
        return
    with program.db.reading() as session:
        ahead = forecast(session, program.desk, program.clock(), more=planned.mails)
        whom = "the team: this is the rehearsal" if campaigns.the_campaign(session).in_rehearsal else "organisations"
    for line in in_words(ahead, program.settings.day.zone):
        say(line)
    confirm_by_typing(str(planned.mails), yes=yes, what=f"{planned.mails} mail(s) will go to {whom}.")
    done = inviting.run(program.db, program.desk, planned, program.clock, actor=actor)
    say(f"Queued {done.mails} invitation(s) to {done.organisations} organisation(s); the next run sends them.")
    for reference, why in done.failed:
        warn(f"{reference} is not invited: {why}")
    context.exit(1 if done.failed else 0)


def _invite_again(program: Program, reference: str, reason: str, *, dry_run: bool, yes: bool, actor: str) -> None:
    say(_as_text(inviting.plan_again(program.db, program.desk, reference, program.clock)))
    if dry_run:
        return
    confirm_by_typing("1", yes=yes, what="1 mail will go out, to an organisation that was invited before.")
    inviting.run_again(program.db, program.desk, reference, reason, program.clock, actor=actor)
    say("Queued a second invitation; the next run sends it.")


def _send_sample(program: Program, actor: str) -> None:
    inviting.require_statement(program.desk)
    address, count = sample.send(program.db, program.desk, program.sender, program.clock, actor=actor)
    say(f"Sent {count} invitation(s) to {address}, one in each language. Nobody else got any.")


def _tell_plan(planned: inviting.Plan) -> None:
    if planned.suppressed:
        say(f"{planned.suppressed} organisation(s) are left out: their address is not to be written.")
    if planned.answered:
        say(f"{planned.answered} organisation(s) are left out: somebody has answered from their address.")
    if planned.paused:
        say(f"{planned.paused} organisation(s) are left out: paused, or written to by hand. outreach prospects resume.")
    if planned.withheld:
        say(f"{planned.withheld} organisation(s) are withheld: their place is unsafe. outreach prospects release.")
    if planned.example is None:
        say("Nobody is left to be invited.")
        return
    say(f"{planned.mails} mail(s) to {planned.organisations} organisation(s). The first of them:")
    say()
    say(_as_text(planned.example))


def _as_text(mail: bytes) -> str:
    """A mail as its reader sees it, in plain text. Raises OutreachError for a mail without any."""
    message = message_from_bytes(mail, policy=default)
    body = message.get_body(("plain",))
    if body is None:
        raise OutreachError("The invitation has no plain text part.")
    head = "".join(f"{name}: {message[name]}\n" for name in ("From", "To", "Subject"))
    return "\n".join(f"  | {line}".rstrip() for line in f"{head}\n{body.get_content()}".splitlines()) + "\n"


def _tell(preview: Preview, would: bool) -> None:
    lists.tell_rows(preview, Outcome.BAD, would=would)
    added = sum(preview.counts.get(outcome, 0) for outcome in ADDED)
    said = [f"{added} {'would be ' if would else ''}added"]
    said += [
        f"{count} {'of them ' if outcome in ADDED else ''}{outcome.replace('_', ' ')}"
        for outcome in Outcome
        if outcome is not Outcome.NEW and (count := preview.counts.get(outcome, 0))
    ]
    say(", ".join(said) + ".")


def _item(prospect: Prospect, zone: ZoneInfo) -> dict[str, object]:
    details = prospect.details
    names: dict[str, str] = details.get("names") or {}
    return {
        "reference": prospect.reference,
        "status": prospect.status,
        "name": names.get(prospect.language) or next(iter(names.values()), ""),
        "names": names,
        "city": details.get("city"),
        "country": details.get("country"),
        "email": prospect.email,
        "phone": details.get("phone"),
        "language": prospect.language,
        "contact_person": details.get("contact_person"),
        "tags": details.get("tags") or [],
        "added_at": prospect.created_at.astimezone(zone),
        "invited_at": prospect.invited_at.astimezone(zone) if prospect.invited_at else None,
        "reminded_at": prospect.reminded_at.astimezone(zone) if prospect.reminded_at else None,
        "called_at": prospect.called_at.astimezone(zone) if prospect.called_at else None,
        "answered_at": prospect.answered_at.astimezone(zone) if prospect.answered_at else None,
    }
