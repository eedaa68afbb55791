"""Attestations: a coordinator vouches that an organisation said yes by phone, messenger, on paper, in person, or in a
mail that the coordinator passed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.errors import IllegalMove
from outreach.model.base import Base, ByValue, SealedBytes, SealedJson, Sealing
from outreach.words import Channel

if TYPE_CHECKING:
    from outreach.model.revision import Revision


@dataclass(frozen=True, slots=True)
class Source:
    """The line of a file that stands for their yes."""

    file: str  #: its name
    line: int
    sha256: str
    hash: bytes  #: keyed, so that the same file finds its entries again


class Attestation(Sealing, Base):
    """What one coordinator heard or holds in writing, and that a second one has looked at it."""

    __tablename__ = "attestation"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), unique=True)
    channel: Mapped[Channel] = mapped_column(ByValue(Channel))
    spoken_at: Mapped[datetime]  #: when they said yes
    said_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    #: speaker, and lines: the text read back, by language (empty if it was not); file, line, sha256; empty once erased
    said = SealedJson()
    list_hash: Mapped[bytes | None] = mapped_column(index=True)  #: keyed, of the file it was imported from
    attested_at: Mapped[datetime]
    attested_by: Mapped[str] = mapped_column(String(80))
    countersigned_at: Mapped[datetime | None]
    countersigned_by: Mapped[str | None] = mapped_column(String(80))

    revision: Mapped[Revision] = relationship(back_populates="attestation")

    @property
    def is_read_back(self) -> bool:
        """Whether they were told the line; a mail that was passed on shows their yes, not that they saw it."""
        return self.channel is not Channel.FORWARD

    def countersign(self, at: datetime, *, by: str) -> None:
        """A second coordinator vouches too; never the one who attested."""
        if self.countersigned_by is not None:
            raise IllegalMove("attestation", "countersigned", "countersigned")
        if by == self.attested_by:
            raise IllegalMove("attestation", f"attested by {by}", f"countersigned by {by}")
        self.countersigned_at, self.countersigned_by = at, by

    def erase(self) -> None:
        """The campaign is long over: who spoke is not kept."""
        self.said_sealed = self.list_hash = None
