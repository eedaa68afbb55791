"""Relations between entries that are not the same organisation, and the conditions on which one signs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.errors import IllegalMove
from outreach.model.base import Base, ByValue, SealedBytes, SealedText, Sealing
from outreach.model.signatory import Signatory
from outreach.words import RelationKind

#: As a sentence about two references.
_SAYS: Final = {
    RelationKind.BRANCH_OF: "{} is a branch of {}",
    RelationKind.MEMBER_OF: "{} is a member of {}",
    RelationKind.RENAMED_FROM: "{} was called {} before",
    RelationKind.NOT_BESIDE: "{} signs only if {} does not",
}


class Relation(Sealing, Base):
    """What a coordinator knows about two entries; each of them prints by its own yes alone."""

    __tablename__ = "relation"

    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatory.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("signatory.id"), index=True)
    kind: Mapped[RelationKind] = mapped_column(ByValue(RelationKind))
    note_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    note = SealedText()
    placed_at: Mapped[datetime]
    placed_by: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(80))

    signatory: Mapped[Signatory] = relationship(foreign_keys=[signatory_id])
    other: Mapped[Signatory | None] = relationship(foreign_keys=[other_id])

    @property
    def ids(self) -> tuple[int, int | None]:
        return self.signatory_id, self.other_id

    @property
    def in_words(self) -> str:
        """A sentence, with the note."""
        other = self.other.reference if self.other is not None else "…"
        said = _SAYS[self.kind].format(self.signatory.reference, other)
        return f"{said}: {self.note}" if self.note else said

    def end(self, at: datetime, *, by: str) -> None:
        """It does not hold any more."""
        if self.ended_at is not None:
            raise IllegalMove("relation", "ended", "ended")
        self.ended_at, self.ended_by = at, by
