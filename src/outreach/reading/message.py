"""First stage of reading: raw bytes to headers, one text to read, and what is attached.

The limits are checked on the bytes first; then the compat32 parser of the standard library splits the parts
(the newer policies raise on hostile headers). Charsets are repaired, format=flowed is unfolded (RFC 3676).
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as ParsedMessage
from typing import Final

from outreach.reading import limits
from outreach.reading.charset import base64_bytes, decode, decode_header
from outreach.reading.headers import Headers
from outreach.reading.html import to_text
from outreach.reading.limits import Unreadable

__all__ = ["Attachment", "Message", "Unreadable", "open_message"]

_STUB = re.compile(r"html", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\u2028|\u0085|\x0b|\x0c")
_MAX_CARD: Final = 64 * 1024
_ENCRYPTED: Final = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
_ARMOUR: Final = "-----BEGIN PGP MESSAGE-----"


@dataclass(frozen=True, slots=True)
class Attachment:
    """What hangs on a message: its name and type as stated, and its text where it is one we read (vCard, calendar)."""

    name: str
    type: str
    text: str | None = None


@dataclass(slots=True)
class Message:
    """One mail taken apart. ``text`` is what is to be read; ``html`` the text of its HTML twin, if there are both."""

    headers: Headers
    text: str = ""
    html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    attached: list[Message] = field(default_factory=list)  #: mails that hang on this one
    reports: dict[str, list[str]] = field(default_factory=dict)  #: delivery-status and other report parts, by type
    returned: list[Headers] = field(default_factory=list)  #: headers of our own mail inside a report
    encrypted: bool = False
    parsed: ParsedMessage | None = None
    subject: str = ""


def open_message(raw: bytes) -> Message:
    """Take a raw mail apart. Raises Unreadable with the reason when it is beyond the limits."""
    limits.check(raw)
    try:
        return _take_apart(message_from_bytes(raw), depth=0)
    except RecursionError as exc:  # nested in a way that the scan of the limits does not see
        raise Unreadable("parts are nested too deeply") from exc


def _take_apart(parsed: ParsedMessage, depth: int) -> Message:
    message = Message(headers=Headers.of(parsed), parsed=parsed)
    message.subject = message.headers.get("subject")[:1000]
    plain, html = list[str](), list[str]()
    for part in _leaves(parsed, message):
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/global"):
            _take_mail(part, message, depth)
        elif kind.startswith("message/") or kind == "text/rfc822-headers":
            _take_report(kind, part, message)
        elif kind in ("text/plain", "text/html") and not _is_file(part):
            (plain if kind == "text/plain" else html).append(_text_of(part))
        else:
            message.attachments.append(_attachment(part, kind))
    _choose(message, "\n".join(t for t in plain if t.strip()), "\n".join(to_text(h) for h in html if h.strip()))
    message.encrypted = message.encrypted or _ARMOUR in message.text
    return message


def _leaves(parsed: ParsedMessage, message: Message) -> Iterator[ParsedMessage]:
    """Every part that holds content; a mail inside the mail counts as one."""
    stack = [parsed]
    while stack:
        part = stack.pop()
        kind = part.get_content_type()
        message.encrypted = message.encrypted or kind in _ENCRYPTED or _is_opaque(part, kind)
        inside = _payload(part)
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            stack.extend(p for p in reversed(inside) if isinstance(p, ParsedMessage))
        else:
            yield part


def _is_opaque(part: ParsedMessage, kind: str) -> bool:
    """S/MIME that hides the text (RFC 8551): enveloped, or signed with the content inside."""
    return kind in ("application/pkcs7-mime", "application/x-pkcs7-mime")


def _take_mail(part: ParsedMessage, message: Message, depth: int) -> None:
    inside = _payload(part)
    if isinstance(inside, list) and inside and isinstance(inside[0], ParsedMessage) and depth < limits.MAX_DEPTH:
        message.attached.append(_take_apart(inside[0], depth + 1))
        message.returned.append(Headers.of(inside[0]))
    else:
        _take_report("text/rfc822-headers", part, message)


def _take_report(kind: str, part: ParsedMessage, message: Message) -> None:
    """A machine-readable part: the text of its blocks; returned headers are kept as headers."""
    inside = _payload(part)
    if isinstance(inside, list):
        blocks = [str(block) for block in inside if isinstance(block, ParsedMessage)]
    else:
        blocks = [decode(_bytes_of(part))]
    text = "\n\n".join(block.strip() for block in blocks)[: limits.MAX_TEXT]
    message.reports.setdefault(kind, []).append(text)
    if kind == "text/rfc822-headers":
        message.returned.append(Headers.of(message_from_bytes(text.lstrip().encode("utf-8", "replace"))))


def _is_file(part: ParsedMessage) -> bool:
    """Whether a text part is an attached file and not what the sender wrote."""
    stated = decode_header(str(part.get("content-disposition", ""))).lower()
    return stated.startswith("attachment")


def _attachment(part: ParsedMessage, kind: str) -> Attachment:
    text = None
    if kind in ("text/vcard", "text/x-vcard", "text/directory", "text/calendar"):
        text = _text_of(part)[:_MAX_CARD]
    return Attachment(_file_name(part), kind, text)


def _file_name(part: ParsedMessage) -> str:
    try:
        name = part.get_filename("")
    except (LookupError, ValueError, TypeError, IndexError):  # RFC 2231 parameters of hostile shape
        name = ""
    return decode_header(str(name))[:200]


def _payload(part: ParsedMessage) -> object:
    """What the parser kept: a list of parts, or text.

    ``get_payload`` decodes it by the stated charset, and may raise.
    """
    return vars(part).get("_payload")


def _bytes_of(part: ParsedMessage) -> bytes:
    """The content of a part with its transfer encoding undone, however broken that is."""
    payload = _payload(part)
    if not isinstance(payload, str):
        return b""
    octets = payload.encode("utf-8", "surrogateescape")
    match decode_header(str(part.get("content-transfer-encoding", ""))).strip().lower():
        case "base64":
            return base64_bytes(octets)
        case "quoted-printable":
            return quopri.decodestring(octets)
        case _:
            return octets


def _text_of(part: ParsedMessage) -> str:
    label = _parameter(part, "charset")
    text = _LINE_END.sub("\n", decode(_bytes_of(part), label))
    if len(text) > limits.MAX_TEXT and part.get_content_type() != "text/html":
        text = text[: limits.MAX_TEXT]
    if _parameter(part, "format").lower() == "flowed" and part.get_content_type() == "text/plain":
        return unflow(text, delete_space=_parameter(part, "delsp").lower() == "yes")
    return text


def _parameter(part: ParsedMessage, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except (LookupError, ValueError, TypeError, IndexError):  # RFC 2231 parameters of hostile shape
        return ""
    return str(value[2] if isinstance(value, tuple) else value or "")


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676, 4): a line that ends in a space goes on below."""
    out: list[str] = []
    open_depth = -1  # quote depth of a line that is still going on, -1 if none
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        if depth == open_depth and body != "-- ":
            out[-1] += body
        else:
            out.append(">" * depth + (" " if depth else "") + body)
        flows = body.endswith(" ") and body != "-- "
        open_depth = depth if flows else -1
        if flows and delete_space:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _choose(message: Message, plain: str, html: str) -> None:
    """The text part is read; the HTML where that is empty or only says that there is HTML."""
    if not plain.strip() or (html.strip() and len(plain) < 200 and len(html) > 2 * len(plain) and _STUB.search(plain)):
        message.text = html
    else:
        message.text, message.html = plain, html or None
