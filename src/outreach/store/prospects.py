"""Prospects: who is to be invited, who is to be reminded, and whom an address or a name belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from outreach.errors import IllegalMove, Refused
from outreach.model import MailProspect, NameKey, OutboxMail, Prospect, Revision, Signatory
from outreach.model.revision import OPEN_STATUSES
from outreach.reading import freemail
from outreach.reading.names import fold
from outreach.sealing import Keyring
from outreach.store import pauses, references, tallies
from outreach.store.paging import Page, page
from outreach.store.prepared import Prepared
from outreach.words import MailKind, OutboxStatus, ProspectStatus, RevisionStatus

LONGEST_NOTE: Final = 1000


def note(prospect: Prospect, text: str, at: datetime, *, actor: str) -> None:
    """Keep a line beside an organisation, sealed, for every coordinator to see. Raises Refused."""
    line = " ".join(text.split())
    if not line or len(line) > LONGEST_NOTE or not line.isprintable():
        raise Refused(f"A note has 1 to {LONGEST_NOTE} printable characters.")
    written = {"at": at.isoformat(), "actor": actor, "text": line}
    prospect.details = {**prospect.details, "notes": [*prospect.details.get("notes", ()), written]}


def import_key(keyring: Keyring, names: Iterable[str], email: str | None, place: Sequence[str] = ()) -> bytes:
    """The hash by which the same row of an import is known again: its names, address, city and country."""
    folded = "\x00".join(sorted(fold(name) for name in names))
    where = "\x00".join(fold(part) for part in place)
    return keyring.hash("import", f"{folded}\x01{(email or '').strip().lower()}\x01{where}")


def name_keys(keyring: Keyring, names: Iterable[str]) -> set[bytes]:
    """Keyed hashes of whole folded names."""
    return {keyring.hash("name", fold(name)) for name in names if fold(name)}


def own_domain(keyring: Keyring, email: str | None) -> bytes | None:
    """The hash of an address' domain where it tells who writes: nobody else gets a mailbox there."""
    if not email or freemail.is_freemail(email.rpartition("@")[2]):
        return None
    return keyring.domain_hash(email)


def with_reference(session: Session, reference: str) -> Prospect | None:
    return session.scalar(select(Prospect).where(Prospect.reference == references.normal(reference)))


def with_import_key(session: Session, key: bytes) -> Prospect | None:
    return session.scalar(select(Prospect).where(Prospect.import_key == key))


def with_address(session: Session, address_hash: bytes) -> Sequence[Prospect]:
    """Every organisation that is reached under an address."""
    return session.scalars(select(Prospect).where(Prospect.email_hash == address_hash).order_by(Prospect.id)).all()


def alone_at_domain(session: Session, domain_hash: bytes) -> Sequence[Prospect]:
    """The organisations whose own domain this is, reached under one address; none where several branches share it."""
    found = session.scalars(select(Prospect).where(Prospect.domain_hash == domain_hash).order_by(Prospect.id)).all()
    return found if len({prospect.email_hash for prospect in found}) == 1 else ()


def with_name(session: Session, keys: Iterable[bytes]) -> Sequence[Prospect]:
    """Organisations of which one name has one of these keys."""
    query = select(Prospect).join(NameKey, NameKey.prospect_id == Prospect.id).where(NameKey.key_hash.in_(list(keys)))
    return session.scalars(query.distinct().order_by(Prospect.id)).all()


def has_answered(session: Session, address_hash: bytes) -> bool:
    """Whether somebody has answered from this address, or an entry that is open or approved is reached under it."""
    return bool(answered_among(session, [address_hash]))


def answered_among(session: Session, address_hashes: Collection[bytes]) -> set[bytes]:
    """Those of these addresses of which ``has_answered`` is true."""
    connection, hashes = session.connection(), {"hashes": list(address_hashes)}
    return {found for query in (_ANSWERED, _SIGNED) for found in connection.scalars(query, hashes) if found}


_HASHES: Final[BindParameter[Any]] = bindparam("hashes", expanding=True)
_ANSWERED: Final = select(Prospect.email_hash).where(
    Prospect.email_hash.in_(_HASHES), Prospect.answered_at.is_not(None)
)
_SIGNED: Final = (
    select(Signatory.contact_hash)
    .join(Revision, Revision.signatory_id == Signatory.id)
    .where(Signatory.contact_hash.in_(_HASHES), Revision.status.in_((*OPEN_STATUSES, RevisionStatus.APPROVED)))
)


