"""Mails on their way: claimed, marked and settled by Core statements, each fenced by the claim's token.

The claim is one statement for both databases: PostgreSQL skips rows another worker holds (FOR UPDATE SKIP LOCKED),
SQLite has one writer at a time and leaves that clause out. Used by the dispatch step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Update, bindparam, or_, select, tuple_, update
from sqlalchemy.orm import Session

from outreach.model import MailContent, OutboxMail
from outreach.model.outbox import MOVES, WAITING
from outreach.sealing import Keyring
from outreach.store.outbox import MACHINE_MAILS
from outreach.store.prepared import Prepared
from outreach.words import MailKind, OutboxStatus

_S = OutboxStatus

#: After a crash in the middle of sending: sent again (same Message-ID) after a day. The others wait for a person.
RESENT_WHEN_IN_DOUBT = MACHINE_MAILS


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that this worker may send, while its token is the row's newest."""

    mail_id: int
    token: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed mail as it lies in its row, column by column: what checking, dating and sending it needs."""

    id: int
    token: int
    ref: str
    kind: MailKind
    meant_for_hash: bytes
    destination_hash: bytes
    not_after: datetime | None
    in_rehearsal: bool
    relay: str | None
    was_in_doubt: bool
    recipient_sealed: bytes
    message_id_sealed: bytes
    head_sealed: bytes | None
    content_sealed: bytes | None

    @property
    def claim(self) -> Claim:
        return Claim(self.id, self.token)

    def recipient(self, keyring: Keyring) -> str:
        return self._open(keyring, "recipient_sealed").decode()

    def message_id(self, keyring: Keyring) -> str:
        return self._open(keyring, "message_id_sealed").decode()

    def content(self, keyring: Keyring) -> bytes:
        return self._open(keyring, "content_sealed", MailContent.__tablename__)

    def head(self, keyring: Keyring) -> bytes:
        """What an earlier try put in front of the content; empty before the first."""
        return self._open(keyring, "head_sealed")

    def _open(self, keyring: Keyring, column: str, table: str = OutboxMail.__tablename__) -> bytes:
        sealed: bytes | None = getattr(self, column)
        if sealed is None:
            return b""
        return keyring.open(sealed, table=table, column=column, ref=self.ref)


def claim(
    session: Session,
    now: datetime,
    *,
    owner: str,
    lease: timedelta,
    limit: int,
    among: Collection[ColumnElement[bool]] = (),
) -> list[Claim]:
    """Take up to ``limit`` mails that are due, most urgent first, among those that fulfil every condition."""
    due = (
        select(OutboxMail.id)
        .where(WAITING, OutboxMail.next_attempt_at <= now, *among)
        .order_by(OutboxMail.priority, OutboxMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(OutboxMail)
        .where(OutboxMail.id.in_(due))
        .values(
            status=_S.CLAIMED,
            lease_owner=owner,
            lease_token=OutboxMail.lease_token + 1,
            lease_until=now + lease,
        )
        .returning(OutboxMail.id, OutboxMail.lease_token, OutboxMail.priority)
    )
    rows = sorted(session.connection().execute(taken), key=lambda row: (row.priority, row.id))
    return [Claim(row.id, row.lease_token) for row in rows]


def wake(session: Session, meant_for_hash: bytes, now: datetime) -> None:
    """Let what waits for an address be looked at again at once: its pause was lifted."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.meant_for_hash == meant_for_hash, OutboxMail.status == _S.DEFERRED, OutboxMail.attempts == 0)
        .values(next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )


def is_anything_due(session: Session, now: datetime, among: Collection[ColumnElement[bool]] = ()) -> bool:
    """Whether any mail could be claimed now."""
    query = select(OutboxMail.id).where(WAITING, OutboxMail.next_attempt_at <= now, *among).limit(1)
    return session.scalar(query) is not None


def who_sends(session: Session, now: datetime) -> tuple[str, datetime] | None:
    """A process that has mails in hand now, and until when at most; one that died has none once its lease is over."""
    query = select(OutboxMail.lease_owner, OutboxMail.lease_until).where(
        OutboxMail.status.in_((_S.CLAIMED, _S.SENDING)), OutboxMail.lease_until >= now
    )
    for owner, until in session.execute(query.order_by(OutboxMail.lease_until.desc()).limit(1)):
        if owner is not None and until is not None:
            return owner, until
    return None


def ready(session: Session, claims: Sequence[Claim]) -> list[Ready]:
    """The claimed mails as they lie, in the order of the claims; one that was deleted meanwhile is left out.

    A process that stalled beyond its lease may find a mail gone: ``start`` deletes what the rehearsal wrote.
    """
    found = session.connection().execute(_READY, {"ids": [claim.mail_id for claim in claims]})
    rows = {id_: rest for id_, *rest in found}
    return [Ready(claim.mail_id, claim.token, *rows[claim.mail_id]) for claim in claims if claim.mail_id in rows]


def move(session: Session, claim: Claim, to: OutboxStatus, **values: Any) -> bool:
    """Move a claimed mail on; False when the claim is no longer ours (its lease ran out)."""
    return bool(move_all(session, [claim], to, **values))


