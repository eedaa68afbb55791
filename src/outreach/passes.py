"""One pass over the steps, as cron runs it. A server's trouble stops only the step that needs the server."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outreach.bootstrap import Program
from outreach.errors import DatabaseProblem, LoginRefused, OutreachError, ServerUnreachable
from outreach.steps import dispatch, fetch, followup, intake, retire
from outreach.store import campaign as campaigns
from outreach.words import Report


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table: its name, what it does, and the server whose login it needs."""

    name: str
    run: Callable[[Program], Report]
    server: str | None = None


#: In the order of the flow. First invitations and waves are never here: they need a person's act.
STEPS: Final = (
    Step("fetch", lambda p: fetch.run(p.db, p.mailbox, p.clock), server="mailbox"),
    Step("intake", lambda p: intake.run(p.db, p.desk, p.clock)),
    Step("followup", lambda p: followup.run(p.db, p.desk, p.clock)),
    Step(
        "dispatch",
        lambda p: dispatch.run(p.db, p.desk, p.sender, p.clock, owner=f"pid {os.getpid()}", jitter=p.jitter),
        server="smtp",
    ),
    Step("retire", lambda p: retire.run(p.db, p.settings, p.clock)),
)


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step that could not do its work; the others went on."""

    step: str
    reason: str
    #: A mistake of the program, not of the world around it.
    unexpected: Exception | None = None


def one_pass(program: Program) -> Iterator[Report | StepFailed]:
    """Run each step once, in order. Raises DatabaseProblem: without the database nothing can be done."""
    with program.db.reading() as session:
        campaigns.the_campaign(session)
    for step in STEPS:
        yield _run(program, step)


def _run(program: Program, step: Step) -> Report | StepFailed:
    try:
        if (waiting := _waits_for_a_person(program, step)) is not None:
            return StepFailed(step.name, waiting)
        return step.run(program)
    except LoginRefused as refused:
        _stop_until_changed(program, step, str(refused))
        return StepFailed(step.name, f"{refused} It is not tried again until the settings or the password change.")
    except ServerUnreachable as problem:
        return StepFailed(step.name, str(problem))
    except DatabaseProblem:
        raise
    except OutreachError as problem:
        return StepFailed(step.name, str(problem))
    except Exception as problem:  # noqa: BLE001 - a mistake in one step must not keep the others from their work
        return StepFailed(step.name, f"unexpected: {type(problem).__name__}; run with --debug", problem)


def _waits_for_a_person(program: Program, step: Step) -> str | None:
    """A refused login is not repeated with the same password: providers lock accounts for that."""
    if step.server is None:
        return None
    with program.db.reading() as session:
        fault = campaigns.fault_of(session, step.name)
        if fault is None:
            return None
        if fault.settings_hash == program.servers_hash(step.server):
            return f"{fault.reason} Change the settings or the password; then it is tried again."
    with program.db.writing() as session:
        campaigns.release_step(session, step.name)
    return None


def _stop_until_changed(program: Program, step: Step, reason: str) -> None:
    assert step.server is not None
    with program.db.writing() as session:
        campaigns.stop_step(
            session, step.name, reason=reason, settings_hash=program.servers_hash(step.server), at=program.clock()
        )


@contextmanager
def only_one(folder: Path) -> Iterator[bool]:
    """Whether this is the only pass in this campaign's folder; the lock dies with the process."""
    try:
        descriptor = os.open(folder / ".outreach.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise DatabaseProblem(f"The folder {folder} cannot be written to: {problem.strerror}.") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
