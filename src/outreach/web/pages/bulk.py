"""Several cases at once: what was picked is shown with its count first, then the count is typed, then it is one act.

Never more happens than was shown: each picked case comes back with the version the page had shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.dossier import as_texts
from outreach.errors import Refused
from outreach.model import Signatory
from outreach.steps import review
from outreach.store import queue as queued
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Moved, Shown, Visit
from outreach.web.filters import AGES, Chosen
from outreach.web.forms import require_count
from outreach.web.pages.case import version
from outreach.words import RevisionStatus

MOST: Final = 50
EXAMPLES: Final = 10
_PICK: Final = "pick."


def page(visit: Visit) -> Answer:
    """What would be approved: the count and ten examples; and what is looked at alone, and why."""
    chosen = Chosen.of(visit.query)
    with visit.program.db.reading() as session:
        picked = _picked(session, visit)
        if not picked:
            return Moved(f"/queue{chosen.with_(said='alone' if 'all' in visit.query else '')}")
        alone = {one.reference: reason for one in picked if (reason := review.why_alone(one)) is not None}
        together = [one for one in picked if one.reference not in alone]
        values: dict[str, Any] = {
            "versions": {one.reference: version(one) for one in together},
            "examples": [(one.reference, as_texts(one.newest.printed_lines)) for one in together[:EXAMPLES]],
            "alone": alone,
            "chosen": chosen,
            "ages": AGES,
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
    return Moved(f"/queue{Chosen.of(visit.query).with_(said='approved')}")


def _picked(session: Session, visit: Visit) -> list[Signatory]:
    """The picked ones; or, where all that was chosen are asked for, the first of them that nothing speaks against."""
    if "all" not in visit.query:
        picks = [key.removeprefix(_PICK) for key in visit.query if key.startswith(_PICK)][:MOST]
        return [stored.entry(session, reference) for reference in picks]
    wanted = Chosen.of(visit.query).wanted(visit.program.clock())
    if RevisionStatus.PENDING not in wanted.statuses:
        return []
    found = queued.after(session, replace(wanted, statuses=(RevisionStatus.PENDING,)), 0, MOST * 4)
    return [one for one in found if review.why_alone(one) is None][:MOST]
