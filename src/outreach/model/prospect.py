"""Prospects: organisations that are to be invited, with or without an address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.errors import IllegalMove
from outreach.model.base import Base, ByValue, SealedBytes, SealedJson, SealedText, Sealing
from outreach.words import ProspectStatus

_MOVES: dict[ProspectStatus, frozenset[ProspectStatus]] = {
    ProspectStatus.LISTED: frozenset({ProspectStatus.INVITED, ProspectStatus.ANSWERED, ProspectStatus.DECLINED}),
    ProspectStatus.INVITED: frozenset({ProspectStatus.ANSWERED, ProspectStatus.DECLINED, ProspectStatus.UNREACHABLE}),
    ProspectStatus.ANSWERED: frozenset({ProspectStatus.ANSWERED, ProspectStatus.DECLINED, ProspectStatus.INVITED}),
    ProspectStatus.DECLINED: frozenset({ProspectStatus.ANSWERED, ProspectStatus.DECLINED}),
    ProspectStatus.UNREACHABLE: frozenset({ProspectStatus.ANSWERED, ProspectStatus.DECLINED, ProspectStatus.INVITED}),
}


class Prospect(Sealing, Base):
    """One organisation to invite. Its sequence stops when it answers, in any way."""

    __tablename__ = "prospect"

    reference: Mapped[str] = mapped_column(String(9), unique=True)
    status: Mapped[ProspectStatus] = mapped_column(ByValue(ProspectStatus), default=ProspectStatus.LISTED)
    language: Mapped[str] = mapped_column(String(16))
    #: Keyed hash of folded names and address: importing the same row again changes nothing.
    import_key: Mapped[bytes] = mapped_column(unique=True)
    email_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    email = SealedText()  #: None: to be called
    email_hash: Mapped[bytes | None] = mapped_column(index=True)
    #: Of the address' domain, where it is the organisation's own: not a provider's for everybody.
    domain_hash: Mapped[bytes | None] = mapped_column(index=True)
    details_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    details = SealedJson()  #: names (by language), city, country, contact_person, tags, and the words of its letter
    created_at: Mapped[datetime]
    invited_at: Mapped[datetime | None] = mapped_column(active_history=True)  # counted (``store/tallies.py``)
    reminded_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]  #: when its last call was queued
    answered_at: Mapped[datetime | None] = mapped_column(active_history=True)
    #: When a coordinator let it be invited though the settings call its place unsafe.
    released_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_prospect_status_id", "status", "id"),)

    def invite(self, at: datetime) -> None:
        """Its invitation was queued."""
        self._move(ProspectStatus.INVITED)
        self.invited_at = at

    def invite_again(self, at: datetime) -> None:
        """A coordinator has a second invitation sent; it is the last word, so no reminder follows it."""
        if self.status is not ProspectStatus.INVITED:
            self._move(ProspectStatus.INVITED)
        self.invited_at = at
        self.reminded_at = self.reminded_at or at

    def remind(self, at: datetime) -> None:
        """Its one reminder was queued."""
        if self.status is not ProspectStatus.INVITED or self.reminded_at is not None:
            raise IllegalMove("prospect", self.status, "reminded")
        self.reminded_at = at

    def call_last(self, at: datetime) -> None:
        """Its one last call was queued; no reminder follows."""
        if self.status is not ProspectStatus.INVITED or self.called_at is not None:
            raise IllegalMove("prospect", self.status, "called")
        self.called_at = at

    def answer(self, at: datetime) -> None:
        """A person of this organisation wrote to us; nothing more is sent by the sequence."""
        self._move(ProspectStatus.ANSWERED)
        self.answered_at = self.answered_at or at

    def decline(self, at: datetime) -> None:
        """They said no."""
        self._move(ProspectStatus.DECLINED)
        self.answered_at = self.answered_at or at

    def lose(self) -> None:
        """Its invitation came back for good; somebody must find another address."""
        if self.status is ProspectStatus.INVITED:
            self._move(ProspectStatus.UNREACHABLE)

    def release(self, at: datetime) -> None:
        """It may be invited though its place is unsafe."""
        if self.released_at is not None:
            raise IllegalMove("prospect", "released", "released")
        self.released_at = at

    def forget_rehearsal(self) -> None:
        """The rehearsal is over: nothing was really sent, so nothing was answered."""
        self.status = ProspectStatus.LISTED
        self.invited_at = self.reminded_at = self.called_at = self.answered_at = None

    def erase(self) -> None:
        """The campaign is long over: neither address nor name is kept."""
        self.email_sealed = self.email_hash = self.domain_hash = None
        self.details = {}

    def _move(self, to: ProspectStatus) -> None:
        if to not in _MOVES[self.status]:
            raise IllegalMove("prospect", self.status, to)
        self.status = to
