"""Step 4 of the flow: hands due mails to the relay. Never two workers on one mail, never a silent loss.

Claim (commit), mark as sending with the final bytes (commit), send, settle (commit). No transaction
is open during SMTP. Whoever dies before the mark has sent nothing; after it, the row is in doubt.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from sqlalchemy.orm import Session

from outreach.errors import LoginRefused, OutreachError, ServerUnreachable
from outreach.letters.queue import ENDS_WITH_THE_DAY, Desk
from outreach.model import Attempt, OutboxMail, Revision
from outreach.model.signatory import OPEN_STATUSES
from outreach.ports import Accepted, Clock, Deferred, Failed, Fault, InDoubt, MailSender, Outcome, Phase
from outreach.store import campaign as campaigns
from outreach.store import outbox, pauses, suppressions
from outreach.store.database import Database
from outreach.store.outbox import Claim
from outreach.words import MailKind, OutboxStatus, PauseReason, Report, RevisionStatus, Seen, SuppressionScope

_S = OutboxStatus
_BATCH: Final = 20
#: Minutes until the next try, by number of tries made (RFC 5321, 4.5.4.1); greylisting wants an early second one.
_RETRY_MINUTES: Final = (6, 15, 30, 60, 120, 240, 480)
_SEQUENCE: Final = frozenset({MailKind.INVITATION, MailKind.REMINDER})
_ABOUT_LINES: Final = frozenset({MailKind.ASKING, MailKind.ASKING_REMINDER, MailKind.RECEIPT})


def run(
    db: Database, desk: Desk, sender: Callable[[], MailSender], clock: Clock, *, owner: str, jitter: random.Random
) -> Report:
    """Send what is due, as far as the limits allow. Raises ServerUnreachable or LoginRefused."""
    counts: Counter[str] = Counter()
    attention = _recover(db, desk, clock, counts)
    room = _room(db, desk, clock)
    if room == 0 or not _is_anything_due(db, clock):
        return Report("dispatch", dict(counts), attention)
    with sender() as relay:
        relay.connect()
        while room > 0:
            with db.writing() as session:
                claims = outbox.claim(
                    session, clock(), owner=owner, lease=desk.settings.sending.lease, limit=min(_BATCH, room)
                )
            if not claims:
                break
            for position, claim in enumerate(claims):
                try:
                    outcome = _send(db, desk, relay, claim, clock, jitter, counts)
                except (ServerUnreachable, LoginRefused):
                    _give_back(db, claims[position + 1 :])
                    raise
                room -= outcome is not None
                if isinstance(outcome, Deferred) and outcome.fault is Fault.RELAY:
                    _give_back(db, claims[position + 1 :])
                    return Report("dispatch", dict(counts), attention)
    return Report("dispatch", dict(counts), attention)


def _recover(db: Database, desk: Desk, clock: Clock, counts: Counter[str]) -> tuple[str, ...]:
    """Put right what a crash left, and send again what is declared to be sent again."""
    now = clock()
    with db.writing() as session:
        requeued, doubted = outbox.recover(session, now)
        resend = outbox.ids_in_doubt_to_resend(session, now - desk.settings.sending.in_doubt_resend)
        for id_ in resend:
            session.get_one(OutboxMail, id_).requeue(now, "declared resend of a mail in doubt")
    counts += Counter({"requeued": requeued, "in doubt": doubted, "resent": len(resend)})
    for word in [word for word, count in counts.items() if not count]:
        del counts[word]
    return (f"{doubted} mail(s) are in doubt: outreach outbox list --status in_doubt",) if doubted else ()


def _room(db: Database, desk: Desk, clock: Clock) -> int:
    """How many mails the limits allow now."""
    limits = desk.settings.sending
    rooms = [limits.per_run] if limits.per_run is not None else []
    if limits.per_day is not None:
        with db.reading() as session:
            rooms.append(limits.per_day - outbox.attempts_since(session, clock() - timedelta(days=1)))
    return max(0, min(rooms)) if rooms else 1_000_000


def _is_anything_due(db: Database, clock: Clock) -> bool:
    """Nobody connects to a relay for nothing, every five minutes."""
    with db.reading() as session:
        return outbox.is_anything_due(session, clock())


def _send(
    db: Database,
    desk: Desk,
    relay: MailSender,
    claim: Claim,
    clock: Clock,
    jitter: random.Random,
    counts: Counter[str],
) -> Outcome | None:
    """One mail from claim to settled; None when it was not to be sent any more, or the claim was lost."""
    ready = _mark(db, desk, claim, clock, counts)
    if ready is None:
        return None
    recipient, message_id, message = ready
    lost: OutreachError | None = None
    outcome: Outcome
    try:
        outcome = relay.send(sender=desk.settings.contact, recipient=recipient, message=message, message_id=message_id)
    except (ServerUnreachable, LoginRefused) as problem:
        # There was no connection: nothing of the mail has left.
        lost, outcome = problem, Deferred(0, None, str(problem), Phase.CONNECT, Fault.RELAY)
    except ValueError:
        outcome = Failed(0, None, "the address cannot be written on an envelope", Phase.CONNECT, Fault.RECIPIENT)
    with db.writing() as session:
        _settle(session, desk, claim, outcome, clock(), jitter, counts)
    if lost is not None:
        raise lost
    return outcome


def _mark(db: Database, desk: Desk, claim: Claim, clock: Clock, counts: Counter[str]) -> tuple[str, str, bytes] | None:
    """Check everything again, then fix the final bytes and mark the mail as sending."""
    with db.writing() as session:
        now = clock()
        mail = session.get_one(OutboxMail, claim.mail_id)
        if (wait := _away_until(session, mail, now)) is not None:
            if outbox.move(session, claim, _S.DEFERRED, next_attempt_at=wait, reason="the address is paused"):
                counts["paused"] += 1
            return None
        reason = why_not(session, desk, mail, now)
        if reason is not None:
            if outbox.move(session, claim, _S.CANCELLED, reason=reason, settled_at=now):
                counts["cancelled"] += 1
            return None
        message = mail.sent_bytes or desk.renderer.dated(mail.content or b"", now)
        sealed = desk.keyring.seal(message, table=OutboxMail.__tablename__, column="sent_bytes_sealed", ref=mail.ref)
        marked = outbox.move(
            session,
            claim,
            _S.SENDING,
            sending_at=now,
            lease_until=now + desk.settings.sending.lease,
            attempts=OutboxMail.attempts + 1,
            sent_bytes_sealed=sealed,
        )
        return (mail.recipient or "", mail.message_id or "", message) if marked else None


def _away_until(session: Session, mail: OutboxMail, now: datetime) -> datetime | None:
    """When to look again at a reminder or invitation whose reader is away, or whom a coordinator has paused."""
    reasons = pauses.FROM_ASKINGS if mail.kind in (*_SEQUENCE, MailKind.ASKING_REMINDER) else ()
    pause = pauses.current(session, mail.meant_for_hash, now, reasons)
    if pause is None:
        return None
    return pause.until or now + timedelta(days=1)


def why_not(session: Session, desk: Desk, mail: OutboxMail, now: datetime) -> str | None:
    """Why a mail must not be sent (any more), checked at the moment of sending; None if it may."""
    campaign = campaigns.the_campaign(session)
    if mail.in_rehearsal and not campaign.in_rehearsal:
        return "written in the rehearsal"
    if mail.not_after is not None and now > mail.not_after:
        return "too late"
    if mail.kind in ENDS_WITH_THE_DAY and desk.settings.day.is_over(now):
        return "the day has passed"
    suppressed = suppressions.scopes(session, mail.meant_for_hash)
    if SuppressionScope.EVERYTHING in suppressed or (suppressed and mail.kind in _SEQUENCE):
        return "the address is suppressed"
    if mail.kind in _SEQUENCE and not outbox.still_invites(session, mail.id):
        return "they have answered"
    if mail.kind in _SEQUENCE and pauses.current(session, mail.meant_for_hash, now, (PauseReason.BY_HAND,)):
        return "somebody has written to them by hand"
    if mail.kind in _ABOUT_LINES:
        return _why_not_about_lines(outbox.revisions_of(session, mail.id), mail.kind)
    return None


def _why_not_about_lines(revisions: Sequence[Revision], kind: MailKind) -> str | None:
    """A line that is held, settled or confirmed meanwhile is not asked about or shown."""
    if revisions and all(revision.signatory.open_holds for revision in revisions):
        return "the entry is held"
    if kind is MailKind.RECEIPT:
        return None
    # An approved line that nobody has confirmed may still be asked about: it cannot print before.
    asked = (*OPEN_STATUSES, RevisionStatus.APPROVED)
    waiting = [revision for revision in revisions if revision.status in asked]
    return None if any(revision.seen is not Seen.CONFIRMED for revision in waiting) else "they have answered"


def _settle(
    session: Session,
    desk: Desk,
    claim: Claim,
    outcome: Outcome,
    now: datetime,
    jitter: random.Random,
    counts: Counter[str],
) -> None:
    mail = session.get_one(OutboxMail, claim.mail_id)
    attempt = Attempt(mail_id=mail.id, at=now, outcome=type(outcome).__name__.lower())
    attempt.reply = outcome.reply[:500]
    match outcome:
        case Accepted():
            moved = outbox.move(session, claim, _S.SENT, settled_at=now, reason=None)
        case InDoubt():
            moved = outbox.move(session, claim, _S.IN_DOUBT, reason="the connection broke while sending")
        case Failed(code=code, enhanced=enhanced, phase=phase):
            attempt.code, attempt.enhanced, attempt.phase = code, enhanced, phase
            moved = outbox.move(session, claim, _S.FAILED, settled_at=now, reason=_in_words(code, enhanced))
        case Deferred(code=code, enhanced=enhanced, phase=phase):
            attempt.code, attempt.enhanced, attempt.phase = code, enhanced, phase
            moved = _defer(session, desk, claim, mail, outcome, now, jitter)
        case _:
            assert_never(outcome)
    if not moved and isinstance(outcome, Accepted) and mail.status is _S.IN_DOUBT:
        # The lease ran out while the relay was thinking; now there is no doubt any more.
        mail.settle_sent(now)
    session.add(attempt)
    counts[attempt.outcome if moved else "lost claims"] += 1


def _defer(
    session: Session,
    desk: Desk,
    claim: Claim,
    mail: OutboxMail,
    outcome: Deferred,
    now: datetime,
    jitter: random.Random,
) -> bool:
    """Later again. The relay's own trouble is not counted against the mail."""
    reason = _in_words(outcome.code, outcome.enhanced)
    if outcome.fault is Fault.RELAY:
        later = now + timedelta(minutes=5)
        return outbox.move(
            session, claim, _S.DEFERRED, next_attempt_at=later, reason=reason, attempts=OutboxMail.attempts - 1
        )
    if now - mail.created_at > desk.settings.sending.give_up:
        return outbox.move(session, claim, _S.FAILED, settled_at=now, reason=f"gave up: {reason}")
    minutes = _RETRY_MINUTES[min(mail.attempts, len(_RETRY_MINUTES)) - 1]
    later = now + timedelta(minutes=minutes) * jitter.uniform(0.8, 1.2)
    return outbox.move(session, claim, _S.DEFERRED, next_attempt_at=later, reason=reason)


def _in_words(code: int, enhanced: str | None) -> str:
    if not code:
        return "the relay was not reached, or would not take such an address"
    return f"the relay answered {code}{f' {enhanced}' if enhanced else ''}"


def _give_back(db: Database, claims: list[Claim]) -> None:
    """The relay has trouble: what was claimed and not touched goes back to the queue."""
    with db.writing() as session:
        for claim in claims:
            outbox.move(session, claim, _S.QUEUED)
