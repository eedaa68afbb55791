"""imaplib's connection with limits: what ``imapwire`` puts below imapclient."""

from __future__ import annotations

import imaplib
import socket
import ssl
from typing import Final

#: A literal of this many octets is refused: imaplib would reserve whatever size the server names.
_MAX_LITERAL: Final = 64 * 1024 * 1024


class BoundedImap(imaplib.IMAP4):
    """imaplib over TLS from the first octet, if it gets a context, and not trusting the sizes it is told."""

    def __init__(self, host: str, port: int, timeout: float, context: ssl.SSLContext | None) -> None:
        self._context = context
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), timeout)
        # A connection that waits for mail is silent for minutes; routers on the way forget it.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return self._context.wrap_socket(plain, server_hostname=self.host) if self._context else plain

    def read(self, size: int) -> bytes:
        if size > _MAX_LITERAL:
            raise self.abort(f"announces {size} octets at once")
        return super().read(size)

    def readline(self) -> bytes:
        try:
            return super().readline()
        except self.error as problem:
            # The rest of an overlong line would be taken for the next answer.
            raise self.abort(*problem.args) from problem
