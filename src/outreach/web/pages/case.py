"""One case: left the mail as it came, right what was read from it, below the whole history and what can be decided."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Final

from outreach.dossier import dossier
from outreach.model import Signatory
from outreach.model.decision import state_of
from outreach.model.revision import OPEN_STATUSES
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Shown, Told, Visit
from outreach.web.pages.queue import SAID, reference_in
from outreach.web.parts import OPEN_PARTS, in_pieces
from outreach.words import HoldKind, Kind, RejectReason

#: What a coordinator can hold an entry for by one choice; an embargo needs a time and is typed.
_HOLDS: Final = [kind for kind in HoldKind if kind is not HoldKind.EMBARGO]


def page(visit: Visit) -> Answer:
    program, reference = visit.program, visit.path["reference"]
    with program.db.reading() as session:
        signatory = stored.entry(session, reference)
        found = dossier(session, program.settings, program.keyring, signatory, program.clock())
        following = next(iter(stored.waiting_after(session, stored.IN_QUEUE, after=signatory.id, limit=1)), None)
        before = stored.waiting_before(session, stored.IN_QUEUE, signatory.id)
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
                "hold_kinds": _HOLDS,
                "next": following.reference if following is not None else None,
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


def _fields(signatory: Signatory, number: int) -> dict[str, dict[str, str | None]]:
    """The parts of each line, to be edited."""
    revision = next(one for one in signatory.revisions if one.number == number)
    return {
        language: {"name": line.name, "city": line.city, "country": line.country}
        for language, line in revision.printed_lines.items()
    }
