"""The clock of the worker: APScheduler, which keeps no jobs anywhere and decides nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

# It warns whenever a job is due while it still runs; here that is how things are meant to be.
logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


class Timetable:
    """Calls each job at its interval, in a thread of its own, and never one job twice at a time.

    A job that comes late (a busy machine, a laptop that slept) is called once, however late.
    """

    def __init__(self, threads: int) -> None:
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(threads)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        self._running = 0
        self._over = threading.Condition()

    def every(self, name: str, interval: timedelta, job: Callable[[], None]) -> None:
        """Call ``job`` at once and then at every interval."""
        trigger = IntervalTrigger(seconds=max(1, int(interval.total_seconds())), timezone=UTC)
        call = partial(self._call, job)
        self._scheduler.add_job(call, trigger, id=name, replace_existing=True, next_run_time=datetime.now(UTC))

    def now(self, name: str, *, wait: timedelta = timedelta()) -> None:
        """Call a job at once or after a while; nothing happens once the timetable has stopped, or while it runs."""
        try:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC) + wait)
        except JobLookupError:
            return

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """Call nothing more, and wait for what runs."""
        # Its own waiting holds a lock that a job needs to call another one: both would wait for ever.
        self._scheduler.shutdown(wait=False)
        with self._over:
            self._over.wait_for(lambda: self._running == 0)

    def _call(self, job: Callable[[], None]) -> None:
        with self._over:
            self._running += 1
        try:
            job()
        finally:
            with self._over:
                self._running -= 1
                self._over.notify_all()
