"""Second stage of reading: the text in its parts: new, quoted, forwarded, signature.

It splits, it never deletes: every line goes to exactly one part, and only a line that holds both the sender's last
words and an attribution becomes two. `walk` labels the lines; here the parts are put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, repeat
from typing import Final, NamedTuple

from outreach.reading.broken import rejoined
from outreach.reading.inforward import quoted_inside
from outreach.reading.quotemarks import is_quoted, unquoted
from outreach.reading.walk import FORWARDED, NEW, QUOTED, SIGNATURE, Walk

__all__ = ["FORWARDED", "NEW", "QUOTED", "SIGNATURE", "Line", "Split", "is_quoted", "relabelled", "split", "unquoted"]

_PARTS: Final = (NEW, QUOTED, FORWARDED, SIGNATURE)


class Line(NamedTuple):
    """One line of the message: its text, its part, and where it starts in that part's text (code points)."""

    text: str
    part: str
    start: int


_as_line: Final = partial(tuple.__new__, Line)


@dataclass(frozen=True, slots=True)
class Split:
    """The message in its parts, and its lines in the order in which they stand in the message."""

    parts: dict[str, str]
    lines: tuple[Line, ...]

    @property
    def new(self) -> str:
        return self.parts[NEW]


def split(text: str, *, forwarding: bool = False, own: frozenset[str] = frozenset()) -> Split:
    """Split the text of a mail. ``forwarding``: its subject says that it forwards; ``own``: our addresses."""
    walk = Walk(text.split("\n"), forwarding=forwarding, own=own)
    walk.run()
    labels = rejoined(walk.lines, walk.labels)
    return _put_together(*quoted_inside(walk.lines, labels, forwarding=forwarding, own=own))


def relabelled(split: Split, first: int, last: int, part: str) -> Split:
    """The same with the new lines from ``first`` to ``last`` in another part."""
    labels = [
        part if line.part == NEW and first <= number <= last else line.part for number, line in enumerate(split.lines)
    ]
    return _put_together([line.text for line in split.lines], labels)


def _put_together(lines: Sequence[str], labels: Sequence[str]) -> Split:
    """Texts of the parts without empty lines at their ends, and each line's place in its part."""
    placed: list[Line | None] = [None] * len(lines)
    parts = dict.fromkeys(_PARTS, "")
    for part in filter(labels.__contains__, _PARTS):
        kept = [number for number, label in enumerate(labels) if label == part]
        first, last = 0, len(kept)
        while first < last and not lines[kept[first]].strip():
            first += 1
        while last > first and not lines[kept[last - 1]].strip():
            last -= 1
        kept = kept[first:last]
        texts = [lines[number] for number in kept]
        starts = accumulate((len(text) + 1 for text in texts), initial=0)
        # Built as the tuples that they are: this runs for every line of every mail.
        for number, line in zip(kept, map(_as_line, zip(texts, repeat(part), starts, strict=False)), strict=True):
            placed[number] = line
        parts[part] = "\n".join(texts)
    return Split(parts, tuple([line for line in placed if line is not None]))
