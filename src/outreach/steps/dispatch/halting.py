"""What trouble teaches: a relay's fault halts what goes by it, a destination's what goes there, longer every time.

Asked by ``settling`` with what has come back; the halts lie in the database, so every worker keeps to them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.errors import OutreachError, ServerUnreachable
from outreach.letters.queue import Desk
from outreach.model.throttle import HaltCause, HaltScope
from outreach.ports import Accepted, Deferred, Failed, Fault, Pace
from outreach.providers import destination_of
from outreach.retrytable import wait
from outreach.steps.dispatch.lanes import Tried
from outreach.store import halts, log
from outreach.store.halts import Key

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
    _troubled: frozenset[Key] | None = None

    def learn(self, session: Session, tried: Iterable[Tried], now: datetime) -> dict[int, datetime]:
        """Until when each of these mails waits because of a halt that it has caused, by its id."""
        waits: dict[int, datetime] = {}
        placed: dict[Key, datetime] = {}
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
        over = {Key(HaltScope.RELAY, relay=one.mail.relay.name) for one in taken if isinstance(one.outcome, Accepted)}
        for one in taken:
            over |= {Key(HaltScope.DESTINATION, self._hash(one), relay) for relay in ("", one.mail.relay.name)}
        if known := self._troubled & over:
            halts.forget(session, known, now)
            self._troubled -= known

    def not_reached(self, session: Session, relay: str, problem: OutreachError, now: datetime) -> None:
        """No connection to one of several relays: it waits, and mail leaves by the next."""
        is_passing = isinstance(problem, ServerUnreachable)
        known = halts.of(session, HaltScope.RELAY, relay=relay)
        strikes = (known.strikes if known else 0) + 1
        span = self.desk.settings.day.soon(wait(Pace.BUSY if is_passing else Pace.LIMIT, strikes), now)
        until = now + span * self.jitter.uniform(1, 1.4)
        cause = HaltCause.RELAY if is_passing else HaltCause.LOGIN
        halts.place(session, HaltScope.RELAY, cause, until=until, at=now, actor=log.MACHINE, relay=relay)
        self._troubled = (self._troubled or halts.keys_with_strikes(session)) | {Key(HaltScope.RELAY, relay=relay)}
        if not is_passing or strikes == self.desk.settings.schedule.patience:
            self.attention.append(f"The relay {relay} is not used for now: {problem}")

    def _key(self, one: Tried) -> Key | None:
        match one.outcome:
            case Deferred(fault=Fault.RELAY):
                return Key(HaltScope.RELAY, relay=one.mail.relay.name)
            case Deferred(fault=fault) | Failed(fault=fault) if fault in _DESTINATIONS:
                return Key(HaltScope.DESTINATION, self._hash(one), one.mail.relay.name)
        return None

    def _halt(self, session: Session, key: Key, one: Tried, now: datetime) -> datetime:
        outcome = one.outcome
        assert isinstance(outcome, Deferred | Failed)
        scope, key_hash, relay = key
        pace = Pace.POLICY if outcome.fault is Fault.POLICY else outcome.pace if isinstance(outcome, Deferred) else None
        assert pace is not None
        cause = _CAUSES.get(pace, HaltCause.RELAY if scope is HaltScope.RELAY else HaltCause.UNREACHABLE)
        known = halts.of(session, scope, key_hash, relay)
        span = self.desk.settings.day.soon(wait(pace, (known.strikes if known else 0) + 1), now)
        until = now + span * self.jitter.uniform(1, 1.4)
        name = destination_of(one.mail.recipient) if key_hash else None
        of_it: dict[str, Any] = {"key_hash": key_hash, "relay": relay, "name": name}
        halts.place(session, scope, cause, until=until, at=now, actor=log.MACHINE, **of_it)
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
