"""Letters that differ in a few words only: rendered once for all of them, each letter's own words put in afterwards.

Used by ``render``. A template is run with marks in place of the own words, and what it made is cut at the marks. That
is the same as running it for each letter as long as it only prints those words or asks whether there are any
(``MailEnvironment.computes_with``), and as long as they are one line each. All else is rendered letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from secrets import token_hex
from typing import Final

from markupsafe import escape

from outreach.mail.wording import Blocks

#: Texts of the context that each letter has for itself; of a list of organisations, its only one.
OWN: Final = ("reference", "name", "greeting", "personal_line")
OWN_LIST: Final = "organisations"

#: Nobody can guess it, so no text of a mail can hold a mark.
_SECRET: Final = token_hex(16)
_MARK: Final = re.compile(f"\ue000{_SECRET}([a-z_]+)\ue001")

Context = Mapping[str, object]
#: Direction of a line, by its text.
Lay = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut at its marks: every second piece is the key of an own word."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Pieces:
        return cls(tuple(_MARK.split(text)))

    @property
    def keys(self) -> tuple[str, ...]:
        return self.pieces[1::2]

    def filled(self, words: Mapping[str, str]) -> str:
        if len(self.pieces) == 1:
            return self.pieces[0]
        found = list(self.pieces)
        found[1::2] = [words[key] for key in self.keys]
        return "".join(found)


def _blocks(text: str) -> tuple[Pieces, ...]:
    """The lines that hold marks one by one, and what stands between them in one piece."""
    lines = re.findall("[^\n]*\n|[^\n]+", text)
    runs = groupby(lines, key=lambda line: _MARK.search(line) is not None)
    return tuple(Pieces.of(one) for is_marked, run in runs for one in (run if is_marked else ["".join(run)]))


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The finished subject, text and HTML of letters that are alike but for their own words."""

    subject: Pieces
    text: tuple[Pieces, ...]
    #: Where the lines of the text stand that hold own words: their direction depends on them.
    lines: tuple[int, ...]
    #: Makes the HTML for the directions of those lines.
    page: Callable[[Mapping[str, str]], str]
    pages: dict[tuple[str, ...], tuple[Pieces, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, subject: str, text: str, page: Callable[[Mapping[str, str]], str]) -> Skeleton:
        """``page`` renders the HTML, given the direction of each line that holds a mark."""
        blocks = _blocks(text)
        lines = tuple(place for place, block in enumerate(blocks) if block.keys)
        return cls(Pieces.of(subject), blocks, lines, page)

    def filled(self, words: Mapping[str, str], direction: Lay) -> tuple[str, Blocks, Blocks]:
        """Subject, text and HTML of one letter."""
        text = tuple([block.filled(words) for block in self.text])
        directions = tuple([direction(text[place].removesuffix("\n")) for place in self.lines])
        if (page := self.pages.get(directions)) is None:
            lines = [_marked(self.text[place]) for place in self.lines]
            marked = dict(zip(lines, directions, strict=True))
            page = self.pages[directions] = _blocks(self.page(marked))
        escaped = {key: str(escape(word)) for key, word in words.items()}
        return (
            self.subject.filled(words),
            text,
            tuple([block.filled(escaped) for block in page]),
        )


def own_words(context: Context) -> dict[str, str]:
    """The own words of a letter that a mark can stand for: one line each, and not empty."""
    found = {key: value for key in OWN if isinstance(value := context.get(key), str)}
    match context.get(OWN_LIST):
        case [str(only)]:
            found[OWN_LIST] = only
    return {key: value for key, value in found.items() if value and "\n" not in value}


def marked(context: Context, keys: Sequence[str]) -> dict[str, object]:
    """The context with marks in place of the own words."""
    marks: dict[str, object] = {key: [_mark(key)] if key == OWN_LIST else _mark(key) for key in keys}
    return {**context, **marks}


def is_mark(text: str) -> bool:
    """Whether a text begins with an own word."""
    return _MARK.match(text.removeprefix("Re: ")) is not None


def frozen(value: object) -> object:
    """The same value as part of a key."""
    match value:
        case str() | int() | None:
            return value
        case Mapping():
            return tuple((key, frozen(item)) for key, item in value.items())
        case list() | tuple():
            return tuple(map(frozen, value))
        case _:
            return value


def _mark(key: str) -> str:
    return f"\ue000{_SECRET}{key}\ue001"


def _marked(line: Pieces) -> str:
    return line.filled({key: _mark(key) for key in line.keys}).strip()
