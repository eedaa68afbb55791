"""Lets coordinators into the pages: one-time links, passwords with a second factor, sessions. Writes access and events.

Whoever is not let in learns only that: a wrong name, password and code are answered alike and take the same time.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pyotp import TOTP
from sqlalchemy.orm import Session

from outreach.errors import OutreachError, Refused
from outreach.model import Access, WebSession
from outreach.ports import Clock
from outreach.sealing import Keyring
from outreach.store import access, coordinators, log
from outreach.store.database import Database

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256
_RECOVERY_CODES: Final = 10
_STEP_SECONDS: Final = 30
#: Argon2id as RFC 9106 has it for little memory (64 MiB); it is far above OWASP's floor.
_HASHER: Final = PasswordHasher()
#: What an unknown name is checked against, so that it takes as long as a known one.
_NOBODY: Final = _HASHER.hash(secrets.token_hex(16))


class NotLetIn(OutreachError):
    """They are not let in; the text says nothing of what was wrong."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a one-time link is for: whose it is, and the secret for their authenticator (base32)."""

    name: str
    totp: str


def link(session: Session, keyring: Keyring, name: str, clock: Clock, *, actor: str) -> str:
    """Make a one-time link for a coordinator; returns its secret part. A link made before is worth nothing then."""
    found = coordinators.with_name(session, name)
    if found is None or not found.is_active:
        raise Refused(f"{name[:60]} is no coordinator.")
    token, now = secrets.token_urlsafe(32), clock()
    access.of(session, found).invite(keyring.hash("access link", token), now)
    log.note(session, now, actor=actor, action="given a link", about=found)
    return token


def enrolment(session: Session, keyring: Keyring, token: str, clock: Clock) -> Enrolment:
    """Whom a link is for; looking at it changes nothing. Raises NotLetIn."""
    found = _with_link(session, keyring, token, clock())
    return Enrolment(found.coordinator.name, _secret_of(keyring, token))


def provisioning_uri(found: Enrolment, label: str, issuer: str) -> str:
    """What an authenticator reads from a picture (the otpauth: form of Key URI)."""
    return str(TOTP(found.totp).provisioning_uri(name=label, issuer_name=issuer))


def enrol(session: Session, keyring: Keyring, token: str, password: str, code: str, clock: Clock) -> list[str]:
    """Take the link's holder in with a password and an authenticator that works; returns their recovery codes."""
    now = clock()
    found = _with_link(session, keyring, token, now)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused(f"A password has at least {SHORTEST_PASSWORD} characters.")
    secret = _secret_of(keyring, token)
    step = _step_of(secret, code, now, after=0)
    if step is None:
        raise Refused("That is not the code the authenticator shows now.")
    codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
    hashes = [keyring.hash("recovery code", code).hex() for code in codes]
    found.enrol(password=_HASHER.hash(password), totp=secret, step=step, recovery=hashes)
    access.end_all(session, found.coordinator)
    log.note(session, now, actor=found.coordinator.name, action="enrolled", about=found.coordinator)
    return codes


def sign_in(db: Database, name: str, password: str, code: str, clock: Clock, *, place: str) -> str:
    """Begin a session; returns its secret. ``place`` is the visitor's network address. Raises NotLetIn.

    The try is counted before it is looked at, so that many at once are many. No lock is held while the password
    is hashed.
    """
    now = clock()
    keys = [db.keyring.hash("brake", f"name {name.casefold()}"), db.keyring.hash("brake", f"place {place}")]
    with db.writing() as session:
        brakes = [access.brake(session, key, now) for key in keys]
        braked = any(brake.is_on(now) for brake in brakes)
        if not braked:
            for brake in brakes:
                brake.fail(now)
    if braked:
        raise NotLetIn("Too many tries. Wait a while, then try again.")
    with db.reading() as session:
        known = access.with_name(session, name)
        stored = known.password if known is not None else None
    is_right = _verify(stored or _NOBODY, password)
    with db.writing() as session:
        found = access.with_name(session, name)
        is_second_right = found is not None and _second_factor(db.keyring, found, code, now)
        if found is None or found.password != stored or not (is_right and is_second_right):
            # Raising rolls back: a right code beside a wrong password is not used up.
            raise NotLetIn("Name, password and code do not fit together.")
        for key in keys:
            session.delete(access.brake(session, key, now))
        access.sweep(session, now)
        token = secrets.token_urlsafe(32)
        begun = WebSession(token_hash=_hash(db.keyring, token), coordinator=found.coordinator, began_at=now)
        begun.acted_at = now
        session.add(begun)
        log.note(session, now, actor=found.coordinator.name, action="signed in", about=found.coordinator)
    return token


def signed_in(session: Session, keyring: Keyring, token: str) -> WebSession | None:
    """The session with this secret, if it is open and its coordinator is still one."""
    return access.web_session(session, _hash(keyring, token))


def sign_out(session: Session, keyring: Keyring, token: str, clock: Clock) -> None:
    """End a session; ending one that is over is nothing."""
    found = signed_in(session, keyring, token)
    if found is not None:
        log.note(session, clock(), actor=found.coordinator.name, action="signed out", about=found.coordinator)
        session.delete(found)


def _with_link(session: Session, keyring: Keyring, token: str, now: datetime) -> Access:
    found = access.with_link(session, keyring.hash("access link", token), now)
    if found is None:
        raise NotLetIn("This link is not good any more. Ask a coordinator for a new one.")
    return found


def _secret_of(keyring: Keyring, token: str) -> str:
    """The authenticator's secret that belongs to a link: looking at the page twice shows the same one."""
    return base64.b32encode(keyring.hash("authenticator", token)[:20]).decode()


def _second_factor(keyring: Keyring, found: Access, code: str, now: datetime) -> bool:
    """Whether the code is one of the authenticator's, or a recovery code; either counts once."""
    step = _step_of(found.totp or "", code, now, after=found.totp_step)
    if step is not None:
        found.totp_step = step
        return True
    hashed = keyring.hash("recovery code", code.strip().upper()).hex()
    if hashed not in found.recovery:
        return False
    found.recovery = [kept for kept in found.recovery if kept != hashed]
    return True


def _step_of(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step of a code (RFC 6238), the one before and the one after counting too; None if it fits none."""
    typed = "".join(
        str(unicodedata.digit(char)) for char in code if char.isdigit()
    )  # Persian keyboards write their own
    here = int(now.timestamp()) // _STEP_SECONDS
    for step in (here, here - 1, here + 1):
        expected = TOTP(secret).generate_otp(step) if secret else ""
        if step > after and expected and hmac.compare_digest(expected, typed):
            return step
    return None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password[:LONGEST_PASSWORD])
    except (Argon2Error, InvalidHashError):
        return False


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(7)).decode()[:10]
    return f"{text[:5]}-{text[5:]}"


def _hash(keyring: Keyring, token: str) -> bytes:
    return keyring.hash("web session", token)
