"""What a text is like in which no phrase of the lexicon stands: a guess by the words that the phrases are made of.

Naive Bayes over the lexicon itself: every phrase is an example of what it says, its words and pairs of words are what
tells. So nothing is learnt from mails, and whoever adds a phrase teaches this as well. A guess is never sure; a person
looks. Used by ``kind`` when it has found nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from outreach.reading.lexicon import lexicon
from outreach.reading.phrases import GAP
from outreach.words import Kind

#: What the phrases of a category are examples of.
_EXAMPLES: Final = {
    "signup": Kind.SIGNUP, "request": Kind.SIGNUP, "withdrawal": Kind.WITHDRAWAL, "not_us": Kind.WITHDRAWAL,
    "unsubscribe": Kind.UNSUBSCRIBE, "decline": Kind.DECLINE, "abstain": Kind.DECLINE, "correction": Kind.CORRECTION,
    "confirmation": Kind.CONFIRMATION, "question": Kind.QUESTION, "pending": Kind.QUESTION, "other": Kind.OTHER,
    "auto_reply": Kind.AUTO_REPLY,
}  # fmt: skip
_STEM: Final = 5  #: letters of a word that are looked at: endings say little
_SMOOTHING: Final = 0.15
_LONGEST: Final = 40  #: words of a sentence; a longer one tells of something
_SCORE, _MARGIN = 0.0, 2.5  #: how much better than chance, and than the next kind, the likest must fit (log odds)


@dataclass(frozen=True, slots=True)
class Guess:
    """The kind that a sentence is likest to, and by how much (log odds to the next)."""

    kind: Kind
    margin: float


@dataclass(frozen=True, slots=True)
class _Table:
    """How many phrases of a kind hold a feature, and how many phrases there are."""

    holding: dict[Kind, Counter[str]]
    phrases: Counter[Kind]

    def odds(self, feature: str, kind: Kind) -> float:
        """How much likelier the feature is in phrases of this kind than in any (log)."""
        all_holding = sum(counter[feature] for counter in self.holding.values())
        count, total = self.phrases[kind], self.phrases.total()
        own = (self.holding[kind][feature] + _SMOOTHING) / (count + 3)
        return math.log(own) - math.log(
            (all_holding + _SMOOTHING * len(self.holding)) / (total + 3 * len(self.holding))
        )


def likest(sentences: Iterable[Sequence[str]], language: str) -> Guess | None:
    """The guess of the sentence that tells most, by its words; None if none tells enough."""
    guesses = [guess for words in sentences if (guess := _guess(words, language))]
    return max(guesses, key=lambda guess: guess.margin, default=None)


def _guess(words: Sequence[str], language: str) -> Guess | None:
    table = _table(language)
    known = [f for f in _features(words) if any(counter[f] for counter in table.holding.values())]
    if not known or len(words) > _LONGEST or _is_courtesy(words):
        return None
    ranked = sorted(((sum(table.odds(f, kind) for f in known), kind) for kind in table.holding), reverse=True)
    (best, kind), (second, _) = ranked[:2]
    return Guess(kind, best - second) if best >= _SCORE and best - second >= _MARGIN else None


def _is_courtesy(words: Sequence[str]) -> bool:
    """Whether the sentence is nothing but a greeting or a closing: "have a nice weekend"."""
    polite = [hit for hit in lexicon().find(words) if hit.cue.category in ("greeting", "closing")]
    return any(hit.start == 0 and hit.end == len(words) for hit in polite)


def _features(words: Sequence[str]) -> set[str]:
    stems = [word[:_STEM] for word in words if word != ","]
    return {*stems, *(f"{first} {second}" for first, second in pairwise(stems))}


@cache
def _table(language: str) -> _Table:
    holding: dict[Kind, Counter[str]] = {kind: Counter() for kind in dict.fromkeys(_EXAMPLES.values())}
    phrases: Counter[Kind] = Counter()
    for cue in lexicon().cues:
        if cue.language == language and (kind := _EXAMPLES.get(cue.category)):
            holding[kind].update(_features([part.rstrip("*") for part in cue.phrase if part != GAP]))
            phrases[kind] += 1
    return _Table(holding, phrases)
