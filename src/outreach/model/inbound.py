"""Inbound messages: one row for each mail's content, one for each place it lies at on the server."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.errors import IllegalMove
from outreach.model.base import Base, ByValue, SealedBytes, SealedJson, SealedOctets, Sealing
from outreach.words import AuthResult, InboundStatus, Kind


class Origin(StrEnum):
    """Which way a message came. Only ``steps/heard.py`` writes another one than mail."""

    MAIL = "mail"
    ANSWER = "answer"  #: the public page that a link of an asking leads to
    FORM = "form"  #: the public form to sign: nothing shows whose the address is


class InboundMessage(Sealing, Base):
    """One mail fetched, kept raw (compressed, sealed) and unchanged, and what became of it."""

    __tablename__ = "inbound_message"

    reference: Mapped[str] = mapped_column(String(9), unique=True)
    #: Keyed SHA-256 of the raw octets: the same mail in two places is read once.
    content_hash: Mapped[bytes] = mapped_column(unique=True)
    origin: Mapped[Origin] = mapped_column(ByValue(Origin), default=Origin.MAIL)
    size: Mapped[int]  #: octets on the server; the stored copy may be cut (see ``truncated``)
    truncated: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime]  #: INTERNALDATE
    fetched_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    raw_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    raw = SealedOctets()  #: zlib-compressed; None once erased
    status: Mapped[InboundStatus] = mapped_column(ByValue(InboundStatus), default=InboundStatus.FETCHED)
    reason: Mapped[str | None] = mapped_column(String(200))  #: why it is in this status; no text of the mail
    kind: Mapped[Kind | None] = mapped_column(ByValue(Kind))
    #: What a person says it truly is, when the parser was wrong.
    refiled_as: Mapped[Kind | None] = mapped_column(ByValue(Kind))
    confidence: Mapped[float | None]
    language: Mapped[str | None] = mapped_column(String(16))
    auth_result: Mapped[AuthResult] = mapped_column(ByValue(AuthResult), default=AuthResult.UNKNOWN)
    reading_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    reading = SealedJson()  #: the reading, in the form of ``outreach parse --json``
    sender_hash: Mapped[bytes | None] = mapped_column(index=True)
    #: The mail of ours that this one answers, by its secret.
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    in_rehearsal: Mapped[bool] = mapped_column(default=False)
    message_id_hash: Mapped[bytes | None] = mapped_column(index=True)
    #: It lay among the mails sent from this mailbox.
    sent_by_us: Mapped[bool] = mapped_column(default=False)
    #: Of sent mail: the mail of ours this is a copy of; None for what somebody wrote by hand.
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    #: The message this one answers: one written by hand, or one that was answered by hand.
    answers_message_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id"), index=True)

    #: It asks something: a thread that stays open until somebody answers (or closes) it.
    is_question: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str | None] = mapped_column(String(80))  #: the coordinator who looks after it
    answered_at: Mapped[datetime | None]

    places: Mapped[list[MessagePlace]] = relationship(back_populates="message")

    __table_args__ = (
        Index("ix_inbound_message_status_id", "status", "id"),
        Index("ix_inbound_message_is_question_id", "is_question", "id"),
        Index("ix_inbound_message_sent_by_us_arrived_at", "sent_by_us", "arrived_at"),
        Index("ix_inbound_message_status_arrived_at", "status", "arrived_at", "id"),
    )

    def settle(self, status: InboundStatus, reason: str | None, at: datetime) -> None:
        """Give a message its visible end after reading; a read message is not read again by this."""
        if self.status is not InboundStatus.FETCHED:
            raise IllegalMove("message", self.status, status)
        self.status, self.reason, self.read_at = status, reason, at

    def found_among_sent(self) -> None:
        """It lies among the mails sent from this mailbox; if it looked like any mail before, it is read again."""
        if not self.sent_by_us:
            self.sent_by_us = True
            if self.status is InboundStatus.IGNORED:
                self.read_again()

    def erase_content(self) -> None:
        """Neither the mail nor what was read in it is kept any longer."""
        self.raw_sealed = self.reading_sealed = None

    def close(self, at: datetime) -> None:
        """A coordinator has dealt with it."""
        if self.status not in (InboundStatus.OPEN, InboundStatus.SET_ASIDE):
            raise IllegalMove("message", self.status, InboundStatus.CLOSED)
        self.status = InboundStatus.CLOSED

    def own(self, name: str) -> None:
        """A coordinator looks after the question."""
        if not self.is_question:
            raise IllegalMove("message", self.status, "owned")
        self.owner = name

    def answer(self, at: datetime, *, by: str | None) -> None:
        """The question was answered, by a mail through the program or by hand."""
        if not self.is_question:
            raise IllegalMove("message", self.status, "answered")
        self.answered_at, self.owner = at, by or self.owner
        if self.status is InboundStatus.OPEN:
            self.close(at)

    def refile(self, kind: Kind) -> None:
        """A person says what it truly is; from now on it is that, whatever a parser says."""
        if self.status is InboundStatus.FETCHED:
            raise IllegalMove("message", self.status, "refiled")
        self.kind = self.refiled_as = kind
        self.is_question = self.is_question or kind is Kind.QUESTION

    def reopen(self, reason: str | None) -> None:
        """What was read is in doubt: a person must look."""
        if self.status is InboundStatus.FETCHED:
            raise IllegalMove("message", self.status, InboundStatus.OPEN)
        self.status, self.reason = InboundStatus.OPEN, reason

    def read_again(self) -> None:
        """Put it back before intake, as if just fetched."""
        self.status, self.reason, self.read_at, self.kind = InboundStatus.FETCHED, None, None, None


class MessagePlace(Base):
    """Where a mail lies on the server: folder, UIDVALIDITY, UID."""

    __tablename__ = "message_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    folder: Mapped[str] = mapped_column(String(255))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)  #: 32 bits unsigned
    uid: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id"), index=True)
    #: Why there is no message for this place, when the mail could not be fetched.
    fault: Mapped[str | None] = mapped_column(String(200))
    #: How often the connection broke while it was fetched.
    breaks: Mapped[int] = mapped_column(default=0)
    #: The server's copy was left, flagged or moved, as the settings say.
    marked: Mapped[bool] = mapped_column(default=False)

    message: Mapped[InboundMessage | None] = relationship(back_populates="places")

    __table_args__ = (UniqueConstraint("folder", "uidvalidity", "uid"),)
