"""``outreach move``: the whole campaign to another machine in one encrypted file; this installation stops sending."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from outreach import passes
from outreach.bootstrap import Program, open_program
from outreach.cli import parcel
from outreach.cli.founding import file_of, write_new
from outreach.cli.output import actor_option, campaign_of, confirm_by_typing, place_of, say, yes_option
from outreach.environment import secret
from outreach.errors import Refused
from outreach.sealing import read_secret
from outreach.settings import Settings
from outreach.steps.fetch import beacon
from outreach.store import log, outbox
from outreach.store.database import sqlite_copy
from outreach.words import OutboxStatus

#: What opens a parcel, for whoever cannot type it (also with _FILE and _COMMAND).
_WORD = "OUTREACH_MOVE_KEY"


@click.group()
def move() -> None:
    """Carry the campaign to another machine: database, key, settings, statement and own templates, in one file.

    Not carried: passwords, the crontab's line, and whatever else lies in the folder.
    """


@move.command("pack")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@yes_option
@actor_option
@click.pass_context
def pack(context: click.Context, file: Path, yes: bool, actor: str) -> None:
    """Write the encrypted FILE and show the key that opens it. From then on nothing is sent from here.

    Should it come to nothing, outreach takeover begins again here.
    """
    program = campaign_of(context)
    settings = program.settings
    if file_of(program.db.engine) is None:
        raise Refused(
            f"The database lies on a server: {settings.database_url}. Nothing needs packing: put copies of the folder "
            f"and of the key {settings.key_file} there, each by its own way, and end outreach here."
        )
    confirm_by_typing(settings.slug, yes=yes, what="From now on nothing is sent from here.")
    with passes.only_one(place_of(context)) as alone:
        if not alone:
            raise Refused("A run or a worker is at work: end it, then try again.")
        word = _packed(program, file, actor)
    say(f"The campaign is in {file}; nothing is sent from here any more. This key opens the file:")
    say()
    say(f"    {word}")
    say()
    say("It is shown only now. Carry it another way than the file, and delete both when all works there.")
    say(f"There:  outreach -C {settings.slug} move unpack {file.name}")
    say("Here:   outreach cron --remove; and when all works there, delete this folder and")
    say(f"        the key {settings.key_file}.")


@move.command("unpack")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def unpack(context: click.Context, file: Path) -> None:
    """Unpack FILE into the folder that -C names (made if it is missing), and say what may have gone out."""
    settings = parcel.unpack(file.read_bytes(), _asked_word(), place_of(context).absolute(), os.environ)
    say(f"The campaign {settings.slug} lies in {settings.folder}, its key in {settings.key_file}.")
    _say_what_waits(settings)
    names = settings.passwords
    outreach = f"outreach -C {place_of(context)}"
    say()
    say("What is left to do:")
    if names:
        say(f"1. Name the files with the passwords in {' and '.join(f'{name}_FILE' for name in names)}.")
    steps = 2 if names else 1
    if any(map(settings.is_by_token, settings.servers)):
        say(f"{steps}. {outreach} login: it does not travel, and each machine has its own.")
        steps += 1
    say(f"{steps}. {outreach} check")
    say(f"{steps + 1}. {outreach} cron --install, or outreach worker: from then on it sends from here.")


def _packed(program: Program, file: Path, actor: str) -> str:
    """Write the file, then hand the beacon over; neither without the other. What opens the file."""
    secret_ = read_secret(program.settings.key_file, campaign=program.settings.folder)
    now = program.clock()
    with ExitStack() as undo, program.mailbox() as box:
        word = beacon.new_word(program.db)  # the copy knows it, and we forget it
        with program.db.writing() as session:
            log.note(session, now, actor=actor, action="packed for a move", about="campaign")
        made = parcel.pack(program.settings, secret_, sqlite_copy(program.db.engine), now)
        write_new(file, made.octets, undo)
        beacon.hand_over(program.db, box, program.settings, now, word)
        undo.pop_all()
    return made.word


def _asked_word() -> str:
    if found := secret(_WORD, os.environ):
        return found
    if sys.stdin.isatty():
        return str(click.prompt("The key that was shown when it was packed", hide_input=True, err=True))
    return sys.stdin.readline()


def _say_what_waits(settings: Settings) -> None:
    """Nothing has been sent since by the old place; what was in its hands when it ended, nobody knows."""
    program = open_program(settings.folder, os.environ)
    try:
        with program.db.reading() as session:
            say(f"{len(outbox.waiting(session))} mails wait to be sent; they leave from here.")
            doubted = outbox.listed(session, [OutboxStatus.IN_DOUBT], after=0, limit=100)
            if doubted.total:
                say(f"{doubted.total} mails were in hand and may have gone out: outreach outbox list --status in_doubt")
            for mail in doubted.rows:
                say(f"    {mail.reference}  {mail.kind}  {mail.recipient}")
    finally:
        program.db.engine.dispose()
