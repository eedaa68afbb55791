"""Step 4 of the flow: hands due mails to the relay. Never two workers on one mail, never a silent loss.

Claim (commit), mark as sending with the final bytes (commit), send, settle (commit). No transaction is open during
SMTP. Whoever dies before the mark has sent nothing; after it, the row is in doubt. ``lanes`` talk to the relay;
``guard`` is asked before the mark, ``settling`` writes down what came of it.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Final, assert_never

from sqlalchemy.orm import Session

from outreach.errors import DatabaseProblem, Displaced, OutreachError
from outreach.letters.queue import Desk
from outreach.model import OutboxMail
from outreach.ports import Clock, Deferred, Fault, MailSender
from outreach.steps.dispatch import breaker
from outreach.steps.dispatch.guard import Back, Go, Never, Wait, verdicts, why_not
from outreach.steps.dispatch.halting import Halting
from outreach.steps.dispatch.lanes import Lanes, Marked, Tried
from outreach.steps.dispatch.settling import Settler
from outreach.steps.dispatch.throttle import UNLIMITED, Throttle
from outreach.store import buckets, sending, turns
from outreach.store import campaign as campaigns
from outreach.store.database import Database
from outreach.store.sending import Ready
from outreach.words import OutboxStatus, Report

__all__ = ["run", "why_not"]

_S = OutboxStatus
_BATCH: Final = 100


def run(
    db: Database, desk: Desk, sender: Callable[[], MailSender], clock: Clock, *, owner: str, jitter: random.Random
) -> Report:
    """Send what is due, as far as the limits allow. Raises ServerUnreachable, LoginRefused or Displaced."""
    counts: Counter[str] = Counter()
    attention = _recover(db, desk, clock, counts)
    throttle = Throttle(desk.settings)
    if _is_anything_due(db, throttle, clock()):
        _require_that_we_send(db)
        turns.begin(db, desk.settings.folder, clock())
        halting = Halting(desk, jitter)
        with Lanes(sender, desk.settings.contact, desk.settings.sending.connections) as lanes:
            _Pump(db, desk, lanes, clock, owner, Settler(desk, jitter, counts, halting), throttle).run()
        attention += tuple(halting.attention)
    return Report("dispatch", dict(counts), attention)


class _Pump:
    """Claims, marks and settles in one thread, and keeps the lanes busy."""

    def __init__(
        self, db: Database, desk: Desk, lanes: Lanes, clock: Clock, owner: str, settler: Settler, throttle: Throttle
    ) -> None:
        self._db, self._desk, self._lanes, self._clock = db, desk, lanes, clock
        self._owner, self._settler, self._throttle = owner, settler, throttle
        self._room = desk.settings.sending.per_run or UNLIMITED  #: how many mails this pass may still send
        self._claimed: deque[Ready] = deque()  #: taken and not touched yet
        self._tried: Sequence[Tried] = ()  #: what has come back and is not settled yet
        self._stopped = False  #: nothing new is begun: the relay has trouble, or we are interrupted
        self._lost: OutreachError | None = None

    def run(self) -> None:
        """Until nothing is due, there is no room, or the relay has trouble. Raises as ``dispatch.run`` does."""
        try:
            self._until_done()
        except BaseException:
            self._stopped = True
            with suppress(DatabaseProblem):  # then the leases tell
                self._until_done()
            raise
        if problem := self._lanes.mistake or self._lost:
            raise problem

    def _until_done(self) -> None:
        while True:
            began = monotonic()
            for mail in self._turn():
                self._lanes.hand(mail)
            self._tried = self._lanes.back(monotonic() - began)
            if not self._tried and not self._lanes.is_busy:
                break
        self._stopped = True
        if self._claimed:
            self._turn()  # what was only claimed goes back

    def _turn(self) -> list[Marked]:
        """One transaction: settle what has come back, mark what goes next."""
        trouble = [one for one in self._tried if _is_the_relays(one)]
        self._stopped = self._stopped or bool(trouble) or self._lanes.mistake is not None or self._db.is_closing
        self._lost = self._lost or next((one.lost for one in trouble if one.lost), None)
        with self._db.writing() as session:
            self._settler.settle(session, self._tried, self._clock())
            marked = [] if self._stopped else self._mark(session)
            if self._stopped:
                sending.move_all(session, [mail.claim for mail in self._claimed], _S.QUEUED)
                self._claimed.clear()
        self._tried = ()
        return marked

    def _mark(self, session: Session) -> list[Marked]:
        """Check the next mails again, then fix their final bytes and mark them as sending: one for each free lane."""
        marked: list[Marked] = []
        while wanted := min(self._lanes.free - len(marked), self._room):
            if len(self._claimed) < wanted:
                self._claim(session)
            chosen = [self._claimed.popleft() for _ in range(min(wanted, len(self._claimed)))]
            if not chosen:
                break
            fit = self._fit(session, chosen)
            marked += fit
            self._room -= len(fit)
            if len(chosen) < wanted:
                break  # nothing else is due
        return marked

    def _claim(self, session: Session) -> None:
        """Take the next mails, as far as the limits go."""
        now, lease = self._clock(), self._desk.settings.sending.lease
        for part in self._throttle.portions(session, now, min(_BATCH, self._room)):
            limit = min(part.limit, _BATCH - len(self._claimed), self._room - len(self._claimed))
            if limit > 0:
                claims = sending.claim(session, now, owner=self._owner, lease=lease, limit=limit, among=part.among)
                self._claimed += sending.ready(session, claims)

    def _fit(self, session: Session, mails: Sequence[Ready]) -> list[Marked]:
        """Those of the mails that may still be sent, marked; the others are cancelled, or wait."""
        now = self._clock()
        found: list[Marked] = []
        heads: dict[int, bytes] = {}
        keyring = self._desk.keyring
        for mail in self._admitted(session, self._may_go(session, mails, now), now):
            content = mail.content(keyring)
            head = mail.head(keyring) or self._desk.renderer.head(content, now)
            heads[mail.id] = keyring.seal(head, table=OutboxMail.__tablename__, column="head_sealed", ref=mail.ref)
            found.append(Marked(mail.claim, mail.recipient(keyring), mail.message_id(keyring), head + content))
        lease = now + self._desk.settings.sending.lease
        ours = sending.mark(session, [mail.claim for mail in found], heads, now=now, lease_until=lease)
        return [mail for mail in found if mail.claim.mail_id in ours]

    def _admitted(self, session: Session, mails: list[Ready], now: datetime) -> list[Ready]:
        """Those that the limits let go; the others go back into the queue."""
        going = self._throttle.admit(session, mails, now)
        if len(going) < len(mails):
            goes = {mail.id for mail in going}
            sending.move_all(session, [mail.claim for mail in mails if mail.id not in goes], _S.QUEUED)
        return going

    def _may_go(self, session: Session, mails: Sequence[Ready], now: datetime) -> list[Ready]:
        """Those that ``guard`` lets go; the others wait or are cancelled, by its word."""
        going: list[Ready] = []
        for mail, verdict in zip(mails, verdicts(session, self._desk, mails, now), strict=True):
            match verdict:
                case Go():
                    going.append(mail)
                case Back():
                    sending.move(session, mail.claim, _S.QUEUED)
                case Wait(until=until, reason=reason):
                    if sending.move(session, mail.claim, _S.DEFERRED, next_attempt_at=until, reason=reason):
                        self._settler.counts["paused"] += 1
                case Never(reason=reason):
                    if sending.move(session, mail.claim, _S.CANCELLED, reason=reason, settled_at=now):
                        self._settler.counts["cancelled"] += 1
                case _:
                    assert_never(verdict)
        return going


def _is_the_relays(tried: Tried) -> bool:
    return isinstance(tried.outcome, Deferred) and tried.outcome.fault is Fault.RELAY


def _recover(db: Database, desk: Desk, clock: Clock, counts: Counter[str]) -> tuple[str, ...]:
    """Put right what a crash left, and send again what is declared to be sent again."""
    now = clock()
    with db.writing() as session:
        requeued, doubted = sending.recover(session, now)
        buckets.forget_old(session, now)
        attention = breaker.bounces(session, now)
        resend = sending.ids_in_doubt_to_resend(
            session, now - desk.settings.day.soon(desk.settings.sending.in_doubt_resend, now)
        )
        for id_ in resend:
            session.get_one(OutboxMail, id_).requeue(now, "declared resend of a mail in doubt")
    counts += Counter({"requeued": requeued, "in doubt": doubted, "resent": len(resend)})
    for word in [word for word, count in counts.items() if not count]:
        del counts[word]
    if doubted:
        attention.append(f"{doubted} mail(s) are in doubt: outreach outbox list --status in_doubt")
    return tuple(attention)


def _require_that_we_send(db: Database) -> None:
    with db.reading() as session:
        if (other := campaigns.the_campaign(session).displaced_by) is not None:
            raise Displaced(f"{other} Nothing is sent from here. If it should be, type: outreach takeover")


def _is_anything_due(db: Database, throttle: Throttle, now: datetime) -> bool:
    """Nobody connects to a relay for nothing, every five minutes."""
    with db.reading() as session:
        return any(sending.is_anything_due(session, now, part.among) for part in throttle.portions(session, now, 1))
