"""Holds keep an entry from print; name keys find it again though its names are sealed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.model.base import Base, ByValue, SealedBytes, SealedText, Sealing
from outreach.words import HoldKind

if TYPE_CHECKING:
    from outreach.model.signatory import Signatory


class Hold(Sealing, Base):
    """A reason that keeps a signatory from print, until it is lifted."""

    __tablename__ = "hold"

    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatory.id"), index=True)
    kind: Mapped[HoldKind] = mapped_column(ByValue(HoldKind))
    reason_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    reason = SealedText()
    until: Mapped[datetime | None]  #: of an embargo: it ends by itself then
    placed_at: Mapped[datetime]
    placed_by: Mapped[str] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(80))

    signatory: Mapped[Signatory] = relationship(back_populates="holds")

    __table_args__ = (Index("ix_hold_kind_placed_at", "kind", "placed_at"),)

    def is_over(self, now: datetime) -> bool:
        """Whether it was lifted, or its time has come."""
        return self.lifted_at is not None or (self.until is not None and now >= self.until)


class NameKey(Base):
    """Keyed hash of a folded name, or of the domain of a contact: what is sealed is found again by these."""

    __tablename__ = "name_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    prospect_id: Mapped[int | None] = mapped_column(ForeignKey("prospect.id"), index=True)
    signatory_id: Mapped[int | None] = mapped_column(ForeignKey("signatory.id"), index=True)
