"""Several cases at once: what was picked is shown with its count first, then the count is typed, then it is one act.

Never more happens than was shown: each picked case comes back with the version the page had shown.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.dossier import as_texts
from outreach.errors import Refused
from outreach.model import Signatory
from outreach.steps import review
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Moved, Shown, Visit
from outreach.web.forms import require_count
from outreach.web.pages.case import version
from outreach.words import RevisionStatus

MOST: Final = 50
EXAMPLES: Final = 10
_PICK: Final = "pick."


def page(visit: Visit) -> Answer:
    """What would be approved: the count and ten examples; and what is looked at alone, and why."""
    with visit.program.db.reading() as session:
        picked = _picked(session, visit)
        if not picked:
            return Moved("/queue")
        alone = {one.reference: reason for one in picked if (reason := review.why_alone(one)) is not None}
        chosen = [one for one in picked if one.reference not in alone]
        values: dict[str, Any] = {
            "versions": {one.reference: version(one) for one in chosen},
            "examples": [(one.reference, as_texts(one.newest.printed_lines)) for one in chosen[:EXAMPLES]],
            "alone": alone,
        }
    return Shown("bulk.html", values)


def approve(visit: Visit) -> Answer:
    """Approve all that the page had shown, if the typed count says so and none of it has changed."""
    shown = {key.removeprefix(_PICK): value for key, value in visit.form.items() if key.startswith(_PICK)}
    require_count(visit, len(shown))
    with visit.program.db.writing() as session:
        changed = [reference for reference, was in shown.items() if version(stored.entry(session, reference)) != was]
        if changed:
            raise Refused(f"Nothing was done: {', '.join(sorted(changed))} has changed meanwhile.")
        review.approve_together(session, list(shown), visit.program.clock, actor=visit.actor)
    return Moved("/queue?said=approved")


def _picked(session: Session, visit: Visit) -> list[Signatory]:
    """The picked ones; or, where all are asked for, the first that wait and nothing speaks against."""
    if "all" not in visit.query:
        picks = [key.removeprefix(_PICK) for key in visit.query if key.startswith(_PICK)][:MOST]
        return [stored.entry(session, reference) for reference in picks]
    pending = stored.waiting_after(session, (RevisionStatus.PENDING,), after=0, limit=MOST * 4)
    return [one for one in pending if review.why_alone(one) is None][:MOST]
