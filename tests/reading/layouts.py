"""The same mail in other layouts: what clients, lists and gateways do to a text without touching what it says.

`LAYOUTS` names them. Each gives the text as another program would have sent it, or None where it has nothing to
change; `sent` puts that under the mail's own headers.
"""

from __future__ import annotations

import base64
import html
import quopri
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from outreach.reading.language import language_of
from outreach.reading.message import Message, open_message
from outreach.reading.quotemarks import unquoted
from outreach.reading.walk import NEW, QUOTED, SIGNATURE, Walk

_FIELDS: Final = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*")
_CONTENT: Final = re.compile(rb"(?:content-[\w-]+|mime-version):", re.IGNORECASE)
_SUBJECT: Final = re.compile(rb"^(?:subject:[ \t]*)", re.IGNORECASE | re.MULTILINE)
_ENDS: Final = (
    ".,;!…،؛。۔ "  #: what people leave out at the end of a line; a question needs its mark, a label its colon
)
_DIRECTION: Final = {"Arab": "\u202b{}\u202c", "Latn": "\u200e{}\u200e"}
_RIGHT_TO_LEFT: Final = re.compile(r"[\u0590-\u07ff]")
_NON_BREAKING: Final = "\xa0"

_BANNERS: Final = {
    "en": "[EXTERNAL] This email originated from outside of the organization. Do not click links or open attachments "
    "unless you recognize the sender and know the content is safe.",
    "de": "ACHTUNG: Diese E-Mail stammt von außerhalb der Organisation. Bitte klicken Sie nicht auf Links und öffnen "
    "Sie keine Anhänge, wenn Sie den Absender nicht kennen.",
    "fr": "[EXTERNE] Ce courriel provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens et n'ouvrez "
    "pas les pièces jointes si vous ne connaissez pas l'expéditeur.",
}
_DISCLAIMER: Final = (
    "This e-mail and any attachments are confidential and intended solely for the use of the addressee.\n"
    "If you have received it in error, please notify the sender and delete it; you must not copy or disclose it."
)
_LIST_FOOTER: Final = (
    "_______________________________________________\nBoard mailing list\nBoard@lists.north.example\n"
    "https://lists.north.example/mailman/listinfo/board"
)


@dataclass(frozen=True)
class Mail:
    """A mail that can be laid out anew: its headers without those about the content, and its one text."""

    headers: bytes
    message: Message

    @property
    def text(self) -> str:
        return self.message.text

    def block(self, names: Sequence[str]) -> str:
        """Its headers as a client shows them above its text."""
        return "\n".join(f"{name}: {value}" for name in names if (value := self.message.headers.get(name.lower())))


@dataclass(frozen=True)
class Sent:
    """How a text is sent: its type, encoding and line ends, and what stands before the subject."""

    text: str
    type: str = "text/plain"
    encoding: str = "8bit"
    line_end: bytes = b"\n"
    subject: bytes = b""


Layout = Callable[[Mail], Sent | None]


def opened(raw: bytes) -> Mail | None:
    """The mail with its one text; None if more than a text hangs on it, or if it holds none."""
    message = open_message(raw)
    if message.attachments or message.attached or message.reports or message.encrypted or not message.text.strip():
        return None
    head = re.split(rb"\n[ \t]*\n", raw.replace(b"\r\n", b"\n").lstrip(b"\n"), maxsplit=1)[0] + b"\n"
    return Mail(b"".join(one for one in _FIELDS.findall(head) if not _CONTENT.match(one)), message)


def sent(mail: Mail, layout: Sent) -> bytes:
    """The bytes of the mail in a layout."""
    body = layout.text.encode("utf-8", "replace")
    if layout.encoding == "base64":
        body = base64.encodebytes(body.replace(b"\n", b"\r\n"))
    elif layout.encoding == "quoted-printable":
        body = quopri.encodestring(body)
    headers = _SUBJECT.sub(lambda found: found[0] + layout.subject, mail.headers, count=1)
    content = f"MIME-Version: 1.0\nContent-Type: {layout.type}\nContent-Transfer-Encoding: {layout.encoding}\n\n"
    if "charset" not in content:
        content = content.replace(layout.type, f"{layout.type}; charset=utf-8")
    return (headers + content.encode() + body).replace(b"\n", layout.line_end)


def unchanged(mail: Mail) -> Sent:
    """The text as it was read, alone: what all layouts are compared with."""
    return Sent(mail.text)


# Wrapping


def wrapped(text: str, width: int) -> str:
    """Every longer line broken where the next word has no room, and no mark before what goes on below."""
    return "\n".join(_wrapped_line(line, width, "") for line in text.split("\n"))


def _wrapped_line(line: str, width: int, soft: str) -> str:
    if len(line) <= width:
        return line
    pieces = textwrap.wrap(
        line, width, break_long_words=False, break_on_hyphens=False, drop_whitespace=True, expand_tabs=False
    )
    return f"{soft}\n".join(pieces) if pieces else line


