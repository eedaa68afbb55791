"""Waits on a connection of its own until the mailbox says that mail has come (IMAP IDLE, RFC 2177)."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from typing import Any, Final, Self

from outreach.errors import NotOffered, ServerUnreachable
from outreach.mail.imapwire import ImapConnection, Rejected
from outreach.mail.reasons import unreachable
from outreach.mail.tls import client_context
from outreach.ports import Secret
from outreach.serverurl import ServerUrl

#: Seconds after which IDLE is ended and begun again. RFC 2177 allows 29 minutes; many routers forget a silent
#: connection after five, and the server's answer shows that it is still there.
RENEWED_AFTER: Final = 270.0


class ImapDoorbell:
    """One connection that listens at the folder of the URL, used as a context manager.

    ``timeout`` in seconds is the longest wait for an answer that must come; ``monotonic`` counts seconds.
    """

    def __init__(
        self,
        url: ServerUrl,
        secret: Secret,
        *,
        timeout: float = 60,
        renewed_after: float = RENEWED_AFTER,
        monotonic: Callable[[], float] = time.monotonic,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url
        self._secret = secret
        self._timeout = timeout
        self._renewed_after = renewed_after
        self._monotonic = monotonic
        self._context = context
        self._wire: ImapConnection | None = None
        self._since = 0.0

    def __enter__(self) -> Self:
        context = self._context or client_context(self._url)
        wire = ImapConnection(self._url, self._secret, timeout=self._timeout, context=context)
        try:
            if "IDLE" not in wire.capabilities:
                raise NotOffered(f"{self._url.address} cannot tell when mail comes (no IDLE): it is asked regularly.")
            wire.select(self._url.folder, readonly=True)
            self._begin(wire)
        except Rejected as refusal:
            wire.log_out()
            raise unreachable(self._url, f"does not let us wait for mail: {refusal}") from refusal
        except BaseException:
            wire.close()
            raise
        self._wire = wire
        return self

    def __exit__(self, *exc: object) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            # No LOGOUT: it would have to wait for the end of IDLE, and the server may be what has died.
            wire.close()

    def wait(self, seconds: float) -> bool:
        """Whether mail came within so many seconds. A server that does not answer DONE is dead."""
        wire = self._wire
        if wire is None:
            raise ServerUnreachable(f"{self._url.address}: not connected")
        began = self._monotonic()
        try:
            heard = wire.heard_while_idle(seconds)
            # Readable and nothing to read: the other side may have closed. DONE finds out.
            is_suspicious = not heard and self._monotonic() - began < seconds / 2
            if is_suspicious or self._monotonic() - self._since > self._renewed_after:
                heard += wire.end_idle()
                self._begin(wire)
        except Rejected as refusal:
            raise unreachable(self._url, f"stopped telling when mail comes: {refusal}") from refusal
        if any(said[:1] == (b"BYE",) for said in heard):
            raise unreachable(self._url, "the server said goodbye")
        return any(_is_news(said) for said in heard)

    def _begin(self, wire: ImapConnection) -> None:
        wire.begin_idle()
        self._since = self._monotonic()


def _is_news(said: tuple[Any, ...]) -> bool:
    return len(said) > 1 and said[1] in (b"EXISTS", b"RECENT")
