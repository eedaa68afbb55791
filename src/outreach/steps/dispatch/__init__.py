"""Step 4 of the flow: hands due mails to a relay. Never two workers on one mail, never a silent loss.

Claim (commit), mark as sending with the final bytes (commit), send, settle (commit). No transaction is open during
SMTP. Whoever dies before the mark has sent nothing; after it, the row is in doubt. ``throttle`` knows which relay takes
what, ``lanes`` talk to it; ``guard`` is asked before the mark, ``settling`` writes down what came of it.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Final, assert_never

from sqlalchemy.orm import Session

from outreach.errors import (
    DatabaseProblem,
    Displaced,
    LoginRefused,
    OutreachError,
    ServerUnreachable,
    SettingsError,
)
from outreach.letters.queue import Desk
from outreach.model import OutboxMail
from outreach.ports import Clock, Deferred, Fault, MailSender
from outreach.relay import Relay
from outreach.steps.dispatch import breaker
from outreach.steps.dispatch.guard import Back, Go, Never, Wait, verdicts, why_not
from outreach.steps.dispatch.halting import Halting
from outreach.steps.dispatch.lanes import Lanes, Marked, Tried
from outreach.steps.dispatch.settling import Settler
from outreach.steps.dispatch.throttle import UNLIMITED, Throttle
from outreach.store import buckets, sending, turns, ways
from outreach.store import campaign as campaigns
from outreach.store.database import Database
from outreach.store.sending import Ready
from outreach.words import OutboxStatus, Report

__all__ = ["run", "why_not"]

_S = OutboxStatus
_BATCH: Final = 250


def run(
    db: Database, desk: Desk, sender: Callable[[Relay], MailSender], clock: Clock, *, owner: str, jitter: random.Random
) -> Report:
    """Send what is due, as far as the limits allow. Raises ServerUnreachable, LoginRefused or Displaced."""
    counts: Counter[str] = Counter()
    attention = _recover(db, desk, clock, counts)
    throttle = Throttle(desk.settings)
    if due := _due(db, throttle, clock()):
        _require_that_we_send(db)
        turns.begin(db, desk.settings.folder, clock())
        settler = Settler(desk, jitter, counts, Halting(desk, jitter))
        with Lanes(desk.settings.contact) as lanes:
            _Pump(db, desk, lanes, clock, owner, settler, throttle, sender).run(due)
        attention += tuple(settler.halting.attention)
    return Report("dispatch", dict(counts), attention)


class _Pump:
    """Claims, marks and settles in one thread, and keeps the lanes busy."""

    def __init__(
        self,
        db: Database,
        desk: Desk,
        lanes: Lanes,
        clock: Clock,
        owner: str,
        settler: Settler,
        throttle: Throttle,
        sender: Callable[[Relay], MailSender],
    ) -> None:
        self._db, self._desk, self._lanes, self._clock = db, desk, lanes, clock
        self._owner, self._settler, self._throttle, self._sender = owner, settler, throttle, sender
        self._room = desk.settings.sending.per_run or UNLIMITED  #: how many mails this pass may still send
        #: Taken for a relay and not touched yet.
        self._claimed: dict[str, deque[Ready]] = {relay.name: deque() for relay in desk.settings.relays}
        self._tried: Sequence[Tried] = ()  #: what has come back and is not settled yet
        self._down: set[str] = set()  #: relays that had trouble: nothing new is begun with them
        self._stopped = False  #: nothing new is begun at all: we are interrupted
        self._lost: list[OutreachError] = []

    def run(self, due: Sequence[str]) -> None:
        """Until nothing is due, there is no room, or every relay has trouble. Raises as ``dispatch.run`` does."""
        try:
            while due:
                self._open(due)
                self._until_done()
                due = self._still_due()
        except BaseException:
            self._stopped = True
            with suppress(DatabaseProblem):  # then the leases tell
                self._until_done()
            raise
        if self._lanes.mistake:
            raise self._lanes.mistake
        if self._lost and len(self._down) == len(self._claimed):
            # One that was not reached may be back at the next pass; what refuses our login waits for a person.
            raise next((lost for lost in self._lost if isinstance(lost, ServerUnreachable)), self._lost[0])

    def _open(self, names: Sequence[str]) -> None:
        """Connect to relays, before any mail is marked for them."""
        settings = self._desk.settings
        for relay in settings.relays:
            if relay.name not in names:
                continue
            try:
                self._lanes.open(relay, self._sender, settings.connections_to(relay))
            except (ServerUnreachable, LoginRefused, SettingsError) as problem:
                if len(settings.relays) == 1:
                    raise
                self._down.add(relay.name)
                self._lost.append(problem)
                with self._db.writing() as session:
                    self._settler.halting.not_reached(session, relay.name, problem, self._clock())

    def _still_due(self) -> list[str]:
        """Relays that were not used yet and have their turn now: those before them have trouble, or no room."""
        unused = self._claimed.keys() - set(self._lanes.relays) - self._down
        if self._stopped or self._room <= 0 or not unused:
            return []
        return [name for name in _due(self._db, self._throttle, self._clock()) if name in unused]

    def _until_done(self) -> None:
        while True:
            began = monotonic()
            for mail in self._turn():
                self._lanes.hand(mail)
            self._tried = self._lanes.back(monotonic() - began)
            if not self._tried and not self._lanes.is_busy:
                break
        if any(self._claimed.values()):
            with self._db.writing() as session:
                self._give_back(session, self._claimed)

    def _turn(self) -> list[Marked]:
        """One transaction: settle what has come back, mark what goes next."""
        trouble = [one for one in self._tried if _is_the_relays(one)]
        self._down |= {one.mail.relay.name for one in trouble}
        self._stopped = self._stopped or self._lanes.mistake is not None or self._db.is_closing
        self._lost += [one.lost for one in trouble if one.lost]
        marked: list[Marked] = []
        with self._db.writing() as session:
            self._settler.settle(session, self._tried, self._clock())
            for name in () if self._stopped else self._lanes.relays:
                if name not in self._down:
                    marked += self._mark(session, name)
            self._give_back(session, self._claimed if self._stopped else self._down)
        self._tried = ()
        return marked

    def _give_back(self, session: Session, relays: Iterable[str]) -> None:
        """What was only claimed for them goes back into the queue."""
        for name in relays:
            sending.move_all(session, [mail.claim for mail in self._claimed[name]], _S.QUEUED)
            self._claimed[name].clear()

    def _mark(self, session: Session, relay: str) -> list[Marked]:
        """Check the next mails again, then fix their final bytes and mark them as sending: one for each free lane."""
        marked: list[Marked] = []
        claimed = self._claimed[relay]
        while wanted := min(self._lanes.free(relay) - len(marked), self._room):
            if len(claimed) < wanted:
                self._claim(session, relay)
            chosen = [claimed.popleft() for _ in range(min(wanted, len(claimed)))]
            if not chosen:
                break
            fit = self._fit(session, chosen, relay)
            marked += fit
            self._room -= len(fit)
            if len(chosen) < wanted:
                break  # nothing else is due
        return marked

    def _claim(self, session: Session, relay: str) -> None:
        """Take the next mails for a relay, as far as the limits go."""
        now, lease, claimed = self._clock(), self._desk.settings.sending.lease, self._claimed[relay]
        for part in self._throttle.portions(session, now, min(_BATCH, self._room), only=relay):
            limit = min(part.limit, _BATCH - len(claimed), self._room - len(claimed))
            if limit > 0:
                claims = sending.claim(session, now, owner=self._owner, lease=lease, limit=limit, among=part.among)
                claimed += sending.ready(session, claims)

    def _fit(self, session: Session, mails: Sequence[Ready], name: str) -> list[Marked]:
        """Those of the mails that may still be sent, marked for a relay; the others are cancelled, or wait."""
        now, keyring = self._clock(), self._desk.keyring
        relay = self._desk.settings.relay(name)
        assert relay is not None
        found: list[Marked] = []
        heads: dict[int, bytes] = {}
        for mail in self._admitted(session, self._may_go(session, mails, now, name), now, name):
            content = mail.content(keyring)
            # What another relay had for its own (nothing of it has left) may bear that one's signature.
            head = mail.head(keyring) if mail.relay == name or mail.was_in_doubt else b""
            head = head or self._desk.renderer.head(content, now, name)
            heads[mail.id] = keyring.seal(head, table=OutboxMail.__tablename__, column="head_sealed", ref=mail.ref)
            found.append(Marked(mail.claim, relay, mail.recipient(keyring), mail.message_id(keyring), head + content))
        lease, claims = now + self._desk.settings.sending.lease, [mail.claim for mail in found]
        ours = sending.mark(session, claims, heads, relay=name, now=now, lease_until=lease)
        return [mail for mail in found if mail.claim.mail_id in ours]

    def _admitted(self, session: Session, mails: list[Ready], now: datetime, relay: str) -> list[Ready]:
        """Those that the limits let go; the others go back into the queue."""
        going = self._throttle.admit(session, mails, now, relay)
        if len(going) < len(mails):
            goes = {mail.id for mail in going}
            sending.move_all(session, [mail.claim for mail in mails if mail.id not in goes], _S.QUEUED)
        return going

    def _may_go(self, session: Session, mails: Sequence[Ready], now: datetime, relay: str) -> list[Ready]:
        """Those that ``guard`` lets go; the others wait or are cancelled, by its word."""
        going: list[Ready] = []
        for mail, verdict in zip(mails, verdicts(session, self._desk, mails, now, relay), strict=True):
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
        attention = breaker.bounces(session, now, [relay.name for relay in desk.settings.relays])
        resend = sending.ids_in_doubt_to_resend(
            session, now - desk.settings.day.soon(desk.settings.sending.in_doubt_resend, now)
        )
        stranded = ways.stranded(session, [relay.name for relay in desk.settings.relays])
        for id_ in resend:
            session.get_one(OutboxMail, id_).requeue(now, "declared resend of a mail in doubt")
    counts += Counter({"requeued": requeued, "in doubt": doubted, "resent": len(resend)})
    for word in [word for word, count in counts.items() if not count]:
        del counts[word]
    if doubted:
        attention.append(f"{doubted} mail(s) are in doubt: outreach outbox list --status in_doubt")
    attention += [
        f"{count} mail(s) that the relay {relay} may have sent wait for it, and the settings do not name it any more"
        for relay, count in stranded.items()
    ]
    return tuple(attention)


def _require_that_we_send(db: Database) -> None:
    with db.reading() as session:
        if (other := campaigns.the_campaign(session).displaced_by) is not None:
            raise Displaced(f"{other} Nothing is sent from here. If it should be, type: outreach takeover")


def _due(db: Database, throttle: Throttle, now: datetime) -> list[str]:
    """The relays that have something to do now: nobody connects to one for nothing, every five minutes."""
    with db.reading() as session:
        parts = throttle.portions(session, now, 1)
        found = [part.relay for part in parts if sending.is_anything_due(session, now, part.among)]
    return list(dict.fromkeys(found))
