"""smtplib with a deadline for each whole reply, and replies that must be well formed. Used by ``smtpsession``."""

from __future__ import annotations

import re
import smtplib
from time import monotonic
from typing import Final

from outreach.mail.reasons import why

_MAX_LINE: Final = 8192
_MAX_LINES: Final = 200
_REPLY_LINE: Final = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)


class Wire(smtplib.SMTP):
    """smtplib with a deadline for each whole reply, and replies that must be well formed."""

    #: Seconds for the next reply; until it is set, those for connecting.
    patience: float | None = None
    _unread = b""

    def getreply(self) -> tuple[int, bytes]:
        patience = self.timeout if self.patience is None else self.patience
        deadline = monotonic() + patience
        code, texts = b"", list[bytes]()
        while len(texts) < _MAX_LINES:
            found = _REPLY_LINE.fullmatch(self._line(deadline))
            # RFC 5321, 4.2.1: every line bears the same code. What does not is no answer to anything.
            if found is None or code not in (b"", found[1]):
                break
            code = found[1]
            texts.append((found[3] or b"").strip())
            if found[2] != b"-":
                if self.sock is not None:
                    # The wait has eaten up the time limit; what is sent next has its own.
                    self.sock.settimeout(patience)
                return int(code), b"\n".join(texts)
        self.close()
        raise smtplib.SMTPServerDisconnected("what it answers is not SMTP")

    def has_unread(self) -> bool:
        """Whether the server has said more than it was asked."""
        return bool(self._unread)

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._unread:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("not connected")
            self.sock.settimeout(max(deadline - monotonic(), 0.001))
            try:
                received = self.sock.recv(4096)
            except OSError as problem:
                self.close()
                raise smtplib.SMTPServerDisconnected(why(problem)) from problem
            if not received or len(self._unread) > _MAX_LINE:
                self.close()
                raise smtplib.SMTPServerDisconnected("the server closed the connection" if not received else "babble")
            self._unread += received
        line, _, self._unread = self._unread.partition(b"\n")
        return line.removesuffix(b"\r")


class TlsWire(Wire, smtplib.SMTP_SSL):
    """The same over TLS from the first octet."""
