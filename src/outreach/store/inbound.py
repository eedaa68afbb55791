"""Inbound messages: what was stored, where it lies, what waits to be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import InboundMessage, MessagePlace, OutboxMail
from outreach.model.inbound import Origin
from outreach.ports import Place
from outreach.reading.names import display
from outreach.store import log, outbox, references, signatories
from outreach.store.paging import Page, page
from outreach.words import MACHINE_KINDS, NEGATIVE_KINDS, AuthResult, InboundStatus, Kind

#: Kinds that intake acts on even where it leaves the mail open.
_ACTED_ON: Final = MACHINE_KINDS | NEGATIVE_KINDS | {Kind.CONFIRMATION, Kind.CORRECTION}

#: The reason that a message stands here which never lay in the mailbox.
PASTED: Final = "pasted by a coordinator"


def with_reference(session: Session, reference: str) -> InboundMessage | None:
    return session.scalar(select(InboundMessage).where(InboundMessage.reference == references.normal(reference)))


def entry(session: Session, reference: str) -> InboundMessage:
    """The message with this reference, as a person typed it. Raises Refused."""
    found = with_reference(session, reference)
    if found is None:
        raise Refused(f"There is no message {display(reference)[:20]}.")
    return found


def listed(
    session: Session, statuses: Collection[InboundStatus] = (), *, after: int, limit: int
) -> Page[InboundMessage]:
    """Inbound messages in these statuses (none: in all), in the order they were fetched."""
    query = select(InboundMessage)
    if statuses:
        query = query.where(InboundMessage.status.in_(statuses))
    return page(session, query, InboundMessage.id, after=after, limit=limit)


def questions(session: Session, *, only_open: bool, after: int, limit: int) -> Page[InboundMessage]:
    """Messages that ask something, in the order they were fetched."""
    query = select(InboundMessage).where(InboundMessage.is_question)
    if only_open:
        query = query.where(InboundMessage.status == InboundStatus.OPEN)
    return page(session, query, InboundMessage.id, after=after, limit=limit)


def with_content(session: Session, content_hash: bytes) -> InboundMessage | None:
    """The message with this very content, wherever it lay before."""
    return session.scalar(select(InboundMessage).where(InboundMessage.content_hash == content_hash))


def with_message_id(session: Session, message_id_hash: bytes, *, sent_by_us: bool) -> InboundMessage | None:
    """The newest message that came in (or was sent from the mailbox) under a Message-ID. A hint, never proof."""
    query = (
        select(InboundMessage)
        .where(InboundMessage.message_id_hash == message_id_hash, InboundMessage.sent_by_us.is_(sent_by_us))
        .order_by(InboundMessage.id.desc())
    )
    return session.scalar(query.limit(1))


def written_from(session: Session, address_hash: bytes) -> Sequence[InboundMessage]:
    """Every mail that came from an address, the first one first; what lay among our own sent mail is left out."""
    query = select(InboundMessage).where(
        InboundMessage.sender_hash == address_hash, InboundMessage.sent_by_us.is_(False)
    )
    return session.scalars(query.order_by(InboundMessage.id)).all()


def was_answered_on_page(session: Session, mail_id: int) -> bool:
    """Whether somebody has used the link of this mail to answer it."""
    query = select(InboundMessage.id).where(
        InboundMessage.answers_id == mail_id, InboundMessage.origin == Origin.ANSWER
    )
    return session.scalar(query.limit(1)) is not None


def has_written(session: Session, address_hash: bytes) -> bool:
    """Whether a person has provably written to us from this address: authentic, or in answer to what only it was sent.

    Anybody can put an address into From; an automatic reply tells of no person.
    """
    query = (
        select(InboundMessage.id)
        .outerjoin(OutboxMail, OutboxMail.id == InboundMessage.answers_id)
        .where(
            InboundMessage.sender_hash == address_hash,
            InboundMessage.sent_by_us.is_(False),
            InboundMessage.kind.not_in(MACHINE_KINDS),
            InboundMessage.auth_result != AuthResult.FAIL,
            or_(InboundMessage.auth_result == AuthResult.PASS, OutboxMail.meant_for_hash == address_hash),
        )
    )
    return session.scalar(query.limit(1)) is not None


def known_uids(session: Session, folder: str, uidvalidity: int, uids: Sequence[int]) -> set[int]:
    """Which of these UIDs are done with: stored, or given up."""
    query = _at(folder, uidvalidity).where(
        MessagePlace.uid.in_(uids), or_(MessagePlace.message_id.is_not(None), MessagePlace.fault.is_not(None))
    )
    return {place.uid for place in session.scalars(query)}


def add_place(session: Session, place: Place, message: InboundMessage | None, *, fault: str | None = None) -> None:
    """Remember where a message lies, or that what lies there could not be fetched."""
    row = _place(session, place)
    row.message, row.fault = message, fault


def count_break(session: Session, place: Place) -> int:
    """The connection broke while this mail was fetched; how often by now."""
    row = _place(session, place)
    row.breaks += 1
    return row.breaks


def _place(session: Session, place: Place) -> MessagePlace:
    row = session.scalar(_at(place.folder, place.uidvalidity).where(MessagePlace.uid == place.uid))
    if row is None:
        row = MessagePlace(folder=place.folder, uidvalidity=place.uidvalidity, uid=place.uid, breaks=0)
        session.add(row)
    return row


def _at(folder: str, uidvalidity: int) -> Select[MessagePlace]:
    return select(MessagePlace).where(MessagePlace.folder == folder, MessagePlace.uidvalidity == uidvalidity)


def unmarked_uids(session: Session, folder: str, uidvalidity: int) -> list[int]:
    """UIDs of stored mail whose copy on the server has not been flagged or moved yet."""
    query = select(MessagePlace.uid).where(
        MessagePlace.folder == folder,
        MessagePlace.uidvalidity == uidvalidity,
        MessagePlace.marked.is_(False),
        MessagePlace.message_id.is_not(None),
    )
    return list(session.scalars(query))


def set_marked(session: Session, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
    """The server's copies have been flagged or moved."""
    session.execute(
        update(MessagePlace)
        .where(MessagePlace.folder == folder, MessagePlace.uidvalidity == uidvalidity, MessagePlace.uid.in_(list(uids)))
        .values(marked=True)
    )