def wrapped_at_60(mail: Mail) -> Sent | None:
    """As a client with a narrow window wraps: what goes on below bears no mark, in quoted lines neither."""
    return _changed(mail, wrapped(mail.text, 60))


def wrapped_at_72(mail: Mail) -> Sent | None:
    return _changed(mail, wrapped(mail.text, 72))


def flowed(mail: Mail) -> Sent | None:
    """RFC 3676: soft breaks end in a blank; lines that begin with a blank, a mark or "From " are stuffed."""

    def stuffed(line: str) -> str:
        if line.startswith(">"):
            return line
        pieces = _wrapped_line(line if line == "-- " else line.rstrip(" "), 66, " ").split("\n")
        return "\n".join(f" {piece}" if piece.startswith((" ", "From ")) else piece for piece in pieces)

    text = "\n".join(stuffed(line) for line in mail.text.split("\n"))
    return Sent(text, type="text/plain; charset=utf-8; format=flowed")


# Blanks and marks


def blanks_behind_lines(mail: Mail) -> Sent | None:
    return _changed(mail, "\n".join(line if line == "-- " else f"{line}  " for line in mail.text.split("\n")))


def crlf(mail: Mail) -> Sent | None:
    return Sent(mail.text, line_end=b"\r\n")


def cr_cr_lf(mail: Mail) -> Sent | None:
    """As a gateway leaves it that ended the lines twice."""
    return Sent(mail.text, line_end=b"\r\r\n")


def doubled_blank_lines(mail: Mail) -> Sent | None:
    return _changed(mail, re.sub(r"\n\n", "\n\n\n", mail.text))


def no_blank_lines(mail: Mail) -> Sent | None:
    return _changed(mail, re.sub(r"\n\s*\n", "\n", mail.text))


def a_blank_line_behind_each(mail: Mail) -> Sent | None:
    return _changed(mail, mail.text.replace("\n", "\n\n"))


def non_breaking_blanks(mail: Mail) -> Sent | None:
    """As editors in browsers write every second of two blanks, and some every one."""
    return _changed(mail, "\n".join(line if line == "-- " else _hard(line) for line in mail.text.split("\n")))


def _hard(line: str) -> str:
    return re.sub(r"(?<=\w) (?=\w)", _NON_BREAKING, line)


def marks_of_direction(mail: Mail) -> Sent | None:
    return _changed(mail, "\n".join(_directed(line) if line.strip() else line for line in mail.text.split("\n")))


def _directed(line: str) -> str:
    return _DIRECTION["Arab" if _RIGHT_TO_LEFT.search(line) else "Latn"].format(line)


# How people type


def small_letters(mail: Mail) -> Sent | None:
    """What the sender wrote, without one capital letter; what the client writes around it keeps its own."""
    return _changed(mail, _of_sender(mail.text, str.lower))


def no_ends_of_sentences(mail: Mail) -> Sent | None:
    """Without full stops, commas and the like at the ends of the sender's lines."""
    return _changed(mail, _of_sender(mail.text, lambda line: line if line == "-- " else line.rstrip(_ENDS)))


def _of_sender(text: str, change: Callable[[str], str]) -> str:
    return "\n".join(change(line) if part in (NEW, SIGNATURE) else line for line, part in _labelled(text))


def _labelled(text: str) -> list[tuple[str, str]]:
    walk = Walk(text.split("\n"), forwarding=False, own=frozenset())
    walk.run()
    return list(zip(walk.lines, walk.labels, strict=True))


# What is put around it


def banner_in_english(mail: Mail) -> Sent | None:
    return Sent(f"{_BANNERS['en']}\n\n{mail.text}")


def banner_in_german(mail: Mail) -> Sent | None:
    return Sent(f"{_BANNERS['de']}\n\n{mail.text}")


def banner_in_french(mail: Mail) -> Sent | None:
    return Sent(f"{_BANNERS['fr']}\n\n{mail.text}")


def legal_notice(mail: Mail) -> Sent | None:
    return _below(mail, _DISCLAIMER)


def list_footer(mail: Mail) -> Sent | None:
    return Sent(f"{mail.text.rstrip()}\n{_LIST_FOOTER}\n")


def _below(mail: Mail, added: str) -> Sent:
    """Below what the sender wrote and above the quotation, as their own server puts it; else at the end."""
    labelled = _labelled(mail.text)
    parts = [part for _, part in labelled]
    lines = [line for line, _ in labelled]
    at = next((n for n, part in enumerate(parts) if part not in (NEW, SIGNATURE)), len(parts))
    if not any(line.strip() for line in lines[:at]) or any(part == NEW for part in parts[at:]):
        at = len(lines)
    return Sent("\n".join([*lines[:at], "", *added.split("\n"), "", *lines[at:]]))


