"""Mails of ours are signed so that another implementation verifies them, and a changed one no longer verifies."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import KeyProblem
from outreach.mail.dkim import Signer, read_signer, write_new_key
from outreach.mail.render import TemplateRenderer
from outreach.relay import DkimSettings
from outreach.resources import templates
from outreach.words import MailKind
from tests.mail.letters import CONTACT, OCCASION, letter

NOW: Final = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
SIGNER: Final = Signer("campaign.example", "outreach", rsa.generate_private_key(65537, 2048))

#: A header block and a body as mails have them; the fields differ in case, spaces and folding.
HEAD: Final = (
    b"Date: Thu, 20 Aug 2026 12:00:00 +0000\r\nFrom: =?utf-8?b?TWluYQ==?= <contact@campaign.example>\r\n"
    b"To: info@council.example\r\nSUBJECT:  Will your committee\r\n\t sign?  \r\nMessage-ID: <a@campaign.example>\r\n"
    b"References: <a@campaign.example>\r\n <b@council.example>\r\n"
    b"List-Unsubscribe: <https://sign.campaign.example/u/k7q2>,\r\n <mailto:contact@campaign.example>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
)
MAIL: Final = HEAD + b"Dear friends,  \r\n\r\nwill\tyou  sign?\r\n\r\n\r\n"


def signed(mail: bytes, signer: Signer = SIGNER) -> bytes:
    return signer.signature(mail, NOW) + mail


def verifies(mail: bytes, signer: Signer = SIGNER) -> bool:
    """The verdict of dkimpy, which finds our record in the DNS."""

    def record(name: bytes, timeout: int = 5) -> bytes:
        return signer.record.encode() if name.decode().rstrip(".") == signer.record_name else b""

    return bool(dkim.verify(mail, dnsfunc=record))


def test_signed_mail_verifies() -> None:
    assert verifies(signed(MAIL))


def test_lines_of_the_signature_are_short() -> None:
    assert max(map(len, SIGNER.signature(MAIL, NOW).split(b"\r\n"))) <= 78


@given(st.lists(st.sampled_from([b"word", b" ", b"\t", b"\r\n", b".", b"=3D"]), max_size=40).map(b"".join))
def test_signed_mail_verifies_whatever_its_spaces_and_line_ends(body: bytes) -> None:
    assert verifies(signed(HEAD + body + b"\r\n"))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"will\tyou", b"will you all"),
        (b"council.example\r\nSUBJECT", b"else.example\r\nSUBJECT"),
        (b"Thu, 20 Aug", b"Fri, 21 Aug"),
        (b"sign.campaign.example/u/k7q2", b"evil.example/u/k7q2"),
        (b"One-Click", b"No-Click"),
        (b"<a@campaign.example>\r\nReferences", b"<c@campaign.example>\r\nReferences"),
    ],
)
def test_changed_mail_does_not_verify(was: bytes, now: bytes) -> None:
    mail = signed(MAIL)
    assert was in mail
    assert not verifies(mail.replace(was, now))


@pytest.mark.parametrize("field", ["From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "Content-Type"])
def test_second_field_of_a_name_that_may_stand_once_breaks_the_signature(field: str) -> None:
    more = f"{field}: evil@else.example\r\n".encode()
    signature = SIGNER.signature(MAIL, NOW)
    assert not verifies(signature + more + MAIL)
    assert not verifies(more + signature + MAIL)


def test_text_added_at_the_end_breaks_the_signature() -> None:
    assert not verifies(signed(MAIL) + b"And send money.\r\n")


def test_relay_may_add_trace_fields_on_top_and_spaces_at_line_ends() -> None:
    mail = b"Received: from a by b; Thu, 20 Aug 2026 12:00:01 +0000\r\n" + signed(MAIL)
    assert verifies(mail.replace(b"sign?\r\n\r\n", b"sign? \t \r\n\r\n"))


def test_renderer_signs_what_is_sent() -> None:
    renderer = TemplateRenderer(
        folders=[templates()], contact=CONTACT, sender_name="Mina Rad", occasion=OCCASION, signers={"main": SIGNER}
    )
    composed = renderer.compose(letter(MailKind.INVITATION, "fa"))
    mail = renderer.head(composed, NOW, "main") + composed
    assert mail.startswith(b"DKIM-Signature: ") and verifies(mail)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[DkimSettings]:
    yield DkimSettings(domain="campaign.example", selector="outreach", key_file=tmp_path / "keys" / "dkim.pem")


def test_new_key_signs_and_only_its_owner_can_read_it(settings: DkimSettings, folder: Path) -> None:
    write_new_key(settings.key_file)
    signer = read_signer(settings, campaign=folder)
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    assert verifies(signed(MAIL, signer), signer)


def test_key_that_is_there_is_never_overwritten(settings: DkimSettings, folder: Path) -> None:
    write_new_key(settings.key_file)
    before = settings.key_file.read_bytes()
    with pytest.raises(KeyProblem, match="not overwritten"):
        write_new_key(settings.key_file)
    assert settings.key_file.read_bytes() == before


def test_missing_key_names_the_command_that_makes_one(settings: DkimSettings, folder: Path) -> None:
    with pytest.raises(KeyProblem, match="outreach dkim --new"):
        read_signer(settings, campaign=folder)


def test_key_that_others_can_read_is_refused(settings: DkimSettings, folder: Path) -> None:
    write_new_key(settings.key_file)
    settings.key_file.chmod(0o640)
    with pytest.raises(KeyProblem, match="chmod 600"):
        read_signer(settings, campaign=folder)


def test_key_in_the_campaigns_folder_is_refused(settings: DkimSettings, folder: Path) -> None:
    inside = replace(settings, key_file=folder / "dkim.pem")
    write_new_key(inside.key_file)
    with pytest.raises(KeyProblem, match="campaign's folder"):
        read_signer(inside, campaign=folder)


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"no key",
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        SIGNER.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"word"),
        ),
    ],
)
def test_what_is_no_rsa_key_is_refused(pem: bytes, settings: DkimSettings, folder: Path) -> None:
    settings.key_file.parent.mkdir()
    settings.key_file.write_bytes(pem)
    settings.key_file.chmod(0o600)
    with pytest.raises(KeyProblem, match="no RSA key"):
        read_signer(settings, campaign=folder)


def test_record_holds_the_public_key_alone() -> None:
    value = SIGNER.record.removeprefix("v=DKIM1; k=rsa; p=")
    public = serialization.load_der_public_key(base64.b64decode(value, validate=True))
    assert public == SIGNER.key.public_key()
