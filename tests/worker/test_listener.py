"""Listening: rings for news and after each connecting, and never storms a server that has trouble."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from outreach.errors import NotOffered, OutreachError, ServerUnreachable
from outreach.worker import listener
from outreach.worker.listener import Listener


@dataclass
class Bell:
    """A doorbell that does in turn what it is told: news, silence, or an error."""

    script: list[bool | OutreachError] = field(default_factory=list)
    refuses: OutreachError | None = None
    connections: list[float] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.connections.append(time.monotonic())
        if self.refuses is not None:
            raise self.refuses
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def wait(self, seconds: float) -> bool:
        time.sleep(0.005)
        said = self.script.pop(0) if self.script else False
        if isinstance(said, OutreachError):
            raise said
        return said


@contextmanager
def listening(bell: Bell, *, first_wait: float = 0.01, wanted: bool = True) -> Iterator[tuple[Listener, list[str]]]:
    rings: list[str] = []
    listener = Listener(lambda: bell, lambda: rings.append("ring"), rings.append, first_wait=first_wait)
    listener.start()
    listener.listen(wanted)
    try:
        yield listener, rings
    finally:
        listener.stop()


def eventually(holds: Callable[[], bool], patience: float = 5) -> bool:
    """Whether it comes to hold within so many seconds."""
    deadline = time.monotonic() + patience
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.005)
    return holds()


def test_it_rings_once_when_it_has_connected_and_once_for_each_news() -> None:
    bell = Bell([False, True, False, True])
    with listening(bell) as (_, rings):
        assert eventually(lambda: len(rings) == 3)
        assert eventually(lambda: not bell.script)
        assert rings == ["ring"] * 3


def test_a_broken_connection_is_made_again_and_rings() -> None:
    bell = Bell([ServerUnreachable("gone")])
    with listening(bell) as (_, rings):
        assert eventually(lambda: len(bell.connections) == 2)
        assert eventually(lambda: rings == ["ring", "ring"])


def test_a_server_in_trouble_is_asked_less_and_less_often() -> None:
    bell = Bell(refuses=ServerUnreachable("down"))
    with listening(bell, first_wait=0.02):
        time.sleep(1)
    # 0.02 s, then doubled each time: six within a second, and a little more or less by chance.
    assert 4 <= len(bell.connections) <= 8
    gaps = [later - earlier for earlier, later in zip(bell.connections, bell.connections[1:], strict=False)]
    assert gaps[-1] > 4 * gaps[0]


def test_a_connection_that_breaks_again_and_again_is_not_made_anew_at_once() -> None:
    bell = Bell([ServerUnreachable("flaps")] * 1000)
    with listening(bell, first_wait=0.02):
        time.sleep(1)
    assert len(bell.connections) <= 8


def test_the_longest_wait_is_short_enough_to_come_back_by_itself() -> None:
    assert listener.LONGEST_WAIT <= 900


def test_a_server_that_cannot_tell_is_named_once_and_left_alone() -> None:
    bell = Bell(refuses=NotOffered("It has no IDLE."))
    with listening(bell) as (_, heard):
        assert eventually(lambda: heard == ["It has no IDLE."])
        time.sleep(0.1)
        assert len(bell.connections) == 1


def test_nobody_listens_who_does_not_poll_the_mailbox() -> None:
    bell = Bell()
    with listening(bell, wanted=False) as (listener, rings):
        time.sleep(0.1)
        assert bell.connections == []
        listener.listen(True)
        assert eventually(lambda: rings == ["ring"])
        listener.listen(False)


def test_it_ends_soon_when_it_is_told_to() -> None:
    bell = Bell()
    with listening(bell) as (listener, rings):
        assert eventually(lambda: rings == ["ring"])
        began = time.monotonic()
        listener.stop()
        assert time.monotonic() - began < 3
    assert "listener" not in {thread.name for thread in threading.enumerate()}
