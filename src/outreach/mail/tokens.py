"""Keeps what ``outreach login`` has got, sealed in a file, and refreshes it: one at a time, and before it expires.

Providers may give a new refresh token with every refresh (Microsoft does) and forget the old one: the new one is on
disk before anything is done with what came beside it. Used through ``ports.Tokens`` by imap and smtp.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from outreach.durable import read_private, replace_file
from outreach.errors import KeyProblem, LoginRefused, SealBroken, ServerUnreachable
from outreach.mail.oauth import SIGN_IN, Grant, TokenServer
from outreach.ports import Clock
from outreach.sealing import Keyring, new_ref

#: A token that is good for less is refreshed: long enough for a connection to be made and used for a while.
AHEAD: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Login:
    """What is kept. ``ref`` changes with every sign-in by a person, and with no refresh."""

    ref: str
    refresh: str
    access: str
    expires_at: datetime
    signed_in_at: datetime
    ends_at: datetime | None  #: when the refresh token ends whatever happens, where the provider says so

    @classmethod
    def granted(cls, grant: Grant, now: datetime) -> Login:
        """A person has signed in. Raises LoginRefused where nothing was given that lasts."""
        if grant.refresh is None:
            raise LoginRefused("The provider gave a token for an hour only, none to refresh it with.")
        ends = None if grant.refresh_expires_in is None else now + timedelta(seconds=grant.refresh_expires_in)
        return cls(new_ref(), grant.refresh, grant.access, now + timedelta(seconds=grant.expires_in), now, ends)

    def refreshed(self, grant: Grant, now: datetime) -> Login:
        return replace(
            self,
            refresh=grant.refresh or self.refresh,
            access=grant.access,
            expires_at=now + timedelta(seconds=grant.expires_in),
        )


class LoginFile:
    """The sealed file: its owner's alone, bound to the campaign's key and to one application."""

    def __init__(self, path: Path, keyring: Keyring, client_id: str) -> None:
        self.path = path
        self._keyring = keyring
        self._cell = {"table": "oauth", "column": "login", "ref": client_id}

    def read(self) -> Login:
        """Raises LoginRefused where nobody has signed in, or KeyProblem where others can read the file."""
        try:
            sealed = read_private(self.path)
        except FileNotFoundError:
            raise LoginRefused(f"Nobody has signed in to the mailbox from here. {SIGN_IN}") from None
        except OSError as problem:
            raise KeyProblem(f"{self.path} cannot be read: {problem.strerror}.") from None
        try:
            values = json.loads(self._keyring.open(sealed, **self._cell))
        except SealBroken:
            raise LoginRefused(f"{self.path} is of another key or another application. {SIGN_IN}") from None
        times = {name: value and datetime.fromisoformat(value) for name, value in values.items() if "_at" in name}
        return Login(**{**values, **times})

    def write(self, login: Login) -> None:
        """On disk, or not at all: the file before stays whole until the new one is."""
        values = {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(login).items()
        }
        sealed = self._keyring.seal(json.dumps(values).encode(), **self._cell)
        replace_file(self.path, sealed)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Wait until nobody else, thread or process, writes; the lock dies with the process."""
        beside = self.path.with_name(f".{self.path.name}.lock")
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


class AccessTokens:
    """Tokens of one login, for all connections of this machine."""

    def __init__(self, file: LoginFile, server: TokenServer, clock: Clock) -> None:
        self._file, self._server, self._clock = file, server, clock

    def current(self) -> str:
        """See ``ports.Tokens``. While the provider cannot be reached, what is not over yet will do."""
        login = self._file.read()
        if login.expires_at - self._clock() > AHEAD:
            return login.access
        try:
            return self._refreshed(lambda login: login.expires_at - self._clock() > AHEAD)
        except ServerUnreachable:
            if login.expires_at > self._clock():
                return login.access
            raise

    def renewed(self, refused: str) -> str:
        """See ``ports.Tokens``."""
        return self._refreshed(lambda login: login.access != refused)

    def _refreshed(self, is_good: Callable[[Login], bool]) -> str:
        """Refresh, unless somebody else has while we waited for the lock."""
        with self._file.lock():
            login = self._file.read()
            if is_good(login):
                return login.access
            fresh = login.refreshed(self._server.refresh(login.refresh), self._clock())
            self._file.write(fresh)
            return fresh.access
