"""The parts of a mail as a page shows them: in pieces that know what was read from them, and no longer than a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from outreach.letters import links

#: Of a mail so many characters are shown at first; the rest follows on demand.
SHOWN: Final = 20_000
#: Parts that stand open; the others are folded away.
OPEN_PARTS: Final = ("new", "subject", "from", "attachment", "as it came")


def in_pieces(
    parts: Mapping[str, str], evidence: Sequence[Mapping[str, Any]] = (), *, in_full: bool
) -> list[dict[str, Any]]:
    """Each part of the mail in pieces that know which values were read from them."""
    shown = []
    left = SHOWN
    for name, text in parts.items():
        cut = links.masked(text if in_full else text[: max(left, 0)])
        left -= len(cut)
        here = [{**item, "span": item["span"] if item["part"] == name else (0, 0)} for item in evidence]
        shown.append({"name": name, "pieces": marked(cut, here), "is_cut": len(cut) < len(text)})
    return shown


def marked(text: str, evidence: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[int]]]:
    """A text in pieces, each with the numbers of the values that were read from it."""
    edges = sorted({0, len(text), *(edge for item in evidence for edge in item["span"] if 0 <= edge <= len(text))})
    return [
        (
            text[start:end],
            [number for number, item in enumerate(evidence) if item["span"][0] <= start and end <= item["span"][1]],
        )
        for start, end in pairwise(edges)
    ]
