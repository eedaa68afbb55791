"""A conversation with a server, written once whoever waits: a generator that yields what it waits for.

``finish`` waits for one. ``steps/dispatch/talker`` goes on with many in one thread, each when its server has answered.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE, PollSelector
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
        """As ``selectors`` has it."""
        return EVENT_WRITE if self.to_write else EVENT_READ


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


def _do(wanted: Wait | Apart) -> None:
    match wanted:
        case Apart(work=work):
            work()
        case Wait(line=line, until=until):
            with PollSelector() as selector:
                selector.register(line, wanted.event)
                if not selector.select(max(until - monotonic(), 0)):
                    raise TimeoutError("timed out")
