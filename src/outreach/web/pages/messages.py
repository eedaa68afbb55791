"""Everything that came in, and what became of it; each mail as text, and as its HTML when somebody asks for that."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from outreach import inbox
from outreach.letters import links
from outreach.model import InboundMessage
from outreach.steps import close as closing
from outreach.steps import refile as filing
from outreach.steps import reread as rereading
from outreach.store import inbound, overview, references
from outreach.web import sanitised
from outreach.web.answers import Answer, Framed, Shown, Visit
from outreach.web.changed import Lane
from outreach.web.forms import one_of
from outreach.web.parts import OPEN_PARTS, in_pieces
from outreach.words import InboundStatus, Kind

_PAGE: Final = 50
#: What waits for a person; the rest is shown when it is asked for.
_WAITING: Final = (InboundStatus.OPEN, InboundStatus.SET_ASIDE)
#: What the last act was, by the word in the address.
SAID: Final = {"refiled": "refiled", "closed": "closed", "reread": "read again"}


def page(visit: Visit) -> Answer:
    status, zone = visit.query.get("status", ""), visit.program.settings.day.zone
    chosen = _WAITING if not status else tuple(one for one in InboundStatus if one == status)  # none: all
    with visit.program.db.reading() as session:
        after = references.id_of(session, InboundMessage, visit.query.get("after"))
        rows = inbound.listed(session, chosen, after=after, limit=_PAGE + 1).rows
        return Shown(
            "messages.html",
            {
                "items": [{**inbox.item(row, zone), "sent_by_us": row.sent_by_us} for row in rows[:_PAGE]],
                "next": rows[_PAGE - 1].reference if len(rows) > _PAGE else None,
                "status": status if not status or chosen else "all",
                "counts": [(one, overview.messages(session, (one,)).count) for one in InboundStatus],
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def one(visit: Visit) -> Answer:
    """One mail in full. Its HTML stands in a frame, once it is asked for; what hangs on it is only named."""
    with visit.program.db.reading() as session:
        message = inbound.entry(session, visit.path["reference"])
        found = inbox.record(session, message, visit.program.settings.day.zone)
        came = inbox.as_it_came(message)
        return Shown(
            "message.html",
            {
                **found,
                "sender_shown": found["from"],
                "written_in": found["language"],
                "is_question": message.is_question,
                "parts": in_pieces(found["parts"], in_full="full" in visit.query),
                "open_parts": OPEN_PARTS,
                "headers": came.headers if came is not None else (),
                "hanging": came.hanging if came is not None else (),
                "has_html": came is not None and bool(came.html.strip()),
                "is_too_large": came is not None and not sanitised.is_small_enough(came.html),
                "framed": "html" in visit.query,
                "version": _version(message),
                "kinds": [kind for kind in Kind if kind is not message.kind],
                "may_reread": inbound.is_to_compare(message),
                "may_close": message.status in _WAITING,
                "may_refile": message.status is not InboundStatus.FETCHED and not message.sent_by_us,
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def html(visit: Visit) -> Answer:
    """The HTML of a mail alone, for the frame of its page."""
    with visit.program.db.reading() as session:
        came = inbox.as_it_came(inbound.entry(session, visit.path["reference"]))
    return Framed(sanitised.framed(links.masked(came.html) if came is not None else ""))


def refile(visit: Visit) -> Answer:
    """It is something else than it was taken for; the reading is corrected by that."""
    kind, clock = one_of(visit, "kind", Kind), visit.program.clock
    return _LANE.decide(visit, "refiled", lambda s, ref: filing.refile(s, ref, kind, clock, actor=visit.actor))


def close(visit: Visit) -> Answer:
    return _LANE.decide(visit, "closed", lambda s, ref: closing.close(s, ref, visit.program.clock, actor=visit.actor))


def reread_page(visit: Visit) -> Answer:
    """What the parser of today makes of it, beside what was understood when it came; nothing is changed by looking."""
    return _compared(visit, _change(visit))


def reread(visit: Visit) -> Answer:
    """Do what the page had shown; if something else would happen by now, that is shown instead."""
    change, program = _change(visit), visit.program
    if change is None or _shown(change) != visit.form.get("shown"):
        return _compared(visit, change, has_changed=True)
    return _LANE.decide(visit, "reread", lambda s, _: rereading.carry_out(s, change, program.clock, actor=visit.actor))


def _change(visit: Visit) -> rereading.Change | None:
    """Raises Refused for a mail that is not kept, was not read yet, or is our own."""
    found = rereading.changes(visit.program.db, visit.program.desk, [visit.path["reference"]])
    return found[0] if found else None


def _compared(visit: Visit, change: rereading.Change | None, *, has_changed: bool = False) -> Shown:
    with visit.program.db.reading() as session:
        message = inbound.entry(session, visit.path["reference"])
        values = {
            "reference": message.reference,
            "subject": (message.reading.get("parts") or {}).get("subject"),
            "change": change,
            "may_apply": change is not None and change.consequence is not rereading.Consequence.LEFT,
            "shown": _shown(change) if change is not None else "",
            "version": _version(message),
            "has_changed": has_changed,
        }
    return Shown("reread.html", values, 409 if has_changed else 200)


def _shown(change: rereading.Change) -> str:
    """Of all that the page says about it."""
    return sha256(repr((change.consequence, change.fields)).encode()).hexdigest()[:16]


def _version(message: InboundMessage) -> str:
    return f"{message.status} {message.kind}"


_LANE: Final = Lane("/messages", inbound.entry, _version)
