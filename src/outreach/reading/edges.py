"""Names that the end of a line may have cut: what stops or starts where a client wrapped is not sure to be whole.

Used by ``read`` when all is read, whatever the names were read from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

from outreach.reading.labels import read_line
from outreach.reading.result import Signup
from outreach.reading.wrapping import had_no_room, width
from outreach.words import Evidence

_WHOLE: Final = frozenset(".?!:;؟…،,)")  #: what stands behind a name that is at its end
_PARTS: Final = ("new", "quoted", "forwarded")


def may_be_cut(signups: Sequence[Signup], parts: Mapping[str, str]) -> bool:
    """Whether a name begins or ends at a line's edge where the client broke the line."""
    places = [place for s in signups for field, place in s.evidence.items() if field.startswith("names.")]
    if not any("\n" in parts.get(place.part, "") for place in places):
        return False
    # Worked out only where a name stands at an edge.
    columns = cache(lambda: width(line for part in _PARTS for line in parts.get(part, "").split("\n")))
    return any(_is_at_edge(parts[place.part], place, columns) for place in places)


def _is_at_edge(text: str, place: Evidence, columns: Callable[[], int]) -> bool:
    first = text.rfind("\n", 0, place.start) + 1
    last = text.find("\n", place.end)
    if last >= 0 and not (rest := text[place.end : last].strip(" *_\"'”»")) and rest not in _WHOLE:
        line = text[text.rfind("\n", 0, place.end) + 1 : last].rstrip()
        below = text[last + 1 :].partition("\n")[0]
        broken = had_no_room(line, below, columns()) or "\n" in text[place.start : place.end]
        if below.strip() and columns() > 0 and broken and read_line(below) is None:
            return True
    if first and not text[first : place.start].strip(" *_\"'“«"):
        above = text[text.rfind("\n", 0, first - 1) + 1 : first - 1].rstrip()
        return bool(above) and above[-1] not in _WHOLE and had_no_room(above, text[first:], columns())
    return False
