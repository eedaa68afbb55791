"""One wording of a signatory's printed line. The state machine of the review is here; docs/architecture.md draws it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.errors import IllegalMove
from outreach.model.attestation import Attestation, Source
from outreach.model.base import Base, ByValue, SealedBytes, SealedJson, Sealing
from outreach.words import Channel, Lines, PrintedLine, Proof, RejectReason, RevisionStatus, Seen

if TYPE_CHECKING:
    from outreach.model.signatory import Signatory

_S = RevisionStatus
_MOVES: dict[RevisionStatus, frozenset[RevisionStatus]] = {
    _S.UNCONFIRMED: frozenset({_S.PENDING, _S.REJECTED, _S.EXPIRED, _S.WITHDRAWN, _S.MERGED, _S.REPLACED}),
    _S.PENDING: frozenset({_S.APPROVED, _S.REJECTED, _S.NEEDS_INFO, _S.WITHDRAWN, _S.MERGED, _S.REPLACED}),
    _S.NEEDS_INFO: frozenset({_S.PENDING, _S.REJECTED, _S.WITHDRAWN, _S.MERGED, _S.REPLACED}),
    _S.APPROVED: frozenset({_S.WITHDRAWN, _S.MERGED, _S.REPLACED}),
    _S.REJECTED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.MERGED: frozenset(),
    _S.REPLACED: frozenset(),
}

#: From nothing to the most; a coordinator's word gives way to the organisation's own.
_STRENGTH = (Proof.NONE, Proof.ATTESTED, Proof.MAILBOX, Proof.DOMAIN)
#: What still waits for somebody.
OPEN_STATUSES = frozenset({_S.UNCONFIRMED, _S.PENDING, _S.NEEDS_INFO})
#: What only a new revision opens again.
ENDED_STATUSES = frozenset({_S.REJECTED, _S.EXPIRED, _S.WITHDRAWN})


class Revision(Sealing, Base):
    """One wording of a signatory's printed line, with its proof and its way through the review."""

    __tablename__ = "revision"

    signatory_id: Mapped[int] = mapped_column(ForeignKey("signatory.id"))
    number: Mapped[int]
    status: Mapped[RevisionStatus] = mapped_column(ByValue(RevisionStatus), active_history=True)
    lines_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    lines = SealedJson()  #: by language of the campaign: {"name", "city", "country"}
    details_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    details = SealedJson()  #: country_code, action, evidence, warnings, also
    confidence: Mapped[float] = mapped_column(default=1.0)
    proof: Mapped[Proof] = mapped_column(ByValue(Proof), default=Proof.NONE)
    seen: Mapped[Seen] = mapped_column(ByValue(Seen), default=Seen.NO, active_history=True)
    #: The mail that showed the line; with Seen.SHOWN its sending time is what counts.
    shown_in_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id"), index=True)
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    reject_reason: Mapped[RejectReason | None] = mapped_column(ByValue(RejectReason))

    signatory: Mapped[Signatory] = relationship(back_populates="revisions")
    attestation: Mapped[Attestation | None] = relationship(back_populates="revision")

    __table_args__ = (
        UniqueConstraint("signatory_id", "number"),
        Index("ix_revision_status_created_at", "status", "created_at"),
        Index("ix_revision_status_signatory_id_created_at", "status", "signatory_id", "created_at"),
        Index("ix_revision_decided_at", "decided_at"),
    )

    @property
    def printed_lines(self) -> Lines:
        return {language: PrintedLine(**parts) for language, parts in self.lines.items()}

    @property
    def ended(self) -> str:
        """How it ended, as a warning beside the line of an organisation that comes back."""
        reason = f", {self.reject_reason}" if self.reject_reason is not None else ""
        return f"comes back: {self.status} on {self.decided_at:%Y-%m-%d}{reason}" if self.decided_at else "comes back"

    def confirm(self, at: datetime, *, proof: Proof) -> None:
        """The organisation said yes to this very line."""
        if self.status is _S.UNCONFIRMED:
            self._move(_S.PENDING)
        elif self.status not in (_S.PENDING, _S.NEEDS_INFO, _S.APPROVED):
            raise IllegalMove("revision", self.status, "confirmed")
        self.proof = max(self.proof, proof, key=_STRENGTH.index)
        self.seen = Seen.CONFIRMED

    @property
    def rests_on_one_word(self) -> bool:
        """Whether it would print only because one coordinator vouches for it, and nobody has countersigned that."""
        is_attested = self.proof is Proof.ATTESTED or self.seen is Seen.ATTESTED
        return is_attested and (self.attestation is None or self.attestation.countersigned_by is None)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person should look at before deciding about it."""
        one_word = ("attested by one coordinator",) if self.rests_on_one_word else ()
        details = self.details
        return (*one_word, *(details.get("needs_human") or ()), *(details.get("warnings") or ()))

    def attest(
        self,
        at: datetime,
        *,
        by: str,
        channel: Channel,
        spoken_at: datetime,
        speaker: str | None,
        source: Source | None = None,
    ) -> Attestation:
        """They said yes to this very line where no mail to us shows it: a coordinator vouches.

        It was read back to them or stands in a file, unless it comes from a mail that the coordinator passed on; that
        can still be done.
        """
        if self.attestation is not None and self.attestation.is_read_back:
            raise IllegalMove("revision", "attested", "attested")
        if self.status in (_S.UNCONFIRMED, _S.NEEDS_INFO):
            self._move(_S.PENDING)
        elif self.status not in (_S.PENDING, _S.APPROVED):
            raise IllegalMove("revision", self.status, "attested")
        said = self.attestation = self.attestation or Attestation()
        said.channel, said.spoken_at, said.attested_at, said.attested_by = channel, spoken_at, at, by
        said.countersigned_at = said.countersigned_by = None
        lines = {language: str(line) for language, line in self.printed_lines.items()}
        evidence = {"file": source.file, "line": source.line, "sha256": source.sha256} if source is not None else {}
        said.said = {"speaker": speaker, "lines": lines if said.is_read_back else {}, **evidence}
        said.list_hash = source.hash if source is not None else None
        self.proof = max(self.proof, Proof.ATTESTED, key=_STRENGTH.index)
        if said.is_read_back and self.seen is not Seen.CONFIRMED:
            self.seen = Seen.ATTESTED
        return said

    def supersede(self, at: datetime) -> None:
        """It is proven: older revisions that are still open give way; the approved one stands until approval."""
        for other in self.signatory.revisions:
            if other.number < self.number and other.status in OPEN_STATUSES:
                other.replace(at)

    def show(self, mail_id: int) -> None:
        """A mail that shows this line was queued."""
        if self.seen is Seen.NO:
            self.seen, self.shown_in_id = Seen.SHOWN, mail_id

    def ask(self, at: datetime) -> None:
        """An asking that lists this line was queued."""
        if self.asked_at is None:
            self.asked_at = at
        else:
            self.reminded_at = at

    def approve(self, at: datetime, *, by: str) -> None:
        """A coordinator approves it; it takes the place of the line that stood before."""
        self._move(_S.APPROVED)
        self._decide(at, by)
        for other in self.signatory.revisions:
            if other is not self and other.status is _S.APPROVED:
                other.replace(at)

    def reject(self, at: datetime, *, by: str, reason: RejectReason) -> None:
        self._move(_S.REJECTED)
        self._decide(at, by)
        self.reject_reason = reason

    def need_info(self, at: datetime, *, by: str) -> None:
        """A coordinator has asked the organisation something and waits for the answer."""
        if self.status is _S.PENDING:
            self._move(_S.NEEDS_INFO)
            self._decide(at, by)

    def answer(self) -> None:
        """They have answered the coordinator's question."""
        if self.status is _S.NEEDS_INFO:
            self._move(_S.PENDING)

    def expire(self, at: datetime) -> None:
        self._move(_S.EXPIRED)
        self._decide(at, "machine")

    def withdraw(self, at: datetime, *, by: str) -> None:
        self._move(_S.WITHDRAWN)
        self._decide(at, by)

    def replace(self, at: datetime) -> None:
        self._move(_S.REPLACED)

    def merge(self, at: datetime, *, by: str) -> None:
        self._move(_S.MERGED)
        self._decide(at, by)

    def _decide(self, at: datetime, by: str) -> None:
        self.decided_at, self.decided_by = at, by

    def _move(self, to: RevisionStatus) -> None:
        if to not in _MOVES[self.status]:
            raise IllegalMove("revision", self.status, to)
        self.status = to
