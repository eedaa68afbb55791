"""The steps that run by themselves: one pass for cron, step by step for the worker.

A server's trouble stops only the step that needs the server. What only one process may do at a time is held by a lease
in the database, so that several machines can work beside each other; sending needs none, its mails are claimed.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from outreach.bootstrap import Program
from outreach.errors import DatabaseProblem, LoginRefused, OutreachError, ServerUnreachable, SettingsError
from outreach.settings import Settings
from outreach.steps import dispatch, fetch, followup, intake, link, retire
from outreach.store import campaign as campaigns
from outreach.store import workers
from outreach.words import Report

#: Seconds between two renewals of a lease.
_RENEWED: Final = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table: its name, what it does, how often the worker runs it, and the server whose login it needs.

    When it did something, the steps it ``wakes`` are run at once.
    """

    name: str
    run: Callable[[Program], Report]
    every: timedelta
    server: str | None = None
    wakes: tuple[str, ...] = ()
    #: Several processes may run it at the same time.
    is_shared: bool = False


#: In the order of the flow. First invitations and waves are never here: they need a person's act.
STEPS: Final = (
    Step(
        "fetch",
        lambda p: fetch.run(p.db, p.mailbox, p.clock, p.settings),
        timedelta(minutes=3),
        server="mailbox",
        wakes=("intake",),
    ),
    Step(
        "intake",
        lambda p: intake.run(p.db, p.desk, p.clock),
        timedelta(minutes=1),
        wakes=("followup", "dispatch"),
    ),
    Step(
        "followup",
        lambda p: followup.run(p.db, p.desk, p.clock),
        timedelta(minutes=5),
        wakes=("dispatch",),
    ),
    Step(
        "dispatch",
        lambda p: dispatch.run(p.db, p.desk, p.sender, p.clock, owner=p.name, jitter=p.jitter),
        timedelta(minutes=1),
        server="smtp",
        is_shared=True,
    ),
    Step("link", lambda p: link.run(p.db), timedelta(minutes=5)),
    Step("retire", lambda p: retire.run(p.db, p.settings, p.clock), timedelta(hours=6)),
)


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step that could not do its work; the others went on."""

    step: str
    reason: str
    #: How often in a row by now.
    failures: int = 1
    #: Trying again will not help before somebody has done something.
    needs_a_person: bool = False
    #: A mistake of the program, not of the world around it.
    unexpected: Exception | None = None

    def is_to_be_told(self, patience: int) -> bool:
        """Hiccups of a server are nobody's business before there are ``patience`` in a row."""
        return self.needs_a_person or self.unexpected is not None or self.failures >= patience


@dataclass(frozen=True, slots=True)
class StepElsewhere:
    """A step that another process is at."""

    step: str


Ended = Report | StepFailed | StepElsewhere


def schedule(settings: Settings) -> Mapping[str, timedelta]:
    """How often the worker runs each step. Raises SettingsError for a step that there is not."""
    known = {step.name: step.every for step in STEPS}
    for name in settings.schedule.every.keys() - known.keys():
        raise SettingsError(f"schedule.{name} names no step; the steps are {', '.join(known)}.")
    return {**known, **settings.schedule.every}


def one_pass(program: Program) -> Iterator[Ended]:
    """Run each step once, in order. Raises DatabaseProblem: without the database nothing can be done."""
    with program.db.reading() as session:
        campaigns.the_campaign(session)
    try:
        for step in STEPS:
            yield run_step(program, step)
    finally:
        with suppress(DatabaseProblem), program.db.writing() as session:
            workers.release(session, program.name)


def run_step(program: Program, step: Step) -> Ended:
    """Run one step now, unless another process is at it. Raises DatabaseProblem.

    The lease of a step that polls a server is kept until it runs out: one process is the poller.
    """
    with _alone(program, step) as is_ours:
        return _run(program, step) if is_ours else StepElsewhere(step.name)


@contextmanager
def _alone(program: Program, step: Step) -> Iterator[bool]:
    if step.is_shared:
        yield True
        return
    with program.db.writing() as session:
        is_ours = workers.take(session, step.name, program.name, program.clock())
    if not is_ours:
        yield False
        return
    over = threading.Event()
    renewing = threading.Thread(target=_renew, args=(program, over), name=f"lease of {step.name}", daemon=True)
    renewing.start()
    try:
        yield True
    finally:
        over.set()
        renewing.join()
        with program.db.writing() as session:
            (workers.release if step.server is None else workers.rest)(session, program.name, step.name)


def _renew(program: Program, over: threading.Event) -> None:
    while not over.wait(_RENEWED):
        with suppress(DatabaseProblem), program.db.writing() as session:
            workers.renew_all(session, program.name, program.clock())


def _run(program: Program, step: Step) -> Report | StepFailed:
    try:
        if (waiting := _waits_for_a_person(program, step)) is not None:
            return StepFailed(step.name, waiting, needs_a_person=True)
        report = step.run(program)
    except LoginRefused as refused:
        reason = f"{refused} It is not tried again until the settings or the password change."
        return _failed(program, step, reason, needs_a_person=True, refused=str(refused))
    except ServerUnreachable as problem:
        return _failed(program, step, str(problem))
    except DatabaseProblem:
        raise
    except OutreachError as problem:
        return _failed(program, step, str(problem), needs_a_person=True)
    except Exception as problem:  # noqa: BLE001 - a mistake in one step must not keep the others from their work
        reason = f"unexpected: {type(problem).__name__}; run with --debug"
        return _failed(program, step, reason, unexpected=problem)
    with program.db.writing() as session:
        campaigns.step_state(session, step.name).succeed(program.clock())
    return report


def _failed(
    program: Program,
    step: Step,
    reason: str,
    *,
    needs_a_person: bool = False,
    refused: str | None = None,
    unexpected: Exception | None = None,
) -> StepFailed:
    refused_hash = program.servers_hash(step.server) if refused is not None and step.server is not None else None
    with program.db.writing() as session:
        state = campaigns.step_state(session, step.name)
        state.fail(program.clock(), refused or reason, refused_hash=refused_hash)
        failures = state.failures
    return StepFailed(step.name, reason, failures, needs_a_person, unexpected)


def _waits_for_a_person(program: Program, step: Step) -> str | None:
    """A refused login is not repeated with the same password: providers lock accounts for that."""
    if step.server is None:
        return None
    with program.db.reading() as session:
        state = campaigns.step_state_of(session, step.name)
        if state is None or state.refused_hash is None or state.refused_hash != program.servers_hash(step.server):
            return None
        return f"{state.reason} Change the settings or the password; then it is tried again."


@contextmanager
def only_one(folder: Path, *, beside_workers: bool = False) -> Iterator[bool]:
    """Whether this is the only pass in this campaign's folder; the lock dies with the process.

    The steps of workers may run ``beside_workers``, and only there.
    """
    try:
        descriptor = os.open(folder / ".outreach.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise DatabaseProblem(f"The folder {folder} cannot be written to: {problem.strerror}.") from None
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if beside_workers else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
