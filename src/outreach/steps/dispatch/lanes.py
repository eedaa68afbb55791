"""Connections to the relays, all in the thread of a talker: the only one besides the pass. It touches no database.

The pass works with the rows and hands a marked mail to a free lane; what came of it comes back in a queue. So a
slow relay is waited for on all lanes at once, and one commit serves all that came back together.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final, Self

from outreach.conversation import Conversation
from outreach.errors import LoginRefused, OutreachError, ServerUnreachable
from outreach.ports import Deferred, Failed, Fault, MailSender, Outcome, Pace, Phase
from outreach.relay import Relay
from outreach.steps.dispatch.talker import Talk, Talker
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

    free: list[MailSender]
    busy: int = 0


@dataclass(frozen=True, slots=True)
class _Back:
    """A lane whose mail has come back, or broke by a mistake of the program."""

    pool: _Pool
    server: MailSender
    end: Tried | BaseException


class Lanes:
    """The connections to each relay. Leaving waits for what is under way, then closes them."""

    def __init__(self, contact: str) -> None:
        self._contact = contact
        self._pools: dict[str, _Pool] = {}
        self._done: SimpleQueue[_Back] = SimpleQueue()
        self._servers = ExitStack()
        self._talker = Talker[Tried]()
        #: A mistake of the program on some lane: how far its mail had come nobody knows.
        self.mistake: BaseException | None = None

    def __enter__(self) -> Self:
        self._talker.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._talker.__exit__(*exc)
        self._servers.close()

    def open(self, relay: Relay, sender: Callable[[Relay], MailSender], count: int) -> None:
        """At most ``count`` connections to a relay. Raises ServerUnreachable or LoginRefused if there can be none."""
        servers: list[MailSender] = []
        with ExitStack() as opened:
            for number in range(count):
                server = opened.enter_context(sender(relay))
                try:
                    server.connect()
                except (ServerUnreachable, LoginRefused):
                    if number == 0:
                        raise
                    break  # a relay that takes fewer connections is served by those that it takes
                servers.append(server)
            self._servers.enter_context(opened.pop_all())
        self._pools[relay.name] = _Pool(servers)

    @property
    def relays(self) -> tuple[str, ...]:
        """Those to which there are connections, by name, the one that was opened first before the others."""
        return tuple(self._pools)

    def free(self, relay: str) -> int:
        return len(self._pools[relay].free)

    @property
    def is_busy(self) -> bool:
        return any(pool.busy for pool in self._pools.values())

    def hand(self, mail: Marked) -> None:
        """Send a mail on a free lane of its relay."""
        pool = self._pools[mail.relay.name]
        server = pool.free.pop()
        pool.busy += 1

        def back(end: Tried | BaseException) -> None:
            self._done.put(_Back(pool, server, end))

        self._talker.begin(Talk(_trying(server, mail, self._contact), back, back))

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
            one.pool.busy -= 1
            if isinstance(one.end, BaseException):
                self.mistake = self.mistake or one.end
                break  # and its lane is not used again
            one.pool.free.append(one.server)
            found.append(one.end)
        return found


def _trying(server: MailSender, mail: Marked, contact: str) -> Conversation[Tried]:
    try:
        outcome = yield from server.send(
            sender=contact, recipient=mail.recipient, message=mail.message, message_id=mail.message_id
        )
    except (ServerUnreachable, LoginRefused) as problem:
        return Tried(mail, Deferred(0, None, str(problem), Phase.CONNECT, Fault.RELAY, Pace.BUSY), problem)
    except ValueError:
        reason = "the address cannot be written on an envelope"
        return Tried(mail, Failed(0, None, reason, Phase.CONNECT, Fault.RECIPIENT))
    return Tried(mail, outcome)
