"""The one place where dispatch asks "may this go now", at the very moment of sending: go, wait, or never.

A batch of mails is judged by a few queries for all of them, so that asking again costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from outreach import quiet
from outreach.letters import telling
from outreach.letters.queue import ENDS_WITH_THE_DAY, Desk
from outreach.model import OutboxMail, Revision
from outreach.model.revision import OPEN_STATUSES
from outreach.store import halts, obstacles, outbox, pauses
from outreach.store.obstacles import Obstacles
from outreach.store.sending import Ready
from outreach.words import SEQUENCE, MailKind, PauseReason, RevisionStatus, Seen, SuppressionScope

_ABOUT_LINES: Final = frozenset({MailKind.ASKING, MailKind.ASKING_REMINDER, MailKind.RECEIPT, MailKind.ONLINE})


@dataclass(frozen=True, slots=True)
class Go:
    """Nothing stands against it."""


@dataclass(frozen=True, slots=True)
class Back:
    """Where it goes, or the sequence, was halted after it was claimed: back into the queue."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before a moment, and why."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """It must not be sent any more, and why."""

    reason: str


Verdict = Go | Back | Wait | Never


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a batch of mails, now."""

    now: datetime
    relay: str  #: by which they would leave
    day_is_over: bool
    obstacles: Obstacles
    revisions: Mapping[int, Sequence[Revision]]  #: that mails about lines show or ask about
    asleep: Mapping[int, datetime]  #: invitations and reminders to where it is night, and until when


def verdicts(
    session: Session, desk: Desk, mails: Sequence[OutboxMail] | Sequence[Ready], now: datetime, relay: str
) -> list[Verdict]:
    """Whether each of these mails may go now by a relay, in their order."""
    facts = _facts(session, desk, mails, now, relay)
    return [_verdict(facts, mail) for mail in mails]


def why_not(session: Session, desk: Desk, mail: OutboxMail | Ready, now: datetime) -> str | None:
    """Why one mail must not be sent any more; None if it may, now or later."""
    return _why_never(_facts(session, desk, [mail], now), mail)


def _facts(session: Session, desk: Desk, mails: Sequence[OutboxMail | Ready], now: datetime, relay: str = "") -> _Facts:
    sequence = [mail.id for mail in mails if mail.kind in SEQUENCE]
    return _Facts(
        now,
        relay,
        day_is_over=desk.settings.day.is_over(now),
        obstacles=obstacles.against(session, {mail.meant_for_hash for mail in mails}, sequence, now),
        revisions=outbox.revisions_by_mail(session, [mail.id for mail in mails if mail.kind in _ABOUT_LINES]),
        asleep=_asleep(session, desk, sequence, now),
    )


def _verdict(facts: _Facts, mail: OutboxMail | Ready) -> Verdict:
    if (until := _away_until(facts, mail)) is not None:
        return Wait(until, "the address is paused")
    if (reason := _why_never(facts, mail)) is not None:
        return Never(reason)
    if any(halts.holds_up(halt, mail.kind, mail.destination_hash, facts.relay) for halt in facts.obstacles.halted):
        return Back()
    if (morning := facts.asleep.get(mail.id)) is not None:
        return Wait(morning, "it is night there")
    return Go()


def _asleep(session: Session, desk: Desk, mail_ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    """Until when it is night where mails of the sequence go; near the deadline nobody asks."""
    sending, day = desk.settings.sending, desk.settings.day
    if sending.quiet is None or not mail_ids:
        return {}
    if day.closes is not None and day.closes - now < sending.quiet_ends_before:
        return {}
    found: dict[int, datetime] = {}
    for mail_id, prospect in outbox.prospects_by_mail(session, mail_ids):
        zones = quiet.zones_of(prospect.details.get("country") or "") or {day.zone}
        if (morning := quiet.ends(sending.quiet, zones, now)) is not None:
            found[mail_id] = max(morning, found.get(mail_id, morning))
    return found


def _away_until(facts: _Facts, mail: OutboxMail | Ready) -> datetime | None:
    """When to look again at a reminder or invitation whose reader is away, or whom a coordinator has paused."""
    if mail.kind not in (*SEQUENCE, MailKind.ASKING_REMINDER):
        return None
    pause = pauses.longest(facts.obstacles.paused.get(mail.meant_for_hash, ()), pauses.FROM_ASKINGS)
    if pause is None:
        return None
    return pause.until or facts.now + timedelta(days=1)


def _why_never(facts: _Facts, mail: OutboxMail | Ready) -> str | None:
    if mail.in_rehearsal and not facts.obstacles.in_rehearsal:
        return "written in the rehearsal"
    if mail.not_after is not None and facts.now > mail.not_after:
        return "too late"
    if mail.kind in ENDS_WITH_THE_DAY and facts.day_is_over:
        return "the day has passed"
    suppressed = facts.obstacles.suppressed.get(mail.meant_for_hash, frozenset())
    if SuppressionScope.EVERYTHING in suppressed or (suppressed and mail.kind in SEQUENCE):
        return "the address is suppressed"
    if mail.kind in SEQUENCE:
        return _why_not_invited(facts, mail)
    if mail.kind is MailKind.ONLINE:
        reasons = [telling.why_not_online(revision) for revision in facts.revisions.get(mail.id, ())]
        return reasons[0] if reasons and all(reasons) else None
    if mail.kind in _ABOUT_LINES:
        return _why_not_about_lines(facts.revisions.get(mail.id, ()), mail.kind)
    return None


def _why_not_invited(facts: _Facts, mail: OutboxMail | Ready) -> str | None:
    if mail.id not in facts.obstacles.inviting:
        return "they have answered"
    if pauses.longest(facts.obstacles.paused.get(mail.meant_for_hash, ()), (PauseReason.BY_HAND,)) is not None:
        return "somebody has written to them by hand"
    return None


def _why_not_about_lines(revisions: Sequence[Revision], kind: MailKind) -> str | None:
    """A line that is held, settled or confirmed meanwhile is not asked about or shown."""
    if revisions and all(revision.signatory.is_silent for revision in revisions):
        return "the entry is held"
    if kind is MailKind.RECEIPT:
        return None
    # An approved line that nobody has confirmed may still be asked about: it cannot print before.
    asked = (*OPEN_STATUSES, RevisionStatus.APPROVED)
    waiting = [revision for revision in revisions if revision.status in asked]
    return None if any(revision.seen is not Seen.CONFIRMED for revision in waiting) else "they have answered"
