"""``outreach run``: one pass for cron. Silent there unless a person must act."""

from __future__ import annotations

import sys
import traceback
from typing import assert_never

import click
from rich.console import Console
from rich.text import Text

from outreach.cli.output import campaign_of, place_of, safe, warn
from outreach.passes import StepElsewhere, StepFailed, one_pass, only_one
from outreach.words import Report


@click.command()
@click.pass_context
def run(context: click.Context) -> None:
    """Fetch new mail, read it, ask and remind, send what is due, erase what is old.

    Never sends a first invitation and never publishes. What fails stops no other step. Without a terminal a server's
    trouble is told (and the exit code is 1) from the third failure in a row on, see [schedule] patience.
    """
    program = campaign_of(context)
    debug = bool(context.find_root().params.get("debug"))
    patience = 1 if sys.stdout.isatty() else program.settings.schedule.patience
    failed = False
    with only_one(place_of(context)) as alone:
        if not alone:
            _tell("Another run is under way in this folder; it does the work.")
            return
        for result in one_pass(program):
            match result:
                case StepFailed():
                    if result.is_to_be_told(patience):
                        failed = True
                        _tell_failure(result, debug=debug)
                case StepElsewhere():
                    _tell(f"{result.step}: another process is at it.")
                case Report():
                    _tell_report(result)
                case _:
                    assert_never(result)
    if failed:
        context.exit(1)


def _tell(text: str) -> None:
    """For whoever sits at the terminal; cron would make a mail of it."""
    if sys.stdout.isatty():
        click.echo(text)


def _tell_report(report: Report) -> None:
    if sys.stdout.isatty():
        counts = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in report.counts.items())
        line = Text.assemble((f"{report.step:<10}", "bold"), (safe(counts), "") if counts else ("nothing to do", "dim"))
        Console(highlight=False).print(line)
    for line_ in report.attention:
        warn(f"{report.step}: {line_}")


def _tell_failure(failure: StepFailed, *, debug: bool) -> None:
    if debug and failure.unexpected is not None:
        traceback.print_exception(failure.unexpected)
    warn(f"{failure.step}: {failure.reason}")
