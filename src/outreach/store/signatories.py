"""Signatories and their revisions: the review queue, whom to ask, what may print, who is alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from outreach.errors import Refused
from outreach.model import Attestation, Hold, MailEntry, NameKey, Prospect, Revision, Signatory
from outreach.reading import freemail
from outreach.reading.names import display, fold
from outreach.sealing import Keyring
from outreach.store import pauses, references
from outreach.store.paging import Page, page
from outreach.words import Lines, Proof, RejectReason, RevisionStatus

#: What a coordinator finds in the queue.
IN_QUEUE = (RevisionStatus.PENDING, RevisionStatus.NEEDS_INFO, RevisionStatus.UNCONFIRMED)


def with_reference(session: Session, reference: str) -> Signatory | None:
    return session.scalar(select(Signatory).where(Signatory.reference == references.normal(reference)))


def entry(session: Session, reference: str) -> Signatory:
    """The signatory with this reference, as a person typed it. Raises Refused."""
    found = with_reference(session, reference)
    if found is None:
        raise Refused(f"There is no entry {display(reference)[:20]}.")
    return found


def with_contact(session: Session, address_hash: bytes) -> Sequence[Signatory]:
    """Signatories that are reached under an address."""
    return session.scalars(select(Signatory).where(Signatory.contact_hash == address_hash).order_by(Signatory.id)).all()


def of_prospects(session: Session, prospect_ids: Collection[int]) -> Sequence[Signatory]:
    """Signatories that were invited as one of these."""
    return session.scalars(
        select(Signatory).where(Signatory.prospect_id.in_(prospect_ids)).order_by(Signatory.id)
    ).all()


def with_name(session: Session, keys: Iterable[bytes]) -> Sequence[Signatory]:
    """Signatories of which one name has one of these keys: possible duplicates."""
    query = (
        select(Signatory).join(NameKey, NameKey.signatory_id == Signatory.id).where(NameKey.key_hash.in_(list(keys)))
    )
    return session.scalars(query.distinct().order_by(Signatory.id)).all()


def listed(
    session: Session, statuses: Collection[RevisionStatus] = (), *, after: int = 0, limit: int = 100
) -> Page[Signatory]:
    """Signatories by where they stand: approved when a line of theirs is, else as their newest revision."""
    query = select(Signatory)
    if statuses:
        approved_line = exists().where(
            Revision.signatory_id == Signatory.id, Revision.status == RevisionStatus.APPROVED
        )
        newer = aliased(Revision)
        newest = exists().where(
            Revision.signatory_id == Signatory.id,
            Revision.status.in_(statuses),
            ~exists().where(newer.signatory_id == Revision.signatory_id, newer.number > Revision.number),
        )
        wanted = and_(~approved_line, newest)
        query = query.where(or_(approved_line, wanted) if RevisionStatus.APPROVED in statuses else wanted)
    return page(session, query, Signatory.id, after=after, limit=limit)


def remember_names(session: Session, keyring: Keyring, signatory: Signatory, lines: Lines) -> None:
    """Keep keyed hashes of the names, and of the contact's own domain, by which what is sealed is found again."""
    domain = domain_key(keyring, signatory.contact.get("email") or "")
    names = {keyring.hash("name", fold(line.name)) for line in lines.values() if fold(line.name)}
    for key in names | ({domain} if domain is not None else set()):
        session.add(NameKey(key_hash=key, signatory_id=signatory.id))


def name_keys(keyring: Keyring, name: str) -> list[bytes]:
    """What a name, typed in either script, is found by."""
    return [keyring.hash("name", fold(name))] if fold(name) else []


def keys_of(keyring: Keyring, signatory: Signatory) -> set[bytes]:
    """What an entry is found by under each name it ever had."""
    names = {fold(line.name) for revision in signatory.revisions for line in revision.printed_lines.values()}
    return {keyring.hash("name", name) for name in names if name}


def domain_key(keyring: Keyring, address: str) -> bytes | None:
    """The keyed hash of an address's domain; None where anybody can have an address."""
    domain = address.rpartition("@")[2].lower()
    return keyring.hash("domain", domain) if domain and not freemail.is_freemail(domain) else None


def alike(session: Session, keyring: Keyring, signatory: Signatory) -> Sequence[Signatory]:
    """Others under one of the names of this one: possible duplicates, shown and never merged by machine."""
    return [other for other in with_name(session, keys_of(keyring, signatory)) if other is not signatory]


