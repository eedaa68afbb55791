"""The queue: what waits, by pages, narrowed by what is chosen; search by a name in either script or by an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.bootstrap import Program
from outreach.errors import Refused
from outreach.model import Signatory
from outreach.store import overview, references
from outreach.store import queue as queued
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Shown, Visit
from outreach.web.filters import AGES, Chosen
from outreach.words import RevisionStatus

_PAGE: Final = 50
#: What the last act was, by the word that stands in the address: nothing else is repeated from there.
SAID: Final = {
    "approved": "approved",
    "rejected": "rejected",
    "asked": "asked",
    "edited": "edited",
    "held": "held",
    "lifted": "lifted",
    "merged": "merged",
    "refiled": "refiled",
    "related": "written down",
    "unrelated": "ended",
    "undone": "taken back",
    "alone": "Something speaks against each of them: look at them one by one.",
}


def page(visit: Visit) -> Answer:
    program, search = visit.program, visit.query.get("search", "").strip()[:120]
    chosen, now = Chosen.of(visit.query), program.clock()
    wanted = chosen.wanted(now)
    with program.db.reading() as session:
        if search:
            rows: Sequence[Signatory] = _found(session, program, search)
            rows = [row for row in rows if queued.has(session, wanted, row.id)] if chosen.parts else rows
        else:
            start = references.id_of(session, Signatory, visit.query.get("after"))
            rows = queued.after(session, wanted, start, _PAGE + 1)
        return Shown(
            "queue.html",
            {
                "items": [_item(row, chosen.statuses) for row in rows[:_PAGE]],
                "next": rows[_PAGE - 1].reference if len(rows) > _PAGE else None,
                "search": search,
                "chosen": chosen,
                "fields": chosen.fields(session),
                "ages": AGES,
                "hiding": chosen.hiding(session, now) if not rows and not search else (),
                "counts": [(one, overview.revisions(session, (one,)).count) for one in stored.IN_QUEUE],
                "said": SAID.get(visit.query.get("said", "")),
                "about": reference_in(visit.query.get("about", "")),
            },
        )


def _found(session: Session, program: Program, search: str) -> Sequence[Signatory]:
    """Whoever has this reference, this exact address, or a name that is the same in either script."""
    try:
        return [stored.entry(session, search)]
    except Refused:
        pass
    if "@" in search:
        return stored.with_contact(session, program.keyring.address_hash(search))
    return stored.with_name(session, stored.name_keys(program.keyring, search))


def _item(signatory: Signatory, statuses: Sequence[RevisionStatus]) -> dict[str, Any]:
    revision = next((one for one in signatory.waiting if one.status in statuses), None)
    revision = revision or signatory.standing or signatory.newest
    return {
        "reference": signatory.reference,
        "status": revision.status,
        "lines": list(revision.printed_lines.items()),
        "proof": revision.proof,
        "doubts": len(revision.doubts),
        "holds": [hold.kind for hold in signatory.open_holds],
        "came": revision.created_at,
    }


def reference_in(text: str) -> str | None:
    """A reference out of the address, if it is one."""
    normal = references.normal(text[:20])
    return normal if len(normal) == 9 and normal.replace("-", "").isalnum() and normal.isascii() else None
