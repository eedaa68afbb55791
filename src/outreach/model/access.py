"""How a coordinator gets into the pages: password, second factor, one-time link, and the sessions that are open.

What a visitor presents (link, session) is kept as a keyed hash, so that a copy of the database opens nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.model.base import Base, SealedBytes, SealedText, Sealing
from outreach.model.coordinator import Coordinator

LINK_LASTS: Final = timedelta(hours=24)
#: However busy somebody is, they sign in again after so long; and after so long without doing anything.
SESSION_LASTS: Final = timedelta(hours=12)
SESSION_IDLES: Final = timedelta(minutes=60)
#: So many wrong tries are free; each further one doubles the wait, up to the longest.
FREE_TRIES: Final = 3
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)


class Access(Sealing, Base):
    """One coordinator's way in. Without a password only a one-time link opens it."""

    __tablename__ = "access"

    coordinator_id: Mapped[int] = mapped_column(ForeignKey("coordinator.id"), unique=True)
    password_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    password = SealedText()  #: its Argon2id hash, in PHC form
    totp_sealed: Mapped[bytes | None] = mapped_column(SealedBytes)
    totp = SealedText()  #: the shared secret of RFC 6238, in base32
    #: The last time step (of 30 s) of which a code was taken: a code counts once.
    totp_step: Mapped[int] = mapped_column(default=0)
    #: Keyed hashes (hex) of the recovery codes that are left.
    recovery: Mapped[list[Any]] = mapped_column(JSON, default=list)
    link_hash: Mapped[bytes | None] = mapped_column(unique=True)
    link_until: Mapped[datetime | None]

    coordinator: Mapped[Coordinator] = relationship()

    def invite(self, link_hash: bytes, now: datetime) -> None:
        """A new one-time link; an older one is worth nothing any more."""
        self.link_hash, self.link_until = link_hash, now + LINK_LASTS

    def enrol(self, *, password: str, totp: str, step: int, recovery: list[str]) -> None:
        """The link was used: it is gone, and whatever opened the pages before opens them no more."""
        self.password, self.totp, self.totp_step, self.recovery = password, totp, step, recovery
        self.link_hash = self.link_until = None

    def close(self) -> None:
        """Nothing opens the pages for them any more."""
        self.password = self.totp = self.link_hash = self.link_until = None
        self.recovery = []


class WebSession(Base):
    """Somebody who is signed in, on one device."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("coordinator.id"), index=True)
    began_at: Mapped[datetime]
    #: The last act; reading is remembered by the process alone, because a GET writes nothing.
    acted_at: Mapped[datetime]

    coordinator: Mapped[Coordinator] = relationship()

    def is_over(self, now: datetime, read_at: datetime | None = None) -> bool:
        """Whether they must sign in again. ``read_at``: when they last looked at a page."""
        last = max(self.acted_at, read_at) if read_at is not None else self.acted_at
        return now >= self.began_at + SESSION_LASTS or now >= last + SESSION_IDLES


class LoginBrake(Base):
    """Wrong tries to sign in, under one name or from one place: the next one is looked at later and later."""

    __tablename__ = "login_brake"

    key_hash: Mapped[bytes] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime]
    waits_until: Mapped[datetime]

    def is_on(self, now: datetime) -> bool:
        return now < self.waits_until

    def fail(self, now: datetime) -> None:
        """One more wrong try."""
        if now - self.tried_at > LONGEST_WAIT * 2:
            self.tries = 0
        self.tries, self.tried_at = self.tries + 1, now
        over = self.tries - FREE_TRIES
        self.waits_until = now + min(FIRST_WAIT * 2 ** min(over, 20), LONGEST_WAIT) if over >= 0 else now