def queue(
    session: Session,
    statuses: Iterable[RevisionStatus] = IN_QUEUE,
    *,
    after: int = 0,
    limit: int = 100,
) -> Sequence[Revision]:
    """Revisions in these statuses, by rising id (so oldest first)."""
    query = (
        select(Revision)
        .where(Revision.status.in_(list(statuses)), Revision.id > after)
        .order_by(Revision.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def ids_to_ask(session: Session) -> list[int]:
    """Open revisions without proof that were never asked about."""
    query = (
        select(Revision.id)
        .where(
            Revision.status.in_((RevisionStatus.UNCONFIRMED, RevisionStatus.PENDING)),
            Revision.proof == Proof.NONE,
            Revision.asked_at.is_(None),
        )
        .order_by(Revision.id)
    )
    return list(session.scalars(query))


def to_ask_beside(session: Session, contact_hash: bytes, asked_before: datetime) -> Sequence[Revision]:
    """What else is open under an address without proof, and was last asked about before a time, or never."""
    last = func.coalesce(Revision.reminded_at, Revision.asked_at)
    query = (
        select(Revision)
        .join(Signatory, Signatory.id == Revision.signatory_id)
        .where(
            Signatory.contact_hash == contact_hash,
            Revision.status.in_((RevisionStatus.UNCONFIRMED, RevisionStatus.PENDING)),
            Revision.proof == Proof.NONE,
            or_(last.is_(None), last < asked_before),
        )
        .order_by(Revision.id)
    )
    return session.scalars(query).all()


def was_disowned(session: Session, keyring: Keyring, signatory: Signatory) -> bool:
    """Whether somebody under the same address or name has said before that it was not them."""
    alike = select(NameKey.signatory_id).where(NameKey.key_hash.in_(keys_of(keyring, signatory)))
    query = (
        select(Revision.id)
        .join(Signatory, Signatory.id == Revision.signatory_id)
        .where(
            Revision.reject_reason == RejectReason.NOT_US,
            or_(Signatory.id.in_(alike), Signatory.contact_hash == signatory.contact_hash),
        )
    )
    return session.scalar(query.limit(1)) is not None


def ids_to_ask_again(session: Session, asked_before: datetime, now: datetime) -> list[int]:
    """Open revisions asked about before a time, without an answer, never reminded; whoever is away is left out."""
    query = (
        select(Revision.id)
        .join(Signatory, Signatory.id == Revision.signatory_id)
        .where(
            pauses.none_holds(Signatory.contact_hash.expression, now, pauses.FROM_ASKINGS),
            Revision.status.in_((RevisionStatus.UNCONFIRMED, RevisionStatus.PENDING)),
            Revision.proof == Proof.NONE,
            Revision.asked_at < asked_before,
            Revision.reminded_at.is_(None),
        )
        .order_by(Revision.id)
    )
    return list(session.scalars(query))


def ids_to_expire(session: Session, asked_before: datetime) -> list[int]:
    """Unconfirmed revisions asked about before a time."""
    query = (
        select(Revision.id)
        .where(Revision.status == RevisionStatus.UNCONFIRMED, Revision.asked_at < asked_before)
        .order_by(Revision.id)
    )
    return list(session.scalars(query))


def ids_with_embargo_over(session: Session, now: datetime) -> list[int]:
    """Signatories with an embargo whose time has come."""
    query = select(Hold.signatory_id).where(Hold.lifted_at.is_(None), Hold.until <= now)
    return list(session.scalars(query.distinct().order_by(Hold.signatory_id)))


def in_mail(session: Session, mail_id: int) -> list[tuple[int, Revision]]:
    """The numbered revisions that a mail showed or asked about."""
    query = (
        select(MailEntry.number, Revision)
        .join(Revision, Revision.id == MailEntry.revision_id)
        .where(MailEntry.mail_id == mail_id)
        .order_by(MailEntry.number)
    )
    return [(number, revision) for number, revision in session.execute(query)]


def passed_on_by(signatory: Signatory, depth: int = 5) -> list[Signatory | Prospect]:
    """Who passed our mail on to it, and to them, and so on back to whom we wrote."""
    chain: list[Signatory | Prospect] = []
    at: Signatory | None = signatory
    while at is not None and len(chain) < depth:
        if at.via_prospect is not None:
            return [*chain, at.via_prospect]
        at = at.via
        if at is None or at in chain:
            break
        chain.append(at)
    return chain


def attested_in(session: Session, list_hash: bytes) -> Sequence[Revision]:
    """The revisions that were imported from the file with this keyed hash and are open or approved, in its order."""
    query = (
        select(Revision)
        .join(Attestation, Attestation.revision_id == Revision.id)
        .where(Attestation.list_hash == list_hash, Revision.status.in_((*IN_QUEUE, RevisionStatus.APPROVED)))
        .order_by(Revision.id)
    )
    return session.scalars(query).all()


def from_message(session: Session, message_id: int) -> Sequence[Revision]:
    """The revisions that one inbound message made."""
    return session.scalars(select(Revision).where(Revision.message_id == message_id).order_by(Revision.id)).all()


def approved(session: Session) -> Sequence[Revision]:
    """Approved revisions, by time of approval."""
    query = (
        select(Revision).where(Revision.status == RevisionStatus.APPROVED).order_by(Revision.decided_at, Revision.id)
    )
    return session.scalars(query).all()


def printed_or_open(session: Session, signatory_ids: Iterable[int]) -> Sequence[Signatory]:
    """Of these signatories, those that have a line which is open or approved."""
    alive = (*IN_QUEUE, RevisionStatus.APPROVED)
    query = (
        select(Signatory)
        .join(Revision, Revision.signatory_id == Signatory.id)
        .where(Signatory.id.in_(list(signatory_ids)), or_(*(Revision.status == status for status in alive)))
    )
    return session.scalars(query.distinct().order_by(Signatory.id)).all()


def names_on_record(session: Session) -> Iterator[tuple[str | None, dict[str, str]]]:
    """Who speaks for each entry, and its names by language in each of its wordings."""
    for signatory in session.scalars(select(Signatory).order_by(Signatory.id)):
        for revision in signatory.revisions:
            names = {language: line.name for language, line in revision.printed_lines.items()}
            yield signatory.contact.get("contact_person"), names
