"""The campaign's own row, how far each folder has been read, and which steps a person must unblock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.model.base import Base, SealedBytes, SealedText, Sealing


class Campaign(Sealing, Base):
    """The one campaign of this database. Until ``started_at`` is set it is in rehearsal."""

    __tablename__ = "campaign"

    slug: Mapped[str] = mapped_column(String(64), unique=True)
    since: Mapped[datetime]  #: mail that arrived before is counted and left alone
    started_at: Mapped[datetime | None]
    #: A known text under the campaign's key: a wrong key is noticed at once.
    key_check_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    key_check = SealedText()

    @property
    def in_rehearsal(self) -> bool:
        return self.started_at is None


class Folder(Base):
    """How far a folder of the mailbox has been read, under one UIDVALIDITY."""

    __tablename__ = "folder"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    next_uid: Mapped[int] = mapped_column(BigInteger)
    #: Mails that arrived before ``since`` and were left alone.
    older: Mapped[int] = mapped_column(default=0)


class StepFault(Base):
    """A step that waits for a person: it runs again once the settings differ from ``settings_hash``."""

    __tablename__ = "step_fault"

    step: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    settings_hash: Mapped[bytes]
    at: Mapped[datetime]