def move_all(session: Session, claims: Collection[Claim], to: OutboxStatus, **values: Any) -> set[int]:
    """Move claimed mails on; the ids of those whose claim was still ours."""
    if not claims:
        return set()
    done = session.execute(
        update(OutboxMail)
        .where(
            # The ids once more by themselves: SQLite looks up no pairs.
            OutboxMail.id.in_([claim.mail_id for claim in claims]),
            tuple_(OutboxMail.id, OutboxMail.lease_token).in_([(claim.mail_id, claim.token) for claim in claims]),
            OutboxMail.status.in_(_sources(to)),
        )
        .values(status=to, **values)
        .returning(OutboxMail.id)
        .execution_options(synchronize_session=False)
    )
    return set(done.scalars())


def mark(
    session: Session,
    claims: Collection[Claim],
    heads: Mapping[int, bytes],
    *,
    relay: str,
    now: datetime,
    lease_until: datetime,
) -> set[int]:
    """Mark claimed mails as sending by a relay, each with its head sealed for its cell; the ids of those still ours."""
    rows = [{"of": claim.mail_id, "token": claim.token, "head": heads[claim.mail_id]} for claim in claims]
    return _move_each(session, _MARK, rows, _S.SENDING, relay=relay, now=now, until=lease_until)


def settle_sent(session: Session, claims: Collection[Claim], now: datetime) -> set[int]:
    """The relay has taken these mails; the ids of those whose claim was still ours."""
    rows = [{"of": claim.mail_id, "token": claim.token} for claim in claims]
    return _move_each(session, _SENT, rows, _S.SENT, now=now)


def _move_each(
    session: Session, move: Prepared, rows: Sequence[Mapping[str, Any]], to: OutboxStatus, **same: object
) -> set[int]:
    """One statement for each mail, written once: cheaper than one for all of them, which is never the same."""
    if not rows:
        return set()
    connection = session.connection()
    tokens: dict[int, int] = {row["of"]: row["token"] for row in rows}
    if move.run(connection, rows, **same) == len(rows):
        return set(tokens)
    moved = connection.execute(_WITH_STATUS, {"ids": list(tokens), "to": to})
    return {id_ for id_, token in moved if tokens[id_] == token}


def _sources(to: OutboxStatus) -> list[OutboxStatus]:
    return [source for source, targets in MOVES.items() if to in targets and source in (_S.CLAIMED, _S.SENDING)]


_TABLE: Final = OutboxMail.__table__.c
#: The columns of ``Ready`` in its order, without the token.
_READY: Final = (
    select(
        *(_TABLE[column.name] for column in fields(Ready) if column.name not in ("token", "content_sealed")),
        MailContent.content_sealed,
    )
    .outerjoin(MailContent, MailContent.id == _TABLE.id)
    .where(_TABLE.id.in_(bindparam("ids", expanding=True)))
)
_WITH_STATUS: Final = select(_TABLE.id, _TABLE.lease_token).where(
    _TABLE.id.in_(bindparam("ids", expanding=True)), _TABLE.status == bindparam("to")
)


def _moving(to: OutboxStatus) -> Update:
    return (
        update(OutboxMail)
        .where(
            _TABLE.id == bindparam("of"),
            _TABLE.lease_token == bindparam("token"),
            or_(*(_TABLE.status == source for source in _sources(to))),
        )
        .values(status=to)
    )


_MARK: Final = Prepared(
    _moving(_S.SENDING).values(
        relay=bindparam("relay"),
        sending_at=bindparam("now"),
        lease_until=bindparam("until"),
        attempts=_TABLE.attempts + 1,
        head_sealed=bindparam("head"),
    )
)
_SENT: Final = Prepared(_moving(_S.SENT).values(settled_at=bindparam("now"), reason=None))


def recover(session: Session, now: datetime) -> tuple[int, int]:
    """After a crash: expired claims go back to the queue, expired sendings are in doubt. Returns both counts."""
    expired = OutboxMail.lease_until < now

    def moved(from_: OutboxStatus, to: OutboxStatus, reason: str, **values: Any) -> int:
        done = session.execute(
            update(OutboxMail)
            .where(OutboxMail.status == from_, expired)
            .values(status=to, reason=reason, lease_token=OutboxMail.lease_token + 1, **values)
            .returning(OutboxMail.id)
            .execution_options(synchronize_session=False)
        )
        return len(done.all())

    requeued = moved(_S.CLAIMED, _S.QUEUED, "the worker stopped before sending")
    doubted = moved(_S.SENDING, _S.IN_DOUBT, "the worker stopped while sending", was_in_doubt=True)
    return requeued, doubted


def ids_in_doubt_to_resend(session: Session, before: datetime) -> list[int]:
    """Mails in doubt since before a time whose kind is declared to be sent again."""
    query = select(OutboxMail.id).where(
        OutboxMail.status == _S.IN_DOUBT, OutboxMail.kind.in_(RESENT_WHEN_IN_DOUBT), OutboxMail.sending_at < before
    )
    return list(session.scalars(query))
