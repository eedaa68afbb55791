"""How the sending goes: every mail by its state, what is held up, the limits, and how long it will take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.model import Halt
from outreach.model.throttle import HaltScope
from outreach.settings import Settings
from outreach.steps.dispatch.forecast import Forecast, forecast
from outreach.steps.dispatch.rates import RelayHours
from outreach.steps.dispatch.throttle import Throttle, unreserved, usable_of
from outreach.store import buckets, halts, outbox
from outreach.store import campaign as campaigns
from outreach.store.buckets import Bucket
from outreach.words import OutboxStatus

_WHAT: Final = {
    HaltScope.ALL: "all mail",
    HaltScope.RELAY: "all mail",
    HaltScope.SEQUENCE: "invitations and reminders",
}


def standing(session: Session, desk: Desk, now: datetime) -> tuple[dict[str, Any], Forecast]:
    """All of it as plain values, and the forecast of the invitations and reminders that wait."""
    settings = desk.settings
    counts, ahead, held = outbox.counted(session), forecast(session, desk, now), halts.holding(session, now)
    throttle, several = Throttle(settings), len(settings.relays) > 1
    document = {
        "mails": {str(status): counts.get(status, 0) for status in OutboxStatus},
        "there": sum(counts.values()),
        "ever_queued": campaigns.the_campaign(session).mails_queued,
        "held_up": [_halt(halt, settings.day.zone, several=several) for halt in held],
        "relays": _relays(session, desk, throttle, held, now),
        "limits": [_limit(session, settings, bucket, now) for all_ in throttle.buckets.values() for bucket in all_],
        "sequence": _ahead(ahead, settings.day.zone),
    }
    return document, ahead


def relays(session: Session, desk: Desk, now: datetime) -> list[dict[str, Any]]:
    """How each relay does: how fast, what allows no more, paused until when and why."""
    return _relays(session, desk, Throttle(desk.settings), halts.holding(session, now), now)


def _relays(
    session: Session, desk: Desk, throttle: Throttle, held: Sequence[Halt], now: datetime
) -> list[dict[str, Any]]:
    settings = desk.settings
    rooms = {relay.name: throttle.room(session, now, relay.name) for relay in settings.relays}
    held_relays = halts.relays_held(session, now)
    turn = {name for of in (False, True) for name in usable_of(rooms, held_relays, sequence=of)[:1]}
    found = []
    for relay in settings.relays:
        hours = RelayHours(session, settings, relay, held, now)
        halt = next((one for one in hours.halts if one.scope is HaltScope.RELAY), None) or next(iter(hours.halts), None)
        per_hour, why = (0, "a halt") if halt is not None else hours.limit(now)
        found.append(
            {
                "name": relay.name,
                "server": relay.url.address,
                "per_hour": per_hour,
                "limited_by": why,
                "takes_new": relay.name in turn,
                "paused": _halt(halt, settings.day.zone, several=True) if halt is not None else None,
            }
        )
    return found


def _limit(session: Session, settings: Settings, bucket: Bucket, now: datetime) -> dict[str, Any]:
    relay = settings.relay(bucket.relay)
    counts = relay is not None and settings.counts_by_hand(relay)
    return {
        "relay": bucket.relay,
        "within": bucket.name.removeprefix("relay "),
        "limit": bucket.limit,
        "sent": buckets.spent(session, bucket, now),
        "by_hand": buckets.sent_by_hand(session, now - bucket.window) if counts else 0,
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


def _halt(halt: Halt, zone: ZoneInfo, *, several: bool) -> dict[str, Any]:
    what = _WHAT.get(halt.scope) or f"mail to {halt.name}"
    return {
        "what": f"{what} by {halt.relay}" if several and halt.relay else what,
        "relay": halt.relay or None,
        "domain": halt.name,
        "why": halt.cause,
        "note": halt.note,
        "since": halt.placed_at.astimezone(zone),
        "until": halt.until.astimezone(zone) if halt.until else None,
        "by": halt.actor,
    }
