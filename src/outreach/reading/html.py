"""HTML of a mail to text lines: rows of tables and lists kept, blockquotes marked with "> ", hidden text dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from outreach.reading.limits import html_is_safe

_SILENT: Final = frozenset(
    [
        "head",
        "style",
        "script",
        "title",
        "template",
        "noscript",
        "svg",
        "math",
        "iframe",
        "object",
        "select",
        "textarea",
    ]
)
_BLOCK: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_SPACED: Final = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])  #: shown with an empty line after them
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)|max-height\s*:\s*0(?:px)?\s*(?:;|$|!)",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?:^|;)\s*color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
_FLUSH = re.compile(r"margin(?:-bottom)?\s*:\s*0", re.IGNORECASE)
_MAX_QUOTES: Final = 9  #: deeper quotations look like this one
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CRUDE_TAG = re.compile(r"<[^<>]*>")


def to_text(html: str) -> str:
    """The visible text of the HTML. Beyond the limits for a parser the tags are only cut out."""
    if not html_is_safe(html):
        return _CRUDE_TAG.sub(" ", html[:200_000])
    body = LexborHTMLParser(html).body
    page = _Page()
    if body is not None:
        _walk(body, page)
    return page.text()


@dataclass(slots=True)
class _Page:
    """Lines written so far, and the one being written."""

    lines: list[str] = field(default_factory=list)
    line: str = ""
    depth: int = 0
    preformatted: int = 0
    numbers: list[int] = field(default_factory=list)

    def write(self, text: str) -> None:
        if self.preformatted:
            *whole, last = text.replace("\r\n", "\n").split("\n")
            for row in whole:
                self.line += row
                self.end_line()
            self.line += last
            return
        text = _SPACE.sub(" ", text)
        self.line += text.lstrip(" ") if not self.line or self.line.endswith((" ", "\t")) else text

    def end_line(self) -> None:
        self.lines.append("> " * min(self.depth, _MAX_QUOTES) + self.line.replace("\xa0", " ").rstrip())
        self.line = ""

    def block(self) -> None:
        if self.line.strip(" \t") or "\xa0" in self.line:
            self.end_line()
        self.line = ""

    def space(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.end_line()

    def text(self) -> str:
        self.block()
        return "\n".join(self.lines).strip("\n")


def _walk(body: LexborNode, page: _Page) -> None:
    """Visit the tree without recursion, each element on the way in and on the way out."""
    stack: list[tuple[LexborNode, bool]] = [(body, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            _leave(node, page)
            continue
        if node.is_text_node:
            page.write(node.text_content or "")
            continue
        if not node.is_element_node or _is_hidden(node):
            continue
        _enter(node, page)
        stack.append((node, True))
        children = []
        child = node.first_child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend((child, False) for child in reversed(children))


def _is_hidden(node: LexborNode) -> bool:
    if node.tag in _SILENT:
        return True
    attributes = node.attributes
    if "hidden" in attributes:
        return True
    style = attributes.get("style") or ""
    return bool(style) and (
        _HIDDEN.search(style) is not None or (_WHITE.search(style) is not None and "background" not in style)
    )


def _enter(node: LexborNode, page: _Page) -> None:
    tag = node.tag or ""
    if tag == "br":
        page.end_line()
    elif tag in ("td", "th"):
        page.line += "\t" if page.line.strip() else ""
    elif tag in _BLOCK:
        page.block()
    if tag == "blockquote":
        page.depth += 1
    elif tag == "pre":
        page.preformatted += 1
    elif tag in ("ol", "ul"):
        page.numbers.append(0 if tag == "ol" else -1)
    elif tag == "li":
        page.line = _bullet(page)


def _bullet(page: _Page) -> str:
    if not page.numbers or page.numbers[-1] < 0:
        return "• "
    page.numbers[-1] += 1
    return f"{page.numbers[-1]}. "


def _leave(node: LexborNode, page: _Page) -> None:
    tag = node.tag or ""
    if tag in _BLOCK:
        page.block()
    if tag == "blockquote":
        page.depth -= 1
    elif tag == "pre":
        page.preformatted -= 1
    elif tag in ("ol", "ul") and page.numbers:
        page.numbers.pop()
    elif tag in _SPACED and not _is_flush(node):
        page.space()


def _is_flush(node: LexborNode) -> bool:
    """Whether a paragraph is shown without a gap below it, as Outlook writes its lines."""
    return (
        "Mso" in (node.attributes.get("class") or "") or _FLUSH.search(node.attributes.get("style") or "") is not None
    )
