"""The campaign's own row, the folders' progress, and how each step went last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import DatabaseProblem, KeyProblem, Refused, SealBroken
from outreach.model import Campaign, Folder, StepState

_KEY_CHECK = "outreach"


def found(session: Session, *, slug: str, since: datetime) -> Campaign:
    """Begin a campaign, in rehearsal. Raises Refused where the database holds one already."""
    if session.scalar(select(Campaign.id)) is not None:
        raise Refused("The database holds a campaign already; nothing was changed. Name another with --database.")
    campaign = Campaign(slug=slug, since=since)
    campaign.key_check = _KEY_CHECK
    session.add(campaign)
    return campaign


def the_campaign(session: Session) -> Campaign:
    """The one campaign of this database. Raises DatabaseProblem or KeyProblem."""
    campaign: Campaign | None = session.scalar(select(Campaign))
    if campaign is None:
        raise DatabaseProblem("This database holds no campaign. Begin one with: outreach init")
    try:
        campaign.key_check  # noqa: B018 - opening it is the check
    except SealBroken:
        raise KeyProblem("The key is not this campaign's: what the database holds does not open with it.") from None
    return campaign


def folder(session: Session, name: str, uidvalidity: int) -> Folder:
    """A folder's progress; starts again at UID 1 when UIDVALIDITY has changed (RFC 9051, 2.3.1.1)."""
    row = session.get(Folder, name)
    if row is None:
        row = Folder(name=name, uidvalidity=uidvalidity, next_uid=1)
        session.add(row)
    elif row.uidvalidity != uidvalidity:
        row.uidvalidity, row.next_uid, row.older = uidvalidity, 1, 0
    return row


def step_state(session: Session, step: str) -> StepState:
    """How a step went last; nothing is known of one that never ran."""
    row = session.get(StepState, step)
    if row is None:
        row = StepState(step=step, failures=0)
        session.add(row)
    return row


def step_state_of(session: Session, step: str) -> StepState | None:
    """The same for a reading session: None for a step that never ran."""
    return session.get(StepState, step)


def step_states(session: Session) -> list[StepState]:
    """How each step that ever ran went last."""
    return list(session.scalars(select(StepState).order_by(StepState.step)))
