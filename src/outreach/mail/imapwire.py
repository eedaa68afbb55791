"""The typed face of imapclient: one connection, in UIDs, whose errors say whether it is still alive.

No other module imports imapclient, and none of these functions takes text that came from a mail.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NoReturn, TypeVar

import imapclient
from imapclient.imap_utf7 import decode as decode_folder
from imapclient.imap_utf7 import encode as encode_folder

from outreach.errors import ServerUnreachable
from outreach.mail.imaplogin import log_in
from outreach.mail.imapsocket import BoundedImap
from outreach.mail.reasons import in_clear, unreachable, why
from outreach.mail.tls import may_be_plain
from outreach.ports import Secret
from outreach.serverurl import ServerUrl

T = TypeVar("T")

#: How many UIDs one SEARCH may find: imaplib takes lines of at most 1,000,000 octets.
_WINDOW: Final = 80_000
#: What Exchange and Gmail say when a token has run out in the middle of a session, before they hang up.
_OVER: Final = re.compile(r"expired|invalidated|log ?in again", re.IGNORECASE)

# imapclient logs every line of every mail at level DEBUG, and odd answers of the server at WARNING.
logging.getLogger("imapclient").setLevel(logging.ERROR)


class Rejected(Exception):
    """The server said NO or BAD to one command, or answered it with nonsense; the connection lives on."""


class _ReadOnly(Rejected):
    """The server opens this folder for reading only."""


class _TokenOver(ServerUnreachable):
    """The session has ended because its token has."""


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder that can be opened: its name, its attributes in lower case, its name without its parents'."""

    name: str
    attributes: frozenset[str]
    last_name: str


