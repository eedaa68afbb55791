"""What stays: suppressions, the log of who did what, and the waves that were published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.model.base import Base, ByValue
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

    __table_args__ = (UniqueConstraint("address_hash", "scope"),)


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

    Holds references and words from fixed lists only, so it never has to be erased.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))  #: a coordinator's name, or "machine"
    via: Mapped[str | None] = mapped_column(String(80))  #: how a person acted: "command line, system user ada"
    action: Mapped[str] = mapped_column(String(40))  #: past tense: "approved"
    subject: Mapped[str] = mapped_column(String(80), index=True)  #: "signatory K7Q2-M9PX"
    reason: Mapped[str | None] = mapped_column(String(200))  #: from a fixed list, never text of a mail


class Wave(Base):
    """One publication: its manifest exactly as published, chained to the one before."""

    __tablename__ = "wave"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    statement_version: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[str] = mapped_column(Text)  #: public: only what was printed
    manifest_sha256: Mapped[str] = mapped_column(String(64), unique=True)


class WaveLine(Base):
    """A revision that stands in a wave."""

    __tablename__ = "wave_line"

    wave_number: Mapped[int] = mapped_column(ForeignKey("wave.number"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True, index=True)
    position: Mapped[int]
