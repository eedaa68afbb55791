"""What is checked again at the very moment of sending: why a mail must not be sent any more, or not yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from outreach.letters import telling
from outreach.letters.queue import ENDS_WITH_THE_DAY, Desk
from outreach.model import OutboxMail, Revision
from outreach.model.revision import OPEN_STATUSES
from outreach.store import campaign as campaigns
from outreach.store import outbox, pauses, suppressions
from outreach.store.sending import Ready
from outreach.words import MailKind, PauseReason, RevisionStatus, Seen, SuppressionScope

_SEQUENCE: Final = frozenset({MailKind.INVITATION, MailKind.REMINDER})
_ABOUT_LINES: Final = frozenset({MailKind.ASKING, MailKind.ASKING_REMINDER, MailKind.RECEIPT})


def away_until(session: Session, mail: Ready, now: datetime) -> datetime | None:
    """When to look again at a reminder or invitation whose reader is away, or whom a coordinator has paused."""
    reasons = pauses.FROM_ASKINGS if mail.kind in (*_SEQUENCE, MailKind.ASKING_REMINDER) else ()
    pause = pauses.current(session, mail.meant_for_hash, now, reasons)
    if pause is None:
        return None
    return pause.until or now + timedelta(days=1)


def why_not(session: Session, desk: Desk, mail: OutboxMail | Ready, now: datetime) -> str | None:
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
    if mail.kind is MailKind.ONLINE:
        reasons = [telling.why_not_online(revision) for revision in outbox.revisions_of(session, mail.id)]
        return reasons[0] if reasons and all(reasons) else None
    if mail.kind in _ABOUT_LINES:
        return _why_not_about_lines(outbox.revisions_of(session, mail.id), mail.kind)
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
