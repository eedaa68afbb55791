"""The campaign's own row, how far each folder has been read, how each step went, and who is at work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.model.base import Base, SealedBytes, SealedJson, SealedText, Sealing


class Campaign(Sealing, Base):
    """The one campaign of this database. Until ``started_at`` is set it is in rehearsal."""

    __tablename__ = "campaign"

    slug: Mapped[str] = mapped_column(String(64), unique=True)
    since: Mapped[datetime]  #: mail that arrived before is counted and left alone
    started_at: Mapped[datetime | None]
    #: How many mails were ever queued; what the outbox holds must add up to it.
    mails_queued: Mapped[int] = mapped_column(default=0)
    #: A known text under the campaign's key: a wrong key is noticed at once.
    key_check_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    key_check = SealedText()
    #: How many approved entries are from where (``store/origins.py``): read by one page only.
    origins_sealed: Mapped[bytes | None] = mapped_column(SealedBytes, deferred=True)
    origins = SealedJson()
    #: How many entries that wait have each term of the queue's index (``store/facets.py``).
    waiting_sealed: Mapped[bytes | None] = mapped_column(SealedBytes, deferred=True)
    waiting = SealedJson()
    paper_at: Mapped[datetime | None]  #: when somebody showed that the key is on paper
    #: The word in our beacon, and the one we are about to write: nobody else knows them.
    beacon: Mapped[str | None] = mapped_column(String(32))
    next_beacon: Mapped[str | None] = mapped_column(String(32))
    lit_at: Mapped[datetime | None]  #: when our beacon was written last
    #: How often mail was begun to be sent, and when last (``store/turns.py``).
    turns: Mapped[int] = mapped_column(default=0)
    turned_at: Mapped[datetime | None]
    #: Who sends for this mailbox instead of us, in a sentence of ours; None while it is we.
    displaced_by: Mapped[str | None] = mapped_column(String(300))

    @property
    def in_rehearsal(self) -> bool:
        return self.started_at is None

    def put_on_paper(self, at: datetime) -> None:
        """Somebody has typed from the paper what only stands there."""
        self.paper_at = at

    def is_ours(self, beacon: str) -> bool:
        """Whether we wrote this word; a copy of us that was made before knows only older ones."""
        return beacon in (self.beacon, self.next_beacon)

    def prepare_beacon(self, word: str) -> None:
        """Remembered before it is written, so that a crash between the two leaves no stranger's beacon."""
        self.next_beacon = word

    def light_beacon(self, at: datetime) -> None:
        """It stands in the mailbox: we are the one that sends."""
        self.beacon, self.next_beacon, self.lit_at, self.displaced_by = self.next_beacon, None, at, None

    def begin_turn(self, at: datetime) -> None:
        """Mail is about to leave."""
        self.turns, self.turned_at = self.turns + 1, at

    def catch_up(self, turns: int) -> None:
        """This many turns there were, whatever this database remembers."""
        self.turns = max(self.turns, turns)

    def give_way(self, to: str) -> None:
        """Another installation sends for this mailbox."""
        self.displaced_by = to[:300]


class Folder(Base):
    """How far a folder of the mailbox has been read, under one UIDVALIDITY."""

    __tablename__ = "folder"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    next_uid: Mapped[int] = mapped_column(BigInteger)
    #: Mails that arrived before ``since`` and were left alone.
    older: Mapped[int] = mapped_column(default=0)


class StepState(Base):
    """How a step went last, and whether it waits for a person."""

    __tablename__ = "step_state"

    step: Mapped[str] = mapped_column(String(32), primary_key=True)
    ran_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  #: in a row, since it succeeded last
    reason: Mapped[str | None] = mapped_column(String(500))  #: of the last failure
    #: It runs again once the settings (or the password) differ from those that were refused.
    refused_hash: Mapped[bytes | None]

    @property
    def waits_for_a_person(self) -> bool:
        return self.refused_hash is not None

    def succeed(self, at: datetime) -> None:
        self.ran_at = self.succeeded_at = at
        self.failures, self.reason, self.refused_hash = 0, None, None

    def forget(self) -> None:
        """What is known of it is of another database."""
        self.ran_at = self.succeeded_at = None

    def fail(self, at: datetime, reason: str, *, refused_hash: bytes | None = None) -> None:
        self.ran_at, self.reason, self.refused_hash = at, reason[:500], refused_hash
        self.failures += 1


class Lease(Base):
    """What one process alone may do for a while: poll the mailbox, or run a step."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    #: The step runs now; otherwise the one poller only keeps its place.
    is_at_work: Mapped[bool] = mapped_column(default=True)


class Worker(Base):
    """A resident worker, by its heartbeat."""

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
