"""From rendered words to the bytes of a mail: RFC 5322 headers, multipart/alternative, and the Date at the end.

Used by ``render``; ``date_line`` by the dispatch step. Every header comes from the list in ``compose``, is written by
``wording`` and is looked for again in the finished bytes. ``email.message`` is not used: it takes 6 ms for a mail, and
before CPython 3.11.10 it turns an encoded line break in a value into a new header (CVE-2024-6923).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final

from outreach.errors import TemplateProblem
from outreach.mail.wording import Blocks, Named, Value, are_whole_lines, header_line, part
from outreach.words import safe_message_id

#: Characters of a subject or display name; mail programs show far fewer.
MAX_PHRASE: Final = 250

#: The newest and the first of a long thread are enough (RFC 5322, 3.6.4 lets References be shortened).
MAX_REFERENCES: Final = 20

#: Bidirectional controls: they reorder what stands around them, and no name needs them (Unicode UAX 9, 2).
_REORDERING: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

#: All that ``visible`` is not true of.
_HIDDEN: Final = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_REORDERING}]")

_WORD: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"

#: dot-atom "@" host name: the only form written here; quoted local parts and literals are left to other programs.
_PLAIN_ADDRESS: Final = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})*")


#: An address of ours: nothing in it could end the angle brackets around it.
_URL: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]/-]{1,200}")

#: A header as it may stand in a mail of ours: visible ASCII, folded lines begin with one space.
_HEAD: Final = re.compile(rb"(?:[A-Za-z-]+: [\x21-\x7e][\x20-\x7e]*\r\n(?: [\x21-\x7e][\x20-\x7e]*\r\n)*)+")
_NAME: Final = re.compile(rb"^([^\s:]+):", re.MULTILINE)


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
    unsubscribe_url: str | None = None


def compose(envelope: Envelope, text: str | Blocks, html: str | Blocks) -> bytes:
    """The mail with CRLF line ends and without Date; the same letter always gives the same bytes.

    Raises TemplateProblem when a value may not stand in a header, or when the finished headers are not the ones meant.
    """
    headers = _headers(envelope)
    head = "".join(map(header_line, headers, headers.values())).encode("ascii")
    # From a hash, not from clock, process or host; "=_" stands in no base64 and in no quoted-printable text.
    boundary = b"=_" + sha256(envelope.message_id.encode()).hexdigest()[:40].encode()
    raw = b"".join(
        (
            head,
            b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="%b"\r\n' % boundary,
            *(b"\r\n--%b\r\n%b" % (boundary, part(*words)) for words in ((text, "plain"), (html, "html"))),
            b"\r\n--%b--\r\n" % boundary,
        )
    )
    _look_again(raw, headers)
    return raw


@lru_cache(maxsize=8)
def date_line(now: datetime) -> bytes:
    """The Date that is put in front of a composed mail, in UTC, so that no time zone of ours leaves the house."""
    return f"Date: {format_datetime(now.astimezone(UTC))}\r\n".encode("ascii")


def single_address(value: str) -> str:
    """The value if it is one plain ASCII address without display name, else TemplateProblem."""
    if len(value) > MAX_PHRASE or "=?" in value or not _PLAIN_ADDRESS.fullmatch(value):
        raise TemplateProblem("an address of this mail is not one plain ASCII address")
    return value


def header_phrase(value: str, what: str) -> str:
    """The value if it may stand in a header, else TemplateProblem; ``what`` names it ("the subject")."""
    if "=?" in value or hides(value):
        raise TemplateProblem(f"{what} holds a line break, a control character or an encoded word")
    if not value.strip() or len(value) > MAX_PHRASE:
        raise TemplateProblem(f"{what} is empty or longer than {MAX_PHRASE} characters")
    return value


def hides(text: str) -> bool:
    """Whether any character of a text is not ``visible``."""
    return _HIDDEN.search(text) is not None


@lru_cache(maxsize=4096)
def visible(character: str) -> bool:
    """Whether a character may stand in one line of text: no control, no surrogate, no line break, no reordering."""
    return character not in _REORDERING and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")


def _headers(envelope: Envelope) -> dict[str, Value]:
    contact = single_address(envelope.contact)
    message_id = safe_message_id(envelope.message_id)
    if message_id is None:
        raise TemplateProblem("the message id of this mail is not a safe one")
    headers: dict[str, Value] = {
        "From": Named(header_phrase(envelope.author, "the sender's name"), contact),
        "To": (single_address(envelope.recipient),),
        "Subject": header_phrase(envelope.subject, "the subject"),
        "Message-ID": (message_id,),
    }
    # Ids of other people's mails: one that is not safe is left out, the letter still goes.
    if envelope.in_reply_to and (answered := safe_message_id(envelope.in_reply_to)):
        headers["In-Reply-To"] = (answered,)
    # Our own id stands last: where a relay writes a new Message-ID (Exchange does), answers still bring ours back.
    thread = [*(known for known in envelope.references if safe_message_id(known)), message_id]
    headers["References"] = (*thread[:1], *thread[1:][-MAX_REFERENCES + 1 :])
    if envelope.auto_replied:
        headers["Auto-Submitted"] = ("auto-replied",)
        headers["X-Auto-Response-Suppress"] = ("All",)
    if envelope.unsubscribable:
        headers |= _unsubscribing(f"mailto:{contact.replace('%', '%25')}?subject=unsubscribe", envelope.unsubscribe_url)
    return headers


def _unsubscribing(mailto: str, url: str | None) -> dict[str, Value]:
    """By mail, and by one click where there is a page for it (RFC 8058, 3.1); that stands first, as it is preferred."""
    if url is None:
        return {"List-Unsubscribe": (f"<{mailto}>",)}
    if not _URL.fullmatch(url):
        raise TemplateProblem("the address that stops invitations may not stand in a header")
    return {
        "List-Unsubscribe": (f"<{url}>,", f"<{mailto}>"),
        "List-Unsubscribe-Post": ("List-Unsubscribe=One-Click",),
    }


def _look_again(raw: bytes, headers: Mapping[str, Value]) -> None:
    """The finished bytes once more, whatever the values were: these headers and no others, ASCII, CRLF only."""
    head = raw.partition(b"\r\n\r\n")[0] + b"\r\n"
    names = [name.decode("ascii") for name in _NAME.findall(head)]
    is_clean = raw.isascii() and are_whole_lines(raw)
    if names != [*headers, "MIME-Version", "Content-Type"] or not _HEAD.fullmatch(head) or not is_clean:
        raise TemplateProblem("the finished headers are not the ones that were meant; the mail is not written")
