"""How far a mail server must be trusted before it gets a password. Used by imap and smtp."""

from __future__ import annotations

import ssl

from outreach.serverurl import ServerUrl


def may_be_plain(url: ServerUrl) -> bool:
    """Whether a line without TLS will do: nothing that stays on loopback leaves the machine."""
    return url.is_loopback and not url.is_implicit_tls


def client_context(url: ServerUrl) -> ssl.SSLContext:
    """TLS with the system's authorities and the server's name checked.

    Only where a plain line would do as well, the certificate may be any: local servers and bridges carry
    certificates of their own making.
    """
    if not may_be_plain(url):
        return ssl.create_default_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
