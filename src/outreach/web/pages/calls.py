"""By phone: whom to call and what to say, an entry that is there already, and what a second coordinator looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach import calls
from outreach.bootstrap import Program
from outreach.calls import Why
from outreach.dossier import as_texts, attestation
from outreach.errors import Refused
from outreach.letters.safety import is_withheld
from outreach.model import Prospect, Revision, Signatory
from outreach.steps import attest as attesting
from outreach.steps.attest import Said
from outreach.store import references
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Shown, Visit
from outreach.web.changed import Lane
from outreach.web.forms import moment, one_of, typed
from outreach.web.pages.case import version
from outreach.web.pages.queue import reference_in
from outreach.words import Channel

_PAGE: Final = 50
#: A mail that was passed on comes by itself (intake): nothing of it is typed.
CHANNELS: Final = [channel for channel in Channel if channel is not Channel.FORWARD]
#: Languages in which there are words to say (templates/web/_script.html).
_SCRIPTS: Final = ("en", "fa")
_LANE: Final = Lane("/phone/entries", stored.entry, version)
#: What the last act was, by the word in the address.
SAID: Final = {"taken": "taken", "attested": "attested", "countersigned": "countersigned"}


def page(visit: Visit) -> Answer:
    program, wanted = visit.program, visit.query.get("list", "")
    why = Why(wanted) if wanted in map(str, Why) else Why.NO_ADDRESS
    table = Prospect if why in (Why.NO_ADDRESS, Why.NO_ANSWER) else Signatory
    with program.db.reading() as session:
        after = references.id_of(session, table, visit.query.get("after"))
        rows = _listed(session, program, why, after, _PAGE + 1).rows
        return Shown(
            "calls.html",
            {
                "why": why,
                "items": [_item(program, row, why) for row in rows[:_PAGE]],
                "next": rows[_PAGE - 1].reference if len(rows) > _PAGE else None,
                "counts": [(one, _listed(session, program, one, 0, 0).total) for one in Why],
                "is_near": program.settings.day.is_near(program.clock()),
                "is_single": attesting.is_single(session),
                "said": SAID.get(visit.query.get("said", "")),
                "about": reference_in(visit.query.get("about", "")),
            },
        )


def entry(visit: Visit) -> Answer:
    """An entry whose yes is read back by phone, or that another coordinator has attested."""
    program = visit.program
    with program.db.reading() as session:
        signatory = stored.entry(session, visit.path["reference"])
        to_attest, why_not = _unless_refused(attesting.attestable, signatory)
        to_countersign, _ = _unless_refused(attesting.countersignable, signatory)
        shown = to_attest or to_countersign or signatory.standing or signatory.newest
        said = attestation(session, to_countersign, program.settings.day.zone) if to_countersign is not None else None
        return Shown(
            "call.html",
            {
                **script(visit, signatory.language),
                "reference": signatory.reference,
                "status": shown.status,
                "lines": as_texts(shown.printed_lines),
                "holds": [hold.kind for hold in signatory.open_holds],
                "contact": {key: value for key, value in signatory.contact.items() if value},
                "why_not": why_not,
                "attestation": said,
                "countersigned_lines": as_texts(to_countersign.printed_lines) if to_countersign is not None else {},
                "is_single": attesting.is_single(session),
                "channels": CHANNELS,
                "version": version(signatory),
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def attest(visit: Visit) -> Answer:
    """They said yes to the line that the page had shown."""
    if "agreed" not in visit.form:
        raise Refused("Was each line read back to them, and did they say yes to it?")
    said, program = said_in(visit), visit.program
    return _LANE.decide(
        visit,
        "attested",
        lambda s, ref: attesting.attest(s, program.desk, ref, said, program.clock, actor=visit.actor),
    )


def countersign(visit: Visit) -> Answer:
    clock = visit.program.clock
    return _LANE.decide(visit, "countersigned", lambda s, ref: attesting.countersign(s, ref, clock, actor=visit.actor))


def said_in(visit: Visit) -> Said:
    """How they said yes, who and when, as a form tells it. Raises Refused."""
    at, channel = moment(visit, "at") or visit.program.clock(), one_of(visit, "channel", Channel)
    if channel not in CHANNELS:
        raise Refused("Choose a channel.")
    return Said(channel, typed(visit, "speaker") or "", at)


def script(visit: Visit, first: str) -> dict[str, Any]:
    """What the words to say are filled with; their own language stands first."""
    settings = visit.program.settings
    return {
        "scripts": sorted(_SCRIPTS, key=lambda tag: tag != first.partition("-")[0]),
        "calling": visit.actor,
        "group": settings.group,
        "occasion": settings.occasion,
        "write_to": settings.contact,
    }


def _listed(session: Session, program: Program, why: Why, after: int, limit: int) -> Any:
    return calls.listed(session, program.settings, why, program.clock(), after=after, limit=limit)


def _unless_refused(find: Callable[[Signatory], Revision], signatory: Signatory) -> tuple[Revision | None, str | None]:
    try:
        return find(signatory), None
    except Refused as refused:
        return None, str(refused)


def _item(program: Program, row: Prospect | Signatory, why: Why) -> dict[str, Any]:
    match row:
        case Prospect():
            known = row.details
            notes = known.get("notes") or []
            return {
                "to": f"/phone/new?prospect={row.reference}",
                "lines": known.get("names") or {},
                "city": known.get("city"),
                "phone": known.get("phone"),
                "person": known.get("contact_person"),
                "status": row.status,
                "since": row.invited_at or row.created_at,
                "note": notes[-1]["text"] if notes else None,
                "bad": ["withheld"] if is_withheld(program.desk, row) else [],
                "reference": row.reference,
            }
        case Signatory():
            shown = _of(row, why)
            return {
                "to": f"/phone/entries/{row.reference}",
                "lines": as_texts(shown.printed_lines),
                "city": None,
                "phone": row.contact.get("phone"),
                "person": row.contact.get("contact_person"),
                "status": shown.status,
                "since": shown.asked_at or shown.created_at,
                "note": None,
                "bad": [str(hold.kind) for hold in row.open_holds],
                "reference": row.reference,
            }


def _of(signatory: Signatory, why: Why) -> Revision:
    find = attesting.countersignable if why is Why.COUNTERSIGN else attesting.attestable
    return _unless_refused(find, signatory)[0] or signatory.newest
