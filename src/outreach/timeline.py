"""What became of mail, try by try: for one mail, for one recipient, and to and from one address."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach.model import Attempt, Event, OutboxMail
from outreach.store import inbound, log, outbox


def of_mail(session: Session, mail: OutboxMail, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Every try to send a mail, what came back, and what people did with it; the first one first."""
    tries = [_try(attempt, zone) for attempt in outbox.attempts_of(session, mail.id)]
    acts = [_act(event, zone) for event in log.events(session, about=[log.subject_of(mail)]).rows]
    return sorted([*tries, *acts], key=lambda item: item["at"])


def of_recipient(session: Session, address_hash: bytes, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The same of all mails to an address, with which mail it was."""
    found = []
    for mail in outbox.written_to(session, address_hash):
        which = {"mail": mail.reference, "kind": mail.kind}
        queued = {"at": mail.created_at.astimezone(zone), "outcome": "queued"}
        found += [{**which, **item} for item in (queued, *of_mail(session, mail, zone))]
    return sorted(found, key=lambda item: item["at"])


def of_address(session: Session, address_hash: bytes, zone: ZoneInfo) -> list[dict[str, Any]]:
    """All mails to an address, try by try, and all that came from it; the first one first."""
    came = [
        {"at": one.arrived_at.astimezone(zone), "message": one.reference, "kind": one.kind, "outcome": "received"}
        for one in inbound.written_from(session, address_hash)
    ]
    return sorted([*of_recipient(session, address_hash, zone), *came], key=lambda item: item["at"])


def _try(attempt: Attempt, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "at": attempt.at.astimezone(zone),
        "outcome": attempt.outcome,
        "phase": attempt.phase,
        "code": attempt.code,
        "enhanced": attempt.enhanced,
        "fault": attempt.fault,
        "relay": attempt.relay,
        "server": attempt.server,
        "reply": attempt.reply,
    }


def _act(event: Event, zone: ZoneInfo) -> dict[str, Any]:
    why = f" ({event.reason})" if event.reason else ""
    return {"at": event.at.astimezone(zone), "outcome": event.action, "reply": f"by {event.actor}{why}"}
