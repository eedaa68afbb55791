"""From rendered words to the bytes of a mail: RFC 5322 headers, multipart/alternative, and the Date at the end.

Used by ``render``; ``with_date`` by the dispatch step. Every header comes from the list in ``compose`` and is looked
for again in the finished bytes: CPython before 3.11.10 turns an encoded line break in a value into a new header
(CVE-2024-6923).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from outreach.errors import TemplateProblem
from outreach.words import safe_message_id

#: Characters of a subject or display name; mail programs show far fewer.
MAX_PHRASE: Final = 250

#: The newest and the first of a long thread are enough (RFC 5322, 3.6.4 lets References be shortened).
MAX_REFERENCES: Final = 20

#: Written as they are, one token a line: the standard folding would put a long message id into an encoded word.
_LITERAL: Final = frozenset({"message-id", "in-reply-to", "references", "list-unsubscribe"})

#: Bidirectional controls: they reorder what stands around them, and no name needs them (Unicode UAX 9, 2).
_REORDERING: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_WORD: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"

#: dot-atom "@" host name: the only form written here; quoted local parts and literals are left to other programs.
_PLAIN_ADDRESS: Final = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})*")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers are made from. ``author`` is the display name of From; ids are checked here, once more."""

    author: str
    contact: str
    recipient: str
    subject: str
    message_id: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_replied: bool = False
    unsubscribable: bool = False


class _Policy(EmailPolicy):
    """CRLF and ASCII only; message ids are never parsed (CPython fails on some) and never encoded."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _LITERAL:
            return f"{name}: {f'{self.linesep} '.join(value.split())}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


def _registry() -> HeaderRegistry:
    """Literal headers are unstructured text: whatever a later Python would parse them as."""
    registry = HeaderRegistry()
    for name in _LITERAL:
        registry.registry.pop(name, None)
    return registry


_POLICY: Final = _Policy(linesep="\r\n", cte_type="7bit", utf8=False, header_factory=_registry())


def compose(envelope: Envelope, text: str, html: str) -> bytes:
    """The mail with CRLF line ends and without Date; the same letter always gives the same bytes.

    Raises TemplateProblem when a value may not stand in a header, or when the finished headers are not the ones meant.
    """
    intended = _headers(envelope)
    mail = EmailMessage(policy=_POLICY)
    for name, value in intended.items():
        mail[name] = value
    mail["MIME-Version"] = "1.0"
    mail["Content-Type"] = "multipart/alternative"
    mail.attach(_part(text, "plain"))
    mail.attach(_part(html, "html"))
    # From a hash, not from clock, process or host; "=_" stands in no base64 and in no quoted-printable text.
    mail.set_boundary("=_" + sha256(envelope.message_id.encode()).hexdigest()[:40])
    try:
        raw = mail.as_bytes()
    except MessageError as fault:  # what a repaired CPython says to a header that would be two
        raise TemplateProblem(f"a header of this mail cannot be written: {type(fault).__name__}") from fault
    _look_again(raw, intended)
    return raw


def with_date(raw: bytes, now: datetime) -> bytes:
    """The composed mail with its Date in front, in UTC, so that no time zone of ours leaves the house."""
    return f"Date: {format_datetime(now.astimezone(UTC))}\r\n".encode("ascii") + raw


def single_address(value: str) -> str:
    """The value if it is one plain ASCII address without display name, else TemplateProblem."""
    if len(value) > MAX_PHRASE or "=?" in value or not _PLAIN_ADDRESS.fullmatch(value):
        raise TemplateProblem("an address of this mail is not one plain ASCII address")
    return value


def header_phrase(value: str, what: str) -> str:
    """The value if it may stand in a header, else TemplateProblem; ``what`` names it ("the subject")."""
    if "=?" in value or not all(map(visible, value)):
        raise TemplateProblem(f"{what} holds a line break, a control character or an encoded word")
    if not value.strip() or len(value) > MAX_PHRASE:
        raise TemplateProblem(f"{what} is empty or longer than {MAX_PHRASE} characters")
    return value


def visible(character: str) -> bool:
    """Whether a character may stand in one line of text: no control, no surrogate, no line break, no reordering."""
    return character not in _REORDERING and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")


def _headers(envelope: Envelope) -> dict[str, str | Address]:
    contact = single_address(envelope.contact)
    message_id = safe_message_id(envelope.message_id)
    if message_id is None:
        raise TemplateProblem("the message id of this mail is not a safe one")
    headers: dict[str, str | Address] = {
        "From": Address(display_name=header_phrase(envelope.author, "the sender's name"), addr_spec=contact),
        "To": single_address(envelope.recipient),
        "Subject": header_phrase(envelope.subject, "the subject"),
        "Message-ID": message_id,
    }
    # Ids of other people's mails: one that is not safe is left out, the letter still goes.
    if envelope.in_reply_to and (answered := safe_message_id(envelope.in_reply_to)):
        headers["In-Reply-To"] = answered
    # Our own id stands last: where a relay writes a new Message-ID (Exchange does), answers still bring ours back.
    thread = [*(known for known in envelope.references if safe_message_id(known)), message_id]
    headers["References"] = " ".join(thread[:1] + thread[1:][-MAX_REFERENCES + 1 :])
    if envelope.auto_replied:
        headers["Auto-Submitted"] = "auto-replied"
        headers["X-Auto-Response-Suppress"] = "All"
    if envelope.unsubscribable:
        headers["List-Unsubscribe"] = f"<mailto:{contact.replace('%', '%25')}?subject=unsubscribe>"
    return headers


def _part(text: str, subtype: str) -> EmailMessage:
    """A part of short ASCII lines: quoted-printable stays legible for Latin letters, base64 is shorter for others."""
    part = EmailMessage(policy=_POLICY)
    latin = 4 * len(text) > 3 * len(text.encode())
    part.set_content(text, subtype=subtype, charset="utf-8", cte="quoted-printable" if latin else "base64")
    del part["MIME-Version"]
    return part


def _look_again(raw: bytes, intended: dict[str, str | Address]) -> None:
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode("ascii") for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    if names != [*intended, "MIME-Version", "Content-Type"] or re.search(rb"\r(?!\n)|(?<!\r)\n", raw):
        raise TemplateProblem("the finished headers are not the ones that were meant; the mail is not written")
    found = BytesHeaderParser(policy=_POLICY).parsebytes(raw)
    for name, value in intended.items():
        # Spaces do not count: CPython reads one too many between two encoded words of a display name.
        if "".join(str(found[name]).split()) != "".join(str(value).split()):
            raise TemplateProblem(f"the finished header {name} is not the one that was meant; the mail is not written")
