"""What coordinators decide about a case. Each act is refused when the case is no longer what the page had shown."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import InboundMessage
from outreach.steps import refile as filing
from outreach.steps import relate, review
from outreach.store import queue as queued
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Moved, Visit
from outreach.web.changed import changed
from outreach.web.filters import Chosen
from outreach.web.forms import LONGEST_TEXT, moment, one_of, typed
from outreach.web.pages.case import version
from outreach.words import HoldKind, Kind, PrintedLine, RejectReason, RelationKind


def approve(visit: Visit) -> Answer:
    return _decide(visit, "approved", lambda s, ref: review.approve(s, ref, visit.program.clock, actor=visit.actor))


def reject(visit: Visit) -> Answer:
    reason, tell = one_of(visit, "reason", RejectReason), "silently" not in visit.form
    desk, clock = visit.program.desk, visit.program.clock
    return _decide(
        visit, "rejected", lambda s, ref: review.reject(s, desk, ref, reason, clock, actor=visit.actor, tell=tell)
    )


def ask(visit: Visit) -> Answer:
    """Their own question, or, without a text, whether the line is right."""
    text = typed(visit, "text", LONGEST_TEXT)
    desk, clock = visit.program.desk, visit.program.clock
    return _decide(visit, "asked", lambda s, ref: review.ask(s, desk, ref, clock, actor=visit.actor, text=text))


def edit(visit: Visit) -> Answer:
    """A new wording of the lines, which the organisation is asked about."""
    desk, clock = visit.program.desk, visit.program.clock
    lines = {
        language: PrintedLine(name, typed(visit, f"city.{language}"), typed(visit, f"country.{language}"))
        for language in visit.program.settings.languages
        if (name := typed(visit, f"name.{language}"))
    }
    return _decide(visit, "edited", lambda s, ref: review.edit(s, desk, ref, lines, clock, actor=visit.actor))


def hold(visit: Visit) -> Answer:
    kind, text = one_of(visit, "kind", HoldKind), typed(visit, "text", LONGEST_TEXT)
    if not text:
        raise Refused("Say why: the other coordinators will ask.")
    clock, until = visit.program.clock, moment(visit, "until")
    return _decide(
        visit, "held", lambda s, ref: review.hold(s, ref, text, clock, actor=visit.actor, kind=kind, until=until)
    )


def lift(visit: Visit) -> Answer:
    kind = one_of(visit, "kind", HoldKind)
    return _decide(visit, "lifted", lambda s, ref: review.lift(s, ref, kind, visit.program.clock, actor=visit.actor))


def merge(visit: Visit) -> Answer:
    into, desk, clock = visit.form.get("into", ""), visit.program.desk, visit.program.clock
    return _decide(visit, "merged", lambda s, ref: relate.merge(s, desk, ref, into, clock, actor=visit.actor))


def relate_(visit: Visit) -> Answer:
    """Write down how it belongs to another entry, or beside whom it does not sign. The case stays in view."""
    kind, other, note = one_of(visit, "kind", RelationKind), typed(visit, "other", 20), typed(visit, "note")
    clock = visit.program.clock
    return _decide(
        visit,
        "related",
        lambda s, ref: relate.relate(s, ref, kind, other, clock, actor=visit.actor, note=note),
        stays=True,
    )


def unrelate(visit: Visit) -> Answer:
    """It does not hold any more."""
    kind, other, clock = one_of(visit, "kind", RelationKind), typed(visit, "other", 20), visit.program.clock
    return _decide(
        visit, "unrelated", lambda s, ref: relate.end(s, ref, kind, other, clock, actor=visit.actor), stays=True
    )


def refile(visit: Visit) -> Answer:
    """Not a sign-up: the mail behind the line gets its true kind, and the reading is corrected by it."""
    kind = one_of(visit, "kind", Kind)

    def act(session: Session, reference: str) -> None:
        signatory = stored.entry(session, reference)
        message = session.get(InboundMessage, signatory.newest.message_id) if signatory.newest.message_id else None
        if message is None:
            raise Refused("No mail of theirs stands behind this line.")
        filing.refile(session, message.reference, kind, visit.program.clock, actor=visit.actor)

    return _decide(visit, "refiled", act)


def undo(visit: Visit) -> Answer:
    """Take the last decision back; whatever the page had shown, it is this that they want undone."""
    reference = visit.path["reference"]
    with visit.program.db.writing() as session:
        review.undo(session, reference, visit.program.clock, actor=visit.actor)
    return Moved(f"/queue/{reference}{Chosen.of(visit.query).with_(said='undone', about=reference)}")


def _decide(visit: Visit, done: str, act: Callable[[Session, str], object], *, stays: bool = False) -> Answer:
    """Do it in one transaction, unless somebody was quicker; then on to the next of what was chosen in the queue,
    unless it ``stays``.
    """
    reference, chosen = visit.path["reference"], Chosen.of(visit.query)
    with visit.program.db.writing() as session:
        signatory = stored.entry(session, reference)
        if version(signatory) != visit.form.get("version"):
            return changed(session, signatory, f"/queue/{signatory.reference}{chosen.address}")
        act(session, reference)
        if stays:
            return Moved(f"/queue/{signatory.reference}{chosen.with_(said=done)}")
        following = queued.after(session, chosen.wanted(visit.program.clock()), signatory.id, 1)
        to = f"/queue/{following[0].reference}" if following else "/queue"
    return Moved(f"{to}{chosen.with_(said=done, about=reference)}")
