"""The log: who did what and when, the newest first; and, when asked, whether its chain is whole."""

from __future__ import annotations

from typing import Any, Final

from outreach.model import Event
from outreach.store import chain, references, waves
from outreach.store import log as stored
from outreach.web.answers import Answer, Shown, Visit
from outreach.words import REFERENCE

_PAGE: Final = 100
#: Where the record that an event is about has its page.
_PLACES: Final = {"signatory": "/queue/", "mail": "/outbox/", "prospect": "/prospects/", "message": "/messages/"}


def page(visit: Visit) -> Answer:
    about, before = visit.query.get("about", "").strip()[:20], visit.query.get("before", "")
    subjects = stored.subjects_of(references.normal(about)) if about else ()
    start = int(before) if before.isdecimal() and len(before) < 16 else None
    with visit.program.db.reading() as session:
        rows = stored.newest(session, about=subjects, before=start, limit=_PAGE + 1)
        return Shown(
            "log.html",
            {
                "items": [_item(event) for event in rows[:_PAGE]],
                "next": rows[_PAGE - 1].id if len(rows) > _PAGE else None,
                "about": about,
            },
        )


def verify(visit: Visit) -> Answer:
    """Compare the log with its chain and with the heads that the waves have published. Changes nothing."""
    with visit.program.db.reading() as session:
        match chain.verify(session, waves.log_heads(session)):
            case chain.Whole(head, unlinked):
                values: dict[str, Any] = {"whole": True, "linked": head.count, "unlinked": unlinked, "head": str(head)}
            case chain.Broken(position, event_id, what):
                values = {"whole": False, "entry": position, "event": event_id, "what": what}
    return Shown("verified.html", values)


def _item(event: Event) -> dict[str, Any]:
    (kind, _, name), found = event.subject.partition(" "), REFERENCE.search(event.subject)
    return {
        "id": event.id,
        "at": event.at,
        "actor": event.actor,
        "via": event.via,
        "action": event.action,
        "sort": kind,
        "name": name,
        "reason": event.reason,
        "to": _PLACES[kind] + found[0] if found is not None and kind in _PLACES else None,
    }
