"""The outbox's rows by name: what was queued, for whom, about what, and what must not be sent again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, insert, or_, select
from sqlalchemy.orm import Session, joinedload

from outreach.model import Attempt, InboundMessage, MailContent, MailEntry, MailProspect, OutboxMail, Prospect, Revision
from outreach.store import references
from outreach.store.paging import Page, page
from outreach.store.prepared import Prepared
from outreach.words import MailKind, OutboxStatus

_S = OutboxStatus

#: What a machine sends to one address by itself; limited by day. Invitations are released by a person.
MACHINE_MAILS = (
    MailKind.ASKING,
    MailKind.ASKING_REMINDER,
    MailKind.RECEIPT,
    MailKind.WITHDRAWAL_NOTICE,
    MailKind.WITHDRAWN,
    MailKind.DISPUTE,
    MailKind.ONLINE,
    MailKind.DUPLICATE,
    MailKind.INDIVIDUAL,
    MailKind.OTHER_MAILBOX,
    MailKind.NEW_CONTACT,
    MailKind.STATUS,
    MailKind.HELP,
)
#: What shows an organisation the line that would be printed, and asks whether it is right.
SHOWING_LINES = (MailKind.ASKING, MailKind.ASKING_REMINDER, MailKind.RECEIPT, MailKind.QUESTION)


def causes_among(session: Session, causes: Collection[str]) -> set[str]:
    """Those of these causes that a mail has been written for."""
    return {cause for cause, _ in session.connection().execute(_IDS, {"causes": list(causes)})}


def add_all(
    session: Session,
    rows: Sequence[Mapping[str, Any]],
    contents: Sequence[bytes],
    now: datetime,
    *,
    in_rehearsal: bool,
) -> dict[str, int]:
    """Write rows, and what each mail says, whose cells are sealed already; their ids by cause."""
    if not rows:
        return {}
    connection = session.connection()
    _ADD.run(connection, rows, **_NEW, created_at=now, next_attempt_at=now, in_rehearsal=in_rehearsal)
    ids = {cause: id_ for cause, id_ in connection.execute(_IDS, {"causes": [row["cause"] for row in rows]})}
    both = zip(rows, contents, strict=True)
    said = [{"id": ids[row["cause"]], "ref": row["ref"], "content_sealed": content} for row, content in both]
    _ADD_CONTENT.run(connection, said)
    return ids


#: Columns of a row that differ from mail to mail.
_OWN: Final = (
    "ref",
    "reference",
    "kind",
    "cause",
    "language",
    "recipient_hash",
    "recipient_sealed",
    "meant_for_hash",
    "destination_hash",
    "message_id_hash",
    "message_id_sealed",
    "not_after",
    "priority",
)
#: Nobody has tried to send it yet.
_NEW: Final[Mapping[str, Any]] = {"status": _S.QUEUED, "was_in_doubt": False, "attempts": 0, "lease_token": 0}
_ADD: Final = Prepared(insert(OutboxMail).inline(), (*_OWN, *_NEW, "created_at", "next_attempt_at", "in_rehearsal"))
_ADD_CONTENT: Final = Prepared(insert(MailContent).inline(), ("id", "ref", "content_sealed"))
_ADD_INVITED: Final = Prepared(insert(MailProspect).inline(), ("mail_id", "prospect_id"))
_IDS: Final = select(OutboxMail.cause, OutboxMail.id).where(OutboxMail.cause.in_(bindparam("causes", expanding=True)))


def add_subjects(
    session: Session, revisions: Mapping[int, Sequence[int]], prospects: Mapping[int, Sequence[int]]
) -> None:
    """Write what mails are about, by their ids: the numbered lines they show, and whom they invite."""
    entries = [
        {"mail_id": mail_id, "number": number, "revision_id": revision_id}
        for mail_id, ids in revisions.items()
        for number, revision_id in enumerate(ids, 1)
    ]
    invited = [{"mail_id": mail_id, "prospect_id": id_} for mail_id, ids in prospects.items() for id_ in ids]
    if entries:
        session.connection().execute(insert(MailEntry), entries)
    _ADD_INVITED.run(session.connection(), invited)


def with_reference(session: Session, reference: str) -> OutboxMail | None:
    return session.scalar(select(OutboxMail).where(OutboxMail.reference == references.normal(reference)))


def to_change(session: Session, reference: str) -> OutboxMail | None:
    """The mail with this reference, locked: a worker that is at it has to finish first."""
    query = select(OutboxMail).where(OutboxMail.reference == references.normal(reference)).with_for_update()
    return session.scalar(query)


def listed(session: Session, statuses: Collection[OutboxStatus] = (), *, after: int, limit: int) -> Page[OutboxMail]:
    """Mails in these statuses (none: in all), in the order they were queued."""
    query = select(OutboxMail)
    if statuses:
        query = query.where(OutboxMail.status.in_(statuses))
    return page(session, query, OutboxMail.id, after=after, limit=limit)


def written_to(session: Session, address_hash: bytes) -> Sequence[OutboxMail]:
    """Every mail to an address, the first one first."""
    return session.scalars(
        select(OutboxMail).where(OutboxMail.recipient_hash == address_hash).order_by(OutboxMail.id)
    ).all()


def failed(session: Session) -> Sequence[OutboxMail]:
    """The mails that were refused or given up, locked, the first one first."""
    query = select(OutboxMail).where(OutboxMail.status == _S.FAILED).order_by(OutboxMail.id)
    return session.scalars(query.with_for_update()).all()


def outstanding(session: Session, kinds: Collection[MailKind]) -> int:
    """How many mails of these kinds are still to be sent."""
    waiting = (_S.QUEUED, _S.DEFERRED, _S.CLAIMED)
    query = select(func.count()).where(OutboxMail.status.in_(waiting), OutboxMail.kind.in_(kinds))
    return session.scalar(query) or 0


def waiting(session: Session) -> Sequence[OutboxMail]:
    """What has not left yet."""
    return session.scalars(select(OutboxMail).where(OutboxMail.status.in_((_S.QUEUED, _S.DEFERRED)))).all()


def counted(session: Session) -> dict[OutboxStatus, int]:
    """How many mails there are in each status."""
    query = select(OutboxMail.status, func.count()).group_by(OutboxMail.status)
    return {row[0]: row[1] for row in session.execute(query)}


def caused_by(session: Session, message: InboundMessage) -> Sequence[OutboxMail]:
    """The mails that an inbound message led to: those whose cause names it, and those about its lines."""
    kinds = (*MACHINE_MAILS, MailKind.ANSWER)
    named = [OutboxMail.cause.startswith(f"{kind}:{message.reference}", autoescape=True) for kind in kinds]
    about = (
        select(MailEntry.mail_id)
        .join(Revision, Revision.id == MailEntry.revision_id)
        .where(Revision.message_id == message.id)
    )
    return session.scalars(
        select(OutboxMail).where(or_(*named, OutboxMail.id.in_(about))).order_by(OutboxMail.id)
    ).all()


def attempts_of(session: Session, mail_id: int) -> Sequence[Attempt]:
    """Every try to hand over a mail, the first one first."""
    return session.scalars(select(Attempt).where(Attempt.mail_id == mail_id).order_by(Attempt.id)).all()


def machine_mails_since(session: Session, meant_for_hash: bytes, since: datetime) -> int:
    """How many mails the machine has queued for one address by itself since a time."""
    query = select(func.count()).where(
        OutboxMail.meant_for_hash == meant_for_hash,
        OutboxMail.created_at >= since,
        OutboxMail.kind.in_(MACHINE_MAILS),
        OutboxMail.status != _S.CANCELLED,
    )
    return session.scalar(query) or 0


def revisions_of(session: Session, mail_id: int) -> list[Revision]:
    """The revisions a mail shows or asks about, by number."""
    return revisions_by_mail(session, [mail_id]).get(mail_id, [])


def revisions_by_mail(session: Session, mail_ids: Collection[int]) -> dict[int, list[Revision]]:
    """The revisions each of these mails shows or asks about, by number, with their entries; in one query."""
    if not mail_ids:
        return {}
    found: dict[int, list[Revision]] = {}
    query = (
        select(MailEntry.mail_id, Revision)
        .join(Revision, MailEntry.revision_id == Revision.id)
        .where(MailEntry.mail_id.in_(list(mail_ids)))
        .order_by(MailEntry.mail_id, MailEntry.number)
        .options(joinedload(Revision.signatory))
    )
    for mail_id, revision in session.execute(query):
        found.setdefault(mail_id, []).append(revision)
    return found


def times_shown(session: Session, revision_id: int) -> list[datetime]:
    """When the mails left that showed a revision's line, of those that did not come back."""
    query = (
        select(OutboxMail.settled_at)
        .join(MailEntry, MailEntry.mail_id == OutboxMail.id)
        .where(
            MailEntry.revision_id == revision_id,
            OutboxMail.kind.in_(SHOWING_LINES),
            OutboxMail.status == _S.SENT,
            OutboxMail.in_rehearsal.is_(False),
            OutboxMail.settled_at.is_not(None),
        )
    )
    return [at for at in session.scalars(query) if at is not None]


