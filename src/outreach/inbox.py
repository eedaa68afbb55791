"""Mail that came in, as plain values for whoever looks: in a list, as a question, in full with what became of it."""

from __future__ import annotations

import zlib
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach.model import InboundMessage, OutboxMail
from outreach.reading.limits import Unreadable
from outreach.reading.original import Original, original
from outreach.steps import questions
from outreach.store import log, outbox, signatories

#: So much of a mail that could not be read is shown, in characters.
_SHOWN_RAW: Final = 20_000
#: The parts of a mail in the order in which they are shown.
_PARTS: Final = ("new", "quoted", "forwarded", "signature", "attachment")


def item(message: InboundMessage, zone: ZoneInfo) -> dict[str, Any]:
    """One mail in a list."""
    parts: dict[str, str] = message.reading.get("parts") or {}
    return {
        "reference": message.reference,
        "status": message.status,
        "reason": message.reason,
        "kind": message.kind,
        "confidence": message.confidence,
        "language": message.language,
        "arrived_at": message.arrived_at.astimezone(zone),
        "from": _sender(message.reading.get("clues") or {}),
        "subject": parts.get("subject"),
        "authenticity": message.auth_result,
    }


def question(message: InboundMessage, zone: ZoneInfo) -> dict[str, Any]:
    """One question in a list: who looks after it, and whether it is answered."""
    clues, parts = message.reading.get("clues") or {}, message.reading.get("parts") or {}
    return {
        "reference": message.reference,
        "state": questions.state_of(message),
        "owner": message.owner,
        "arrived_at": message.arrived_at.astimezone(zone),
        "answered_at": message.answered_at.astimezone(zone) if message.answered_at else None,
        "from": clues.get("sender"),
        "subject": parts.get("subject"),
    }


def record(session: Session, message: InboundMessage, zone: ZoneInfo) -> dict[str, Any]:
    """One mail in full: its headers, what was understood, what was made of it, its texts."""
    clues = message.reading.get("clues") or {}
    answered = session.get(OutboxMail, message.answers_id) if message.answers_id else None
    made = signatories.from_message(session, message.id)
    return {
        **item(message, zone),
        "to": list(clues.get("recipients") or ()),
        "reply_to": clues.get("reply_to"),
        "message_id": clues.get("message_id"),
        "size": message.size,
        "truncated": message.truncated,
        "also": message.reading.get("also") or [],
        "needs_human": message.reading.get("needs_human") or [],
        "warnings": message.reading.get("warnings") or [],
        "answers": {"kind": answered.kind, "reference": answered.reference} if answered is not None else None,
        "entries": [{"reference": one.signatory.reference, "status": one.status} for one in made],
        "written_back": [
            {"kind": mail.kind, "reference": mail.reference, "status": mail.status}
            for mail in outbox.caused_by(session, message)
        ],
        "history": [
            {"at": event.at.astimezone(zone), "actor": event.actor, "action": event.action, "reason": event.reason}
            for event in log.events(session, about=[log.subject_of(message)]).rows
        ],
        "parts": _parts(message),
    }


def raw(message: InboundMessage) -> bytes | None:
    """The mail as it came; None once erased."""
    return zlib.decompress(message.raw) if message.raw is not None else None


def as_it_came(message: InboundMessage) -> Original | None:
    """The mail taken apart; None once erased, and for what is beyond the limits of reading."""
    octets = raw(message)
    try:
        return original(octets) if octets is not None else None
    except Unreadable:
        return None


def _sender(clues: dict[str, Any]) -> str | None:
    name, address = clues.get("sender_name"), clues.get("sender")
    return f"{name} <{address}>" if name and address else address


def _parts(message: InboundMessage) -> dict[str, str]:
    """The texts of the mail; of one that could not be read its beginning as it came."""
    parts: dict[str, str] = message.reading.get("parts") or {}
    found = {name: parts[name] for name in _PARTS if parts.get(name)}
    octets = raw(message) if not found else None
    if octets is None:
        return found
    return {"as it came": octets[: 4 * _SHOWN_RAW].decode("utf-8", "replace")[:_SHOWN_RAW]}
