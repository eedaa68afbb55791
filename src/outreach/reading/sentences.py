"""Running text to sentences: what stands together is read together."""

from __future__ import annotations

import re
from typing import NamedTuple

from outreach.reading.lexicon import lexicon
from outreach.reading.negatives import heard_words

_MAX_SENTENCES = 400
_END = re.compile(
    r"(?<=[.!?؟…;؛])(?<![\d.]\.)(?<!\s\w\.)(?<!\.\w\.)"
    r"(?<!\b(?:kl|ca|Nr|nr|St|Dr|Mr|Ms|Hr|Sr)\.)(?<!\b(?:Mrs|Sra|Dra|Rev|evt|bzw|ggf)\.)(?<!\bProf\.)"  # abbreviated
    r"[\"'”»)\]]*\s+|\n[ \t\xa0]*\n|\n(?=\s*(?:[-•*–·]|\d{1,2}[.)])\s)"
)
_GREEK = re.compile(r"[α-ωά-ώ]")  #: Greek asks with ";"
_WRAP_WIDTH = 50  #: a line at least this long may go on in the next one


class Sentence(NamedTuple):
    """A sentence: its text, place in the whole text (code points), words as cues are compared, and whether it asks."""

    text: str
    start: int
    words: tuple[str, ...]
    asks: bool


def sentences(text: str) -> list[Sentence]:
    """The sentences of the text in order. A short line ends one; a long line may have been wrapped by the client."""
    out: list[Sentence] = []
    for start, end in _spans(text):
        piece = text[start:end]
        if piece.strip():
            out.append(Sentence(piece, start, heard_words(piece), _asks(piece)))
        if len(out) >= _MAX_SENTENCES:
            break
    return out


def _asks(sentence: str) -> bool:
    text = sentence.rstrip(" \n\"'”»)")
    return text.endswith(("?", "؟", "\u037e")) or (text.endswith(";") and _GREEK.search(text[-12:]) is not None)


def _goes_on(text: str, comma: int, at: int) -> bool:
    """Whether a clause goes on below its comma in small letters; no greeting and no closing does."""
    if not text[at : at + 1].islower():
        return False
    line = text[text.rfind("\n", 0, comma) + 1 : comma]
    return not (lexicon().opens_with(line, "greeting") or lexicon().opens_with(line, "closing"))


def _spans(text: str) -> list[tuple[int, int]]:
    breaks = {match.end(): match.start() for match in _END.finditer(text)}
    at = above = 0
    for line in text.split("\n"):
        after = at + len(line) + 1
        # What is left of a line that a second client wrapped again is short, and small letters stand around it.
        left_over = above >= _WRAP_WIDTH and line[:1].islower() and text[after : after + 1].islower()
        if len(line) < _WRAP_WIDTH and not left_over:
            breaks.setdefault(after, after - 1)
        at, above = after, len(line)
    for end, start in [*breaks.items()]:
        if text[start - 1 : start] == "," and _goes_on(text, start, end):
            del breaks[end]
    starts = [0, *sorted(breaks)]
    return [
        (start, max(start, breaks.get(end, end))) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]