@dataclass(frozen=True, slots=True)
class Selected:
    """The answer to SELECT or EXAMINE. ``uidnext`` is None where an old server does not say."""

    uidvalidity: int
    uidnext: int | None
    messages: int
    is_writable: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What a FETCH told about one mail; None for what it did not. ``size`` in octets."""

    size: int | None
    arrived: datetime | None


class _Client(imapclient.IMAPClient):  # type: ignore[misc]  # the library carries no types
    def _create_IMAP4(self) -> imaplib.IMAP4:
        return BoundedImap(self.host, self.port, self._timeout.connect, self.ssl_context if self.ssl else None)


class ImapConnection:
    """A connection that is secured and logged in. Every method may raise Rejected or ServerUnreachable.

    Where a token runs out in the middle, what only looks is done again on a new connection, once.
    """

    def __init__(self, url: ServerUrl, secret: Secret, *, timeout: float, context: ssl.SSLContext) -> None:
        """Connect and log in; ``timeout`` is for connecting and for each wait. Raises LoginRefused too."""
        self.url = url
        self._secret, self._timeout, self._context = secret, timeout, context
        self._may_renew = not isinstance(secret, str)
        self._selected: Selected | None = None
        self._folder = ""
        self._connect()

    def _connect(self) -> None:
        url, context = self.url, self._context
        try:
            self._client: Any = _Client(
                url.host, url.port, ssl=url.is_implicit_tls, ssl_context=context, timeout=self._timeout
            )
        except (imaplib.IMAP4.error, OSError) as problem:
            raise unreachable(url, problem) from problem
        self._client.normalise_times = False
        try:
            self._secure(context)
            log_in(self._client, url, self._secret)
            self.capabilities: frozenset[str] = self._run(
                lambda: frozenset(name.decode("ascii", "replace") for name in self._client.capabilities())
            )
        except Rejected as refusal:
            self.close()
            raise unreachable(url, str(refusal)) from refusal
        except BaseException:
            self.close()
            raise

    def folders(self) -> list[RemoteFolder]:
        """The folders that can be opened; those whose names are no modified UTF-7 are passed over."""
        listed = self._look(self._raw_folders)
        return [folder for flags, parting, name in listed if (folder := _folder(flags, parting, name)) is not None]

    def personal_prefix(self) -> str:
        """What the names of the user's own folders begin with: "" or, on some servers, "INBOX."."""
        if "NAMESPACE" not in self.capabilities:
            return ""
        personal = self._run(lambda: self._client.namespace().personal)
        return str(personal[0][0]) if personal else ""

    def select(self, folder: str, *, readonly: bool) -> Selected:
        """SELECT, or EXAMINE if it is to stay untouched or if the server allows no more."""
        self._selected = None
        try:
            answer = self._look(lambda: self._client.select_folder(folder, readonly=readonly))
        except _ReadOnly:
            readonly, answer = True, self._run(lambda: self._client.select_folder(folder, readonly=True))
        uidvalidity = answer.get(b"UIDVALIDITY")
        if not isinstance(uidvalidity, int):
            raise Rejected("the server keeps no UIDs (UIDVALIDITY is missing)")
        self._selected = Selected(uidvalidity, answer.get(b"UIDNEXT"), int(answer.get(b"EXISTS", 0)), not readonly)
        self._folder = folder
        return self._selected

    def search(self, first_uid: int = 1, criteria: str = "ALL") -> list[int]:
        """UIDs >= first_uid, rising. ``criteria`` is made of keywords and dates alone."""
        last = self._selected
        windows = [f"{first_uid}:*"]
        if last is not None and last.uidnext is not None and last.messages > _WINDOW:
            windows = [f"{n}:{n + _WINDOW - 1}" for n in range(first_uid, last.uidnext, _WINDOW)]
        found = {uid for window in windows for uid in self._found(f"UID {window} {criteria}")}
        # RFC 9051, 6.4.8: "n:*" holds the last mail, also when its UID is smaller than n.
        return sorted(uid for uid in found if uid >= first_uid)

    def still_listed(self, uids: Sequence[int]) -> frozenset[int]:
        """Those of the UIDs that the folder still holds, after the server has told what was expunged."""
        self._look(self._client.noop)  # RFC 9051, 7.5.1
        return frozenset(uids) & frozenset(self._found(f"UID {','.join(map(str, uids))}"))

    def facts(self, uids: Sequence[int]) -> dict[int, Facts]:
        """Size and INTERNALDATE of those that are still there."""
        answer = self._look(lambda: self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"]))
        return {uid: _facts(items) for uid, items in answer.items() if b"RFC822.SIZE" in items}

    def body(self, uid: int, limit: int | None) -> bytes | None:
        """The mail without marking it as read; None if the answer holds none."""
        part = "" if limit is None else f"<0.{limit}>"
        answer = self._look(lambda: self._client.fetch([uid], [f"BODY.PEEK[]{part}"]))
        items = answer.get(uid, {})
        raw = items.get(b"BODY[]" if limit is None else b"BODY[]<0>")
        return raw if isinstance(raw, bytes) else None

    def add_flag(self, uids: Sequence[int], flag: str) -> None:
        self._run(lambda: self._client.add_flags(uids, [flag.encode("ascii")], silent=True))

    def move(self, uids: Sequence[int], folder: str) -> None:
        self._run(lambda: self._client.move(uids, folder))

    def copy(self, uids: Sequence[int], folder: str) -> None:
        self._run(lambda: self._client.copy(uids, folder))

    def expunge(self, uids: Sequence[int]) -> None:
        self._run(lambda: self._client.uid_expunge(uids))

    def create(self, folder: str) -> None:
        self._run(lambda: self._client.create_folder(folder))
        self._run(lambda: self._client.subscribe_folder(folder))

    def append(self, folder: str, raw: bytes) -> None:
        """Put a mail into a folder, marked as read."""
        self._run(lambda: self._client.append(folder, raw, flags=[rb"\Seen"]))

    def begin_idle(self) -> None:
        """Ask to be told what happens in the selected folder (RFC 2177); nothing else may be said meanwhile."""
        self._run(self._client.idle)

    def heard_while_idle(self, seconds: float) -> list[tuple[Any, ...]]:
        """What the server told of its own accord within so many seconds: (1, b"EXISTS"), (b"BYE", …), …"""
        return self._run(lambda: list(self._client.idle_check(timeout=seconds)))

    def end_idle(self) -> list[tuple[Any, ...]]:
        """Stop listening; what was told last. Fails if the server is gone."""
        return self._run(lambda: list(self._client.idle_done()[1]))

    def log_out(self) -> None:
        """Take leave and close; the server's answer does not matter."""
        with suppress(imaplib.IMAP4.error, OSError):
            self._client.logout()
        self.close()

    def close(self) -> None:
        with suppress(imaplib.IMAP4.error, OSError):
            self._client.shutdown()

    def _found(self, criteria: str) -> list[int]:
        return self._look(lambda: [int(uid) for uid in self._client.search(criteria)])

    def _look(self, command: Callable[[], T]) -> T:
        """Run what may be said twice."""
        try:
            return self._run(command)
        except _TokenOver:
            self._may_renew = False
            before = self._selected
            self._connect()
            if before is not None:
                self._same_folder_again(before)
            return self._run(command)

    def _same_folder_again(self, before: Selected) -> None:
        if self.select(self._folder, readonly=not before.is_writable).uidvalidity != before.uidvalidity:
            raise unreachable(self.url, "its UIDs have changed meanwhile")

    def _run(self, command: Callable[[], T]) -> T:
        try:
            return command()
        except imaplib.IMAP4.readonly as problem:
            raise _ReadOnly(why(problem)) from problem
        except (imaplib.IMAP4.abort, OSError) as problem:
            self._broken(problem)
        except imaplib.IMAP4.error as problem:
            raise Rejected(why(problem)) from problem
        except Exception as problem:
            # The library's parsers fail on malformed answers in every way there is (ValueError, TypeError,
            # RecursionError, …). The answer is complete by then, so the connection can still be used.
            raise Rejected(f"a malformed answer ({type(problem).__name__})") from problem

    def _broken(self, problem: Exception) -> NoReturn:
        self.close()
        if self._may_renew and _OVER.search(why(problem)):
            raise _TokenOver(str(unreachable(self.url, problem))) from problem
        raise unreachable(self.url, problem) from problem

    def _raw_folders(self) -> list[tuple[Any, Any, Any]]:
        # Names are decoded one by one, so that one bad name does not hide the others.
        self._client.folder_encode = False
        try:
            return list(self._client.list_folders())
        finally:
            self._client.folder_encode = True

    def _secure(self, context: ssl.SSLContext) -> None:
        if self.url.is_implicit_tls:
            return
        if self._run(lambda: self._client.has_capability("STARTTLS")):
            self._run(lambda: self._client.starttls(context))
        elif not may_be_plain(self.url):
            raise in_clear(self.url)


def _folder(flags: Any, parting: Any, name: Any) -> RemoteFolder | None:
    attributes = frozenset(flag.decode("ascii", "replace").lower() for flag in flags if isinstance(flag, bytes))
    wire_name = name if isinstance(name, bytes) else str(name).encode("ascii", "replace")
    try:
        decoded = decode_folder(wire_name)
    except UnicodeError:
        return None
    if {"\\noselect", "\\nonexistent"} & attributes or encode_folder(decoded) != wire_name:
        return None
    delimiter = parting.decode("ascii", "replace") if isinstance(parting, bytes) and parting else "\0"
    return RemoteFolder(decoded, attributes, decoded.rpartition(delimiter)[2])


def _facts(items: dict[bytes, Any]) -> Facts:
    size, arrived = items.get(b"RFC822.SIZE"), items.get(b"INTERNALDATE")
    try:
        when = arrived.astimezone(UTC) if isinstance(arrived, datetime) and arrived.tzinfo else None
    except OverflowError:
        when = None
    return Facts(size if isinstance(size, int) else None, when)
