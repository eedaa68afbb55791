"""What became of mail, try by try: for one mail, and for one recipient (``outreach outbox show``)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach.cli.output import local_time
from outreach.model import Attempt, Event, OutboxMail
from outreach.store import log, outbox


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


def as_line(item: dict[str, Any], zone: ZoneInfo) -> str:
    """One entry in one line: "2026-08-20 14:00 deferred envelope 451 4.7.1 (recipient) smtp.example:465: later"."""
    words = [item.get(key) for key in ("mail", "kind", "outcome", "phase", "code", "enhanced")]
    fault = f"({item['fault']})" if item.get("fault") else None
    said = ": ".join(str(part) for part in (item.get("server"), item.get("reply")) if part)
    return " ".join(str(word) for word in (local_time(item["at"], zone), *words, fault, said) if word)


def _try(attempt: Attempt, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "at": attempt.at.astimezone(zone),
        "outcome": attempt.outcome,
        "phase": attempt.phase,
        "code": attempt.code,
        "enhanced": attempt.enhanced,
        "fault": attempt.fault,
        "server": attempt.server,
        "reply": attempt.reply,
    }


def _act(event: Event, zone: ZoneInfo) -> dict[str, Any]:
    why = f" ({event.reason})" if event.reason else ""
    return {"at": event.at.astimezone(zone), "outcome": event.action, "reply": f"by {event.actor}{why}"}
