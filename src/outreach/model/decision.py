"""Decisions: what a coordinator did to an entry, as it was before and after, so that it can be taken back.

A mail that tells of a decision is queued with it and leaves when it cannot be undone any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.errors import IllegalMove
from outreach.model.base import Base
from outreach.model.outbox import OutboxMail
from outreach.model.revision import Revision
from outreach.model.signatory import Signatory
from outreach.words import RejectReason, RevisionStatus, Seen

#: How long a decision can be taken back.
UNDO_FOR: Final = timedelta(minutes=10)
MERGED: Final = "merged"


class Decision(Base):
    """One decision about one entry. ``before`` and ``after`` hold states, times and ids, no text of anybody's."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatory.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))  #: as the log has it: "approved"
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    #: The mail that tells of it, if any does.
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(80))

    signatory: Mapped[Signatory] = relationship()

    @property
    def is_merger(self) -> bool:
        """A merger can be taken back until the next wave, however long ago it was: mistakes show late."""
        return self.action == MERGED

    @property
    def undo_until(self) -> datetime:
        return self.at + UNDO_FOR

    def tell(self, mail: OutboxMail) -> None:
        """This mail tells of it: it waits until the decision stands."""
        mail.wait_until(self.undo_until)
        self.mail_id = mail.id

    def undo(self, at: datetime, *, by: str) -> None:
        """Put the entry back to where it was. Raises IllegalMove when something has happened to it since."""
        if self.undone_at is not None or state_of(self.signatory) != self.after:
            raise IllegalMove("decision", self.action, "undone")
        revisions = {str(revision.id): revision for revision in self.signatory.revisions}
        for id_, state in self.before["revisions"].items():
            _put_back(revisions[id_], state)
        for hold in self.signatory.holds:
            was_open = hold.id in self.before["holds"]
            if was_open and hold.lifted_at is not None:
                hold.lifted_at = hold.lifted_by = None
            elif not was_open and hold.lifted_at is None:
                hold.lifted_at, hold.lifted_by = at, by
        self.signatory.merged_into_id = self.before["merged_into"]
        self.undone_at, self.undone_by = at, by


def state_of(signatory: Signatory) -> dict[str, Any]:
    """Where an entry stands, as far as decisions change it. Its rows must have been flushed."""
    return {
        "revisions": {str(revision.id): _state(revision) for revision in signatory.revisions},
        "holds": [hold.id for hold in signatory.open_holds],
        "merged_into": signatory.merged_into_id,
    }


def _state(revision: Revision) -> dict[str, Any]:
    return {
        "status": revision.status,
        "seen": revision.seen,
        "shown_in_id": revision.shown_in_id,
        "asked_at": _text(revision.asked_at),
        "reminded_at": _text(revision.reminded_at),
        "decided_at": _text(revision.decided_at),
        "decided_by": revision.decided_by,
        "reject_reason": revision.reject_reason,
    }


def _put_back(revision: Revision, state: dict[str, Any]) -> None:
    revision.status, revision.seen = RevisionStatus(state["status"]), Seen(state["seen"])
    revision.shown_in_id, revision.decided_by = state["shown_in_id"], state["decided_by"]
    revision.reject_reason = RejectReason(state["reject_reason"]) if state["reject_reason"] else None
    for name in ("asked_at", "reminded_at", "decided_at"):
        setattr(revision, name, datetime.fromisoformat(state[name]) if state[name] else None)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
