"""Connections to the relay, each in a thread of its own: the only threads of a pass. They touch no database.

One thread works with the rows and hands a marked mail to a free lane; what came of it comes back in a queue. So a
slow relay is waited for on all lanes at once, and one commit serves all that came back together.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Self

from outreach.errors import LoginRefused, OutreachError, ServerUnreachable
from outreach.ports import Deferred, Failed, Fault, MailSender, Outcome, Pace, Phase
from outreach.store.sending import Claim


@dataclass(frozen=True, slots=True)
class Marked:
    """A mail that is marked as sending, with its final bytes."""

    claim: Claim
    recipient: str
    message_id: str
    message: bytes


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a mail. ``lost``: there was no connection, so nothing of it has left, and none can be made."""

    mail: Marked
    outcome: Outcome
    lost: OutreachError | None = None


class Lanes:
    """At most ``count`` connections. Entering makes them; raises ServerUnreachable or LoginRefused if it makes none."""

    def __init__(self, sender: Callable[[], MailSender], contact: str, count: int) -> None:
        self._sender, self._contact, self._count = sender, contact, count
        self._idle: list[MailSender] = []
        self._under_way: dict[Future[Tried], MailSender] = {}
        self._done: SimpleQueue[Future[Tried]] = SimpleQueue()
        #: A mistake of the program on some lane: how far its mail had come nobody knows.
        self.mistake: BaseException | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for number in range(self._count):
                relay = stack.enter_context(self._sender())
                try:
                    relay.connect()
                except (ServerUnreachable, LoginRefused):
                    if number == 0:
                        raise
                    break  # a relay that takes fewer connections is served by those that it takes
                self._idle.append(relay)
            # Entered last, so left first: what is under way is waited for before its connection is closed.
            self._threads = stack.enter_context(ThreadPoolExecutor(len(self._idle), "lane"))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    @property
    def free(self) -> int:
        return len(self._idle)

    @property
    def is_busy(self) -> bool:
        return bool(self._under_way)

    def hand(self, mail: Marked) -> None:
        """Send a mail on a free lane."""
        relay = self._idle.pop()
        future = self._threads.submit(self._try, relay, mail)
        self._under_way[future] = relay
        future.add_done_callback(self._done.put)

    def back(self) -> list[Tried]:
        """All that has come back; waits for the first. Empty when nothing is under way, or on a mistake."""
        found: list[Tried] = []
        while self._under_way and (not found or not self._done.empty()):
            future = self._done.get()
            self._idle.append(self._under_way.pop(future))
            if (mistake := future.exception()) is None:
                found.append(future.result())
            else:
                self.mistake = self.mistake or mistake
                break
        return found

    def _try(self, relay: MailSender, mail: Marked) -> Tried:
        try:
            outcome = relay.send(
                sender=self._contact, recipient=mail.recipient, message=mail.message, message_id=mail.message_id
            )
        except (ServerUnreachable, LoginRefused) as problem:
            return Tried(mail, Deferred(0, None, str(problem), Phase.CONNECT, Fault.RELAY, Pace.BUSY), problem)
        except ValueError:
            reason = "the address cannot be written on an envelope"
            return Tried(mail, Failed(0, None, reason, Phase.CONNECT, Fault.RECIPIENT))
        return Tried(mail, outcome)
