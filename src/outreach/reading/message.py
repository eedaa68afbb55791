"""First stage of reading: raw bytes to headers, one text to read, and what is attached.

parts.py splits the mail, here its parts are understood: which text is to be read (RFC 2046, 5.1), what wraps it
(signatures, winmail.dat), what hangs on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as ParsedMessage
from typing import Final

from outreach.reading import armour, cms, limits, parts, texts, tnef
from outreach.reading.charset import decode
from outreach.reading.headers import Headers
from outreach.reading.limits import Unreadable
from outreach.reading.parameters import file_name, parse
from outreach.reading.parts import Part
from outreach.reading.spacing import evened
from outreach.reading.texts import Text

__all__ = ["Attachment", "Message", "Unreadable", "open_message"]

_MAX_CARD: Final = 64 * 1024
_MAX_ATTACHED: Final = 3  #: attached mails whose text is read
_MAX_LIBRARY: Final = 64 * 1024  #: octets that other parsers are given
_CARDS: Final = frozenset({"text/vcard", "text/x-vcard", "text/directory", "text/calendar", "application/ics"})
_SIGNATURES: Final = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_TNEF: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MAX_GAP: Final = 100  #: spaces side by side; patterns of the stages below are quadratic in them
_GAP = re.compile(rf"[^\S\n]{{{_MAX_GAP + 1},}}+")
_TWO_SPACES = re.compile(r"\s(?=\s)")
_READ_RECEIPT = re.compile(r"IPN(?:N)?RN|Read Receipt", re.IGNORECASE)
_REACTION: Final = "text/vnd.google.email-reaction+json"
_EMOJI = re.compile(r'"emoji"\s*:\s*"([^"\\]{1,40})"')


@dataclass(frozen=True, slots=True)
class Attachment:
    """What hangs on a message: its name and type as stated, and its text where it is one we read (vCard, calendar)."""

    name: str
    type: str
    text: str | None = None


@dataclass(slots=True)
class Message:
    """One mail taken apart. ``text`` is what is to be read;"""

    headers: Headers
    raw: bytes
    text: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    attached: list[Message] = field(default_factory=list)  #: mails that hang on this one
    reports: dict[str, list[str]] = field(default_factory=dict)  #: delivery-status and other report parts, by type
    returned: list[Headers] = field(default_factory=list)  #: headers of our own mail inside a report
    encrypted: bool = False
    text_cut: bool = False  #: the text was longer than is kept
    html_cut: bool = False  #: HTML beyond the limits: its text is cut, or hidden words may stand in it
    hidden_text: bool = False  #: words that nobody sees were left out
    texts_disagree: bool = False
    subject: str = ""

    @property
    def parsed(self) -> ParsedMessage:
        """The beginning of the mail as the standard library reads it, for libraries that ask for that."""
        return message_from_bytes(self.raw[:_MAX_LIBRARY])

    @property
    def doubts(self) -> list[str]:
        """Why a person must look at the mail itself."""
        reasons = {
            "encrypted": self.encrypted,
            "texts disagree": self.texts_disagree,
            "text cut": self.text_cut,
            "html cut": self.html_cut,
        }
        return [reason for reason, holds in reasons.items() if holds]

    @property
    def with_attached(self) -> str:
        """The text, and below it that of attached mails, each as a forwarded one."""
        if not self.attached:
            return self.text
        return _bounded("\n".join([self.text, *(_as_forwarded(mail) for mail in self.attached[:_MAX_ATTACHED])]))[0]

    @property
    def attached_text(self) -> str:
        """The texts of cards, calendars and text files that hang on the message."""
        return "\n\n".join(a.text.strip() for a in self.attachments if a.text)[:_MAX_CARD]


def open_message(raw: bytes) -> Message:
    """Take a raw mail apart. Raises Unreadable with the reason when it is beyond the limits."""
    limits.check(raw)
    return _understood(parts.split(raw), raw, 0)


def _understood(root: Part, raw: bytes, depth: int) -> Message:
    message = Message(headers=Headers(root.fields), raw=raw)
    message.subject = message.headers.get("subject")[:1000]
    reader = _Reader(message, depth)
    reader.settle(reader.texts(root))
    return message


class _Reader:
    """Walks through the parts of one mail and puts each where it belongs."""

    def __init__(self, message: Message, depth: int) -> None:
        self.message = message
        self.depth = depth
        self.wrapped: list[Text] = []  #: bodies out of winmail.dat, read where there is no other text
        self.reaction = ""

    def texts(self, part: Part) -> list[Text]:
        """The texts to be read in a part, in their order; all else in it goes to the message."""
        if part.type in parts.MAILS:
            self._mail(part)
        elif part.type == "multipart/encrypted":
            self.message.encrypted = True
        elif part.type == "multipart/alternative":
            return texts.alternative([text for inside in part.inside for text in self.texts(inside)])
        elif part.inside:
            return [text for inside in part.inside for text in self.texts(inside)]
        elif part.type.startswith("message/") or part.type == "text/rfc822-headers":
            self._report(part)
        elif part.type not in _SIGNATURES and not part.type.startswith("multipart/"):
            return self._leaf(part)
        return []

    def _leaf(self, part: Part) -> list[Text]:
        disposition, given = parse(part.get("content-disposition"))
        name = file_name(given.get("filename") or part.parameters.get("name", ""))
        if part.type.endswith("pkcs7-mime") or name.lower().endswith(".p7m"):
            return self._smime(part)
        if part.type in _TNEF or name.lower() == "winmail.dat":
            self._winmail(part)
        elif part.type == "application/pgp-encrypted":
            self.message.encrypted = True
        elif part.type == _REACTION:
            emoji = _EMOJI.search(decode(part.content()[:1000], "utf-8"))
            self.reaction = self.reaction or (emoji[1] if emoji else "")
        elif texts.is_text(part.type) and not (disposition == "attachment" and name):
            return self._written(part)
        else:
            self.message.attachments.append(Attachment(name, part.type, _card(part)))
        return []

    def _written(self, part: Part) -> list[Text]:
        found = texts.read(part)
        self.message.attachments += [Attachment(file_name(name), "application/octet-stream") for name in found.files]
        return [found.text]

    def _smime(self, part: Part) -> list[Text]:
        """Signed with the mail inside (RFC 8551, 3.5.2): that is read. All else is encrypted, or no use."""
        inside = cms.signed_content(part.content())
        if inside is None or self.depth >= limits.MAX_DEPTH:
            self.message.encrypted = True
            return []
        self.depth += 1
        return self.texts(parts.mail(inside, self.depth))

    def _winmail(self, part: Part) -> None:
        found = tnef.read(part.content())
        self.message.attachments += [Attachment(file_name(name), "application/octet-stream") for name in found.files]
        if found.text.strip() or found.html.strip():
            self.wrapped.append(texts.of(found.text, found.html))
        elif _READ_RECEIPT.search(found.kind):
            self.message.reports.setdefault("message/disposition-notification", []).append(found.kind)
        elif not found.files:
            self.message.attachments.append(Attachment("winmail.dat", part.type))

    def _mail(self, part: Part) -> None:
        if part.inside:
            inside = part.inside[0]
            self.message.attached.append(_understood(inside, part.content(), self.depth + 1))
            self.message.returned.append(Headers(inside.fields))

    def _report(self, part: Part) -> None:
        """A machine-readable part: the text of its blocks; returned headers are kept as headers."""
        text = decode(part.content()[: limits.MAX_TEXT]).replace("\r\n", "\n").strip()
        self.message.reports.setdefault(part.type, []).append(text)
        if part.type == "text/rfc822-headers":
            self.message.returned.append(Headers(parts.mail(text.encode(), self.depth).fields))

    def settle(self, found: list[Text]) -> None:
        """Choose what is read: the text, its HTML where that says more, what was wrapped where there is no other."""
        message = self.message
        found = texts.paired([text for text in found if not text.is_empty] or self.wrapped)
        message.text, message.text_cut = _bounded("\n".join(text.chosen for text in found))
        message.encrypted = message.encrypted or armour.is_encrypted(message.text)
        message.text = evened(armour.without_signature(message.text))
        message.html_cut = any(text.html is not None and text.html.cut for text in found)
        message.hidden_text = any(text.html is not None and text.html.hides for text in found)
        message.texts_disagree = not message.html_cut and any(text.disagrees for text in found)
        if self.reaction:
            message.attachments.append(Attachment("", _REACTION, message.text))
            message.text, message.texts_disagree = self.reaction, False


def _bounded(text: str) -> tuple[str, bool]:
    """The text as far as it is kept, and whether more was there. Gaps wider than any page are narrowed."""
    if _may_gape(text):
        text = _GAP.sub(" " * _MAX_GAP, text)
    kept = text[: limits.MAX_TEXT]
    if kept.count("\n") > limits.MAX_TEXT_LINES:
        kept = "\n".join(kept.split("\n", limits.MAX_TEXT_LINES)[:-1])
    return kept, len(kept) < len(text)


def _may_gape(text: str) -> bool:
    """Whether so many spaces may stand side by side that some stretch of the text is nothing else."""
    # It covers two neighbours of those characters that stand so far apart, and all between.
    step = _MAX_GAP // 2
    near = (two.start() * step for two in _TWO_SPACES.finditer(text[::step]))
    return any(text[at : at + step].isspace() for at in near)


def _card(part: Part) -> str | None:
    """The text of an attachment that says something about the sender: a card, a calendar, a text file."""
    if part.type not in _CARDS and part.type != "text/plain":
        return None
    text = decode(part.content()[:_MAX_CARD], part.parameters.get("charset"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _as_forwarded(mail: Message) -> str:
    """An attached mail in the form in which clients forward one in the text."""
    heads = [f"{name}: {value}" for name in ("From", "Date", "Subject") if (value := mail.headers.get(name.lower()))]
    return "\n".join(["", "---------- Forwarded message ---------", *heads, "", mail.text])
