"""Ends the rehearsal: what it wrote is deleted, so that no cause is used up when it becomes serious."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import (
    Attempt,
    Attestation,
    Decision,
    EventPayload,
    Hold,
    InboundMessage,
    MailContent,
    MailEntry,
    MailProspect,
    NameKey,
    OutboxMail,
    Prospect,
    QueueShelf,
    Relation,
    Revision,
    Signatory,
)
from outreach.ports import Clock
from outreach.store import campaign as campaigns
from outreach.store import halts, inbound, log, pauses, sending, tallies, workers
from outreach.store.database import Database
from outreach.words import InboundStatus

#: In the order in which they can be deleted: what points before what it points to.
_WRITTEN: Final = (
    EventPayload, Attestation, Relation, Decision, Hold, MailEntry, MailProspect, MailContent, Attempt, Revision,
    OutboxMail, Signatory, QueueShelf,
)  # fmt: skip

_WAIT: Final = "Nothing was changed: wait until it has ended, then try again."


@dataclass(frozen=True, slots=True)
class Ended:
    """What the end of the rehearsal deleted, and what it will read again."""

    mails: int
    signatories: int
    messages_to_read_again: int


def end(db: Database, desk: Desk, clock: Clock, *, actor: str) -> Ended:
    """Start the campaign for real. Prospects stay and count as not yet invited.

    Mail that came from the team was part of the rehearsal and is left alone. Whatever else came is
    put back before intake: an organisation that wrote unasked is not lost. Raises Refused while a step
    runs, on whatever machine: it knows rows that would be gone.
    """
    now = clock()
    with db.writing() as session:
        campaign = campaigns.the_campaign(session)
        if not campaign.in_rehearsal:
            raise Refused("The campaign has started already.")
        _refuse_beside_steps(session, now)
        mails, entries = _count(session, OutboxMail), _count(session, Signatory)
        _forget(session)
        again = _read_again(session, desk)
        campaign.started_at, campaign.mails_queued, campaign.origins, campaign.waiting = now, 0, {}, {}
        log.note(session, now, actor=actor, action="started", about="campaign")
        return Ended(mails, entries, again)


def _refuse_beside_steps(session: Session, now: datetime) -> None:
    """Looked at in the transaction that deletes: no step can begin, and no mail be claimed, in between."""
    if (lease := workers.under_way(session, now)) is not None:
        raise Refused(_under_way(lease.name, lease.owner, lease.until, now))
    if (sender := sending.who_sends(session, now)) is not None:
        raise Refused(_under_way("dispatch", *sender, now))


def _under_way(step: str, owner: str, until: datetime, now: datetime) -> str:
    minutes = ceil((until - now) / timedelta(minutes=1))
    return f"The step {step} is under way ({owner}). {_WAIT} If it has died, it holds nobody up after {minutes} min."


def _forget(session: Session) -> None:
    session.execute(update(InboundMessage).values(answers_id=None, copy_of_id=None, answers_message_id=None))
    pauses.forget_all_but_decided(session)
    halts.forget_rehearsal(session)
    session.execute(delete(NameKey).where(NameKey.signatory_id.is_not(None)))
    for table in _WRITTEN:
        session.execute(delete(table))
    for prospect in session.scalars(select(Prospect)):
        prospect.forget_rehearsal()
    tallies.forget_rehearsal(session)


def _read_again(session: Session, desk: Desk) -> int:
    team = {desk.keyring.address_hash(address) for address in desk.settings.team}
    again = 0
    for message in session.scalars(select(InboundMessage).where(InboundMessage.in_rehearsal)):
        message.in_rehearsal = False
        # What was pasted is no mail that could be read again; its entry is gone.
        if message.sender_hash in team or message.reason == inbound.PASTED:
            message.status, message.reason = InboundStatus.IGNORED, "part of the rehearsal"
        else:
            message.read_again()
            again += 1
    return again


def _count(session: Session, table: type[OutboxMail | Signatory]) -> int:
    return len(session.scalars(select(table.id)).all())
