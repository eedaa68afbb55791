"""Opaque S/MIME: what is signed is read, what is encrypted is told of."""

from __future__ import annotations

import base64
import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.cms import signed_content
from outreach.reading.message import open_message
from tests.reading.mails import der, indefinite, mail

MAIL = b"Content-Type: text/plain; charset=utf-8\r\n\r\nWe sign. Anna Berg\r\n"
SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
DATA = bytes.fromhex("06092a864886f70d010701")


@pytest.fixture(scope="module")
def signed() -> bytes:
    """A mail signed as `openssl smime -sign -nodetach` does."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anna Berg")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(MAIL).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def in_pieces(content: bytes, size: int = 10) -> bytes:
    """A signed container as streaming mailers write it: without lengths, its content cut into pieces."""
    pieces = b"".join(der(0x04, content[at : at + size]) for at in range(0, len(content), size))
    inner = indefinite(0x30, DATA + indefinite(0xA0, indefinite(0x24, pieces)))
    return indefinite(0x30, SIGNED + indefinite(0xA0, indefinite(0x30, der(0x02, b"\x01") + der(0x31, b"") + inner)))


def test_a_signed_mail_is_unwrapped(signed: bytes) -> None:
    assert signed_content(signed) == MAIL


def test_a_signed_mail_in_pieces_is_unwrapped() -> None:
    assert signed_content(in_pieces(MAIL)) == MAIL


def test_a_signed_part_is_read(signed: bytes) -> None:
    kind = b'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'
    message = open_message(mail(base64.encodebytes(signed), kind, b"base64"))

    assert (message.text.strip(), message.encrypted) == ("We sign. Anna Berg", False)


def test_what_is_enveloped_is_not_read() -> None:
    octets = der(0x30, ENVELOPED + der(0xA0, der(0x30, der(0x02, b"\0"))))

    assert signed_content(octets) is None


def test_a_detached_signature_holds_no_mail() -> None:
    assert signed_content(der(0x30, SIGNED + der(0xA0, der(0x30, der(0x02, b"\x01") + der(0x30, DATA))))) is None


def test_a_signature_cut_off_gives_what_is_there_or_nothing(signed: bytes) -> None:
    for end in range(0, len(signed), 7):
        found = signed_content(signed[:end])
        assert found is None or MAIL.startswith(found)


@given(st.binary(max_size=300))
def test_any_octets_hold_a_mail_or_none(octets: bytes) -> None:
    assert signed_content(octets) is None or isinstance(signed_content(octets), bytes)
