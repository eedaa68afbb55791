"""What trouble teaches: a relay's fault halts all mail, a destination's fault what goes there, each longer every time.

Asked by ``settling`` with what has come back; the halts lie in the database, so every worker keeps to them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model.throttle import HaltCause, HaltScope
from outreach.ports import Accepted, Deferred, Failed, Fault, Pace
from outreach.providers import destination_of
from outreach.retrytable import wait
from outreach.steps.dispatch.lanes import Tried
from outreach.store import halts, log

_DESTINATIONS: Final = frozenset({Fault.DOMAIN, Fault.POLICY})
_CAUSES: Final = {
    Pace.LIMIT: HaltCause.LIMIT,
    Pace.RATE: HaltCause.RATE,
    Pace.POLICY: HaltCause.POLICY,
}


@dataclass(slots=True)
class Halting:
    """Places halts and ends them; ``attention`` is what a person must be told."""

    desk: Desk
    jitter: random.Random
    attention: list[str] = field(default_factory=list)
    _troubled: frozenset[tuple[HaltScope, bytes]] | None = None

    def learn(self, session: Session, tried: Iterable[Tried], now: datetime) -> dict[int, datetime]:
        """Until when each of these mails waits because of a halt that it has caused, by its id."""
        waits: dict[int, datetime] = {}
        placed: dict[tuple[HaltScope, bytes], datetime] = {}
        for one in tried:
            if isinstance(one.outcome, Deferred | Failed) and (key := self._key(one)) is not None:
                if key not in placed:  # what comes back together is one trouble, however many mails it met
                    placed[key] = self._halt(session, key, one, now)
                waits[one.mail.claim.mail_id] = placed[key]
        return waits

    def praise(self, session: Session, taken: Sequence[Tried], now: datetime) -> None:
        """Mails were accepted: trouble there is over."""
        if self._troubled is None:
            self._troubled = halts.keys_with_strikes(session)
        if not self._troubled or not taken:
            return
        keys = {self._hash(one) for one in taken if isinstance(one.outcome, Accepted)}
        for scope, over in ((HaltScope.ALL, {halts.NO_KEY}), (HaltScope.DESTINATION, keys)):
            if known := {key for kind, key in self._troubled if kind is scope} & over:
                halts.forget(session, scope, known, now)
                self._troubled -= {(scope, key) for key in known}

    def _key(self, one: Tried) -> tuple[HaltScope, bytes] | None:
        match one.outcome:
            case Deferred(fault=Fault.RELAY):
                return HaltScope.ALL, halts.NO_KEY
            case Deferred(fault=fault) | Failed(fault=fault) if fault in _DESTINATIONS:
                return HaltScope.DESTINATION, self._hash(one)
        return None

    def _halt(self, session: Session, key: tuple[HaltScope, bytes], one: Tried, now: datetime) -> datetime:
        outcome = one.outcome
        assert isinstance(outcome, Deferred | Failed)
        scope, key_hash = key
        pace = Pace.POLICY if outcome.fault is Fault.POLICY else outcome.pace if isinstance(outcome, Deferred) else None
        assert pace is not None
        cause = _CAUSES.get(pace, HaltCause.RELAY if scope is HaltScope.ALL else HaltCause.UNREACHABLE)
        known = halts.of(session, scope, key_hash)
        span = self.desk.settings.day.soon(wait(pace, (known.strikes if known else 0) + 1), now)
        until = now + span * self.jitter.uniform(1, 1.4)
        name = destination_of(one.mail.recipient) if key_hash else None
        halts.place(session, scope, cause, until=until, at=now, actor=log.MACHINE, key_hash=key_hash, name=name)
        self._troubled = (self._troubled or frozenset()) | {key}
        if cause in (HaltCause.POLICY, HaltCause.LIMIT):
            log.note(session, now, actor=log.MACHINE, action="halted", about="sending", reason=cause)
            self.attention.append(f"{_TOLD[cause]}{_code(outcome)}. Look at: outreach outbox status")
        return until

    def _hash(self, one: Tried) -> bytes:
        return self.desk.keyring.destination_hash(destination_of(one.mail.recipient))


_TOLD: Final = {
    HaltCause.POLICY: "where a mail goes they do not want mail from us, or cannot tell that it is from us",
    HaltCause.LIMIT: "the relay takes no more mail from us for now",
}


def _code(outcome: Deferred | Failed) -> str:
    return f" ({outcome.code}{f' {outcome.enhanced}' if outcome.enhanced else ''})" if outcome.code else ""