def with_ids(session: Session, ids: Collection[int]) -> dict[int, Prospect]:
    """Prospects by id, in one query."""
    return {row.id: row for row in session.scalars(select(Prospect).where(Prospect.id.in_(list(ids))))}


def invite_all(session: Session, rows: Sequence[Prospect], at: datetime) -> None:
    """The invitations of listed prospects were queued: ``Prospect.invite`` for many, who are then to be read anew.

    Raises IllegalMove when one of them is listed no more.
    """
    count = _INVITE.run(session.connection(), [{"of": row.id} for row in rows], at=at)
    if count != len(rows):
        raise IllegalMove("prospect", "no longer listed", ProspectStatus.INVITED)
    tallies.count_invited(session, sum(row.invited_at is None for row in rows))


_TABLE: Final = Prospect.__table__.c
_INVITE: Final = Prepared(
    update(Prospect)
    .where(_TABLE.id == bindparam("of"), _TABLE.status == ProspectStatus.LISTED)
    .values(status=ProspectStatus.INVITED, invited_at=bindparam("at"))
)


def listed(
    session: Session, statuses: Collection[ProspectStatus] = (), *, to_call: bool = False, after: int, limit: int
) -> Page[Prospect]:
    """Prospects in these statuses (none: in all); with ``to_call`` those listed that have no address."""
    query = select(Prospect)
    if statuses:
        query = query.where(Prospect.status.in_(statuses))
    if to_call:
        query = query.where(Prospect.email_hash.is_(None), Prospect.status == ProspectStatus.LISTED)
    return page(session, query, Prospect.id, after=after, limit=limit)


def to_invite(session: Session) -> Sequence[Prospect]:
    """Not yet invited, and with an address; in the order they were added."""
    return session.scalars(select(Prospect).where(_IS_TO_INVITE).order_by(Prospect.id)).all()


def ids_to_invite(session: Session) -> list[tuple[bytes, int]]:
    """The same, of however many: only the hashes of their addresses and their ids, by address."""
    query = select(Prospect.email_hash, Prospect.id).where(_IS_TO_INVITE).order_by(Prospect.email_hash, Prospect.id)
    return [(address, id_) for address, id_ in session.connection().execute(query) if address is not None]


_IS_TO_INVITE: Final = (Prospect.status == ProspectStatus.LISTED) & Prospect.email_hash.is_not(None)


def ids_to_remind(session: Session, invited_before: datetime, now: datetime) -> list[int]:
    """Invited before a time, without an answer, never reminded; whoever is away or talked to already is left out."""
    query = (
        select(Prospect.id)
        .where(
            Prospect.status == ProspectStatus.INVITED,
            Prospect.invited_at < invited_before,
            _was_invited_before(invited_before),
            Prospect.reminded_at.is_(None),
            Prospect.called_at.is_(None),
            pauses.none_holds(Prospect.email_hash.expression, now, pauses.FROM_THE_SEQUENCE),
        )
        .order_by(Prospect.id)
    )
    return list(session.scalars(query))


def ids_to_call_last(session: Session, written_before: datetime, now: datetime) -> list[int]:
    """Written to last before a time, without an answer, never called; whoever is away or talked to is left out."""
    query = (
        select(Prospect.id)
        .where(
            Prospect.status == ProspectStatus.INVITED,
            func.coalesce(Prospect.reminded_at, Prospect.invited_at) < written_before,
            _was_invited_before(written_before),
            Prospect.called_at.is_(None),
            pauses.none_holds(Prospect.email_hash.expression, now, pauses.FROM_THE_SEQUENCE),
        )
        .order_by(Prospect.id)
    )
    return list(session.scalars(query))


def _was_invited_before(moment: datetime) -> ColumnElement[bool]:
    """The invitation has left before, and nobody waits to hear whether it did; the limits may have held it up."""
    arrived = (OutboxMail.status.in_((OutboxStatus.SENT, OutboxStatus.BOUNCED))) & (OutboxMail.sending_at < moment)
    other = (
        select(OutboxMail.id)
        .join(MailProspect, MailProspect.mail_id == OutboxMail.id)
        .where(MailProspect.prospect_id == Prospect.id, OutboxMail.kind == MailKind.INVITATION, ~arrived)
    )
    return ~other.correlate(Prospect).exists()


def names_on_record(session: Session) -> Iterator[tuple[str | None, dict[str, str]]]:
    """Whom each organisation on the list is reached through, and its names by language."""
    for prospect in session.scalars(select(Prospect).order_by(Prospect.id)):
        yield prospect.details.get("contact_person"), dict(prospect.details.get("names") or {})
