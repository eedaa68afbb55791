"""The queue: what waits, by pages, by status; search by a name in either script or by an exact address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.bootstrap import Program
from outreach.errors import Refused
from outreach.model import Revision, Signatory
from outreach.steps import review
from outreach.store import overview, references
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Shown, Visit
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
}


def page(visit: Visit) -> Answer:
    program, wanted = visit.program, visit.query.get("search", "").strip()[:120]
    status = visit.query.get("status", "")
    chosen = [RevisionStatus(status)] if status in map(str, stored.IN_QUEUE) else list(stored.IN_QUEUE)
    with program.db.reading() as session:
        found = _found(session, program, wanted) if wanted else None
        rows = found if found is not None else _listed(session, chosen, visit.query.get("after"))
        return Shown(
            "queue.html",
            {
                "items": [_item(row, chosen) for row in rows[:_PAGE]],
                "next": rows[_PAGE - 1].reference if len(rows) > _PAGE else None,
                "search": wanted,
                "status": status,
                "counts": [(one, overview.revisions(session, (one,)).count) for one in stored.IN_QUEUE],
                "said": SAID.get(visit.query.get("said", "")),
                "about": reference_in(visit.query.get("about", "")),
            },
        )


def _listed(session: Session, statuses: Sequence[RevisionStatus], after: str | None) -> Sequence[Signatory]:
    start = references.id_of(session, Signatory, after)
    return stored.waiting_after(session, statuses, after=start, limit=_PAGE + 1)


def _found(session: Session, program: Program, wanted: str) -> list[Signatory]:
    """Whoever has this reference, this exact address, or a name that is the same in either script."""
    try:
        return [stored.entry(session, wanted)]
    except Refused:
        pass
    if "@" in wanted:
        return list(stored.with_contact(session, program.keyring.address_hash(wanted)))
    return list(stored.with_name(session, stored.name_keys(program.keyring, wanted)))


def _item(signatory: Signatory, statuses: Sequence[RevisionStatus]) -> dict[str, Any]:
    revision = next((one for one in review.waiting(signatory) if one.status in statuses), None)
    revision = revision or signatory.standing or signatory.newest
    return {
        "reference": signatory.reference,
        "status": revision.status,
        "lines": list(revision.printed_lines.items()),
        "proof": revision.proof,
        "doubts": _doubts(revision),
        "holds": [hold.kind for hold in signatory.open_holds],
        "came": revision.created_at,
    }


def _doubts(revision: Revision) -> int:
    details = revision.details
    return len(details.get("needs_human") or []) + len(details.get("warnings") or []) + revision.rests_on_one_word


def reference_in(text: str) -> str | None:
    """A reference out of the address, if it is one."""
    normal = references.normal(text[:20])
    return normal if len(normal) == 9 and normal.replace("-", "").isalnum() and normal.isascii() else None
