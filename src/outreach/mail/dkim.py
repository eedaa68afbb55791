"""Signs our mails by DKIM (RFC 6376), where the settings name a key.

The relay then need not, and List-Unsubscribe is covered by a signature of the campaign's own domain (RFC 8058, 4).

Used by ``render``, which puts the signature in front of a mail when it is first sent; ``bootstrap`` reads the key once.
RSA with SHA-256 only: half of the verifiers do not know Ed25519 (RFC 8463) yet. ``l=`` is never used: it would let
anybody append to a signed mail.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from outreach.durable import new_file, read_private
from outreach.errors import KeyProblem
from outreach.relay import DkimSettings

#: Bits. Verifiers must take up to 2,048 at least (RFC 8301, 3.2); records of longer keys do not fit many DNS forms.
KEY_BITS: Final = 2048

#: Fields that stand once, or never: named once more than they stand, so that nobody can put another one on top
#: (RFC 6376, 5.4.2 and 8.15).
_ONCE: Final = ("from", "to", "cc", "reply-to", "subject", "date", "message-id", "mime-version", "content-type")
_SIGNED: Final = (*_ONCE, "in-reply-to", "references", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post")

_FIELD: Final = re.compile(rb"([^\s:]+):((?:.*\r\n)(?:[ \t].*\r\n)*)")
_FOLD: Final = re.compile(rb"\r\n(?=[ \t])")
_SPACES: Final = re.compile(rb"[ \t]+")
_LINE_END: Final = re.compile(rb"[ \t]+(?=\r\n)")

#: Octets in a line of the signature, without what stands before it: under the 78 of RFC 5322, 2.1.1.
_WIDTH: Final = 60


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for a domain; the key that belongs to it stands in the DNS under the selector."""

    domain: str
    selector: str
    key: rsa.RSAPrivateKey

    def signature(self, message: bytes, now: datetime) -> bytes:
        """The DKIM-Signature header, relaxed/relaxed, of a whole mail with CRLF line ends; ends with a CRLF."""
        head, _, body = message.partition(b"\r\n\r\n")
        fields = {name.lower(): (name, value) for name, value in _FIELD.findall(head + b"\r\n")}
        signed = [name for name in map(str.encode, _SIGNED) if name in fields]
        names = [*signed, *map(str.encode, _ONCE)]
        unsigned = b"DKIM-Signature: " + b"\r\n ".join(
            [
                b"v=1; a=rsa-sha256; c=relaxed/relaxed;",
                b"d=%b; s=%b;" % (self.domain.encode(), self.selector.encode()),
                b"t=%d; h=%b;" % (int(now.timestamp()), b":\r\n  ".join(_wrapped(names))),
                b"bh=%b;" % base64.b64encode(sha256(_relaxed_body(body)).digest()),
                b"b=",
            ]
        )
        hashed = b"".join(_relaxed(*fields[name]) for name in signed)
        hashed += _relaxed(*unsigned.split(b":", 1)).removesuffix(b"\r\n")
        value = base64.b64encode(self.key.sign(hashed, padding.PKCS1v15(), hashes.SHA256()))
        return unsigned + b"\r\n  ".join(value[at : at + _WIDTH] for at in range(0, len(value), _WIDTH)) + b"\r\n"

    @property
    def record_name(self) -> str:
        """Where the DNS must have the record."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The TXT record (RFC 6376, 3.6.1) that lets others verify."""
        public = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def read_signer(settings: DkimSettings, *, campaign: Path) -> Signer:
    """The signer with the key of the settings. Raises KeyProblem where the file is not a safe one to use."""
    path = settings.key_file
    if path.resolve().is_relative_to(campaign.resolve()):
        raise KeyProblem(f"The DKIM key {path} lies in the campaign's folder, where every copy would carry it.")
    try:
        pem = read_private(path)
    except FileNotFoundError:
        raise KeyProblem(f"There is no DKIM key at {path}. To make one: outreach dkim --new") from None
    except OSError as problem:
        raise KeyProblem(f"The DKIM key {path} cannot be read: {problem.strerror}.") from None
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 1024:
        raise KeyProblem(f"{path} is no RSA key in PEM without a passphrase, of 1024 bits or more.")
    return Signer(settings.domain, settings.selector, key)


def write_new_key(path: Path) -> None:
    """Make a key that only its owner can read. Raises KeyProblem where there is a file already."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        new_file(path, pem)
    except FileExistsError:
        raise KeyProblem(f"There is a file at {path} already; it is not overwritten.") from None


def _relaxed(name: bytes, value: bytes) -> bytes:
    """A header field as it is hashed (RFC 6376, 3.4.2)."""
    return b"%b:%b\r\n" % (name.lower(), _SPACES.sub(b" ", _FOLD.sub(b"", value)).strip())


def _relaxed_body(body: bytes) -> bytes:
    """A body as it is hashed (RFC 6376, 3.4.4)."""
    lines = _SPACES.sub(b" ", _LINE_END.sub(b"", body)).rstrip(b"\r\n")
    return lines + b"\r\n" if lines else b""


def _wrapped(names: list[bytes]) -> Iterator[bytes]:
    """Names with colons between them, in lines of bearable length."""
    line = names[0]
    for name in names[1:]:
        if len(line) + 1 + len(name) > _WIDTH:
            yield line
            line = name
        else:
            line += b":" + name
    yield line
