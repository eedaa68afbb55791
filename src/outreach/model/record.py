"""What stays: suppressions, the log of who did what, and the waves that were published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.model.base import Base, ByValue, SealedBytes, SealedJson, Sealing
from outreach.words import PauseReason, SuppressionReason, SuppressionScope


class Suppression(Base):
    """An address not to be written, known only by its keyed hash."""

    __tablename__ = "suppression"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    scope: Mapped[SuppressionScope] = mapped_column(ByValue(SuppressionScope))
    reason: Mapped[SuppressionReason] = mapped_column(ByValue(SuppressionReason))
    actor: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime]
    #: The one message that it rests on; None once anything else asks for it as well.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id"), index=True)

    __table_args__ = (UniqueConstraint("address_hash", "scope"),)


class BounceScore(Base):
    """How often mail did not reach an address lately (``store/bounces.py``)."""

    __tablename__ = "bounce_score"

    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    points: Mapped[float]
    counted_at: Mapped[datetime]


class Pause(Base):
    """An address, known only by its keyed hash, that gets no reminders: until a moment, or until it is resumed.

    One written to by hand gets no mail of the sequence; its own entries are still asked about.
    """

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    reason: Mapped[PauseReason] = mapped_column(ByValue(PauseReason))
    until: Mapped[datetime | None]
    actor: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("address_hash", "reason"),)


class Event(Base):
    """One act: who did what to which record, when and why. Append-only (triggers refuse the rest).

    Holds references and words from fixed lists only, so it never has to be erased. What the act was about in the
    record's own words lies beside it and can be erased; here stands a salted commitment to it.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))  #: a coordinator's name, or "machine"
    via: Mapped[str | None] = mapped_column(String(80))  #: how a person acted: "command line, system user ada"
    action: Mapped[str] = mapped_column(String(40))  #: past tense: "approved"
    subject: Mapped[str] = mapped_column(String(80), index=True)  #: "signatory K7Q2-M9PX"
    reason: Mapped[str | None] = mapped_column(String(200))  #: from a fixed list, never text of a mail
    commitment: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    payload: Mapped[EventPayload | None] = relationship(back_populates="event")


class EventPayload(Sealing, Base):
    """What an act was about, word for word, with the salt of its commitment. Erased when the person is."""

    __tablename__ = "event_payload"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    content_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    content = SealedJson()  #: salt, said

    event: Mapped[Event] = relationship(back_populates="payload")


class LogLink(Base):
    """One link of the log's hash chain (``store/chain.py``). Append-only, as the log is.

    No foreign key: it says which event was there, whatever has become of it.
    """

    __tablename__ = "log_link"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  #: from 1, without a gap
    event_id: Mapped[int] = mapped_column(unique=True)
    head: Mapped[bytes] = mapped_column(LargeBinary(32))  #: the chain's hash up to here


class Wave(Base):
    """One publication: its manifest exactly as published, chained to the one before."""

    __tablename__ = "wave"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    statement_version: Mapped[str] = mapped_column(String(64))
    #: The statement by language as it stood then, which is what this list signs. Public, as the manifest is.
    statement: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    manifest: Mapped[str] = mapped_column(Text)  #: public: only what was printed
    manifest_sha256: Mapped[str] = mapped_column(String(64), unique=True)


class WaveLine(Base):
    """A revision that stands in a wave."""

    __tablename__ = "wave_line"

    wave_number: Mapped[int] = mapped_column(ForeignKey("wave.number"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True, index=True)
    position: Mapped[int]
