"""Connections to the relay, each in a thread of its own: the only threads of a pass. They touch no database.

One thread works with the rows and hands a marked mail to a free lane; what came of it comes back in a queue. So a
slow relay is waited for on all lanes at once, and one commit serves all that came back together.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Self

from outreach.errors import LoginRefused, OutreachError, ServerUnreachable
from outreach.ports import Deferred, Failed, Fault, MailSender, Outcome, Pace, Phase
from outreach.store.sending import Claim

#: Seconds at most that what has come back waits for more to come.
_LONGEST: Final = 0.02


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
    """At most ``count`` connections. Entering makes them; raises ServerUnreachable or LoginRefused if it makes none.

    Two queues and a thread for each connection: a pool with a future for each mail costs more than the mail itself.
    """

    def __init__(self, sender: Callable[[], MailSender], contact: str, count: int) -> None:
        self._sender, self._contact, self._count = sender, contact, count
        self._handed: SimpleQueue[Marked | None] = SimpleQueue()
        self._done: SimpleQueue[Tried | BaseException] = SimpleQueue()
        self._threads: list[Thread] = []
        self._busy = 0
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
                self._threads.append(Thread(target=self._work, args=(relay,), name=f"lane {number}"))
            # Entered last, so left first: what is under way is waited for before its connection is closed.
            stack.callback(self._end)
            for thread in self._threads:
                thread.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    @property
    def free(self) -> int:
        return len(self._threads) - self._busy

    @property
    def is_busy(self) -> bool:
        return self._busy > 0

    def hand(self, mail: Marked) -> None:
        """Send a mail on a free lane."""
        self._busy += 1
        self._handed.put(mail)

    def back(self, patience: float) -> list[Tried]:
        """All that has come back; waits for the first. Empty when nothing is under way, or on a mistake.

        After each it waits a moment for the next, at most ``patience`` seconds: what the caller takes to write down
        what came back, be it one mail or all that are under way.
        """
        found: list[Tried] = []
        while self._busy:
            try:
                one = self._done.get(timeout=min(patience, _LONGEST) if found else None)
            except Empty:
                break
            self._busy -= 1
            if isinstance(one, BaseException):
                self.mistake = self.mistake or one
                break
            found.append(one)
        return found

    def _end(self) -> None:
        for _ in self._threads:
            self._handed.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self, relay: MailSender) -> None:
        while (mail := self._handed.get()) is not None:
            try:
                self._done.put(self._try(relay, mail))
            except BaseException as mistake:  # noqa: BLE001 - raised again by the pump, once the other lanes are done
                self._done.put(mistake)
                return  # what else was handed out is for the other lanes: this one may be broken

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
