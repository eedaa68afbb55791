"""How fast mail may leave: halts of the sending itself, and what has been sent lately."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.model.base import Base, ByValue, SealedBytes, SealedText, Sealing


class HaltScope(StrEnum):
    """What a halt holds up."""

    ALL = "all"  #: everything: a coordinator said so
    RELAY = "relay"  #: what goes by one relay
    SEQUENCE = "sequence"  #: invitations and reminders
    DESTINATION = "destination"  #: what goes to one provider or domain


class HaltCause(StrEnum):
    """Why the sending itself stands still."""

    RELAY = "relay"  #: it is busy, refuses us, or was not reached
    LOGIN = "login"  #: it does not let us in
    LIMIT = "limit"  #: what it allows in a day is used up
    RATE = "rate"  #: too fast for a destination
    UNREACHABLE = "unreachable"  #: a destination cannot be found or reached
    POLICY = "policy"  #: a destination does not want mail from us
    FAILURES = "failures"  #: too many of the last mails were refused
    BOUNCES = "bounces"  #: too many invitations came back
    COORDINATOR = "coordinator"


class Halt(Sealing, Base):
    """The sending (all of it, the sequence, or what goes to one destination) stands still for a while.

    One that is over stays: ``strikes`` tells how often in a row it happened, and where a new count of bounces begins.
    """

    __tablename__ = "halt"

    scope: Mapped[HaltScope] = mapped_column(ByValue(HaltScope))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32))  #: of the destination; empty for the others
    relay: Mapped[str] = mapped_column(String(20), default="")  #: by which one alone; empty: by any
    name_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    name = SealedText()  #: the destination
    note_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    note = SealedText()  #: why, in a coordinator's own words
    cause: Mapped[HaltCause] = mapped_column(ByValue(HaltCause))
    until: Mapped[datetime | None]  #: None: until a coordinator resumes it
    strikes: Mapped[int] = mapped_column(default=0)
    placed_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))

    __table_args__ = (UniqueConstraint("scope", "key_hash", "relay"),)

    def holds(self, now: datetime) -> bool:
        return self.until is None or self.until > now

    @property
    def waits_for_a_person(self) -> bool:
        return self.until is None

    def place(self, cause: HaltCause, *, until: datetime | None, at: datetime, actor: str, note: str | None) -> None:
        """Hold it up (again). What waits for a person is not shortened by a machine's reason."""
        self.strikes += 1
        if not self.waits_for_a_person or until is None:
            self.cause, self.until, self.placed_at, self.actor, self.note = cause, until, at, actor, note

    def lift(self, at: datetime) -> None:
        """It may go on."""
        self.until, self.strikes = at, 0


class Spent(Base):
    """How many mails have left one bucket within one slot of time; a bucket is a row for each slot.

    ``relay`` is by which they left; empty where the bucket is the campaign's.
    """

    __tablename__ = "spent"

    relay: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    bucket: Mapped[str] = mapped_column(String(80), primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
