"""``outreach recovery``: the campaign's key on paper, for the day on which the machine is lost."""

from __future__ import annotations

import os
import re
import sys
from hashlib import sha256
from typing import Final

import click

from outreach.cli.output import actor_option, campaign_of, place_of, say
from outreach.errors import Refused
from outreach.sealing import KEY_OCTETS, read_secret, write_new_key
from outreach.settings import Settings
from outreach.settingsfile import load
from outreach.store import campaign as campaigns
from outreach.store import log

#: Four lines of four groups of four hexadecimal digits (which nobody mistakes for each other), and two to check a line.
_LINES: Final = 4
_OCTETS: Final = KEY_OCTETS // _LINES


@click.group()
def recovery() -> None:
    """The key on paper: print it, confirm that it is there, restore it from there."""


@recovery.command("print")
@click.pass_context
def print_(context: click.Context) -> None:
    """Print the recovery sheet: the key, where everything is, and what to do. For a printer (| lp) or a pen.

    Whoever has the sheet and a copy of the database can read everything: keep it where you keep a passport.
    """
    folder = place_of(context)
    settings = load(folder, os.environ)
    lines = key_lines(read_secret(settings.key_file, campaign=folder))
    say(_sheet(settings, lines))


@recovery.command("confirm")
@actor_option
@click.pass_context
def confirm(context: click.Context, actor: str) -> None:
    """Show that the sheet exists: type its last line. Until then check reminds of it."""
    program = campaign_of(context)
    expected = key_lines(read_secret(program.settings.key_file, campaign=program.settings.folder))[-1]
    typed = _typed("The sheet's last line of the key")
    if _plain(typed) != _plain(expected):
        raise Refused("That is not the last line of the key. Print the sheet again: outreach recovery print")
    with program.db.writing() as session:
        campaigns.the_campaign(session).put_on_paper(program.clock())
        log.note(session, program.clock(), actor=actor, action="put the key on paper", about="campaign")
    say("The key is on paper.")


@recovery.command("restore")
@click.pass_context
def restore(context: click.Context) -> None:
    """Make the key's file again from the sheet: type its four lines. A mistyped line is named."""
    settings = load(place_of(context), os.environ)
    secret = b""
    for number in range(1, _LINES + 1):
        line = _typed(f"Line {number} of {_LINES}")
        part = octets_of(line, number)
        if part is None:
            raise Refused(f"Line {number} is mistyped: its last two digits do not fit the rest. Nothing was written.")
        secret += part
    write_new_key(settings.key_file, secret)
    try:
        program = campaign_of(context)
        with program.db.reading() as session:
            campaigns.the_campaign(session)
    except Exception:
        settings.key_file.unlink()
        raise
    say(f"The key is at {settings.key_file} again, and opens the database.")


def key_lines(secret: bytes) -> list[str]:
    """The key as a person copies it: ``1  0f1e 2d3c 4b5a 6978  c4`` for each line."""
    lines = []
    for number in range(1, _LINES + 1):
        part = secret[(number - 1) * _OCTETS : number * _OCTETS]
        digits = part.hex()
        groups = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
        lines.append(f"{number}  {groups}  {_check(part, number)}")
    return lines


def octets_of(line: str, number: int) -> bytes | None:
    """What a typed line holds; None where it is mistyped or another line. Its number may be left out."""
    digits = _plain(line).removeprefix(str(number)) if len(_plain(line)) % 2 else _plain(line)
    if not re.fullmatch(rf"[0-9a-f]{{{2 * _OCTETS + 2}}}", digits):
        return None
    part = bytes.fromhex(digits[:-2])
    return part if _check(part, number) == digits[-2:] else None


def _check(part: bytes, number: int) -> str:
    return sha256(bytes([number]) + part).hexdigest()[:2]


def _plain(line: str) -> str:
    return re.sub(r"[\s-]", "", line).lower()


def _typed(what: str) -> str:
    click.echo(f"{what}: ", nl=False, err=True)
    typed = sys.stdin.readline()
    if not typed:
        click.echo(err=True)
        raise Refused("Nothing was done: nobody is there to type it.")
    return typed.strip()


def _sheet(settings: Settings, lines: list[str]) -> str:
    key = "\n".join(f"    {line}" for line in lines)
    return f"""\
RECOVERY SHEET of the campaign {settings.slug}
Keep it as you would keep a passport, apart from every computer. Destroy it when the campaign has ended.

The key (each line ends with two digits that check it):

{key}

Contact     {settings.contact}
Mailbox     {settings.mailbox.url.user} at {settings.mailbox.url.address}
Sent by     {", ".join(relay.url.address for relay in settings.relays)}
Database    {settings.database_url} in {settings.folder}
Key file    {settings.key_file}
Team        {", ".join(settings.team)}
Passwords   are not on this sheet. They are with: ______________________

When the machine is lost:
1. Install outreach on another one, and put the last backup of the folder there.
2. outreach -C FOLDER recovery restore     then type the four lines.
3. Put the passwords into files, name them as README.md says, and type: outreach -C FOLDER check
4. outreach -C FOLDER takeover             from then on mail is sent from there.
When the machine was stolen: change the passwords of mailbox and relay first.

This sheet exists: outreach -C FOLDER recovery confirm     then type the last line of the key.
"""
