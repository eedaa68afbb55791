"""What came of mails, written to their rows: sent, deferred, failed or in doubt, each with its attempt.

Whose fault it was decides what waits (``halting``); how long, the table in ``retrytable``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from sqlalchemy.orm import Session

from outreach.letters.queue import ENDS_WITH_THE_DAY, Desk
from outreach.model import OutboxMail
from outreach.ports import Accepted, Deferred, Failed, Fault, InDoubt, Outcome, Pace, Phase
from outreach.providers import destination_of
from outreach.retrytable import wait
from outreach.steps.dispatch import breaker
from outreach.steps.dispatch.halting import Halting
from outreach.steps.dispatch.lanes import Tried
from outreach.store import attempts, bounces, results, sending
from outreach.store.attempts import Try
from outreach.store.sending import Claim
from outreach.words import OutboxStatus

_S = OutboxStatus
#: How an attempt is written down that only met greylisting: nobody's fault.
GREYLISTED: Final = "greylisted"


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles mails by the settings; counts what it did."""

    desk: Desk
    jitter: random.Random
    counts: Counter[str]
    halting: Halting

    def settle(self, session: Session, tried: Sequence[Tried], now: datetime) -> None:
        """All that came back together, in one transaction."""
        taken = [one for one in tried if isinstance(one.outcome, Accepted)]
        moved = sending.settle_sent(session, [one.mail.claim for one in taken], now)
        self.halting.praise(session, taken, now)
        held = self.halting.learn(session, tried, now)
        for one in tried:
            id_ = one.mail.claim.mail_id
            if isinstance(one.outcome, Accepted):
                if id_ not in moved:
                    _end_the_doubt(session, id_, now)
            elif self._move(session, one.mail.claim, one.outcome, held.get(id_), now):
                moved.add(id_)
            self.counts[_word(one.outcome) if id_ in moved else "lost claims"] += 1
            if isinstance(one.outcome, Failed) and one.outcome.fault is Fault.RECIPIENT and one.outcome.code:
                bounces.unreachable(session, session.get_one(OutboxMail, id_), now)
        attempts.add(session, [_attempt(one) for one in tried], now)
        if refusing := {one.mail.recipient for one in tried if isinstance(one.outcome, Failed | Deferred)}:
            names = {destination_of(address) for address in refusing}
            hashes = {self.desk.keyring.destination_hash(name): name for name in names}
            self.halting.attention += breaker.look(session, self.desk, now, self.jitter, hashes)

    def _move(
        self,
        session: Session,
        claim: Claim,
        outcome: InDoubt | Failed | Deferred,
        held: datetime | None,
        now: datetime,
    ) -> bool:
        match outcome:
            case InDoubt():
                return self._doubt(session, claim)
            case Failed(code=code, enhanced=enhanced):
                return sending.move(session, claim, _S.FAILED, settled_at=now, reason=_in_words(code, enhanced))
            case Deferred():
                return self._defer(session, claim, outcome, held, now)
            case _:
                assert_never(outcome)

    def _doubt(self, session: Session, claim: Claim) -> bool:
        reason = "the connection broke while sending"
        return sending.move(session, claim, _S.IN_DOUBT, reason=reason, was_in_doubt=True)

    def _defer(self, session: Session, claim: Claim, outcome: Deferred, held: datetime | None, now: datetime) -> bool:
        """Later again. What halts all mail, or all to a destination, is not counted against this one."""
        reason = _in_words(outcome.code, outcome.enhanced)
        mail = session.get_one(OutboxMail, claim.mail_id)
        if outcome.fault is Fault.RELAY and len(self.desk.settings.relays) > 1:
            later = now  # the next relay may take it at once, or this one when its halt is over
        elif held is None:
            wanted = wait(outcome.pace, mail.attempts)
            later = now + self.desk.settings.day.soon(wanted, now) * self.jitter.uniform(0.8, 1.2)
        else:
            later = held
        if self._is_given_up(session, mail, later, now):
            return sending.move(session, claim, _S.FAILED, settled_at=now, reason=f"gave up: {reason}")
        values = {} if held is None else {"attempts": OutboxMail.attempts - 1}
        return sending.move(session, claim, _S.DEFERRED, next_attempt_at=later, reason=reason, **values)

    def _is_given_up(self, session: Session, mail: OutboxMail, later: datetime, now: datetime) -> bool:
        """Tried for five days (RFC 5321, 4.5.4.1), or the campaign's end comes before the next try."""
        ends = [mail.not_after, self.desk.settings.day.end if mail.kind in ENDS_WITH_THE_DAY else None]
        if any(end is not None and later > end for end in ends):
            return True
        first = results.first_try(session, mail.id)
        return first is not None and now - first > self.desk.settings.sending.give_up


def _end_the_doubt(session: Session, mail_id: int, now: datetime) -> None:
    """The lease ran out while the relay was thinking; now there is no doubt any more."""
    mail = session.get_one(OutboxMail, mail_id)
    if mail.status is _S.IN_DOUBT:
        mail.settle_sent(now)


def _attempt(tried: Tried) -> Try:
    outcome, relay = tried.outcome, tried.mail.relay
    if isinstance(outcome, Failed | Deferred):
        return Try(
            tried.mail.claim.mail_id,
            GREYLISTED if isinstance(outcome, Deferred) and outcome.pace is Pace.GREYLISTED else _word(outcome),
            outcome.reply,
            outcome.phase,
            outcome.code,
            outcome.enhanced,
            outcome.fault,
            relay.name,
            relay.url.address,
        )
    phase = Phase.DONE if isinstance(outcome, Accepted) else Phase.BODY
    return Try(
        tried.mail.claim.mail_id, _word(outcome), outcome.reply, phase, relay=relay.name, server=relay.url.address
    )


def _word(outcome: Outcome) -> str:
    return type(outcome).__name__.lower()


def _in_words(code: int, enhanced: str | None) -> str:
    if not code:
        return "the relay was not reached, or would not take such an address"
    return f"the relay answered {code}{f' {enhanced}' if enhanced else ''}"