def ids_to_read(session: Session, limit: int = 10_000) -> list[int]:
    """Messages stored and not yet read, in the order they were written: a question comes before its answer."""
    query = (
        select(InboundMessage.id)
        .where(InboundMessage.status == InboundStatus.FETCHED)
        .order_by(InboundMessage.arrived_at, InboundMessage.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def newest(session: Session, limit: int) -> list[InboundMessage]:
    """The messages that were stored last."""
    query = select(InboundMessage).where(InboundMessage.raw_sealed.is_not(None))
    return list(session.scalars(query.order_by(InboundMessage.id.desc()).limit(limit)))


def ids_to_erase(session: Session, before: datetime, limit: int = 10_000) -> list[int]:
    """Messages read long ago whose raw copy is still kept. What waits for a person is never among them."""
    waiting = (InboundStatus.FETCHED, InboundStatus.OPEN, InboundStatus.SET_ASIDE)
    query = (
        select(InboundMessage.id)
        .where(
            InboundMessage.status.not_in(waiting),
            InboundMessage.read_at < before,
            InboundMessage.raw_sealed.is_not(None),
        )
        .order_by(InboundMessage.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def ids_to_compare(session: Session, named: Collection[str] = ()) -> list[int]:
    """Mails that were read and whose raw copy is kept, by rising id; only those ``named``, if any. Raises Refused."""
    query = select(InboundMessage.id).where(
        InboundMessage.status != InboundStatus.FETCHED,
        InboundMessage.raw_sealed.is_not(None),
        InboundMessage.sent_by_us.is_(False),
        InboundMessage.in_rehearsal.is_(False),
    )
    if not named:
        return list(session.scalars(query.order_by(InboundMessage.id)))
    wanted = {references.normal(reference) for reference in named}
    found = session.scalars(query.where(InboundMessage.reference.in_(wanted)).order_by(InboundMessage.id)).all()
    if len(found) != len(wanted):
        raise Refused(f"Of {len(wanted)} mail(s) named, {len(found)} are kept, have been read and came from others.")
    return list(found)


def is_to_compare(message: InboundMessage) -> bool:
    """Whether this mail is one of ``ids_to_compare``."""
    is_kept = message.raw_sealed is not None and message.status is not InboundStatus.FETCHED
    return is_kept and not message.sent_by_us and not message.in_rehearsal


def was_acted_on(session: Session, message: InboundMessage) -> bool:
    """Whether the machine has changed anything because of a mail. In doubt it has."""
    if message.status is InboundStatus.SET_ASIDE:
        return False
    return (
        message.status is InboundStatus.HANDLED
        or message.kind in _ACTED_ON
        or bool(signatories.from_message(session, message.id))
        or bool(outbox.caused_by(session, message))
    )


def was_decided_by_a_person(session: Session, message: InboundMessage) -> bool:
    """Whether a person has done anything about a mail, or about an entry that came from it."""
    made = [revision.signatory for revision in signatories.from_message(session, message.id)]
    return log.was_touched_by_a_person(session, [message, *made])


def refiled(session: Session) -> Sequence[InboundMessage]:
    """Mails whose kind a person has corrected, as far as they are kept."""
    query = select(InboundMessage).where(InboundMessage.refiled_as.is_not(None), InboundMessage.raw_sealed.is_not(None))
    return session.scalars(query.order_by(InboundMessage.id)).all()
