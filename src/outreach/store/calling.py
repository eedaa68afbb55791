"""Who waits for a person's voice instead of a mail, and whose yes by phone waits for a second coordinator."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.model import Attestation, Prospect, Revision, Signatory
from outreach.store import pauses
from outreach.store.paging import Page, page
from outreach.store.signatories import IN_QUEUE
from outreach.words import Proof, ProspectStatus, RevisionStatus, Seen

#: Lines that are neither open nor approved.
_OVER: Final = [status for status in RevisionStatus if status not in (*IN_QUEUE, RevisionStatus.APPROVED)]


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
    # Begun at the few lines that wait: a condition on each entry would look at all that ever signed.
    waiting = select(Revision.signatory_id).where(Revision.status == RevisionStatus.UNCONFIRMED)
    if not everybody:
        waiting = waiting.where(Revision.reminded_at.is_not(None))
    return page(session, select(Signatory).where(Signatory.id.in_(waiting)), Signatory.id, after=after, limit=limit)


def to_countersign(session: Session, *, after: int, limit: int) -> Page[Signatory]:
    """Signatories of which a line that is open or approved rests on the word of one coordinator."""
    vouched = select(Attestation.revision_id).where(Attestation.countersigned_by.is_(None))
    waiting = select(Revision.signatory_id).where(
        Revision.id.in_(vouched),
        Revision.status.not_in(_OVER),  # not "in" the others: SQLite would begin at all that is approved
        or_(Revision.proof == Proof.ATTESTED, Revision.seen == Seen.ATTESTED),
    )
    return page(session, select(Signatory).where(Signatory.id.in_(waiting)), Signatory.id, after=after, limit=limit)
