"""What came of mails, written to their rows: sent, deferred, failed or in doubt, each with its attempt."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model import OutboxMail
from outreach.ports import Accepted, Deferred, Failed, Fault, InDoubt, Outcome
from outreach.steps.dispatch.lanes import Tried
from outreach.store import sending
from outreach.store.sending import Claim, Try
from outreach.words import OutboxStatus

_S = OutboxStatus
#: Minutes until the next try, by number of tries made (RFC 5321, 4.5.4.1); greylisting wants an early second one.
_RETRY_MINUTES: Final = (6, 15, 30, 60, 120, 240, 480)


@dataclass(frozen=True, slots=True)
class Settler:
    """Settles mails by the settings; counts what it did."""

    desk: Desk
    jitter: random.Random
    counts: Counter[str]

    def settle(self, session: Session, tried: Sequence[Tried], now: datetime) -> None:
        """All that came back together, in one transaction."""
        accepted = [one.mail.claim for one in tried if isinstance(one.outcome, Accepted)]
        moved = sending.move_all(session, accepted, _S.SENT, settled_at=now, reason=None)
        for one in tried:
            id_ = one.mail.claim.mail_id
            if isinstance(one.outcome, Accepted):
                if id_ not in moved:
                    _end_the_doubt(session, id_, now)
            elif self._move(session, one.mail.claim, one.outcome, now):
                moved.add(id_)
            self.counts[_word(one.outcome) if id_ in moved else "lost claims"] += 1
        sending.add_attempts(session, [_attempt(one) for one in tried], now)

    def _move(self, session: Session, claim: Claim, outcome: InDoubt | Failed | Deferred, now: datetime) -> bool:
        match outcome:
            case InDoubt():
                return sending.move(session, claim, _S.IN_DOUBT, reason="the connection broke while sending")
            case Failed(code=code, enhanced=enhanced):
                return sending.move(session, claim, _S.FAILED, settled_at=now, reason=_in_words(code, enhanced))
            case Deferred():
                return self._defer(session, claim, outcome, now)
            case _:
                assert_never(outcome)

    def _defer(self, session: Session, claim: Claim, outcome: Deferred, now: datetime) -> bool:
        """Later again. The relay's own trouble is not counted against the mail."""
        reason = _in_words(outcome.code, outcome.enhanced)
        if outcome.fault is Fault.RELAY:
            later = now + timedelta(minutes=5)
            return sending.move(
                session, claim, _S.DEFERRED, next_attempt_at=later, reason=reason, attempts=OutboxMail.attempts - 1
            )
        mail = session.get_one(OutboxMail, claim.mail_id)
        if now - mail.created_at > self.desk.settings.sending.give_up:
            return sending.move(session, claim, _S.FAILED, settled_at=now, reason=f"gave up: {reason}")
        minutes = _RETRY_MINUTES[min(mail.attempts, len(_RETRY_MINUTES)) - 1]
        wait = self.desk.settings.day.soon(timedelta(minutes=minutes), now)
        later = now + wait * self.jitter.uniform(0.8, 1.2)
        return sending.move(session, claim, _S.DEFERRED, next_attempt_at=later, reason=reason)


def _end_the_doubt(session: Session, mail_id: int, now: datetime) -> None:
    """The lease ran out while the relay was thinking; now there is no doubt any more."""
    mail = session.get_one(OutboxMail, mail_id)
    if mail.status is _S.IN_DOUBT:
        mail.settle_sent(now)


def _attempt(tried: Tried) -> Try:
    outcome = tried.outcome
    if isinstance(outcome, Failed | Deferred):
        return Try(
            tried.mail.claim.mail_id,
            _word(outcome),
            outcome.reply,
            outcome.phase,
            outcome.code,
            outcome.enhanced,
        )
    return Try(tried.mail.claim.mail_id, _word(outcome), outcome.reply)


def _word(outcome: Outcome) -> str:
    return type(outcome).__name__.lower()


def _in_words(code: int, enhanced: str | None) -> str:
    if not code:
        return "the relay was not reached, or would not take such an address"
    return f"the relay answered {code}{f' {enhanced}' if enhanced else ''}"