def prospects_of(session: Session, mail_id: int) -> list[Prospect]:
    """The organisations a mail invites or reminds."""
    query = (
        select(Prospect)
        .join(MailProspect, MailProspect.prospect_id == Prospect.id)
        .where(MailProspect.mail_id == mail_id)
        .order_by(Prospect.id)
    )
    return list(session.scalars(query))


def invitation_of(session: Session, prospect_id: int) -> OutboxMail | None:
    """The newest invitation of an organisation, whoever else was named in it: some may have answered since."""
    query = (
        select(OutboxMail)
        .join(MailProspect, MailProspect.mail_id == OutboxMail.id)
        .where(MailProspect.prospect_id == prospect_id, OutboxMail.kind == MailKind.INVITATION)
        .order_by(OutboxMail.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def prospects_by_mail(session: Session, mail_ids: Collection[int]) -> list[tuple[int, Prospect]]:
    """The organisations that each of these mails invites or reminds, with the mail's id."""
    query = (
        select(MailProspect.mail_id, Prospect)
        .join(Prospect, Prospect.id == MailProspect.prospect_id)
        .where(MailProspect.mail_id.in_(list(mail_ids)))
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def ids_to_erase(session: Session, settled_before: datetime, limit: int = 10_000) -> list[int]:
    """Mails settled before a time whose content is still kept."""
    done = (_S.SENT, _S.CANCELLED, _S.BOUNCED, _S.FAILED)
    kept = or_(MailContent.id.is_not(None), OutboxMail.head_sealed.is_not(None))
    query = (
        select(OutboxMail.id)
        .outerjoin(MailContent, MailContent.id == OutboxMail.id)
        .where(OutboxMail.status.in_(done), OutboxMail.settled_at < settled_before, kept)
        .order_by(OutboxMail.id)
        .limit(limit)
    )
    return list(session.scalars(query))
