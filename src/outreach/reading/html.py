"""HTML of a mail to text lines: rows of tables and lists kept, quotations marked with "> ", hidden text left out.

One pass over the tags of HTML that lexbor has made well-formed (``shown``).
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field
from typing import Final

from outreach.reading import originals as marks
from outreach.reading.looks import PLAIN, Look, look

_SILENT: Final = frozenset(
    ["head", "title", "template", "svg", "math", "object", "select", "textarea", "canvas", "audio", "video", "datalist"]
)  # fmt: skip
_VOID: Final = frozenset(
    ["area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
     "meta", "param", "source", "track", "wbr"]
)  # fmt: skip
_BLOCK: Final = frozenset(
    ["address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
     "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend",
     "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr",
     "ul"]
)  # fmt: skip
_SPACED: Final = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])  #: shown with an empty line after them
_RAW: Final = "script|style|xmp|iframe|noembed|noframes|noscript|plaintext"
_TOKEN = re.compile(
    rf"<!--.*?-->|<({_RAW})\b(?:[^>\"]|\"[^\"]*\")*>.*?</\1>|<(/?)([a-z][^\s/>]*+)((?:[^>\"]|\"[^\"]*\")*+)>",
    re.DOTALL,
)
_NAMES = re.compile(r"\b(class|id)=\"([^\"]*)\"")
_START = re.compile(r"start=\"(\d{1,6})\"")
_SPACE = re.compile(r"[ \t\n\f\r]+")
_WORD = re.compile(r"[^\W_]{2}")
_MAX_QUOTES: Final = 9  #: deeper quotations look like this one
_MAX_CELL: Final = 300  #: characters of a cell that still stands in one line with its neighbours
_RULE: Final = "_" * 32


def lay_out(source: str, hidden: frozenset[str]) -> tuple[str, bool]:
    """The visible text of well-formed HTML, and whether it holds words that nobody sees.

    ``hidden``: classes (".x") and ids ("#x") that the style sheet hides.
    """
    page = _Page(hidden)
    at = 0
    for token in _TOKEN.finditer(source):
        if token.start() > at:
            page.write(source[at : token.start()])
        at = token.end()
        if tag := token[3]:
            if token[2]:
                page.leave(tag)
            else:
                page.enter(tag, token[4])
    return page.text(), page.hides


@dataclass(slots=True)
class _Open:
    """An element that is not yet closed, and how text inside it looks."""

    tag: str
    look: Look = PLAIN
    silent: bool = False
    gone: bool = False
    tiny: bool = False
    pale: bool = False
    ground: bool = False
    visible: bool = True
    line: int = 0  #: number of lines there were when it began


@dataclass(slots=True)
class _Page:
    """Lines written so far, and the one being written. Cells of a table keep their lines apart until the row ends."""

    hidden: frozenset[str]
    lines: list[str] = field(default_factory=list)
    line: str = ""
    bullet: str = ""
    hides: bool = False
    quotes: int = 0
    preformatted: int = 0
    numbers: list[int] = field(default_factory=list)
    open: list[_Open] = field(default_factory=lambda: [_Open("body")])
    around: list[list[str]] = field(default_factory=list)  #: the lines outside of each open cell
    rows: list[list[list[str]]] = field(default_factory=list)  #: the cells of each open row

    def enter(self, tag: str, attributes: str) -> None:
        if tag in _VOID:
            if tag == "br" and not self.open[-1].gone:
                self.end_line()
            elif tag == "hr":
                self.block()
            return
        element = self._element(tag, attributes)
        self.open.append(element)
        if element.gone:
            return
        if tag in _BLOCK:
            self.block()
            self._begin(tag, attributes, element.look)
        elif tag in ("td", "th"):
            self.block()
            self.around.append(self.lines)
            self.lines = []
        element.line = len(self.lines)

    def _element(self, tag: str, attributes: str) -> _Open:
        """The element with what it inherits from the one around it."""
        outer = self.open[-1]
        silent = outer.silent or tag in _SILENT
        if not attributes:
            gone = outer.gone or silent
            return _Open(tag, PLAIN, silent, gone, outer.tiny, outer.pale, outer.ground, outer.visible and not gone)
        seen = look(attributes)
        gone = outer.gone or silent or seen.gone or (bool(self.hidden) and self._is_named_hidden(attributes))
        tiny = outer.tiny if seen.tiny is None else seen.tiny
        pale = outer.pale if seen.pale is None else seen.pale
        ground = outer.ground if seen.ground is None else seen.ground
        return _Open(tag, seen, silent, gone, tiny, pale, ground, not (gone or tiny or (pale and not ground)))

    def _is_named_hidden(self, attributes: str) -> bool:
        signs = {"class": ".", "id": "#"}
        return any(
            signs[kind] + name in self.hidden for kind, names in _NAMES.findall(attributes) for name in names.split()
        )

    def _begin(self, tag: str, attributes: str, seen: Look) -> None:
        match tag:
            case "pre":
                self.preformatted += 1
            case "ol":
                start = _START.search(attributes)
                self.numbers.append(int(start[1]) - 1 if start else 0)
            case "ul" | "menu" | "dir":
                self.numbers.append(-1)
            case "li":
                self.bullet = self._bullet()
            case "tr":
                self.rows.append([])
            case "blockquote" if not seen.indent:
                self.quotes += 1
            case _ if seen.header_block:
                self.lines.append(_RULE)

    def _bullet(self) -> str:
        if not self.numbers or self.numbers[-1] < 0:
            return "• "
        self.numbers[-1] += 1
        return f"{self.numbers[-1]}. "

    def leave(self, tag: str) -> None:
        if len(self.open) < 2 or self.open[-1].tag != tag:
            return
        element = self.open.pop()
        if element.gone:
            return
        if tag in _BLOCK:
            self.block()
            self._end(tag, element)
        elif tag in ("td", "th") and self.around:
            self.block()
            cell, self.lines = self.lines, self.around.pop()
            (self.rows[-1] if self.rows else []).append(cell)
        if element.look.quote and tag != "blockquote":
            self._quote(element.line, container=True)

    def _end(self, tag: str, element: _Open) -> None:
        match tag:
            case "pre":
                self.preformatted -= 1
            case "ol" | "ul" | "menu" | "dir":
                self.numbers.pop()
                self.bullet = ""
            case "tr":
                self.lines += _row(self.rows.pop())
            case "blockquote" if not element.look.indent:
                self.quotes -= 1
                if self.quotes < _MAX_QUOTES:
                    self._quote(element.line)
            case _ if tag in _SPACED and not element.look.flush:
                self.space()

    def _quote(self, start: int, *, container: bool = False) -> None:
        if container:
            head = [line for line in self.lines[start : start + 12] if line.strip()][:3]
            if any(marks.is_forward_separator(marks.plain(line[:200])) for line in head):
                return
            if any(line.startswith("> ") for line in self.lines[start:]):
                return  # the blockquote inside says it already
        self.lines[start:] = [f"> {line}" for line in self.lines[start:]]

    def write(self, text: str) -> None:
        if "&" in text:
            text = entities.unescape(text)
        if not self.open[-1].visible:
            self.hides = self.hides or (not self.open[-1].silent and _WORD.search(text) is not None)
            return
        if self.preformatted:
            *whole, last = text.split("\n")
            for row in whole:
                self.line += row
                self.end_line()
            self.line += last
            return
        if "\n" in text or "  " in text or "\t" in text or text == " ":
            text = _SPACE.sub(" ", text) if "\xa0" in text else _spaced(text)
        if not self.line or self.line.endswith(" "):
            text = text.lstrip(" ")
        if self.bullet and text:
            text, self.bullet = self.bullet + text, ""
        self.line += text

    def end_line(self) -> None:
        self.lines.append(self.line.replace("\xa0", " ").rstrip())
        self.line = ""

    def block(self) -> None:
        if self.line.strip(" \t"):  # a no-break space alone makes an empty line
            self.end_line()
        self.line = ""

    def space(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append("")

    def text(self) -> str:
        self.block()
        return "\n".join(self.lines).strip("\n")


def _spaced(text: str) -> str:
    """The text with each run of spaces and line ends as one space."""
    words = " ".join(text.split())
    if not words:
        return " "
    return f"{' ' * text[0].isspace()}{words}{' ' * text[-1].isspace()}"


def _row(cells: list[list[str]]) -> list[str]:
    """The lines of a table row: one where every cell has one, else those of each cell below each other."""
    filled = [[line for line in cell if line.strip()] for cell in cells]
    if all(len(cell) <= 1 and sum(map(len, cell)) <= _MAX_CELL for cell in filled):
        line = "\t".join("".join(cell).strip() for cell in filled).strip("\t")
        return [line] if line else []
    return [line for cell in cells for line in cell]
