"""Keys, sealing and keyed hashes: what makes a stolen disk or a copied database yield nothing.

A sealed value is ``HEADER + nonce (12 octets) + AES-256-GCM ciphertext``; its associated data is
``table|column|ref``, so a value copied to another row or column does not open. Look-ups of sealed
values go by keyed hash (HMAC-SHA-256), never by a plain one: addresses can be guessed.
"""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from outreach.durable import new_file, read_private
from outreach.errors import KeyProblem, SealBroken

#: Every sealed value begins with this; the last octet is the key's version.
HEADER: Final = b"\x8eOS\x01"
NONCE_OCTETS: Final = 12
KEY_OCTETS: Final = 32
_KEY_WORD: Final = "outreach-key-1"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The working keys of one campaign, all derived from its one key file."""

    _seal: AESGCM = field(repr=False)
    _lookup: HMAC = field(repr=False)

    @classmethod
    def from_secret(cls, secret: bytes) -> Keyring:
        """Derive the working keys from 32 octets (HKDF-SHA-256, RFC 5869)."""
        if len(secret) != KEY_OCTETS:
            raise KeyProblem("The key is not 32 octets long.")
        return cls(AESGCM(_derive(secret, b"seal")), HMAC(_derive(secret, b"lookup"), SHA256()))

    def seal(self, plain: bytes, *, table: str, column: str, ref: str) -> bytes:
        """Seal a value for one cell."""
        nonce = os.urandom(NONCE_OCTETS)
        return HEADER + nonce + self._seal.encrypt(nonce, plain, _cell(table, column, ref))

    def open(self, sealed: bytes, *, table: str, column: str, ref: str) -> bytes:
        """Open a value of one cell; raises SealBroken."""
        start = len(HEADER) + NONCE_OCTETS
        if not sealed.startswith(HEADER) or len(sealed) < start:
            raise SealBroken(f"A value of {table}.{column} is not sealed.")
        try:
            return self._seal.decrypt(sealed[len(HEADER) : start], sealed[start:], _cell(table, column, ref))
        except InvalidTag:
            raise SealBroken(f"A value of {table}.{column} does not open with this key.") from None

    def hash(self, purpose: str, value: str | bytes) -> bytes:
        """The keyed hash by which a sealed value is looked up; another purpose gives another hash."""
        data = value.encode() if isinstance(value, str) else value
        found = self._lookup.copy()  # the key is in it already: a fourth of what beginning anew takes
        found.update(purpose.encode() + b"\x00" + data)
        return found.finalize()

    def address_hash(self, address: str) -> bytes:
        """The look-up hash of an address; case and surrounding space do not count."""
        return self.hash("address", address.strip().lower())

    def destination_hash(self, destination: str) -> bytes:
        """The look-up hash of who takes mail for an address."""
        return self.hash("destination", destination)

    def domain_hash(self, address: str) -> bytes:
        """The look-up hash of an address' domain."""
        return self.hash("domain", address.strip().lower().rpartition("@")[2])

    def message_id_hash(self, message_id: str) -> bytes:
        """The look-up hash of a Message-ID; exactly as written but for case (some relays fold it)."""
        return self.hash("message-id", message_id.lower())


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"outreach " + purpose).derive(secret)


def _cell(table: str, column: str, ref: str) -> bytes:
    return f"{table}|{column}|{ref}".encode()


def new_ref() -> str:
    """A row's random name (128 bits), made before it is written, so that its cells can be sealed."""
    return secrets.token_urlsafe(16)


def write_new_key(path: Path, secret: bytes | None = None) -> None:
    """Make a key file that only its owner can read, of a new secret unless one is given.

    Never overwrites one: that would lose everything.
    """
    line = f"{_KEY_WORD} {base64.b64encode(secret or secrets.token_bytes(KEY_OCTETS)).decode()}\n"
    try:
        new_file(path, line.encode("ascii"))
    except FileExistsError:
        raise KeyProblem(
            f"There is a key at {path} already; it is not overwritten. Name another file in OUTREACH_KEY_FILE."
        ) from None


def read_key(path: Path, *, campaign: Path) -> Keyring:
    """The working keys of the key file. Raises KeyProblem as ``read_secret`` does."""
    return Keyring.from_secret(read_secret(path, campaign=campaign))


def read_secret(path: Path, *, campaign: Path) -> bytes:
    """Read the key file; refuses one that others can read or that lies in the campaign's folder. Raises KeyProblem."""
    if path.resolve().is_relative_to(campaign.resolve()):
        raise KeyProblem(f"The key {path} lies in the campaign's folder, where every copy would carry it. Move it out.")
    try:
        text = read_private(path).decode("ascii")
    except FileNotFoundError:
        raise KeyProblem(
            f"There is no key at {path}. Put the campaign's key back there; nothing opens without. From the paper: "
            "outreach recovery restore"
        ) from None
    except (OSError, UnicodeDecodeError):
        raise KeyProblem(f"The key at {path} cannot be read by this user, or is not a key.") from None
    word, _, value = text.strip().partition(" ")
    try:
        secret = base64.b64decode(value, validate=True)
    except ValueError:
        secret = b""
    if word != _KEY_WORD or len(secret) != KEY_OCTETS:
        raise KeyProblem(f"{path} is not a key of this program.")
    return secret
