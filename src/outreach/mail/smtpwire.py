"""smtplib's connection, heard and spoken to in conversations. Used by ``smtpsession``."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from time import monotonic
from typing import Final

from outreach.conversation import Conversation, Wait, finish
from outreach.mail.reasons import why
from outreach.mail.replies import Reply

_MAX_LINE: Final = 8192
_MAX_LINES: Final = 200
_REPLY_LINE: Final = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)


class ConnectionLost(smtplib.SMTPServerDisconnected):
    """The connection broke, or what came over it is not SMTP. Nothing more can be said or heard."""


class Wire(smtplib.SMTP):
    """smtplib with a deadline for each whole reply, and replies that must be well formed.

    smtplib's own commands make the connection ready and wait where they are called. After ``no_longer_waits``, it is
    only spoken to by ``say`` and ``hear``.
    """

    #: Seconds for the next reply to a command of smtplib; until it is set, those for connecting.
    patience: float | None = None
    _unread = b""

    def getreply(self) -> tuple[int, bytes]:
        patience = self.timeout if self.patience is None else self.patience
        self.no_longer_waits()
        reply = finish(self.hear(patience))
        # What smtplib says next, or TLS when it begins, has this time.
        self._line().settimeout(patience)
        return reply.code, reply.text.encode()

    def no_longer_waits(self) -> None:
        """From now on the connection refuses what it cannot do at once."""
        self._line().setblocking(False)

    def say(self, octets: bytes, patience: float) -> Conversation[None]:
        """Send all of them within so many seconds. Raises OSError; how many have left is not known then."""
        sock, until, unsent = self._line(), monotonic() + patience, memoryview(octets)
        while unsent:
            try:
                unsent = unsent[sock.send(unsent) :]
            except ssl.SSLWantReadError:
                yield Wait(sock, until)
            except (BlockingIOError, ssl.SSLWantWriteError):
                yield Wait(sock, until, to_write=True)

    def hear(self, patience: float) -> Conversation[Reply]:
        """The next reply, all of it within so many seconds. Raises ConnectionLost."""
        until = monotonic() + patience
        code, texts = b"", list[bytes]()
        while len(texts) < _MAX_LINES:
            while b"\n" not in self._unread:
                yield from self._hear_more(until)
            line, _, self._unread = self._unread.partition(b"\n")
            found = _REPLY_LINE.fullmatch(line.removesuffix(b"\r"))
            # RFC 5321, 4.2.1: every line bears the same code. What does not is no answer to anything.
            if found is None or code not in (b"", found[1]):
                break
            code = found[1]
            texts.append((found[3] or b"").strip())
            if found[2] != b"-":
                return Reply(int(code), b"\n".join(texts).decode("utf-8", "replace"))
        raise self.lost("what it answers is not SMTP")

    def has_unread(self) -> bool:
        """Whether the server has said more than it was asked."""
        return bool(self._unread)

    def lost(self, problem: str | Exception) -> ConnectionLost:
        """Hang up: what is to be raised then."""
        self.close()
        return ConnectionLost(problem if isinstance(problem, str) else why(problem))

    def _hear_more(self, until: float) -> Conversation[None]:
        sock = self._line()
        try:
            # TLS may hold octets that no selector sees any more; else a look before the wait is in vain.
            if not isinstance(sock, ssl.SSLSocket):
                yield Wait(sock, until)
            while isinstance(received := _received(sock, until), Wait):
                yield received
        except OSError as problem:
            raise self.lost(problem) from problem
        if not received:
            raise self.lost("the server closed the connection")
        if len(self._unread) > _MAX_LINE:
            raise self.lost("babble")
        self._unread += received

    def _line(self) -> socket.socket:
        if self.sock is None:
            raise ConnectionLost("not connected")
        return self.sock


def _received(sock: socket.socket, until: float) -> bytes | Wait:
    """What has come, or what is to be waited for first."""
    try:
        return sock.recv(4096)
    except ssl.SSLWantWriteError:
        return Wait(sock, until, to_write=True)
    except (BlockingIOError, ssl.SSLWantReadError):
        return Wait(sock, until)


class TlsWire(Wire, smtplib.SMTP_SSL):
    """The same over TLS from the first octet."""
