"""Connections to the relays, each in a thread of its own: the only threads of a pass. They touch no database.

One thread works with the rows and hands a marked mail to a free lane; what came of it comes back in a queue. So a
slow relay is waited for on all lanes at once, and one commit serves all that came back together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Self

from outreach.errors import LoginRefused, OutreachError, ServerUnreachable
from outreach.ports import Deferred, Failed, Fault, MailSender, Outcome, Pace, Phase
from outreach.relay import Relay
from outreach.store.sending import Claim

#: Seconds at most that what has come back waits for more to come.
_LONGEST: Final = 0.02


@dataclass(frozen=True, slots=True)
class Marked:
    """A mail that is marked as sending, with its final bytes."""

    claim: Claim
    relay: Relay  #: the one that it leaves by
    recipient: str
    message_id: str
    message: bytes


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a mail. ``lost``: there was no connection, so nothing of it has left, and none can be made."""

    mail: Marked
    outcome: Outcome
    lost: OutreachError | None = None


@dataclass(slots=True)
class _Pool:
    """The connections to one relay."""

    handed: SimpleQueue[Marked | None]
    lanes: int
    busy: int = 0


@dataclass(frozen=True, slots=True)
class _Broken:
    """A lane to a relay has met a mistake of the program."""

    relay: str
    mistake: BaseException


class Lanes:
    """The connections to each relay. Leaving waits for what is under way, then closes them.

    Two queues and a thread for each connection: a pool with a future for each mail costs more than the mail itself.
    """

    def __init__(self, contact: str) -> None:
        self._contact = contact
        self._pools: dict[str, _Pool] = {}
        self._done: SimpleQueue[Tried | _Broken] = SimpleQueue()
        self._stack = ExitStack()
        #: A mistake of the program on some lane: how far its mail had come nobody knows.
        self.mistake: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def open(self, relay: Relay, sender: Callable[[Relay], MailSender], count: int) -> None:
        """At most ``count`` connections to a relay. Raises ServerUnreachable or LoginRefused if there can be none."""
        handed: SimpleQueue[Marked | None] = SimpleQueue()
        threads: list[Thread] = []
        with ExitStack() as stack:
            for number in range(count):
                server = stack.enter_context(sender(relay))
                try:
                    server.connect()
                except (ServerUnreachable, LoginRefused):
                    if number == 0:
                        raise
                    break  # a relay that takes fewer connections is served by those that it takes
                lane = (relay.name, server, handed)
                threads.append(Thread(target=self._work, args=lane, name=f"{relay.name} {number}"))
            # Entered last, so left first: what is under way is waited for before its connection is closed.
            stack.callback(_end, handed, threads)
            for thread in threads:
                thread.start()
            self._stack.enter_context(stack.pop_all())
        self._pools[relay.name] = _Pool(handed, len(threads))

    @property
    def relays(self) -> tuple[str, ...]:
        """Those to which there are connections, by name, the one that was opened first before the others."""
        return tuple(self._pools)

    def free(self, relay: str) -> int:
        return self._pools[relay].lanes - self._pools[relay].busy

    @property
    def is_busy(self) -> bool:
        return any(pool.busy for pool in self._pools.values())

    def hand(self, mail: Marked) -> None:
        """Send a mail on a free lane of its relay."""
        pool = self._pools[mail.relay.name]
        pool.busy += 1
        pool.handed.put(mail)

    def back(self, patience: float) -> list[Tried]:
        """All that has come back; waits for the first. Empty when nothing is under way, or on a mistake.

        After each it waits a moment for the next, at most ``patience`` seconds: what the caller takes to write down
        what came back, be it one mail or all that are under way.
        """
        found: list[Tried] = []
        while self.is_busy:
            try:
                one = self._done.get(timeout=min(patience, _LONGEST) if found else None)
            except Empty:
                break
            self._pools[one.relay if isinstance(one, _Broken) else one.mail.relay.name].busy -= 1
            if isinstance(one, _Broken):
                self.mistake = self.mistake or one.mistake
                break
            found.append(one)
        return found

    def _work(self, relay: str, server: MailSender, handed: SimpleQueue[Marked | None]) -> None:
        while (mail := handed.get()) is not None:
            try:
                self._done.put(self._try(server, mail))
            except BaseException as mistake:  # noqa: BLE001 - raised again by the pump, once the other lanes are done
                self._done.put(_Broken(relay, mistake))
                return  # what else was handed out is for the other lanes: this one may be broken

    def _try(self, server: MailSender, mail: Marked) -> Tried:
        try:
            outcome = server.send(
                sender=self._contact, recipient=mail.recipient, message=mail.message, message_id=mail.message_id
            )
        except (ServerUnreachable, LoginRefused) as problem:
            return Tried(mail, Deferred(0, None, str(problem), Phase.CONNECT, Fault.RELAY, Pace.BUSY), problem)
        except ValueError:
            reason = "the address cannot be written on an envelope"
            return Tried(mail, Failed(0, None, reason, Phase.CONNECT, Fault.RECIPIENT))
        return Tried(mail, outcome)


def _end(handed: SimpleQueue[Marked | None], threads: Sequence[Thread]) -> None:
    for _ in threads:
        handed.put(None)
    for thread in threads:
        thread.join()
