"""All that is known about one entry, for the coordinator who decides: lines, proof, words of the mail, history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach.model import Hold, InboundMessage, Prospect, Revision, Signatory
from outreach.model.revision import OPEN_STATUSES
from outreach.sealing import Keyring
from outreach.settings import Settings
from outreach.steps import publish, review
from outreach.store import coordinators, decisions, log, relations, signatories
from outreach.words import Lines

#: The parts of a mail in the order in which they are shown.
_PARTS = ("new", "signature", "forwarded", "quoted", "attachment", "subject", "from")


def dossier(
    session: Session, settings: Settings, keyring: Keyring, signatory: Signatory, now: datetime
) -> dict[str, Any]:
    """One entry in full, as plain values: what waits for a decision, else its newest line."""
    zone = settings.day.zone
    is_open = any(revision.status in OPEN_STATUSES for revision in signatory.revisions)
    revision = review.under_review(signatory) if is_open else signatory.standing or signatory.newest
    details = revision.details
    message = session.get(InboundMessage, revision.message_id) if revision.message_id else None
    parts: dict[str, str] = (message.reading.get("parts") or {}) if message is not None else {}
    evidence = _evidence(details.get("evidence") or {}, parts)
    return {
        "reference": signatory.reference,
        "status": revision.status,
        "revision": revision.number,
        "lines": as_texts(revision.printed_lines),
        "lacks": list(publish.what_lacks(session, settings, revision, now)),
        "undoable": _undoable(session, signatory, now, zone),
        "individual": signatory.individual,
        "proof": revision.proof,
        "seen": revision.seen,
        "attestation": attestation(session, revision, zone),
        "confidence": round(revision.confidence, 2),
        "needs_human": details.get("needs_human") or [],
        "warnings": details.get("warnings") or [],
        "also": details.get("also") or [],
        "holds": [_hold(hold, zone) for hold in signatory.open_holds],
        "action": details.get("action"),
        "contact": {key: value for key, value in signatory.contact.items() if value},
        "language": signatory.language,
        "via": [_passed_on(one) for one in signatories.passed_on_by(signatory)],
        "duplicates": [_other(other) for other in signatories.alike(session, keyring, signatory)],
        "merged_into": signatory.merged_into.reference if signatory.merged_into is not None else None,
        "merged": [_other(other) for other in relations.merged_into(session, signatory)],
        "relations": [found.in_words for found in relations.of(session, signatory)],
        "revisions": [_revision(found, zone) for found in signatory.revisions],
        "history": [
            {"at": event.at.astimezone(zone), "actor": event.actor, "action": event.action, "reason": event.reason}
            for event in log.events(session, about=[log.subject_of(signatory)]).rows
        ],
        "message": _message(message, zone),
        "evidence": evidence,
        "parts": {name: parts[name] for name in _PARTS if parts.get(name)},
    }


def _evidence(places: Mapping[str, Mapping[str, Any]], parts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each value's field with the words it was read from, and where they stand."""
    return [
        {
            "field": field,
            "part": place["part"],
            "span": [place["start"], place["end"]],
            "words": parts[place["part"]][place["start"] : place["end"]],
        }
        for field, place in places.items()
        if place["part"] in parts
    ]


def _undoable(session: Session, signatory: Signatory, now: datetime, zone: ZoneInfo) -> str | None:
    """The last decision, while its ten minutes run."""
    decision = decisions.last(session, signatory)
    if decision is None or now >= decision.undo_until:
        return None
    return f"{decision.action} by {decision.actor}, until {_minute(decision.undo_until.astimezone(zone))}: queue undo"


def attestation(session: Session, revision: Revision, zone: ZoneInfo) -> dict[str, Any] | None:
    """Who said yes and who vouches for it; single, when nobody is there to countersign."""
    said = revision.attestation
    if said is None:
        return None
    return {
        "channel": said.channel,
        "speaker": said.said.get("speaker"),
        "file": said.said.get("file"),
        "line": said.said.get("line"),
        "sha256": said.said.get("sha256"),
        "spoken_at": said.spoken_at.astimezone(zone),
        "read_back": said.said.get("lines") or {},
        "attested_by": said.attested_by,
        "attested_at": said.attested_at.astimezone(zone),
        "countersigned_by": said.countersigned_by,
        "countersigned_at": said.countersigned_at.astimezone(zone) if said.countersigned_at else None,
        "single": said.countersigned_by is None and len(coordinators.active(session)) < 2,
    }


def _hold(hold: Hold, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "kind": hold.kind,
        "placed_at": hold.placed_at.astimezone(zone),
        "placed_by": hold.placed_by,
        "until": hold.until.astimezone(zone) if hold.until else None,
        "reason": hold.reason,
    }


def _other(other: Signatory) -> dict[str, Any]:
    shown = other.standing or other.newest
    return {"reference": other.reference, "status": shown.status, "lines": as_texts(shown.printed_lines)}


def _passed_on(one: Signatory | Prospect) -> str:
    """Who passed our mail on: the reference, and the name in whatever language there is."""
    names = one.details.get("names") or {} if isinstance(one, Prospect) else as_texts(one.newest.printed_lines)
    return f"{'prospect' if isinstance(one, Prospect) else 'entry'} {one.reference} {next(iter(names.values()), '')}"


def _revision(revision: Revision, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "number": revision.number,
        "status": revision.status,
        "lines": as_texts(revision.printed_lines),
        "proof": revision.proof,
        "added_at": revision.created_at.astimezone(zone),
        "decided_by": revision.decided_by,
        "reject_reason": revision.reject_reason,
    }


def _message(message: InboundMessage | None, zone: ZoneInfo) -> dict[str, Any] | None:
    if message is None:
        return None
    clues = message.reading.get("clues") or {}
    return {
        "reference": message.reference,
        "arrived_at": message.arrived_at.astimezone(zone),
        "from": clues.get("sender"),
        "authenticity": message.auth_result,
    }


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def as_texts(lines: Lines) -> dict[str, str]:
    """Printed lines as texts."""
    return {language: str(line) for language, line in lines.items()}
