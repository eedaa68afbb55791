"""What was asked by mail, in a lane of its own: who looks after each question, for how long it waits, its answer."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from outreach import inbox
from outreach.model import InboundMessage
from outreach.steps import coordinators
from outreach.steps import questions as asked
from outreach.store import coordinators as team
from outreach.store import inbound, overview, references
from outreach.web.answers import Answer, Shown, Visit
from outreach.web.changed import Lane
from outreach.web.forms import LONGEST_TEXT, typed
from outreach.web.parts import OPEN_PARTS, in_pieces

_PAGE: Final = 50
#: What the last act was, by the word in the address.
SAID: Final = {"owned": "taken over", "answered": "answered", "closed": "closed"}


def page(visit: Visit) -> Answer:
    everything, zone = "all" in visit.query, visit.program.settings.day.zone
    with visit.program.db.reading() as session:
        after = references.id_of(session, InboundMessage, visit.query.get("after"))
        rows = inbound.questions(session, only_open=not everything, after=after, limit=_PAGE + 1).rows
        return Shown(
            "questions.html",
            {
                "items": [{**inbox.question(row, zone), "kind": row.kind} for row in rows[:_PAGE]],
                "next": rows[_PAGE - 1].reference if len(rows) > _PAGE else None,
                "everything": everything,
                "open": overview.open_questions(session).count,
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def one(visit: Visit) -> Answer:
    """The question in full, with what was answered already."""
    zone = visit.program.settings.day.zone
    with visit.program.db.reading() as session:
        question = asked.with_reference(session, visit.path["reference"])
        found = inbox.record(session, question, zone)
        return Shown(
            "question.html",
            {
                **found,
                **inbox.question(question, zone),
                "parts": in_pieces(found["parts"], in_full="full" in visit.query),
                "open_parts": OPEN_PARTS,
                "sender_shown": found["from"],
                "version": _version(question),
                "longest": LONGEST_TEXT,
                "team": [one.name for one in team.active(session)],
                "said": SAID.get(visit.query.get("said", "")),
            },
        )


def own(visit: Visit) -> Answer:
    """Whoever presses it looks after it, or whom they name."""
    name, clock = typed(visit, "by"), visit.program.clock

    def act(session: Session, reference: str) -> None:
        owner = coordinators.acting(session, name) if name is not None else visit.actor
        asked.own(session, reference, owner, clock, actor=visit.actor)

    return _LANE.decide(visit, "owned", act)


def answer(visit: Visit) -> Answer:
    """By mail, in their thread; it waits as long as every mail that can be taken back."""
    text, program = typed(visit, "text", LONGEST_TEXT) or "", visit.program
    desk, clock = program.desk, program.clock
    return _LANE.decide(visit, "answered", lambda s, ref: asked.answer(s, desk, ref, text, clock, actor=visit.actor))


def close(visit: Visit) -> Answer:
    return _LANE.decide(visit, "closed", lambda s, ref: asked.close(s, ref, visit.program.clock, actor=visit.actor))


def _version(question: InboundMessage) -> str:
    answered = f"{question.answered_at:%Y%m%d%H%M%S}" if question.answered_at is not None else ""
    return f"{question.status} {question.kind} {answered} {question.owner or ''}"


_LANE: Final = Lane("/questions", asked.with_reference, _version)
