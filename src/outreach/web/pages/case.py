"""One case: left the mail as it came, right what was read from it, below the whole history and what can be decided."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach import inbox
from outreach.dossier import dossier
from outreach.model import InboundMessage, Signatory
from outreach.model.decision import state_of
from outreach.model.revision import OPEN_STATUSES
from outreach.steps.relate import LONGEST_NOTE
from outreach.store import queue as queued
from outreach.store import relations
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Shown, Told, Visit
from outreach.web.filters import Chosen
from outreach.web.pages.queue import SAID, reference_in
from outreach.web.parts import OPEN_PARTS, in_pieces
from outreach.words import HoldKind, Kind, RejectReason, RelationKind

#: How an entry belongs to another; conditions come last.
_KINDS: Final = list(RelationKind)


def page(visit: Visit) -> Answer:
    program, chosen = visit.program, Chosen.of(visit.query)
    wanted = chosen.wanted(program.clock())
    with program.db.reading() as session:
        signatory = stored.entry(session, visit.path["reference"])
        found = dossier(session, program.settings, program.keyring, signatory, program.clock())
        following = queued.after(session, wanted, signatory.id, 1)
        before = queued.before(session, wanted, signatory.id)
        return Shown(
            "case.html",
            {
                **found,
                "language_of_mails": found["language"],
                "version": version(signatory),
                "is_open": found["status"] in OPEN_STATUSES,
                "parts": in_pieces(found["parts"], found["evidence"], in_full="full" in visit.query),
                "open_parts": OPEN_PARTS,
                "languages": program.settings.languages,
                "printed": {language: found["lines"].get(language) for language in program.settings.languages},
                "fields": _fields(signatory, found["revision"]),
                "reasons": list(RejectReason),
                "kinds": [kind for kind in Kind if kind is not Kind.SIGNUP],
                "hold_kinds": list(HoldKind),
                "relation_kinds": _KINDS,
                "longest_note": LONGEST_NOTE,
                "related": _related(session, signatory),
                "headers": _headers(session, signatory, found["revision"]) if "headers" in visit.query else None,
                "chosen": chosen,
                "next": following[0].reference if following else None,
                "previous": before.reference if before is not None else None,
                "said": SAID.get(visit.query.get("said", "")),
                "about": reference_in(visit.query.get("about", "")),
            },
        )


def presence(visit: Visit) -> Answer:
    """Who else looks at it, and whether it has changed: asked by the script of the page every ten seconds."""
    program = visit.program
    with program.db.reading() as session:
        signatory = stored.entry(session, visit.path["reference"])
        others = visit.lookers.note(signatory.reference, visit.actor, program.clock())
        return Told({"others": others, "version": version(signatory)})


def version(signatory: Signatory) -> str:
    """Changes with everything that a decision would rest on."""
    state = {**state_of(signatory), "contact": (signatory.contact_hash or b"").hex()}
    return sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _related(session: Session, signatory: Signatory) -> list[dict[str, Any]]:
    """What holds between it and others; only what was written down about itself is ended here."""
    return [
        {
            "says": found.in_words,
            "kind": found.kind,
            "other": found.other.reference if found.other is not None else "",
            "is_its_own": found.signatory_id == signatory.id,
        }
        for found in relations.of(session, signatory)
    ]


def _headers(session: Session, signatory: Signatory, number: int) -> tuple[tuple[str, str], ...]:
    """Of the mail that a revision was read from."""
    revision = next(one for one in signatory.revisions if one.number == number)
    message = session.get(InboundMessage, revision.message_id) if revision.message_id else None
    came = inbox.as_it_came(message) if message is not None else None
    return came.headers if came is not None else ()


def _fields(signatory: Signatory, number: int) -> dict[str, dict[str, str | None]]:
    """The parts of each line, to be edited."""
    revision = next(one for one in signatory.revisions if one.number == number)
    return {
        language: {"name": line.name, "city": line.city, "country": line.country}
        for language, line in revision.printed_lines.items()
    }
