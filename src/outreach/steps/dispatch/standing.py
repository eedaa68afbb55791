"""How the sending goes: every mail by its state, what is held up, the limits, and how long it will take."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model import Halt
from outreach.model.throttle import HaltScope
from outreach.steps.dispatch.forecast import Forecast, forecast
from outreach.steps.dispatch.throttle import Throttle, unreserved
from outreach.store import buckets, halts, outbox
from outreach.store import campaign as campaigns
from outreach.store.buckets import Bucket
from outreach.words import OutboxStatus

_WHAT: Final = {
    HaltScope.ALL: "all mail",
    HaltScope.SEQUENCE: "invitations and reminders",
}


def standing(session: Session, desk: Desk, now: datetime) -> tuple[dict[str, Any], Forecast]:
    """All of it as plain values, and the forecast of the invitations and reminders that wait."""
    zone = desk.settings.day.zone
    counts, ahead = outbox.counted(session), forecast(session, desk, now)
    document = {
        "mails": {str(status): counts.get(status, 0) for status in OutboxStatus},
        "there": sum(counts.values()),
        "ever_queued": campaigns.the_campaign(session).mails_queued,
        "held_up": [_halt(halt, zone) for halt in halts.holding(session, now)],
        "limits": [_limit(session, bucket, now) for bucket in Throttle(desk.settings).relay],
        "sequence": _ahead(ahead, zone),
    }
    return document, ahead


def _limit(session: Session, bucket: Bucket, now: datetime) -> dict[str, Any]:
    by_hand = buckets.sent_by_hand(session, now - bucket.window)
    return {
        "within": bucket.name.removeprefix("relay "),
        "limit": bucket.limit,
        "sent": buckets.spent(session, bucket, now),
        "by_hand": by_hand,
        "kept_for_answers": bucket.limit - unreserved(bucket.limit),
    }


def _ahead(ahead: Forecast, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "waiting": ahead.mails,
        "per_hour": round(ahead.per_hour, 1),
        "limited_by": ahead.limited_by,
        "done_at": ahead.done_at.astimezone(zone) if ahead.done_at else None,
        "late": ahead.late,
    }


def _halt(halt: Halt, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "what": _WHAT.get(halt.scope) or f"mail to {halt.name}",
        "domain": halt.name,
        "why": halt.cause,
        "note": halt.note,
        "since": halt.placed_at.astimezone(zone),
        "until": halt.until.astimezone(zone) if halt.until else None,
        "by": halt.actor,
    }
