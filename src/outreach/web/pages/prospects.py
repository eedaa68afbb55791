"""The organisations that are to be invited: the list, and each with every mail to it and from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach import timeline
from outreach.bootstrap import Program
from outreach.errors import Refused
from outreach.letters.safety import is_withheld
from outreach.model import Prospect
from outreach.steps import pause as pausing
from outreach.steps import suppress as suppressing
from outreach.store import log, overview, pauses, references, signatories, suppressions
from outreach.store import prospects as stored
from outreach.web.answers import Answer, Moved, Shown, Visit
from outreach.web.forms import moment, one_of
from outreach.words import ProspectStatus, SuppressionScope

_PAGE: Final = 50
#: What the last act was, by the word in the address.
SAID: Final = {
    "added": "added",
    "imported": "imported",
    "paused": "paused",
    "resumed": "resumed",
    "released": "released",
    "noted": "noted",
    "suppressed": "suppressed",
}


def page(visit: Visit) -> Answer:
    program, wanted = visit.program, visit.query.get("search", "").strip()[:120]
    status = visit.query.get("status", "")
    chosen = (ProspectStatus(status),) if status in map(str, ProspectStatus) else ()
    with program.db.reading() as session:
        if wanted:
            rows = _found(session, program, wanted)
        else:
            after = references.id_of(session, Prospect, visit.query.get("after"))
            rows = stored.listed(session, chosen, after=after, limit=_PAGE + 1).rows
        return Shown(
            "prospects.html",
            {
                "items": [_item(prospect) for prospect in rows[:_PAGE]],
                "next": rows[_PAGE - 1].reference if len(rows) > _PAGE else None,
                "search": wanted,
                "status": status,
                "counts": [(one, overview.prospects(session, (one,)).count) for one in ProspectStatus],
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def one(visit: Visit) -> Answer:
    """What is known about one organisation, what was noted, and every mail to it and from it."""
    program, now = visit.program, visit.program.clock()
    with program.db.reading() as session:
        prospect = pausing.prospect_with(session, visit.path["reference"])
        address_hash, details = prospect.email_hash, prospect.details
        mails = timeline.of_address(session, address_hash, program.settings.day.zone) if address_hash else []
        return Shown(
            "prospect.html",
            {
                **_item(prospect),
                "facts": {key: value for key in _FACTS if (value := details.get(key))},
                "tags": details.get("tags") or [],
                "entries": [
                    {"reference": one.reference, "status": (one.standing or one.newest).status}
                    for one in signatories.of_prospects(session, [prospect.id])
                ],
                "notes": [{**noted, "at": datetime.fromisoformat(noted["at"])} for noted in details.get("notes") or ()],
                "withheld": is_withheld(program.desk, prospect),
                "pause": pauses.current(session, address_hash, now) if address_hash else None,
                "suppressed": sorted(suppressions.scopes(session, address_hash)) if address_hash else [],
                "scopes": list(SuppressionScope),
                "longest_note": stored.LONGEST_NOTE,
                "mails": mails,
                "history": log.events(session, about=[log.subject_of(prospect)]).rows,
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def pause(visit: Visit) -> Answer:
    """No invitation and no reminder until a day, or until somebody resumes it."""
    program, until = visit.program, moment(visit, "until", "That is no day.")
    pausing.pause(program.db, program.desk, visit.path["reference"], until, program.clock, actor=visit.actor)
    return _back(visit, "paused")


def resume(visit: Visit) -> Answer:
    pausing.resume(visit.program.db, visit.path["reference"], visit.program.clock, actor=visit.actor)
    return _back(visit, "resumed")


def release(visit: Visit) -> Answer:
    """It may be invited though its place is unsafe."""
    pausing.release(visit.program.db, visit.path["reference"], visit.program.clock, actor=visit.actor)
    return _back(visit, "released")


def note(visit: Visit) -> Answer:
    text = visit.form.get("text", "")
    pausing.note(visit.program.db, visit.path["reference"], text, visit.program.clock, actor=visit.actor)
    return _back(visit, "noted")


def suppress(visit: Visit) -> Answer:
    """Its address is not written to any more."""
    scope = one_of(visit, "scope", SuppressionScope)
    with visit.program.db.writing() as session:
        prospect = pausing.prospect_with(session, visit.path["reference"])
        if prospect.email_hash is None:
            raise Refused(f"{prospect.reference} has no address: nothing is sent to it anyway.")
        clock = visit.program.clock
        suppressing.suppress(session, prospect.email_hash, scope, clock, actor=visit.actor)
    return _back(visit, "suppressed")


_FACTS: Final = ("city", "country", "phone", "contact_person", "greeting", "personal_line", "sender", "sign_off")


def _back(visit: Visit, said: str) -> Answer:
    return Moved(f"/prospects/{references.normal(visit.path['reference'])}?said={said}")


def _found(session: Session, program: Program, wanted: str) -> Sequence[Prospect]:
    """Whoever has this reference, this exact address, or this name."""
    if (prospect := stored.with_reference(session, wanted)) is not None:
        return [prospect]
    if "@" in wanted:
        return stored.with_address(session, program.keyring.address_hash(wanted))
    return stored.with_name(session, stored.name_keys(program.keyring, [wanted]))


def _item(prospect: Prospect) -> dict[str, Any]:
    return {
        "reference": prospect.reference,
        "status": prospect.status,
        "names": prospect.details.get("names") or {},
        "email": prospect.email,
        "written_in": prospect.language,
        "invited_at": prospect.invited_at,
        "reminded_at": prospect.reminded_at,
        "called_at": prospect.called_at,
        "answered_at": prospect.answered_at,
    }
