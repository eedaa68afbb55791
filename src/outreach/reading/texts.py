"""The text parts of a mail: bytes to lines, and which of a text and its HTML twin is to be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from outreach.reading import limits, transfer, twins
from outreach.reading.charset import decode
from outreach.reading.parts import Part
from outreach.reading.shown import Shown, show

_HTML: Final = frozenset({"text/html", "application/xhtml+xml", "text/x-html"})
#: Not for people, or read elsewhere.
_OTHER: Final = frozenset(
    ["text/vcard", "text/x-vcard", "text/directory", "text/calendar", "text/css", "text/javascript", "text/csv",
     "text/xml", "text/x-amp-html", "text/x-watch-html", "text/rtf", "text/vnd.google.email-reaction+json", "text/json"]
)  # fmt: skip
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_LINE_ENDS: Final = "\r\x0b\x0c\x85\u2028\u2029"
#: Says only that the mail is in HTML, whatever the language.
_STUB = re.compile(r"html|mime|multi-?part", re.IGNORECASE)
_IS_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html|head|body|div|table|p|font|span|meta)\b", re.IGNORECASE
)
_NAMESPACE = re.compile(r"<\?xml:namespace[^<>]{0,300}>|</?o:p>", re.IGNORECASE)
_ENRICHED = re.compile(r"<param>[^<]*</param>|</?[A-Za-z][\w-]{0,60}>", re.IGNORECASE)
_LOST = re.compile(r"\?{3,}|\ufffd{2,}|\?\?(?: \?+)+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_MAX_STUB: Final = 300


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a mail: as plain text, as HTML, or both when the sender gave two forms of it."""

    plain: str
    html: Shown | None = None

    @property
    def is_empty(self) -> bool:
        return not self.plain.strip() and not (self.html and self.html.text.strip())

    @property
    def disagrees(self) -> bool:
        """Whether both forms hold something that is meant to be read, and not the same."""
        if self.html is None or self.html.cut or not self.plain.strip() or self.is_stub:
            return False
        if self.html.plainly is not None and twins.are_alike(self.plain, self.html.plainly):
            return False
        return bool(self.html.text.strip()) and twins.disagree(self.plain, self.html.text)

    @property
    def is_stub(self) -> bool:
        """Whether the plain form only says that there is HTML."""
        if self.html is None or len(self.plain) > _MAX_STUB or _STUB.search(self.plain) is None:
            return False
        said, shown = set(self.plain.casefold().split()), set(self.html.text.casefold().split())
        return bool(shown) and 2 * len(said & shown) < len(said)

    @property
    def chosen(self) -> str:
        """The form to be read: the plain one, unless it is empty, a stub, or lost its letters on the way."""
        if self.html is None:
            return self.plain
        lost = "??" in self.plain or "\ufffd" in self.plain
        if not self.plain.strip() or self.is_stub or (lost and _is_lost(self.plain, self.html.text)):
            return self.html.text if self.html.text.strip() else self.plain
        return self.plain


@dataclass(frozen=True, slots=True)
class Written:
    """What a text part holds: its text, and the names of files that are uuencoded in it."""

    text: Text
    files: tuple[str, ...] = ()


def is_text(kind: str) -> bool:
    """Whether a part of this type is text that a person wrote."""
    return kind in _HTML or (kind.startswith("text/") and kind not in _OTHER)


def source(part: Part) -> str | None:
    """The HTML of a part as it was written; None where it is something else."""
    if part.type not in _HTML:
        return None
    octets = part.content()
    return _lines(decode(octets, part.parameters.get("charset") or _meta_charset(octets)))


def read(part: Part) -> Written:
    """The text of a part, whatever its charset and its true type."""
    if (html := source(part)) is not None:
        return Written(Text("", show(html)))
    octets = part.content()
    label = part.parameters.get("charset")
    files: list[bytes] = []
    if octets.startswith(b"begin ") or b"\nbegin " in octets:
        octets, files = transfer.without_uuencoded(octets)
    text = _lines(decode(octets, label))[: limits.MAX_HTML]
    names = tuple(decode(name) for name in files[: limits.MAX_PARTS])
    if _IS_HTML.match(text) and "</" in text:
        return Written(Text("", show(text)), names)
    return Written(Text(_plain(text, part)), names)


def of(plain: str, source: str) -> Text:
    """A text from its two forms, as a winmail.dat holds them."""
    return Text(_lines(plain), show(_lines(source)) if source.strip() else None)


def alternative(found: list[Text]) -> list[Text]:
    """Several forms of one text (RFC 2046, 5.1.4) as one with a twin."""
    plain = "\n".join(text.plain for text in found if text.plain.strip())
    shown = [text.html for text in found if text.html is not None]
    return [Text(plain, Shown(tuple(s for html in shown for s in html.sources)) if shown else None)] if found else []


def paired(found: list[Text]) -> list[Text]:
    """The texts, with a text and an HTML that say the same put together although they were not sent as alternatives."""
    out: list[Text] = []
    for text in found:
        last = out[-1] if out else None
        if last and last.html is None and text.html and not text.plain and _same(last.plain, text.html.text):
            out[-1] = Text(last.plain, text.html)
        else:
            out.append(text)
    return out


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676, 4): a line that ends in a space goes on below."""
    out: list[str] = []
    pieces: list[str] = []
    open_depth = -1  # quote depth of a line that is still going on, -1 if none
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body.removeprefix(" ")
        if depth != open_depth or body == "-- ":
            out.append("".join(pieces))
            pieces = [">" * depth + (" " if depth else "")]
        flows = body.endswith(" ") and body != "-- "
        open_depth = depth if flows else -1
        pieces.append(body[:-1] if flows and delete_space else body)
    return "\n".join([*out, "".join(pieces)][1:])


def _plain(text: str, part: Part) -> str:
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    if part.type in ("text/enriched", "text/richtext"):  # RFC 1896
        text = _ENRICHED.sub("", text).replace("<<", "<")
    return _NAMESPACE.sub("", text) if "<?xml:" in text or "o:p>" in text else text


def _lines(text: str) -> str:
    return _LINE_END.sub("\n", text) if any(sign in text for sign in _LINE_ENDS) else text


def _meta_charset(octets: bytes) -> str | None:
    """The charset that HTML states of itself, for parts that state none."""
    match = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,30})", octets[:4000], re.IGNORECASE)
    return match[1].decode("ascii", "replace") if match else None


def _is_lost(plain: str, shown: str) -> bool:
    """Whether the plain form has question marks where the HTML has letters: its charset could not hold them."""
    return _LOST.search(plain) is not None and _LOST.search(shown) is None


def _same(plain: str, shown: str) -> bool:
    return _NOT_LETTERS.sub("", plain[:20_000]) == _NOT_LETTERS.sub("", shown[:20_000])
