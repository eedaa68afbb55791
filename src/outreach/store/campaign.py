"""The campaign's own row, the folders' progress, and steps that wait for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.errors import DatabaseProblem, KeyProblem, SealBroken
from outreach.model import Campaign, Folder, StepFault

_KEY_CHECK = "outreach"


def found(session: Session, *, slug: str, since: datetime) -> Campaign:
    """Begin a campaign, in rehearsal."""
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


def fault_of(session: Session, step: str) -> StepFault | None:
    """Why a step waits for a person, if it does."""
    return session.get(StepFault, step)


def faults(session: Session) -> list[StepFault]:
    """All steps that wait for a person."""
    return list(session.scalars(select(StepFault).order_by(StepFault.step)))


def stop_step(session: Session, step: str, *, reason: str, settings_hash: bytes, at: datetime) -> None:
    """Let a step wait until the settings (or the password) have changed."""
    session.merge(StepFault(step=step, reason=reason[:500], settings_hash=settings_hash, at=at))


def release_step(session: Session, step: str) -> None:
    """The step may run again."""
    session.execute(delete(StepFault).where(StepFault.step == step))
