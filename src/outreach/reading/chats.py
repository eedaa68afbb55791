"""Chats that are pasted into a mail: the heads of their messages ("Soraya, [08.07.2026 22:41]"), and who wrote what.

The heads say no word of what is wanted, so ``read`` reads the text without them; the contact of a sign-up is the one
under whose head its name stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading.values import Piece, trimmed

_DATE: Final = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+(?:at\s+|um\s+)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_CLOCK = re.compile(r":(?<=\d:)\d\d")  #: in all of them, and found at once
_HEADS: Final = (
    re.compile(rf"^[ \t]*([^\n\[\]:]{{2,40}}?),?[ \t]+\[{_DATE}\]:?[ \t]*$", re.MULTILINE),  # Telegram
    re.compile(rf"^[ \t\u200e]*\[{_DATE}\][ \t]*([^\n:\[\]]{{2,40}}):", re.MULTILINE),  # WhatsApp, iPhone
    re.compile(rf"^[ \t\u200e]*{_DATE}[ \t]+[-–][ \t]+([^\n:]{{2,40}}):", re.MULTILINE),  # WhatsApp, Android
)


def heads(text: str) -> list[tuple[Piece, Piece]]:
    """Each head and the person in it, in the order of the text."""
    if _CLOCK.search(text) is None:
        return []
    found = [
        (Piece(match[0], match.start()), trimmed(match[1], match.start(1)))
        for pattern in _HEADS
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda pair: pair[0].start)


def without_heads(line: str, start: int, chat: Sequence[tuple[Piece, Piece]]) -> str:
    """The line, which starts there in the text, with any head in it made empty, so that places stay right."""
    for head, _ in chat:
        if start <= head.start <= start + len(line):
            at = head.start - start
            line = line[:at] + " " * len(head.text) + line[at + len(head.text) :]
    return line


def writer_at(place: int, chat: Sequence[tuple[Piece, Piece]]) -> Piece | None:
    """Who wrote what stands at this place of the text."""
    return next((person for head, person in reversed(chat) if head.start <= place), None)
