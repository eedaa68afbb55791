"""Who waits for a person's voice instead of a mail, and whose yes by phone waits for a second coordinator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from outreach.model import Attestation, Prospect, Revision, Signatory
from outreach.store import pauses
from outreach.store.paging import Page, page
from outreach.store.signatories import IN_QUEUE
from outreach.words import Proof, ProspectStatus, RevisionStatus, Seen


def unanswered(session: Session, now: datetime, *, everybody: bool, after: int, limit: int) -> Page[Prospect]:
    """Invited in vain: no mail of the sequence follows any more (with ``everybody``: whether or not), or it came back.

    Who is away, or is talked to already, is left out.
    """
    invited = Prospect.status == ProspectStatus.INVITED
    if not everybody:
        invited &= or_(Prospect.reminded_at.is_not(None), Prospect.called_at.is_not(None))
    query = select(Prospect).where(
        or_(invited, Prospect.status == ProspectStatus.UNREACHABLE),
        pauses.none_holds(Prospect.email_hash.expression, now, pauses.FROM_THE_SEQUENCE),
    )
    return page(session, query, Prospect.id, after=after, limit=limit)


def unconfirmed(session: Session, *, everybody: bool, after: int, limit: int) -> Page[Signatory]:
    """Signatories that have not confirmed their line though they were reminded (with ``everybody``: whether or not)."""
    waits = exists().where(Revision.signatory_id == Signatory.id, Revision.status == RevisionStatus.UNCONFIRMED)
    if not everybody:
        waits = waits.where(Revision.reminded_at.is_not(None))
    return page(session, select(Signatory).where(waits), Signatory.id, after=after, limit=limit)


def to_countersign(session: Session, *, after: int, limit: int) -> Page[Signatory]:
    """Signatories of which a line that is open or approved rests on the word of one coordinator."""
    waits = exists().where(
        Revision.signatory_id == Signatory.id,
        Revision.status.in_((*IN_QUEUE, RevisionStatus.APPROVED)),
        or_(Revision.proof == Proof.ATTESTED, Revision.seen == Seen.ATTESTED),
        Attestation.revision_id == Revision.id,
        Attestation.countersigned_by.is_(None),
    )
    return page(session, select(Signatory).where(waits), Signatory.id, after=after, limit=limit)
