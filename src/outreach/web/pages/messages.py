"""Everything that came in, and what became of it; each mail as text, and as its HTML when somebody asks for that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from outreach import inbox
from outreach.letters import links
from outreach.model import InboundMessage
from outreach.steps import close as closing
from outreach.steps import refile as filing
from outreach.store import inbound, overview, references
from outreach.web import sanitised
from outreach.web.answers import Answer, Framed, Moved, Shown, Visit
from outreach.web.changed import changed
from outreach.web.forms import one_of
from outreach.web.parts import OPEN_PARTS, in_pieces
from outreach.words import InboundStatus, Kind

_PAGE: Final = 50
#: What waits for a person; the rest is shown when it is asked for.
_WAITING: Final = (InboundStatus.OPEN, InboundStatus.SET_ASIDE)
#: What the last act was, by the word in the address.
SAID: Final = {"refiled": "refiled", "closed": "closed"}


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
    return _act(visit, "refiled", lambda s, ref: filing.refile(s, ref, kind, clock, actor=visit.actor))


def close(visit: Visit) -> Answer:
    return _act(visit, "closed", lambda s, ref: closing.close(s, ref, visit.program.clock, actor=visit.actor))


def _act(visit: Visit, done: str, act: Callable[[Session, str], object]) -> Answer:
    with visit.program.db.writing() as session:
        message = inbound.entry(session, visit.path["reference"])
        to = f"/messages/{message.reference}"
        if _version(message) != visit.form.get("version"):
            return changed(session, message, to)
        act(session, message.reference)
    return Moved(f"{to}?said={done}")


def _version(message: InboundMessage) -> str:
    return f"{message.status} {message.kind}"
