"""``outreach worker``: the same steps as ``run``, for as long as the process lives."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import assert_never

import click

from outreach.cli.output import campaign_of, place_of, say, warn
from outreach.passes import Ended, StepElsewhere, StepFailed
from outreach.words import Report
from outreach.worker import Worker


@click.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Do what run does, at the intervals of [schedule] and at once when mail comes, until the process is told to end.

    SIGTERM, SIGINT (Ctrl-C) and SIGHUP let it finish the mails in hand and exit with 0. Settings are read once: start
    it again after a change. Silent unless somebody must act; outreach status tells how it goes.
    """
    program = campaign_of(context)
    debug = bool(context.find_root().params.get("debug"))

    def tell(what: Ended | str) -> None:
        match what:
            case str():
                warn(what)
            case StepFailed():
                if debug and what.unexpected is not None:
                    traceback.print_exception(what.unexpected)
                warn(f"{what.step}: {what.reason}")
            case Report():
                for line in what.attention:
                    warn(f"{what.step}: {line}")
            case StepElsewhere():
                pass
            case _:
                assert_never(what)

    at_work = Worker(program, place_of(context), tell)
    # The system may give a signal to any thread, and Python calls a handler only once the main one wakes up. So the
    # signal itself writes an octet, which the main thread reads.
    told, telling = os.pipe()
    os.set_blocking(telling, False)
    signal.set_wakeup_fd(telling)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    if sys.stdout.isatty():
        say("At work; Ctrl-C ends it. outreach status, in another window, tells how it goes.")
    at_work.run(lambda: os.read(told, 1))
