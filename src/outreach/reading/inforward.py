"""What is quoted inside a forwarded mail: of an answer to us that somebody forwards, our own mail below it.

Called by ``reply`` after the walk: the forwarded text is walked once more, as if it had come alone. Only what is
quoted in it moves, and a client's card; what its author wrote, signed or forwarded stays with the forwarded mail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading.broken import rejoined
from outreach.reading.footers import is_client_card
from outreach.reading.originals import BLOCK_LINES, header_block, header_field, plain
from outreach.reading.quotemarks import is_quoted
from outreach.reading.walk import FORWARDED, NEW, QUOTED, SIGNATURE, Walk

_NEAR: Final = 4  #: lines from the separator to the first header
_ADDRESS: Final = re.compile(r"[^\s<>\"',;:()]{1,64}@[^\s<>\"',;:()]{1,255}")

Labelled = tuple[Sequence[str], Sequence[str]]  #: lines, and the part of each


def quoted_inside(
    lines: Sequence[str], labels: Sequence[str], *, forwarding: bool, own: frozenset[str] = frozenset()
) -> Labelled:
    """The lines and labels, with what is quoted inside the forwarded mail labelled so."""
    if FORWARDED not in labels:
        return lines, labels
    first = labels.index(FORWARDED)
    last = next((at for at in range(first, len(labels)) if labels[at] != FORWARDED), len(labels))
    top = next((at for at in range(first, min(first + _NEAR, last)) if header_field(plain(lines[at]))), None)
    if top is None or is_quoted(lines[top]):
        return lines, labels
    head = [plain(line) for line in lines[top : min(top + BLOCK_LINES, last)]]
    head = head[: header_block(head, after_separator=True)]
    begin = top + len(head)
    # Whom the mail was written to is whose mail it answers.
    readers = {one.lower() for line in head if header_field(line) == "to" for one in _ADDRESS.findall(line)}
    walk = Walk(list(lines[begin:last]), forwarding=forwarding, own=own | readers)
    walk.run()
    inside = rejoined(walk.lines, walk.labels)
    if not any(label == NEW and line.strip() for line, label in zip(walk.lines, inside, strict=True)):
        return lines, labels
    parts = [
        label if label == QUOTED or (label == SIGNATURE and is_client_card(plain(line))) else FORWARDED
        for line, label in zip(walk.lines, inside, strict=True)
    ]
    return [*lines[:begin], *walk.lines, *lines[last:]], [*labels[:begin], *parts, *labels[last:]]
