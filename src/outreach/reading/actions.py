"""Local actions: does the signatory hold one, where and when? From a form field or from running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading.dates import find_date, find_time
from outreach.reading.lexicon import Hit, lexicon, words
from outreach.reading.sentences import Sentence
from outreach.words import Action

_CUT = re.compile(r"\s*[,،;؛]\s*|\s+[–—-]\s+")
_PERSIAN_WE = re.compile(r"(?:یم|یم\.)$")
_TURKISH_WE: Final = ("yoruz", "acagiz", "ecegiz", "ariz", "eriz", "uruz")


def from_field(asked: str, value: str, year: int | None) -> Action | None:
    """The action of a filled form field; a date in its label counts as said."""
    joins = _answer(value)
    when = find_date(value, year) or find_date(asked, year)
    if joins is None and not _is_open(value) and (find_date(value, year) or len(words(value)) >= 2):
        joins = True
    if joins is False:
        return Action(joins=False)
    place = _place(value, year)
    return Action(joins, place, when.value if when and joins is not None else None, find_time(value) if joins else None)


def _answer(value: str) -> bool | None:
    if lexicon().opens_with(value, "yes"):
        return True
    if lexicon().opens_with(value, "no") or lexicon().opens_with(value, "no_action"):
        return None if _is_open(value) and not lexicon().opens_with(value, "no_action") else False
    hits = lexicon().find(words(value))
    return False if any(hit.cue.category == "no_action" for hit in hits) else None


def _is_open(value: str) -> bool:
    return any(hit.cue.category == "undecided" for hit in lexicon().find(words(value)))


def _place(value: str, year: int | None) -> str | None:
    """The first piece of the value that is neither yes nor a date nor a time."""
    for piece in _CUT.split(value):
        said = words(piece)
        bare = len(said) <= 2 and (lexicon().opens_with(piece, "yes") or lexicon().opens_with(piece, "no"))
        if said and not bare and find_time(piece) is None and find_date(piece, year) is None:
            return piece.strip(" .")
    return None


def from_text(sentences: Sequence[Sentence], year: int | None) -> Action | None:
    """The action that the sentences speak of, or None when they speak of none."""
    for sentence in sentences:
        hits = lexicon().find(sentence.words)
        said = {hit.cue.category for hit in hits}
        if sentence.asks or not said & {"action", "no_action"}:
            continue
        if "no_action" in said:
            return Action(joins=False)
        if not said & {"every", "first"} and not _is_theirs(sentence, hits):
            continue
        when = find_date(sentence.text, year)
        if _is_open(sentence.text):
            return Action(joins=None)
        if when or "located" in said or _is_firm(hits):
            return Action(True, None, when.value if when else None, find_time(sentence.text))
    return None


def _is_theirs(sentence: Sentence, hits: Sequence[Hit]) -> bool:
    """Whether the sender's own side acts: "we", or a verb that says so."""
    return any(
        lexicon().is_in("ours", word) or _PERSIAN_WE.search(word) or word.endswith(_TURKISH_WE)
        for word in sentence.words
    ) or any(len(hit.cue.phrase) > 1 and hit.cue.category == "action" for hit in hits)


def _is_firm(hits: Sequence[Hit]) -> bool:
    return any(hit.cue.category == "action" and len(hit.cue.phrase) > 1 for hit in hits)
