"""A reading as the JSON object that ``outreach parse`` prints (one per message)."""

from __future__ import annotations

from outreach.reading.result import Reading, Signup
from outreach.words import Action, Evidence


def as_answer(file: str, reading: Reading) -> dict[str, object]:
    """The object of the corpus: plain JSON values, keys in a fixed order; ``file`` as it was given."""
    return {
        "file": file,
        "kind": reading.kind.value,
        "confidence": reading.confidence,
        "language": reading.language,
        "reply_text": reading.reply_text,
        "parts": dict(reading.parts),
        "signups": [_signup(signup) for signup in reading.signups],
        "bounce": {"recipients": list(reading.bounce.recipients), "permanent": reading.bounce.permanent}
        if reading.bounce
        else None,
        "also": list(reading.also),
        "needs_human": list(reading.needs_human),
        "warnings": list(reading.warnings),
    }


def _signup(signup: Signup) -> dict[str, object]:
    return {
        "individual": signup.individual,
        "names": dict(signup.names),
        "city": signup.city,
        "country": signup.country,
        "contact_person": signup.contact_person,
        "role": signup.role,
        "email": signup.email,
        "website": signup.website,
        "phone": signup.phone,
        "action": _action(signup.action) if signup.action else None,
        "named_email": signup.named_email,
        "evidence": {field: _evidence(found) for field, found in signup.evidence.items()},
    }


def _action(action: Action) -> dict[str, object]:
    return {
        "joins": action.joins,
        "place": action.place,
        "date": action.date.isoformat() if action.date else None,
        "time": action.time,
    }


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {"part": evidence.part, "span": [evidence.start, evidence.end]}
