"""What an HTML text of a mail shows, worked out when it is asked for: most mails say the same in their plain form.

lexbor makes the HTML well-formed, ``html`` lays it out as lines.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from outreach.reading.html import lay_out
from outreach.reading.limits import MAX_HTML, html_is_safe
from outreach.reading.looks import hidden_by_sheet, may_hide
from outreach.reading.tags import words_between

_DATA = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=%\s]*")
_MAX_KEPT: Final = MAX_HTML // 20  #: characters from which on pictures in the HTML are left out
_CRUDE_SILENT = re.compile(r"<(?:style|script|title)\b[^<]*", re.IGNORECASE)
_CRUDE_BREAK = re.compile(r"<(?:br|/?(?:p|div|tr|li|h[1-6]|blockquote))\b[^<>]*>", re.IGNORECASE)
_CRUDE_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Shown:
    """What the HTML of a mail shows, mostly one text. Beyond the limits for a parser the tags are only cut out."""

    sources: tuple[str, ...]

    @cached_property
    def cut(self) -> bool:
        """Whether some of it was beyond the limits."""
        return not all(html_is_safe(source) for source in self.sources)

    @cached_property
    def plainly(self) -> str | None:
        """All words in their order, not laid out; None where some may not be seen, or others are shown besides."""
        if self.cut:
            return None
        told = [between for source in self.sources if (between := words_between(source)) is not None]
        if len(told) < len(self.sources):
            if any(hidden or may_hide(tidied.lower()) for tidied, _, hidden in self._parsed):
                return None
            told = [words for _, words, _ in self._parsed]
        return " ".join(told)

    @property
    def text(self) -> str:
        """The visible text in lines."""
        return "\n".join(text for text, _ in self._seen)

    @property
    def hides(self) -> bool:
        """Whether it holds words that nobody sees."""
        return self.plainly is None and any(hides for _, hides in self._seen)

    @cached_property
    def _parsed(self) -> list[tuple[str, str, frozenset[str]]]:
        """The bodies made well-formed, their words, and what their style sheets hide."""
        return [_parse(source) if html_is_safe(source) else ("", "", frozenset()) for source in self.sources]

    @cached_property
    def _seen(self) -> list[tuple[str, bool]]:
        read = zip(self.sources, self._parsed, strict=True)
        return [
            lay_out(tidied, hidden) if html_is_safe(source) else (_crude(source), False)
            for source, (tidied, _, hidden) in read
        ]


def show(html: str) -> Shown:
    """What the HTML shows. Pictures in it count for no limit."""
    return Shown((_DATA.sub("data:", html) if len(html) > _MAX_KEPT and "base64," in html else html,))


def _parse(source: str) -> tuple[str, str, frozenset[str]]:
    body = LexborHTMLParser(source).body
    if body is None or (tidied := body.html) is None:
        return "", "", frozenset()
    return tidied, body.text(separator=" "), hidden_by_sheet(source)


def _crude(html: str) -> str:
    text = _CRUDE_BREAK.sub("\n", _CRUDE_SILENT.sub("", html[:MAX_HTML]))
    lines = (line.strip() for line in entities.unescape(_CRUDE_TAG.sub(" ", text)).split("\n"))
    return "\n".join(line for line in lines if line)
