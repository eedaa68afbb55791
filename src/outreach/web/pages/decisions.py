"""What coordinators decide about a case. Each act is refused when the case is no longer what the page had shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import InboundMessage, Signatory
from outreach.steps import refile as filing
from outreach.steps import relate, review
from outreach.store import log
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Moved, Shown, Visit
from outreach.web.pages.case import version
from outreach.words import HoldKind, Kind, PrintedLine, RejectReason

_LONGEST_TEXT: Final = 4000
_EVENTS_SHOWN: Final = 3


def approve(visit: Visit) -> Answer:
    return _decide(visit, "approved", lambda s, ref: review.approve(s, ref, visit.program.clock, actor=visit.actor))


def reject(visit: Visit) -> Answer:
    reason, tell = RejectReason(_one_of(visit, "reason", RejectReason)), "silently" not in visit.form
    desk, clock = visit.program.desk, visit.program.clock
    return _decide(
        visit, "rejected", lambda s, ref: review.reject(s, desk, ref, reason, clock, actor=visit.actor, tell=tell)
    )


def ask(visit: Visit) -> Answer:
    """Their own question, or, without a text, whether the line is right."""
    text = visit.form.get("text", "").strip()[:_LONGEST_TEXT] or None
    desk, clock = visit.program.desk, visit.program.clock
    return _decide(visit, "asked", lambda s, ref: review.ask(s, desk, ref, clock, actor=visit.actor, text=text))


def edit(visit: Visit) -> Answer:
    """A new wording of the lines, which the organisation is asked about."""
    desk, clock = visit.program.desk, visit.program.clock
    lines = {
        language: PrintedLine(name, _field(visit, language, "city"), _field(visit, language, "country"))
        for language in visit.program.settings.languages
        if (name := _field(visit, language, "name"))
    }
    return _decide(visit, "edited", lambda s, ref: review.edit(s, desk, ref, lines, clock, actor=visit.actor))


def hold(visit: Visit) -> Answer:
    kind, text = HoldKind(_one_of(visit, "kind", HoldKind)), visit.form.get("text", "").strip()[:_LONGEST_TEXT]
    if not text:
        raise Refused("Say why: the other coordinators will ask.")
    clock = visit.program.clock
    return _decide(visit, "held", lambda s, ref: review.hold(s, ref, text, clock, actor=visit.actor, kind=kind))


def lift(visit: Visit) -> Answer:
    kind = HoldKind(_one_of(visit, "kind", HoldKind))
    return _decide(visit, "lifted", lambda s, ref: review.lift(s, ref, kind, visit.program.clock, actor=visit.actor))


def merge(visit: Visit) -> Answer:
    into, desk, clock = visit.form.get("into", ""), visit.program.desk, visit.program.clock
    return _decide(visit, "merged", lambda s, ref: relate.merge(s, desk, ref, into, clock, actor=visit.actor))


def refile(visit: Visit) -> Answer:
    """Not a sign-up: the mail behind the line gets its true kind, and the reading is corrected by it."""
    kind = Kind(_one_of(visit, "kind", Kind))

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
    return Moved(f"/queue/{reference}?said=undone&about={reference}")


def _decide(visit: Visit, done: str, act: Callable[[Session, str], object]) -> Answer:
    """Do it in one transaction, unless somebody was quicker; then on to the next that waits."""
    reference = visit.path["reference"]
    with visit.program.db.writing() as session:
        signatory = stored.entry(session, reference)
        if version(signatory) != visit.form.get("version"):
            return _changed(session, signatory)
        act(session, reference)
        following = next(iter(stored.waiting_after(session, stored.IN_QUEUE, after=signatory.id, limit=1)), None)
        to = f"/queue/{following.reference}" if following is not None else "/queue"
    return Moved(f"{to}?said={done}&about={reference}")


def _changed(session: Session, signatory: Signatory) -> Answer:
    """Nothing is decided: what has happened since is shown."""
    happened = log.events(session, about=[log.subject_of(signatory)], limit=10_000).rows[-_EVENTS_SHOWN:]
    events = [{"at": one.at, "actor": one.actor, "action": one.action, "reason": one.reason} for one in happened]
    return Shown("changed.html", {"reference": signatory.reference, "events": events}, 409)


def _one_of(visit: Visit, field: str, allowed: type[RejectReason | HoldKind | Kind]) -> str:
    value = visit.form.get(field, "")
    if value not in [str(one) for one in allowed]:
        raise Refused(f"Choose a {field}.")
    return value


def _field(visit: Visit, language: str, part: str) -> str | None:
    return visit.form.get(f"{part}.{language}", "").strip() or None
