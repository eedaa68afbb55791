"""The envelope of one mail, one sender and one recipient, and its bytes as they go over the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from outreach.mail.wording import are_whole_lines

#: RFC 3461, 4.4.
_LONGEST_ENVID = 100

#: A dot-string without quotes (RFC 5321, 4.1.2; RFC 6531, 3.3): no space, bracket, comma or control.
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f<>()\[\]\\,;:@\"]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Both addresses as they are sent: domains as A-labels. ``sender`` may be "" (RFC 3834 wants it at times)."""

    sender: str
    recipient: str
    message_id: str  #: in angle brackets; it comes back in a report of a relay that knows RFC 3461

    @classmethod
    def of(cls, sender: str, recipient: str, message_id: str) -> Envelope:
        """Raises ValueError for an address that must not reach a command."""
        return cls(wire_address(sender) if sender else "", wire_address(recipient), message_id)

    @property
    def identification(self) -> tuple[str, ...]:
        """ENVID, which a report gives back as Original-Envelope-Id: our secret survives a lost original."""
        id_ = xtext(self.message_id.strip("<>"))
        return (f"ENVID={id_}",) if 0 < len(id_) <= _LONGEST_ENVID else ()

    @property
    def original_recipient(self) -> tuple[str, ...]:
        """ORCPT, which a report gives back as Original-Recipient, whoever the mail was forwarded to."""
        return (f"ORCPT=rfc822;{xtext(self.recipient)}",) if self.recipient.isascii() else ()

    @property
    def is_international(self) -> bool:
        """Whether a local part is not ASCII, so that the server must offer SMTPUTF8 (RFC 6531)."""
        return not (self.sender.isascii() and self.recipient.isascii())


def xtext(value: str) -> str:
    """ASCII text as it stands in a parameter (RFC 3461, 4): what could end the parameter is escaped."""
    return "".join(char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}" for char in value)


def wire_address(address: str) -> str:
    """The address with its domain in ASCII. Raises ValueError; the text does not repeat the address."""
    local, at, domain = address.rpartition("@")
    if not at or not address.isprintable() or not _LOCAL.fullmatch(local):
        raise ValueError("not an address that can stand in an envelope")
    return f"{local}@{wire_domain(domain)}"


@lru_cache(maxsize=1024)
def wire_domain(domain: str) -> str:
    """The domain in ASCII (IDNA 2008). Raises ValueError."""
    ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    if len(ascii_domain) > 253 or not _DOMAIN.fullmatch(ascii_domain):
        raise ValueError("not a domain that can stand in an envelope")
    return ascii_domain


def wire_body(message: bytes) -> bytes:
    """The mail dot-stuffed and ended by a dot (RFC 5321, 4.5.2), otherwise byte for byte as it was stored.

    Raises ValueError for a bare CR or LF, which two servers may read as two different mails, and for NUL.
    """
    if not message:
        raise ValueError("an empty mail")
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    if b"\0" in message or not are_whole_lines(ended):
        raise ValueError("a mail holds a bare CR, a bare LF or a NUL")
    return (b"\r\n" + ended).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"
