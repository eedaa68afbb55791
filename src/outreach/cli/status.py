"""``outreach status``: whether anybody is at work, how each step went last, and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import click
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from outreach import passes
from outreach.bootstrap import Program
from outreach.cli.output import campaign_of, json_option, local_time, print_json, print_list, say, warn
from outreach.model import Campaign, InboundMessage, OutboxMail, Revision, StepState
from outreach.store import campaign as campaigns
from outreach.store import waves, workers
from outreach.words import InboundStatus, OutboxStatus, RevisionStatus

#: Mail that nobody has looked for so long is worth a warning.
STALE: Final = timedelta(minutes=30)
#: A worker beats every half minute.
SILENT: Final = timedelta(minutes=3)
#: Hours from which on days are easier to read.
_LONG: Final = 72


@click.command()
@json_option
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say how the work goes. Exits with 1 when something has stopped: then a line on standard error says what."""
    program = campaign_of(context)
    with program.db.reading() as session:
        document = _document(session, program)
    warnings: list[str] = document["warnings"]
    if as_json:
        print_json(document)
    else:
        _tell(document)
    for warning in warnings:
        warn(warning)
    context.exit(1 if warnings else 0)


def _document(session: Session, program: Program) -> dict[str, Any]:
    now, zone = program.clock(), program.settings.day.zone
    campaign = campaigns.the_campaign(session)
    states = {state.step: state for state in campaigns.step_states(session)}
    alive = workers.listed(session)
    deadline = program.settings.day.deadline
    return {
        "campaign": campaign.slug,
        "phase": "rehearsal" if campaign.in_rehearsal else "started",
        "deadline": deadline.astimezone(zone) if deadline else None,
        "left": _span(deadline - now) if deadline and deadline > now else None,
        "workers": [
            {
                "worker": worker.name,
                "started_at": worker.started_at.astimezone(zone),
                "seen_at": worker.seen_at.astimezone(zone),
                "silent": now - worker.seen_at > SILENT,
            }
            for worker in alive
        ],
        "steps": [_step(name, states.get(name), program) for name in (step.name for step in passes.STEPS)],
        "waiting": _waiting(session),
        "oldest": _oldest(session, now),
        "warnings": [*_displaced(campaign), *_warnings(states, program, now)],
    }


def _displaced(campaign: Campaign) -> list[str]:
    return [f"{campaign.displaced_by} Nothing is sent from here."] if campaign.displaced_by else []


def _step(name: str, state: StepState | None, program: Program) -> dict[str, Any]:
    zone = program.settings.day.zone
    return {
        "step": name,
        "succeeded_at": state.succeeded_at.astimezone(zone) if state and state.succeeded_at else None,
        "failures": state.failures if state else 0,
        "reason": state.reason if state else None,
    }


def _warnings(states: Mapping[str, StepState], program: Program, now: datetime) -> Iterator[str]:
    zone = program.settings.day.zone
    patience = program.settings.schedule.patience
    for state in states.values():
        if state.waits_for_a_person or state.failures >= patience:
            since = local_time(state.succeeded_at, zone) if state.succeeded_at else "the beginning"
            yield f"{state.step} has not worked since {since}: {state.reason}"
    fetched = states["fetch"].succeeded_at if "fetch" in states else None
    if fetched is None:
        yield "No mail has ever been fetched: is outreach run in cron, or outreach worker started?"
    elif now - fetched > STALE:
        yield f"No mail was fetched since {local_time(fetched, zone)}: neither cron nor a worker is at work."


def _waiting(session: Session) -> dict[str, int]:
    messages = _counted(session, InboundMessage.status)
    mails = _counted(session, OutboxMail.status)
    revisions = _counted(session, Revision.status)
    return {
        "messages for a person": messages.get(InboundStatus.OPEN, 0) + messages.get(InboundStatus.SET_ASIDE, 0),
        "sign-ups to review": revisions.get(RevisionStatus.PENDING, 0) + revisions.get(RevisionStatus.NEEDS_INFO, 0),
        "sign-ups nobody confirmed": revisions.get(RevisionStatus.UNCONFIRMED, 0),
        "mails to be sent": mails.get(OutboxStatus.QUEUED, 0) + mails.get(OutboxStatus.DEFERRED, 0),
        "mails in doubt": mails.get(OutboxStatus.IN_DOUBT, 0),
        "mails that failed": mails.get(OutboxStatus.FAILED, 0),
        "printed lines that have changed (publish --errata)": waves.changed(session),
    }


def _oldest(session: Session, now: datetime) -> dict[str, str]:
    """For how long what waits longest for a person has waited."""
    reviewed = select(func.min(Revision.created_at)).where(
        Revision.status.in_((RevisionStatus.PENDING, RevisionStatus.NEEDS_INFO))
    )
    read = select(func.min(InboundMessage.arrived_at)).where(
        InboundMessage.status.in_((InboundStatus.OPEN, InboundStatus.SET_ASIDE))
    )
    since = {"messages for a person": session.scalar(read), "sign-ups to review": session.scalar(reviewed)}
    return {what: _span(now - at) for what, at in since.items() if at is not None}


def _span(span: timedelta) -> str:
    """In whole hours, never more than there are: nobody is told of an hour that is not left."""
    hours, seconds = divmod(int(span.total_seconds()), 3600)
    if hours < _LONG:
        return f"{hours} h" if hours else f"{seconds // 60} min"
    return f"{hours // 24} days {hours % 24} h"


def _counted(session: Session, status: InstrumentedAttribute[Any]) -> dict[Any, int]:
    return {row[0]: row[1] for row in session.execute(select(status, func.count()).group_by(status))}


def _tell(document: Mapping[str, Any]) -> None:
    left = f", {document['left']} left until the deadline" if document["left"] else ""
    say(f"{document['campaign']}: {document['phase']}{left}")
    say()
    if document["workers"]:
        print_list(
            document["workers"],
            ("worker", "started_at", "seen_at", "silent"),
            as_json=False,
            total=len(document["workers"]),
        )
    else:
        say("No worker is resident; cron may do the work.")
    say()
    print_list(
        document["steps"], ("step", "succeeded_at", "failures", "reason"), as_json=False, total=len(document["steps"])
    )
    say()
    for what, count in document["waiting"].items():
        oldest = document["oldest"].get(what)
        say(f"{count:>6} {what}{f', the oldest for {oldest}' if oldest else ''}")
