"""The records that sign-ups become. The newest of its revisions is under discussion, the approved one prints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.errors import IllegalMove
from outreach.model.base import Base, SealedBytes, SealedJson, Sealing
from outreach.model.hold import Hold
from outreach.model.prospect import Prospect
from outreach.model.revision import ENDED_STATUSES, OPEN_STATUSES, Revision
from outreach.words import HoldKind, Lines, PrintedLine, RevisionStatus


class Signatory(Sealing, Base):
    """The record a sign-up becomes: who it is and how to reach them; its lines are its revisions."""

    __tablename__ = "signatory"

    reference: Mapped[str] = mapped_column(String(9), unique=True)
    individual: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(16))  #: of the mails they get
    contact_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    contact = SealedJson()  #: email, contact_person, role, phone, website, named_email
    contact_hash: Mapped[bytes | None] = mapped_column(index=True)
    prospect_id: Mapped[int | None] = mapped_column(ForeignKey("prospect.id"), index=True)
    created_at: Mapped[datetime]
    #: The entry that this one turned out to be.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("signatory.id"), index=True, active_history=True)

    #: Whose invitation, or whose own mail from us, was passed on to them.
    via_prospect_id: Mapped[int | None] = mapped_column(ForeignKey("prospect.id"), index=True)
    via_signatory_id: Mapped[int | None] = mapped_column(ForeignKey("signatory.id"), index=True)
    #: They were told, once, that their line is in the published list.
    announced_at: Mapped[datetime | None]

    merged_into: Mapped[Signatory | None] = relationship(
        remote_side="Signatory.id", foreign_keys="Signatory.merged_into_id"
    )
    via_prospect: Mapped[Prospect | None] = relationship(foreign_keys="Signatory.via_prospect_id")
    via: Mapped[Signatory | None] = relationship(remote_side="Signatory.id", foreign_keys="Signatory.via_signatory_id")
    revisions: Mapped[list[Revision]] = relationship(back_populates="signatory", order_by="Revision.number")
    holds: Mapped[list[Hold]] = relationship(back_populates="signatory", order_by="Hold.id")

    __table_args__ = (Index("ix_signatory_created_at", "created_at"),)

    @property
    def newest(self) -> Revision:
        return self.revisions[-1]

    @property
    def standing(self) -> Revision | None:
        """The approved revision, which prints if nothing keeps it from print."""
        return next((r for r in reversed(self.revisions) if r.status is RevisionStatus.APPROVED), None)

    @property
    def waiting(self) -> list[Revision]:
        """What waits for somebody: the proven before the unconfirmed, the newest first."""
        waiting = [revision for revision in reversed(self.revisions) if revision.status in OPEN_STATUSES]
        return sorted(waiting, key=lambda revision: revision.status is RevisionStatus.UNCONFIRMED)

    @property
    def open_holds(self) -> list[Hold]:
        return [hold for hold in self.holds if hold.lifted_at is None]

    @property
    def survivor(self) -> Signatory:
        """This entry, or the one it was merged into."""
        return self if self.merged_into is None else self.merged_into.survivor

    def merge(self, into: Signatory, at: datetime, *, by: str) -> None:
        """The same organisation has another entry, which stays; of this one nothing is open or printed any more."""
        if into.survivor is self or self.merged_into is not None:
            raise IllegalMove("signatory", "merged", "merged")
        for revision in self.revisions:
            if revision.status in OPEN_STATUSES or revision.status is RevisionStatus.APPROVED:
                revision.merge(at, by=by)
        self.merged_into = into

    def revise(self, *, lines: Lines, at: datetime, **values: Any) -> Revision:
        """Add a revision. What stood before stays until the new one is proven (``Revision.supersede``)."""
        revision = Revision(number=len(self.revisions) + 1, created_at=at, **values)
        revision.lines = {language: _as_dict(line) for language, line in lines.items()}
        self.revisions.append(revision)
        return revision

    def withdraw(self, at: datetime, *, by: str) -> None:
        """They want their name taken off: nothing of theirs is open or printed any more."""
        for revision in self.revisions:
            if revision.status in OPEN_STATUSES or revision.status is RevisionStatus.APPROVED:
                revision.withdraw(at, by=by)

    @property
    def was(self) -> Revision | None:
        """What an organisation that comes back left behind: its newest line, when that has ended."""
        return self.newest if self.revisions and self.newest.status in ENDED_STATUSES else None

    @property
    def is_silent(self) -> bool:
        """Whether no machine writes to it by itself: it is held for another reason than the hour it prints at."""
        return any(hold.kind is not HoldKind.EMBARGO for hold in self.open_holds)

    @property
    def is_withheld(self) -> bool:
        return any(hold.kind is HoldKind.WITHHELD for hold in self.open_holds)

    def hold(self, kind: HoldKind, *, by: str, at: datetime, reason: str, until: datetime | None = None) -> None:
        """Keep the record from print; holding twice for one kind is holding once."""
        if all(hold.kind is not kind for hold in self.open_holds):
            added = Hold(kind=kind, placed_by=by, placed_at=at, until=until)
            added.reason = reason
            self.holds.append(added)

    def announce(self, at: datetime) -> None:
        """The mail that says that its line is in the published list was queued."""
        self.announced_at = at

    def erase_contact(self) -> None:
        """The campaign is long over: how to reach them and what was noted is not kept. What was printed stays."""
        self.contact = {}
        self.contact_hash = None
        for hold in self.holds:
            hold.reason = None
        for revision in self.revisions:
            if revision.attestation is not None:
                revision.attestation.erase()

    def lift(self, kind: HoldKind, *, by: str, at: datetime) -> None:
        """End a hold."""
        for hold in self.open_holds:
            if hold.kind is kind:
                hold.lifted_by, hold.lifted_at = by, at


def _as_dict(line: PrintedLine) -> dict[str, str | None]:
    return {"name": line.name, "city": line.city, "country": line.country}
