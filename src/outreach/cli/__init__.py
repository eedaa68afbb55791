"""What a person types. Each command group has a module of its own, loaded only when it is called."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from outreach import __version__
from outreach.cli.escape import safe
from outreach.errors import OutreachError

#: Name -> where the command is, and what it does in one line. In the order in which a campaign needs them.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "init": ("outreach.cli.setup:init", "Begin a campaign: settings, statement files, key and database."),
    "check": ("outreach.cli.check:check", "Say what is not ready yet, and what to do about it."),
    "coordinators": (
        "outreach.cli.coordinators:coordinators",
        "List, add and revoke those who decide, and say where they write from.",
    ),
    "prospects": ("outreach.cli.prospects:prospects", "Import, list, pause and note the organisations to be invited."),
    "invite": ("outreach.cli.prospects:invite", "Queue invitations for those not yet invited."),
    "start": ("outreach.cli.setup:start", "End the rehearsal: from then on mail goes to organisations."),
    "run": ("outreach.cli.run:run", "Fetch, read, ask, send: one pass, for cron."),
    "cron": ("outreach.cli.cron:cron", "Print the line with which cron does that; write it into your crontab."),
    "worker": ("outreach.cli.worker:worker", "Do what run does for as long as it lives, and at once when mail comes."),
    "move": (
        "outreach.cli.move:move",
        "Pack the campaign into one encrypted file for another machine; unpack it there.",
    ),
    "recovery": ("outreach.cli.recovery:recovery", "The key on paper: print it, confirm it, restore it."),
    "takeover": ("outreach.cli.setup:takeover", "Send from this installation, after a backup was restored."),
    "dkim": ("outreach.cli.dkim:dkim", "Show what the DNS needs so that our mails can be signed; make the key."),
    "login": ("outreach.cli.login:login", "Sign in where no passwords are taken: Microsoft 365, Google."),
    "status": ("outreach.cli.status:status", "Say how the work goes: workers, steps, and what waits for whom."),
    "serve": (
        "outreach.cli.serve:serve",
        "Serve the coordinators' pages, where the same is done in a browser; or the public ones.",
    ),
    "queue": ("outreach.cli.queue:queue", "Review sign-ups: show, approve, reject, ask, edit."),
    "signatories": (
        "outreach.cli.signatories:signatories",
        "List the signatories; add those who said yes without a mail.",
    ),
    "messages": ("outreach.cli.messages:messages", "List and show the mails that came in; correct what was read."),
    "questions": ("outreach.cli.questions:questions", "List, take over, answer and close questions."),
    "mails": ("outreach.cli.mails:mails", "List every mail that is written, and see what it would look like."),
    "outbox": (
        "outreach.cli.outbox:outbox",
        "List, show and settle the mails that go out; say how it goes, hold it up.",
    ),
    "log": ("outreach.cli.records:log", "List who did what, and when; verify that nobody changed it."),
    "suppressions": ("outreach.cli.records:suppressions", "List, add and remove addresses not to be written."),
    "publish": ("outreach.cli.publish:publish", "Write the next wave: the list in every form, and its manifest."),
    "parse": ("outreach.cli.parse:parse", "Read .eml files and say what they ask for."),
    "db": ("outreach.cli.database:db", "Bring the database to the current version, or check it."),
    "demo": ("outreach.cli.demo:demo", "Run a whole sample campaign with an embedded mail server."),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the campaign lies; what ``-C`` says."""

    folder: Path


class Outreach(click.Group):
    """The top group: loads commands when they are called, and turns every error into one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except KeyboardInterrupt:
            ctx.exit(130)
        except BrokenPipeError:
            _give_up_stdout_unless_it_takes_all()
            ctx.exit(141)
        except Exception as problem:  # noqa: BLE001 - the boundary: whoever types sees a line, not a traceback
            if ctx.params.get("debug"):
                traceback.print_exc()
            click.echo(_line(problem), err=True)
            _give_up_stdout_unless_it_takes_all()
            ctx.exit(1 if is_expected(problem) else 2)


@click.group(cls=Outreach, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The campaign's folder; without it the current one.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error; it may hold what mails say.")
@click.version_option(__version__, prog_name="outreach", message="%(prog)s %(version)s")
@click.pass_context
def outreach(context: click.Context, folder: Path, debug: bool) -> None:
    """Collect the names of organisations under a joint statement, by email."""
    context.obj = Place(folder)


def is_expected(problem: Exception) -> bool:
    """Whether a person can act on it; anything else is a mistake of the program."""
    return isinstance(problem, OutreachError) or (isinstance(problem, OSError) and problem.strerror is not None)


def _line(problem: Exception) -> str:
    match problem:
        case OutreachError():
            return f"outreach: {safe(problem)}"
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return "outreach: The disk is full; nothing was lost. Make room and try again."
        case OSError(strerror=str(reason), filename=name):
            return f"outreach: {safe(name)}: {reason}." if name is not None else f"outreach: {reason}."
        case _:
            # Its text may hold what a mail said.
            return f"outreach: unexpected: {type(problem).__name__}; run with --debug"


def _give_up_stdout_unless_it_takes_all() -> None:
    """When its reader has gone or its disk is full, the flush at exit would complain a second time."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