def greeting_in_english(mail: Mail) -> Sent | None:
    """Above an answer in another language."""
    if language_of(mail.text) == "en":
        return None
    return Sent(f"Dear friends,\n\n{mail.text}")


# As HTML


def divs(mail: Mail) -> Sent | None:
    """One div a line, as Gmail writes."""
    body = _shown(mail.text, "<div>{}</div>", "<div><br></div>", '<blockquote class="gmail_quote">{}</blockquote>')
    return Sent(f'<div dir="ltr">{body}</div>', type="text/html")


def paragraphs(mail: Mail) -> Sent | None:
    """One paragraph a line and empty ones between, as Outlook writes."""
    body = _shown(
        mail.text,
        '<p class="MsoNormal">{}<o:p></o:p></p>\n',
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n',
        "<blockquote>{}</blockquote>\n",
    )
    style = "<style>p.MsoNormal { margin: 0cm; font-size: 11pt; }</style>"
    return Sent(f'<html><head>{style}</head><body><div class="WordSection1">{body}</div></body></html>', "text/html")


def line_breaks(mail: Mail) -> Sent | None:
    body = _shown(mail.text, "{}<br>\n", "<br>\n", "<blockquote>{}</blockquote>\n")
    return Sent(f"<html><body>{body}</body></html>", type="text/html")


def _shown(text: str, line: str, empty: str, quoted: str) -> str:
    """The lines as HTML; what stands behind quote marks inside blockquotes."""
    out: list[str] = []
    for is_quoted, lines in groupby(text.split("\n"), key=lambda one: one.startswith(">")):
        if is_quoted:
            out.append(quoted.format(_shown("\n".join(_unmarked(lines)), line, empty, quoted)))
        else:
            out += [line.format(_escaped(one)) if one.strip() else empty for one in lines]
    return "".join(out)


def _escaped(line: str) -> str:
    """The line in HTML, where of several blanks all but the last are hard ones, as editors write them."""
    return re.sub(r"^ | (?= )", "&nbsp;", html.escape(line.replace("\t", "    ")))


def _unmarked(lines: Iterator[str]) -> Iterator[str]:
    return (line[1:].removeprefix(" ") for line in lines)


# As it is transferred


def in_base64(mail: Mail) -> Sent | None:
    return Sent(mail.text, encoding="base64")


def quoted_printable(mail: Mail) -> Sent | None:
    return Sent(mail.text, encoding="quoted-printable")


# Around originals


def headers_above_original(mail: Mail) -> Sent | None:
    """What is quoted below the answer as Outlook does it: a block of headers, and no marks."""
    labelled = _labelled(mail.text)
    first = next((n for n, (_, part) in enumerate(labelled) if part == QUOTED), None)
    if not first or any(part != QUOTED and line.strip() for line, part in labelled[first:]):
        return None
    marked = [line for line, _ in labelled[first:]]
    start = next((n for n, line in enumerate(marked) if line.startswith(">")), None)
    if start is None or any(line.strip() and not line.startswith(">") for line in marked[start:]):
        return None
    to = mail.message.headers.get("to") or "contact@campaign.example"
    block = f"From: {to}\nSent: Monday, July 13, 2026 10:14 AM\nTo: {mail.message.headers.get('from')}\n"
    block += f"Subject: {mail.message.subject}"
    above = "\n".join(line for line, _ in labelled[:first]).rstrip()
    return Sent("\n".join([above, "", block, "", *(unquoted(line) for line in marked[start:])]))


def forwarded_once_more(mail: Mail) -> Sent | None:
    """The whole answer inside a forward of the sender's, without a word above; what a form sent nobody forwards so."""
    if mail.message.headers.get("reply-to"):
        return None
    block = mail.block(("From", "Date", "Subject", "To"))
    return Sent(f"---------- Forwarded message ---------\n{block}\n\n{mail.text}", subject=b"Fwd: ")


def _changed(mail: Mail, text: str) -> Sent | None:
    return None if text == mail.text else Sent(text)


LAYOUTS: Final[Mapping[str, Layout]] = {
    layout.__name__: layout
    for layout in (
        wrapped_at_60,
        wrapped_at_72,
        flowed,
        blanks_behind_lines,
        crlf,
        cr_cr_lf,
        doubled_blank_lines,
        no_blank_lines,
        a_blank_line_behind_each,
        non_breaking_blanks,
        marks_of_direction,
        small_letters,
        no_ends_of_sentences,
        banner_in_english,
        banner_in_german,
        banner_in_french,
        legal_notice,
        list_footer,
        greeting_in_english,
        divs,
        paragraphs,
        line_breaks,
        in_base64,
        quoted_printable,
        headers_above_original,
        forwarded_once_more,
    )
}
