"""The outbox: one row and one recipient for each mail, its attempts, and what it is about.

Status moves only here; dispatch's Core statements (store/outbox.py) make the same moves, fenced by
the claim's token.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.errors import IllegalMove
from outreach.model.base import Base, ByValue, SealedBytes, SealedOctets, SealedText, Sealing
from outreach.words import MailKind, OutboxStatus

_S = OutboxStatus
#: The legal moves; store/outbox.py builds its statements from them.
MOVES: Final[dict[OutboxStatus, frozenset[OutboxStatus]]] = {
    _S.QUEUED: frozenset({_S.CLAIMED, _S.CANCELLED, _S.IN_DOUBT}),
    _S.DEFERRED: frozenset({_S.CLAIMED, _S.CANCELLED, _S.FAILED, _S.IN_DOUBT}),
    _S.CLAIMED: frozenset({_S.SENDING, _S.QUEUED, _S.DEFERRED, _S.CANCELLED, _S.FAILED}),
    _S.SENDING: frozenset({_S.SENT, _S.DEFERRED, _S.FAILED, _S.IN_DOUBT}),
    _S.IN_DOUBT: frozenset({_S.SENT, _S.QUEUED, _S.FAILED, _S.BOUNCED}),
    _S.SENT: frozenset({_S.BOUNCED}),
    _S.FAILED: frozenset({_S.QUEUED}),
    _S.CANCELLED: frozenset(),
    _S.BOUNCED: frozenset(),
}

#: What may be claimed, in literals: SQLite uses a partial index only for the very words of its condition.
WAITING: Final = text(f"status IN ('{_S.QUEUED}', '{_S.DEFERRED}')")


class OutboxMail(Sealing, Base):
    """One mail to one recipient. Message-ID and content are fixed when it is queued.

    ``cause`` names what made it (what, which record, which revision) and is unique: a cause never
    sends twice, a new cause is never blocked by an old one.
    """

    __tablename__ = "outbox_mail"

    reference: Mapped[str] = mapped_column(String(9), unique=True)
    kind: Mapped[MailKind] = mapped_column(ByValue(MailKind))
    status: Mapped[OutboxStatus] = mapped_column(ByValue(OutboxStatus), default=OutboxStatus.QUEUED)
    reason: Mapped[str | None] = mapped_column(String(200))
    cause: Mapped[str] = mapped_column(String(120), unique=True)
    language: Mapped[str] = mapped_column(String(16))
    recipient_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    recipient = SealedText()  #: None once erased
    recipient_hash: Mapped[bytes] = mapped_column(index=True)
    #: Of the organisation that is meant; in a rehearsal the recipient is the team.
    meant_for_hash: Mapped[bytes]
    destination_hash: Mapped[bytes]  #: of who takes mail for the recipient (providers.destination_of)
    message_id_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    message_id = SealedText()
    message_id_hash: Mapped[bytes] = mapped_column(unique=True)
    head_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    #: What was put in front of the content when it was first tried (Date, a signature); None before and once erased.
    head = SealedOctets()
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    not_after: Mapped[datetime | None]
    priority: Mapped[int]  #: lower goes first
    relay: Mapped[str | None] = mapped_column(String(20))  #: which one it was marked for last; None: none yet
    was_in_doubt: Mapped[bool] = mapped_column(default=False)  #: then it never leaves by another relay
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    requeued_at: Mapped[datetime | None]  #: when it was to be sent again; giving up is counted from there
    in_rehearsal: Mapped[bool] = mapped_column(default=False)

    body: Mapped[MailContent | None] = relationship(back_populates="mail", cascade="all, delete-orphan")
    entries: Mapped[list[MailEntry]] = relationship(back_populates="mail", order_by="MailEntry.number")
    prospects: Mapped[list[MailProspect]] = relationship(back_populates="mail")

    __table_args__ = (
        Index("ix_outbox_mail_status_next_attempt_at", "status", "next_attempt_at", "priority"),
        # A claim takes the most urgent first, and must not sort all that waits for that.
        Index("ix_outbox_mail_waiting", "priority", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_outbox_mail_meant_for_hash_created_at", "meant_for_hash", "created_at"),
    )

    @property
    def content(self) -> bytes | None:
        """The composed mail without Date; None once erased."""
        return None if self.body is None else self.body.content

    @content.setter
    def content(self, value: bytes) -> None:
        self.body = self.body or MailContent(ref=self.ref)
        self.body.content = value

    @property
    def sent_bytes(self) -> bytes | None:
        """The mail as it was sent, the same at every try; None before the first and once erased."""
        return None if self.head is None or self.content is None else self.head + self.content

    def wait_until(self, at: datetime) -> None:
        """It does not leave before this time."""
        if self.status is not _S.QUEUED:
            raise IllegalMove("mail", self.status, "waiting")
        self.next_attempt_at = at

    def doubt(self, at: datetime, reason: str) -> None:
        """Another installation may have sent it since our records were copied."""
        self._move(_S.IN_DOUBT)
        self.reason, self.sending_at, self.was_in_doubt = reason, self.sending_at or at, True

    def settle_sent(self, at: datetime) -> None:
        """Evidence (a reply, the relay's log, a coordinator) shows that it arrived."""
        self._move(_S.SENT)
        self.settled_at = at

    def bounce(self, at: datetime) -> None:
        """It came back."""
        self._move(_S.BOUNCED)
        self.settled_at = at

    def cancel(self, at: datetime, reason: str) -> None:
        """It is not to be sent any more."""
        self._move(_S.CANCELLED)
        self.settled_at, self.reason = at, reason

    def fail(self, at: datetime, reason: str) -> None:
        self._move(_S.FAILED)
        self.settled_at, self.reason = at, reason

    def requeue(self, at: datetime, reason: str) -> None:
        """Send it (again), with the same Message-ID: only by a declared policy or a coordinator."""
        self._move(_S.QUEUED)
        self.settled_at, self.next_attempt_at, self.reason = None, at, reason
        self.requeued_at = at

    def erase_content(self) -> None:
        """Settled long ago: what it said is not kept."""
        self.body = self.head_sealed = None

    def _move(self, to: OutboxStatus) -> None:
        if to not in MOVES[self.status]:
            raise IllegalMove("mail", self.status, to)
        self.status = to


class MailContent(Sealing, Base):
    """What a mail says, in a table of its own: SQLite writes a row anew, with all it holds, at every move.

    It bears the ``ref`` of its mail, and is deleted when the mail's content is erased.
    """

    __tablename__ = "mail_content"

    id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"), primary_key=True)
    content_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    content = SealedOctets()

    mail: Mapped[OutboxMail] = relationship(back_populates="body")


class MailEntry(Base):
    """A numbered line that a mail shows or asks about."""

    __tablename__ = "mail_entry"

    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)

    mail: Mapped[OutboxMail] = relationship(back_populates="entries")


class MailProspect(Base):
    """An organisation that a mail invites or reminds."""

    __tablename__ = "mail_prospect"

    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"), primary_key=True)
    prospect_id: Mapped[int] = mapped_column(ForeignKey("prospect.id"), primary_key=True, index=True)

    mail: Mapped[OutboxMail] = relationship(back_populates="prospects")


class Attempt(Sealing, Base):
    """One try to hand a mail to the relay, and what the relay said."""

    __tablename__ = "attempt"

    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    phase: Mapped[str | None] = mapped_column(String(16))
    code: Mapped[int | None]
    enhanced: Mapped[str | None] = mapped_column(String(12))
    fault: Mapped[str | None] = mapped_column(String(16))  #: whose, where it was not taken
    relay: Mapped[str | None] = mapped_column(String(20))  #: by which it was tried; None: it came back by mail
    server: Mapped[str | None] = mapped_column(String(255))  #: who said it
    reply_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    reply = SealedText()
