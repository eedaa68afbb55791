"""The resident worker: runs the same steps as cron, by a timetable, and at once when mail comes.

All truth is in our tables: the scheduler is only a clock, IDLE only a doorbell. A worker that is killed loses nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from outreach import passes
from outreach.bootstrap import Program
from outreach.errors import DatabaseProblem
from outreach.passes import Ended, Step, StepElsewhere, StepFailed
from outreach.store import workers
from outreach.words import Report
from outreach.worker.listener import Listener
from outreach.worker.timetable import Timetable

_BEAT: Final = timedelta(seconds=30)
#: What another process was at is looked at again so soon: it may have died.
_AGAIN: Final = timedelta(seconds=30)
_LISTENED_FOR: Final = "fetch"

Tell = Callable[[Ended | str], None]


class Worker:
    """One process at work for one campaign. ``tell`` gets what a person should know, once each time it changes."""

    def __init__(self, program: Program, folder: Path, tell: Tell) -> None:
        self._program = program
        self._folder = folder
        self._tell = tell
        self._steps: Mapping[str, Step] = {step.name: step for step in passes.STEPS}
        self._every = passes.schedule(program.settings)
        self._timetable = Timetable(threads=len(self._steps) + 1)
        self._listener = Listener(program.doorbell, lambda: self._wake(_LISTENED_FOR), tell)
        self._asked: set[str] = set()  #: steps that were asked for while they ran
        self._told: dict[str, str] = {}  #: what a person knows of a step that fails
        self._has_looked = False  #: whether somebody has seen who may send for the mailbox
        self._lock = threading.Lock()

    def run(self, until: Callable[[], object]) -> None:
        """Work until ``until`` returns; then finish what is in hand. Raises DatabaseProblem if it cannot even begin."""
        self._beat_once()
        self._timetable.every("heartbeat", _BEAT, self._beat)
        for name, interval in self._every.items():
            self._timetable.every(name, interval, lambda name=name: self._do(self._steps[name]))  # type: ignore[misc]  # a default binds the loop's value
        self._listener.start()
        self._timetable.start()
        until()
        self._program.db.is_closing = True
        self._listener.stop()
        self._timetable.stop()
        with suppress(DatabaseProblem), self._program.db.writing() as session:
            workers.leave(session, self._program.name)

    def _do(self, step: Step) -> None:
        """Run a step, and again if it was asked for meanwhile."""
        while not self._program.db.is_closing:
            with self._lock:
                self._asked.discard(step.name)
            self._do_once(step)
            with self._lock:
                if step.name not in self._asked:
                    return

    def _do_once(self, step: Step) -> None:
        if step.name == "dispatch" and not self._has_looked:
            return
        try:
            with passes.only_one(self._folder, beside_workers=True) as is_free:
                if not is_free:
                    return
                ended = passes.run_step(self._program, step)
        except DatabaseProblem as problem:
            ended = StepFailed(step.name, str(problem))
        if step.name == _LISTENED_FOR:
            # Whoever may poll the mailbox also listens to it; with a refused password nobody does.
            self._listener.listen(isinstance(ended, Report))
            if not self._has_looked:
                self._has_looked = True
                self._wake("dispatch")
        self._report(ended)
        if isinstance(ended, StepElsewhere) and self._every[step.name] > _AGAIN:
            self._timetable.now(step.name, wait=_AGAIN)
        if isinstance(ended, Report) and ended.counts:
            for name in step.wakes:
                self._wake(name)

    def _wake(self, name: str) -> None:
        with self._lock:
            self._asked.add(name)
        self._timetable.now(name)

    def _report(self, ended: Ended) -> None:
        """Tell a failure once, its end once, and whatever else a person must act on."""
        match ended:
            case StepFailed(step=step, reason=reason):
                if ended.is_to_be_told(self._program.settings.schedule.patience) and self._told.get(step) != reason:
                    self._told[step] = reason
                    self._tell(ended)
            case Report(step=step):
                if self._told.pop(step, None) is not None:
                    self._tell(f"{step}: it works again.")
                if ended.attention:
                    self._tell(ended)
            case StepElsewhere():
                pass

    def _beat(self) -> None:
        with suppress(DatabaseProblem):
            self._beat_once()

    def _beat_once(self) -> None:
        with self._program.db.writing() as session:
            now = self._program.clock()
            workers.beat(session, self._program.name, now)
            workers.renew_all(session, self._program.name, now)
