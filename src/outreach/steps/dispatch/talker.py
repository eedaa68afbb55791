"""One thread that goes on with many conversations, each when what it waits for is there. Used by ``lanes``.

A thread for each connection costs more than the mail: they all want the interpreter at once, and it is handed on
at every octet that comes and goes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from select import POLLIN, poll
from threading import Thread
from time import monotonic
from typing import Final, Generic, Self, TypeVar

from outreach.conversation import Apart, Conversation, Wait, milliseconds

T = TypeVar("T")

#: Seconds after which it looks around in any case.
_LONGEST: Final = 60.0
#: So many new connections are made at the same time.
_MOST_APART: Final = 100


@dataclass(frozen=True, slots=True)
class Talk(Generic[T]):
    """A conversation, and who is told what it came to, or that it broke by a mistake; told in the talker's thread."""

    conversation: Conversation[T]
    ended: Callable[[T], None]
    broken: Callable[[BaseException], None]


@dataclass(frozen=True, slots=True)
class _Step(Generic[T]):
    """A talk that can go on; ``problem`` is what came instead of what it waited for."""

    talk: Talk[T]
    problem: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[T]):
    talk: Talk[T]
    until: float


class Talker(Generic[T]):
    """Entered, it talks; leaving waits until every conversation has ended."""

    def __init__(self) -> None:
        self._steps: SimpleQueue[_Step[T] | None] = SimpleQueue()  #: from other threads; None: there is nothing to come
        self._has_rung = False
        self._poll = poll()
        self._waiting: dict[int, _Waiting[T]] = {}  #: by file descriptor
        self._look_again = monotonic() + _LONGEST  #: when the first wait may be over in vain
        self._begun = self._ended = 0
        self._apart = ThreadPoolExecutor(_MOST_APART, "apart")
        self._thread = Thread(target=self._talk, name="talker")

    def __enter__(self) -> Self:
        self._heard, self._bell = os.pipe()
        self._poll.register(self._heard, POLLIN)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._put(None)
        self._thread.join()
        self._apart.shutdown()
        os.close(self._heard)
        os.close(self._bell)

    def begin(self, talk: Talk[T]) -> None:
        self._begun += 1
        self._put(_Step(talk))

    def _put(self, step: _Step[T] | None) -> None:
        self._steps.put(step)
        # Whoever rings does so after the put, and who hears forgets it before the look: nothing lies unseen.
        if not self._has_rung:
            self._has_rung = True
            os.write(self._bell, b"!")

    def _talk(self) -> None:
        is_open = True
        while is_open or self._ended < self._begun:
            for line, _ in self._poll.poll(milliseconds(self._look_again)):
                if line == self._heard:
                    is_open = self._take_steps() and is_open
                else:
                    self._go_on(self._no_longer(line))
            if monotonic() >= self._look_again:
                self._give_up_late()

    def _take_steps(self) -> bool:
        """Go on with what other threads have put here; False once nothing is to come."""
        os.read(self._heard, 1)
        self._has_rung = False
        is_open = True
        while not self._steps.empty():
            if (step := self._steps.get()) is None:
                is_open = False
                continue
            self._go_on(step.talk, step.problem)
        return is_open

    def _give_up_late(self) -> None:
        now = monotonic()
        late = [line for line, one in self._waiting.items() if one.until <= now]
        talks = [self._no_longer(line) for line in late]
        self._look_again = min((one.until for one in self._waiting.values()), default=now + _LONGEST)
        for talk in talks:
            self._go_on(talk, TimeoutError("timed out"))

    def _no_longer(self, line: int) -> Talk[T]:
        """The talk that waited for a line."""
        self._poll.unregister(line)
        return self._waiting.pop(line).talk

    def _go_on(self, talk: Talk[T], problem: BaseException | None = None) -> None:
        try:
            wanted = next(talk.conversation) if problem is None else talk.conversation.throw(problem)
            self._provide(talk, wanted)
        except StopIteration as end:
            self._ended += 1
            talk.ended(end.value)
        except BaseException as mistake:  # noqa: BLE001 - whoever began it decides
            self._ended += 1
            talk.conversation.close()
            talk.broken(mistake)

    def _provide(self, talk: Talk[T], wanted: Wait | Apart) -> None:
        match wanted:
            case Wait():
                line = wanted.line.fileno()
                self._poll.register(line, wanted.event)
                self._waiting[line] = _Waiting(talk, wanted.until)
                self._look_again = min(self._look_again, wanted.until)
            case Apart(work=work):
                self._apart.submit(self._work_apart, talk, work)

    def _work_apart(self, talk: Talk[T], work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 - it belongs where the work was asked for
            self._put(_Step(talk, problem))
        else:
            self._put(_Step(talk))
