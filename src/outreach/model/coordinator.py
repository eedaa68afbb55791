"""Coordinators: who may decide. Acts are logged under their names, so a name stays one person's for ever."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.errors import IllegalMove
from outreach.model.base import Base, ByValue, SealedBytes, SealedText, Sealing


class TeamRole(StrEnum):
    """What somebody may do; each may also what those before it may."""

    VIEWER = "viewer"  #: looks at everything and decides nothing
    REVIEWER = "reviewer"
    ADMIN = "admin"  #: also says who the coordinators are

    def includes(self, other: TeamRole) -> bool:
        return _RISING.index(self) >= _RISING.index(other)


_RISING = tuple(TeamRole)


class Coordinator(Sealing, Base):
    """A person who reviews. Revoked, they decide nothing any more; what they have decided stays."""

    __tablename__ = "coordinator"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    email_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    email = SealedText()  #: None where there is none, and once revoked
    role: Mapped[TeamRole] = mapped_column(ByValue(TeamRole), default=TeamRole.REVIEWER)
    since: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None

    def write_from(self, email: str | None) -> None:
        """What comes from this address, proven, is theirs."""
        if self.revoked_at is not None:
            raise IllegalMove("coordinator", "revoked", "reached")
        self.email = email

    def revoke(self, at: datetime) -> None:
        """They leave the team; their address is not kept."""
        if self.revoked_at is not None:
            raise IllegalMove("coordinator", "revoked", "revoked")
        self.revoked_at, self.email = at, None

    def return_(self, at: datetime, email: str | None) -> None:
        """The same person comes back into the team."""
        if self.revoked_at is None:
            raise IllegalMove("coordinator", "active", "active")
        self.since, self.revoked_at, self.email = at, None, email
