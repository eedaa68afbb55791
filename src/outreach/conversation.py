"""A conversation with a server, written once whoever waits: a generator that yields what it waits for.

``finish`` waits for one. ``steps/dispatch/talker`` goes on with many in one thread, each when its server has answered.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import ceil
from select import POLLIN, POLLOUT, poll
from time import monotonic
from typing import Protocol, TypeAlias, TypeVar

T = TypeVar("T")


class Line(Protocol):
    """A connection, as far as waiting goes. It does not block: what it cannot do at once it refuses."""

    def fileno(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Wait:
    """Until the line has octets for us, or takes some of ours; TimeoutError at a moment of ``time.monotonic``."""

    line: Line
    until: float
    to_write: bool = False

    @property
    def event(self) -> int:
        """What ``select.poll`` is to look for."""
        return POLLOUT if self.to_write else POLLIN


@dataclass(frozen=True, slots=True)
class Apart:
    """Work that waits by itself, such as a new connection. What it raises is raised where it was asked for."""

    work: Callable[[], object]


Conversation: TypeAlias = Generator[Wait | Apart, None, T]


def finish(conversation: Conversation[T]) -> T:
    """What a conversation comes to; waits here for all that it waits for."""
    problem: Exception | None = None
    while True:
        try:
            wanted = next(conversation) if problem is None else conversation.throw(problem)
        except StopIteration as end:
            result: T = end.value
            return result
        try:
            problem = None
            _do(wanted)
        except Exception as raised:  # noqa: BLE001 - it belongs where the work was asked for
            problem = raised


def milliseconds(until: float) -> int:
    """From now to a moment, for ``select.poll``: rounded up, so that it has come when they are over."""
    return ceil(max(until - monotonic(), 0) * 1000)


def _do(wanted: Wait | Apart) -> None:
    match wanted:
        case Apart(work=work):
            work()
        case Wait(line=line, until=until):
            waiting = poll()
            waiting.register(line.fileno(), wanted.event)
            if not waiting.poll(milliseconds(until)):
                raise TimeoutError("timed out")
