"""Names that the end of a line may have cut: what stops or starts where a client wrapped is not sure to be whole.

Used by ``read`` when all is read, whatever the names were read from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from outreach.reading.labels import read_line
from outreach.reading.result import Signup
from outreach.reading.wrapping import had_no_room, width
from outreach.words import Evidence

_WHOLE: Final = frozenset(".?!:;؟…،,)")  #: what ends a line above a name that begins there
_PARTS: Final = ("new", "quoted", "forwarded")


def may_be_cut(signups: Sequence[Signup], parts: Mapping[str, str]) -> bool:
    """Whether a name begins or ends at a line's edge where the client broke the line."""
    places = [place for s in signups for field, place in s.evidence.items() if field.startswith("names.")]
    edges = [edge for place in places for edge in _edges(parts.get(place.part, ""), place)]
    if not edges:
        return False
    columns = width(line for part in _PARTS for line in parts.get(part, "").split("\n"))
    return columns > 0 and any(edge.goes_over or had_no_room(edge.line, edge.below, columns) for edge in edges)


class _Edge(NamedTuple):
    """A line and the one below, between which a name begins or ends; whether it has gone over a line's end already."""

    line: str
    below: str
    goes_over: bool


def _edges(text: str, place: Evidence) -> Iterator[_Edge]:
    first, last = text.rfind("\n", 0, place.start) + 1, text.find("\n", place.end)
    if last >= 0 and not text[place.end : last].strip(" *_\"'”»"):
        below = text[last + 1 :].partition("\n")[0]
        if below.strip() and read_line(below) is None:
            line = text[text.rfind("\n", 0, place.end) + 1 : last].rstrip()
            yield _Edge(line, below, "\n" in text[place.start : place.end])
    if first and not text[first : place.start].strip(" *_\"'“«"):
        above = text[text.rfind("\n", 0, first - 1) + 1 : first - 1].rstrip()
        if above and above[-1] not in _WHOLE:
            yield _Edge(above, text[first:], False)
