"""The worker's clock: calls jobs at once and at their intervals, never one twice at a time, and stops cleanly."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from outreach.worker.timetable import Timetable
from tests.worker.test_listener import eventually

HOUR = timedelta(hours=1)


def test_a_job_is_called_at_once_then_at_its_interval_and_whenever_it_is_asked_for() -> None:
    calls: list[str] = []
    timetable = Timetable(threads=2)
    timetable.every("often", timedelta(seconds=1), lambda: calls.append("often"))
    timetable.every("seldom", HOUR, lambda: calls.append("seldom"))
    timetable.start()
    assert eventually(lambda: calls.count("often") >= 3)
    assert calls.count("seldom") == 1
    timetable.now("seldom")
    assert eventually(lambda: calls.count("seldom") == 2)
    timetable.stop()


def test_a_job_can_be_asked_for_after_a_while() -> None:
    calls: list[float] = []
    timetable = Timetable(threads=1)
    timetable.every("job", HOUR, lambda: calls.append(time.monotonic()))
    timetable.start()
    assert eventually(lambda: len(calls) == 1)
    timetable.now("job", wait=timedelta(seconds=0.5))
    assert eventually(lambda: len(calls) == 2)
    assert calls[1] - calls[0] >= 0.4
    timetable.stop()


def test_a_job_never_runs_twice_at_a_time() -> None:
    inside, most = [], []

    def job() -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.3)
        inside.pop()

    timetable = Timetable(threads=4)
    timetable.every("slow", timedelta(seconds=1), job)
    timetable.start()
    for _ in range(20):
        timetable.now("slow")
        time.sleep(0.02)
    timetable.stop()
    assert max(most) == 1


def test_stopping_waits_for_what_runs_even_if_that_calls_other_jobs() -> None:
    timetable = Timetable(threads=2)
    may_go_on, done = threading.Event(), []

    def job() -> None:
        may_go_on.wait(5)
        timetable.now("other")
        done.append("job")

    timetable.every("job", HOUR, job)
    timetable.every("other", HOUR, lambda: None)
    timetable.start()
    threading.Timer(0.3, may_go_on.set).start()
    time.sleep(0.1)
    stopping = threading.Thread(target=timetable.stop, daemon=True)
    stopping.start()
    stopping.join(10)
    assert not stopping.is_alive()
    assert done == ["job"]


def test_a_job_that_is_asked_for_after_the_end_is_not_called() -> None:
    calls: list[str] = []
    timetable = Timetable(threads=1)
    timetable.every("job", HOUR, lambda: calls.append("job"))
    timetable.start()
    assert eventually(lambda: calls == ["job"])
    timetable.stop()
    timetable.now("job")
    time.sleep(0.1)
    assert calls == ["job"]
