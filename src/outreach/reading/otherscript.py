"""The name in a second script that a text in one script holds: its first run of letters of the other."""

from __future__ import annotations

import re

from outreach.reading.lexicon import lexicon, words
from outreach.reading.values import Piece, has_noun, trimmed

_ARABIC_RUN = re.compile(
    r"[\u0621-\u064a\u066e-\u06d3\u06fa-\u06ff][\u0600-\u06ff\u200c\s()«»–-]{3,150}[\u0621-\u06d3\u06fa-\u06ff)]"
)
_LATIN_RUN = re.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.&()–\s-]{4,150}[A-Za-zÀ-ɏ)]")


def other_script(text: str, main: str) -> Piece | None:
    """The name in the other script that a text in one script holds: its first run of the other one."""
    pattern = _ARABIC_RUN if main != "Arab" else _LATIN_RUN
    for match in pattern.finditer(text):
        run = match[0]
        if main == "Arab":
            run = re.split(r"\n\s*\n", run)[0]
            if not has_noun(run) and len(words(run)) < 3:
                continue
        piece = trimmed(run, match.start())
        if piece.text.endswith(")") and "(" not in piece.text:
            piece = Piece(piece.text[:-1].rstrip(), piece.start)
        if len(words(piece.text)) >= 2 and not lexicon().opens_with(piece.text, "greeting"):
            return Piece(piece.text + ")", piece.start) if _unclosed(piece, text) else piece
    return None


def _unclosed(piece: Piece, text: str) -> bool:
    return piece.text.count("(") > piece.text.count(")") and text[piece.end : piece.end + 1] == ")"
