"""The first page: how much time is left, what waits for whom and how long already, and whether the machine works."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.bootstrap import Program
from outreach.dates import hours_text
from outreach.outlook import outlook
from outreach.steps.dispatch.standing import relays
from outreach.store import campaign as campaigns
from outreach.store import overview
from outreach.web.answers import Answer, Shown, Visit
from outreach.words import OutboxStatus, RevisionStatus

#: Mail that nobody has looked for so long is shown in red.
LATE: Final = timedelta(minutes=30)


def page(visit: Visit) -> Answer:
    program = visit.program
    now, day = program.clock(), program.settings.day
    with program.db.reading() as session:
        campaign = campaigns.the_campaign(session)
        values = {
            "in_rehearsal": campaign.in_rehearsal,
            "displaced": campaign.displaced_by,
            "deadline": day.closes,
            "left": _left(day.closes, now, visit.language),
            "waits": _waits(session),
            "mails": _mails(session),
            "relays": relays(session, program.desk, now),
            "outlook": None if campaign.in_rehearsal else outlook(session, day, now),
            "steps": _troubles(session, program),
            "fetched_at": (fetched := _fetched_at(session)),
            "fetch_is_late": fetched is None or now - fetched > LATE,
        }
    return Shown("today.html", values)


def _left(closes: datetime | None, now: datetime, language: str) -> str | None:
    return hours_text((closes - now).total_seconds() / 3600, language) if closes is not None and closes > now else None


def _waits(session: Session) -> list[dict[str, Any]]:
    """What waits: for a coordinator first, then for the organisations. A count stops where it says nothing any more."""
    decided_by_us = (RevisionStatus.PENDING,)
    rows = [
        ("to review", "/queue?status=pending", overview.revisions(session, decided_by_us)),
        ("asked by us", "/queue?status=needs_info", overview.revisions(session, (RevisionStatus.NEEDS_INFO,))),
        ("not confirmed", "/queue?status=unconfirmed", overview.revisions(session, (RevisionStatus.UNCONFIRMED,))),
        ("questions", "/questions", overview.open_questions(session)),
        ("mails for a person", "/messages", overview.messages_for_a_person(session)),
    ]
    return [{"what": what, "to": to, "count": found.count, "oldest": found.oldest} for what, to, found in rows]


def _mails(session: Session) -> list[dict[str, Any]]:
    statuses = {
        "to be sent": (OutboxStatus.QUEUED, OutboxStatus.DEFERRED),
        "in doubt": (OutboxStatus.IN_DOUBT,),
        "failed": (OutboxStatus.FAILED,),
    }
    return [{"what": what, "count": overview.mails(session, chosen).count} for what, chosen in statuses.items()]


def _troubles(session: Session, program: Program) -> list[dict[str, Any]]:
    """Steps that a person must look after."""
    patience = program.settings.schedule.patience
    return [
        {"step": state.step, "reason": state.reason, "since": state.succeeded_at}
        for state in campaigns.step_states(session)
        if state.waits_for_a_person or state.failures >= patience
    ]


def _fetched_at(session: Session) -> datetime | None:
    return next((state.succeeded_at for state in campaigns.step_states(session) if state.step == "fetch"), None)
