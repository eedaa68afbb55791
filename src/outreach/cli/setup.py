"""``outreach init`` and ``outreach start``: how a campaign begins, and when it becomes serious."""

from __future__ import annotations

import os
from pathlib import Path

import click

from outreach import bootstrap, passes
from outreach.cli import founding
from outreach.cli.output import actor_option, campaign_of, confirm_by_typing, place_of, say, yes_option
from outreach.errors import Refused
from outreach.serverurl import password_variable
from outreach.settings import Settings
from outreach.steps import rehearsal
from outreach.steps.fetch import beacon
from outreach.store import campaign as campaigns
from outreach.store import log, turns


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--slug", required=True, help="The campaign's short name: small letters, digits, hyphens.")
@click.option("--contact", required=True, metavar="ADDRESS", help="Where organisations write to.")
@click.option("--team", required=True, multiple=True, metavar="ADDRESS", help="Who reviews; repeatable.")
@click.option("--language", required=True, multiple=True, metavar="TAG", help="fa, en, …; repeatable, main one first.")
@click.option("--mailbox", metavar="URL", help="imaps://login@host/INBOX; guessed from the contact's address.")
@click.option("--smtp", metavar="URL", help="smtps://login@host; guessed from the contact's address.")
@click.option("--database", metavar="URL", help="Where the records are kept; sqlite:///outreach.db by default.")
@click.option("--sender", metavar="NAME", help="Whose name stands in From and under the mails.")
@click.option("--coordinator", metavar="NAME", help="Who decides; taken from the first team address otherwise.")
def init(
    folder: Path,
    slug: str,
    contact: str,
    team: tuple[str, ...],
    language: tuple[str, ...],
    mailbox: str | None,
    smtp: str | None,
    database: str | None,
    sender: str | None,
    coordinator: str | None,
) -> None:
    """Begin a campaign in DIR: settings, statement files, key and database. Asks nothing.

    Mail that has arrived before this moment will be left alone.
    """
    wish = founding.Wish(
        folder=folder.absolute(),
        slug=slug,
        contact=contact,
        team=team,
        languages=language,
        mailbox=mailbox,
        smtp=smtp,
        database=database,
        sender=sender,
        coordinator=coordinator,
    )
    _say_what_next(founding.found(wish, os.environ, bootstrap.utc_now), folder, wish.first_coordinator)


@click.command()
@yes_option
@actor_option
@click.pass_context
def start(context: click.Context, yes: bool, actor: str) -> None:
    """End the rehearsal: from then on mail goes to organisations.

    What the rehearsal wrote is deleted; prospects stay, and count as not yet invited.
    """
    program = campaign_of(context)
    with program.db.reading() as session:
        if not campaigns.the_campaign(session).in_rehearsal:
            raise Refused("The campaign has started already.")
    confirm_by_typing(
        program.settings.slug, yes=yes, what="From now on mails go to organisations, no longer to the team."
    )
    with passes.only_one(place_of(context)) as alone:
        if not alone:
            raise Refused("A run is under way: wait until it has ended, then try again.")
        ended = rehearsal.end(program.db, program.desk, program.clock, actor=actor)
    say("The campaign has started.")
    say(f"The rehearsal's {ended.mails} mails and {ended.signatories} signatories were deleted.")
    if ended.messages_to_read_again:
        say(f"{ended.messages_to_read_again} messages from outside the team will be read again by the next run.")


@click.command()
@click.option("--nothing-was-sent", is_flag=True, help="The other one has sent nothing that waits here: send it all.")
@yes_option
@actor_option
@click.pass_context
def takeover(context: click.Context, nothing_was_sent: bool, yes: bool, actor: str) -> None:
    """Send from this installation from now on; any other one on this mailbox notices, and stops.

    For a backup that was restored, or a second server. The other one may have sent since what waits to be sent here: so
    it all becomes in doubt. What is found among the sent mail was sent; questions and receipts are sent again
    after a day; the rest waits for outreach outbox settle.
    """
    program = campaign_of(context)
    with program.mailbox() as box:
        found = beacon.read(box.notes(program.settings.mailbox.beacon, beacon.SUBJECT))
        others = ", ".join(map(str, found)) or "nobody"
        what = f"Until now {others} sends for this mailbox. From now on it is this installation."
        confirm_by_typing(program.settings.slug, yes=yes, what=what)
        doubted = (
            0 if nothing_was_sent else beacon.doubt_what_waits(program.db, found, program.settings, program.clock())
        )
        again = turns.accept(program.db, program.settings.folder, program.clock())
        beacon.light(program.db, box, program.settings, program.clock())
    with program.db.writing() as session:
        log.note(session, program.clock(), actor=actor, action="took over", about="campaign")
    say("This installation sends from now on.")
    if again:
        say(f"{again} suppressions that this database did not know were put back.")
    if doubted:
        say(f"{doubted} mails may have gone out from the other one: outreach outbox list --status in_doubt")


def _say_what_next(settings: Settings, folder: Path, coordinator: str) -> None:
    outreach = f"outreach -C {folder}"
    mailbox, smtp = password_variable(settings.mailbox.url.service), password_variable(settings.smtp.service)
    say(f"The campaign {settings.slug} lies in {folder}; it is in rehearsal: all mail goes to {settings.team[0]}.")
    say(f"Its key is {settings.key_file}. Nothing opens without it. Put it on paper: {outreach} recovery print")
    say(f"{coordinator} decides. Who else may: {outreach} coordinators add NAME")
    say()
    say("What is left to do:")
    say(f"1. Look through {folder}/outreach.toml: the servers, the sender, the day.")
    say(f"2. Put the statement into {', '.join(f'{folder}/statement/{tag}.md' for tag in settings.languages)}.")
    say(f"3. Put the passwords into {mailbox} and {smtp}, or files that hold them into {mailbox}_FILE and {smtp}_FILE.")
    say(f"4. {outreach} check")
    say(f"5. {outreach} prospects import FILE.csv, then {outreach} invite: the rehearsal's mails go to you.")
    say(f"6. {outreach} start, then {outreach} invite again: now they go to the organisations.")
    say(f"7. {outreach} cron --install: from then on cron fetches and sends by itself.")
