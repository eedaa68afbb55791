"""Local actions: does the signatory hold one, where and when? From a form field or from running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from outreach.reading.dates import find_date, find_time, may_hold_date
from outreach.reading.days import Days, meant_day
from outreach.reading.lexicon import Hit, lexicon, words
from outreach.reading.sentences import Sentence
from outreach.words import Action

_CUT = re.compile(r"\s*[,،;؛]\s*|\s+[–—-]\s+")
_PERSIAN_WE = re.compile(r"یم$|^می\w+م$")
_TURKISH_WE: Final = (
    "yoruz",
    "acagiz",
    "ecegiz",
    "ariz",
    "eriz",
    "uruz",
    "dayiz",
    "deyiz",
    "tayiz",
    "teyiz",
    "acagim",
    "ecegim",
    "yorum",
)
#: "nothing" in the languages whose negators are other words.
_NOTHING: Final = frozenset(
    ["nothing", "nichts", "rien", "nada", "niente", "niets", "ingenting", "inget", "nic", "ничего", "τιποτα", "هیچ"]
)
_ROMANCE_AND_SLAVIC_WE: Final = ("amos", "emos", "imos", "iamo", "ujemy", "imy", "emy", "ουμε")


def from_field(asked: str, value: str, days: Days) -> Action | None:
    """The action of a filled form field; a date in its label counts as said."""
    joins, year = _answer(value), days.year
    when = find_date(value, year) or find_date(asked, year)
    meant = when.value if when else meant_day(value, days.asked_about, days.sent)
    if joins is None and not _is_open(value) and (find_date(value, year) or len(words(value)) >= 2):
        joins = True
    if joins is False:
        return Action(joins=False)
    place = _place(value, year)
    return Action(joins, place, meant, find_time(value) if joins else None)


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


def from_text(sentences: Sequence[Sentence], days: Days) -> Action | None:
    """The action that the sentences speak of, the first with a day if any has one; None when they speak of none."""
    undated: Action | None = None
    for sentence in sentences:
        hits = _without_words_of_support(lexicon().find(sentence.words))
        said = {hit.cue.category for hit in hits}
        found = _day_in(sentence.text, days)
        if found is None and _may_act(sentence, hits, said):
            found = meant_day(sentence.text, days.asked_about, days.sent)
        ours = found is not None and found == days.asked_about
        if sentence.asks or not (ours or said & {"action", "no_action"}):
            continue
        action = _of_sentence(sentence, hits, found, ours=ours)
        if action and action.joins and action.date:
            return action
        if action and not action.joins:
            return undated or action
        undated = undated or action
    return undated


def _without_words_of_support(hits: Sequence[Hit]) -> list[Hit]:
    """The cues without those of an action that are a part of a yes: "vi står" in "vi står bakom uttalandet"."""
    yes = [hit for hit in hits if hit.cue.category == "signup" and hit.end - hit.start > 2]
    return [
        h for h in hits if h.cue.category != "action" or not any(y.start <= h.start and h.end <= y.end for y in yes)
    ]


def _may_act(sentence: Sentence, hits: Sequence[Hit], said: set[str]) -> bool:
    """Whether a weekday or a number can be the day of an action: one is spoken of, or they and an hour are named."""
    if said & {"pending", "auto_reply", "told"}:
        return False
    return bool(said & {"action", "no_action"}) or (find_time(sentence.text) is not None and _is_theirs(sentence, hits))


def _of_sentence(sentence: Sentence, hits: Sequence[Hit], when: date | None, *, ours: bool) -> Action | None:
    """The action of one sentence that speaks of one, or that names the day we asked about (``ours``)."""
    said = {hit.cue.category for hit in hits}
    theirs = _is_theirs(sentence, hits)
    if "no_action" in said or (ours and theirs and "undecided" not in said and _is_denied(sentence)):
        return Action(joins=False)
    if not said & {"every", "first"} and not theirs and not (ours and find_time(sentence.text)):
        return None
    if _is_open(sentence.text) or (ours and _is_conditional(sentence, hits)):
        return Action(None, None, when)
    time = find_time(sentence.text)
    if ("action" in said and (when or "located" in said or _is_firm(hits))) or (ours and time):
        return Action(True, None, when, time)
    return None


def _is_conditional(sentence: Sentence, hits: Sequence[Hit]) -> bool:
    """Whether it depends on something; single words count only in their own language (Swedish "om" is Dutch "at")."""
    language = lexicon().language_of(sentence.words)
    return any(
        hit.cue.category in ("pending", "conditional")
        and (len(hit.cue.phrase) > 1 or language is None or hit.cue.language == language)
        for hit in hits
    )


def _day_in(text: str, days: Days) -> date | None:
    """The day that the text names, be it the one we asked about by its number alone."""
    if not may_hold_date(text):
        return None
    if when := find_date(text, days.year):
        return when.value
    return days.asked_about if _names_day(text, days.asked_about) else None


def _names_day(text: str, day: date | None) -> bool:
    """Whether the text speaks of the day by its number alone: "am 5.", "on the 5th"."""
    if day is None:
        return False
    number = (
        rf"\b(?:am|den|on the|le|el|il|dia|den)\s+{day.day}(?:\.|th|st|nd|rd)?(?![\w.:/]|\s*[:./]?\d|\s+[^\W\d_]*\d)"
    )
    return re.search(number, text, re.IGNORECASE) is not None


def _is_denied(sentence: Sentence) -> bool:
    """Whether the sentence says no in its own language."""
    if not _NOTHING.isdisjoint(sentence.words):
        return True
    language = lexicon().language_of(sentence.words)
    return language is not None and not lexicon().negators[language].isdisjoint(sentence.words)


def _is_theirs(sentence: Sentence, hits: Sequence[Hit]) -> bool:
    """Whether the sender's own side acts: "we", or a verb that says so."""
    return any(
        lexicon().is_in("ours", word)
        or _PERSIAN_WE.search(word)
        or word.endswith(_TURKISH_WE)
        or (len(word) > 5 and word.endswith(_ROMANCE_AND_SLAVIC_WE))
        for word in sentence.words
    ) or any(len(hit.cue.phrase) > 1 and hit.cue.category == "action" for hit in hits)


def _is_firm(hits: Sequence[Hit]) -> bool:
    return any(hit.cue.category == "action" and len(hit.cue.phrase) > 1 for hit in hits)
