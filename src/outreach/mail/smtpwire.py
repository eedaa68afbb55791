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

_MAX_LINE: Final = 8192
_MAX_LINES: Final = 200
_REPLY_LINE: Final = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)


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
        return reply

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

    def hear(self, patience: float) -> Conversation[tuple[int, bytes]]:
        """The code and text of the next reply, all of it within so many seconds.

        Raises SMTPServerDisconnected, and closes the connection, when there is none or it is not SMTP.
        """
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
                return int(code), b"\n".join(texts)
        self.close()
        raise smtplib.SMTPServerDisconnected("what it answers is not SMTP")

    def has_unread(self) -> bool:
        """Whether the server has said more than it was asked."""
        return bool(self._unread)

    def _hear_more(self, until: float) -> Conversation[None]:
        try:
            received = yield from self._received(self._line(), until)
        except OSError as problem:
            self.close()
            raise smtplib.SMTPServerDisconnected(why(problem)) from problem
        if not received or len(self._unread) > _MAX_LINE:
            self.close()
            raise smtplib.SMTPServerDisconnected("the server closed the connection" if not received else "babble")
        self._unread += received

    def _received(self, sock: socket.socket, until: float) -> Conversation[bytes]:
        # TLS may hold octets that no selector sees any more; else a look before the wait is in vain.
        if not isinstance(sock, ssl.SSLSocket):
            yield Wait(sock, until)
        while True:
            try:
                return sock.recv(4096)
            except ssl.SSLWantWriteError:
                yield Wait(sock, until, to_write=True)
            except (BlockingIOError, ssl.SSLWantReadError):
                yield Wait(sock, until)

    def _line(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.sock


class TlsWire(Wire, smtplib.SMTP_SSL):
    """The same over TLS from the first octet."""
