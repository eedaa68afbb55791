"""The words by which intentions and fields are recognised, one file for each language: ``lexicon/<language>.toml``.

All phrases of all languages lie in one index by their first word, so that a text is looked through once.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any, Final, NamedTuple

from outreach.reading.memory import remembered
from outreach.reading.phrases import GAP, STEM, Cue, Node, alternatives, matches, matches_across
from outreach.reading.tokens import clause_words, words

__all__ = ["Cue", "Hit", "Lexicon", "alternatives", "clause_words", "lexicon", "words"]

WEIGHTS: Final = {"strong": 1.0, "fair": 0.6, "weak": 0.3}
_NEAR_BEFORE: Final = 4  #: words before a phrase in which a negation turns it
_NEAR_AFTER: Final = 3
_FEW: Final = 8  #: words up to which single-word phrases speak for a language
_ALONE: Final = 0.3
_CLEAR: Final = 4  #: common words by which a language leads so far that no phrase changes it
_TO_VERB: Final = 6  #: words in which the verb of the clause comes
#: Persian verbs of a wish: what stands before them decides whether it is one.
_WISHED: Final = frozenset(
    ["کنیم", "کنم", "کند", "کنند", "شویم", "شوم", "شود", "باشیم", "باشم", "باشد", "بگذاریم", "بزنیم", "بپیوندیم"]
)
_NOTHING: Final[frozenset[str]] = frozenset()
_NO_WORDS: Final = (_NOTHING, ("\0",))
#: Categories that say which mail of ours is quoted.
CONTEXTS: Final = frozenset({"asking", "published", "invitation"})


class Hit(NamedTuple):
    """A cue found in a list of words, from ``start`` up to ``end``; ``turned`` when a negation stands near it."""

    cue: Cue
    start: int
    end: int
    turned: bool = False


@dataclass(slots=True)
class Lexicon:
    """Everything the lexicon files say, over all languages."""

    cues: list[Cue] = field(default_factory=list)
    phrases: Node = field(default_factory=Node)
    #: The same for the few categories that say which mail of ours is quoted: quotations are long.
    contexts: Node = field(default_factory=Node)
    negators: dict[str, frozenset[str]] = field(default_factory=dict)
    #: Words, and stems, of each language, and under None of all.
    assent: dict[str | None, tuple[frozenset[str], tuple[str, ...]]] = field(default_factory=dict)
    others: dict[str, frozenset[str]] = field(default_factory=dict)  #: words by which somebody else is meant
    negation_follows: set[str] = field(default_factory=set)  #: languages that negate after the verb
    negation_precedes: set[str] = field(default_factory=set)  #: languages that negate before it; most do
    adverbs: dict[str, set[str]] = field(default_factory=dict)  #: words that change no phrase, and whose they are
    conjunctions: dict[str, frozenset[str]] = field(default_factory=dict)  #: "and", "but": a negation ends there
    #: Beginnings of verbs that deny and that state, in languages that end a clause with one and negate inside it.
    denying: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stating: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stopwords: dict[str, frozenset[str]] = field(default_factory=dict)
    common: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  #: stopword → its languages
    labels: dict[str, frozenset[str]] = field(default_factory=dict)  #: word → what it says in a label
    label_stems: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  #: by first letters, then by stem
    months: dict[str, int] = field(default_factory=dict)
    jalali_months: dict[str, int] = field(default_factory=dict)
    lists: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  #: titles, weekdays, nouns, …
    list_stems: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add_cue(self, cue: Cue) -> None:
        self.cues.append(cue)
        for root in (self.phrases, self.contexts) if cue.category in CONTEXTS else (self.phrases,):
            node = root
            for part in cue.phrase:
                node = node.step(part)
            node.cues += (cue,)

    def find(self, tokens: Sequence[str]) -> Sequence[Hit]:
        """Every cue in the words of one sentence, negations considered."""
        return _hits(tuple(tokens))

    def _find(self, tokens: Sequence[str]) -> tuple[Hit, ...]:
        found, heard = self._phrases_in(tokens)
        return tuple([Hit(cue, start, end, self._is_turned(cue, heard, start, end)) for start, end, cue in found])

    def _phrases_in(self, tokens: Sequence[str]) -> tuple[list[tuple[int, int, Cue]], Sequence[str]]:
        """Start, end and cue of each phrase; and the words, without those that only seem to deny something."""
        found = matches(self.phrases, tokens)
        if not self.adverbs.keys().isdisjoint(tokens):
            known = {(start, cue) for start, _, cue in found}
            found += [m for m in matches_across(self.phrases, tokens, self.adverbs) if (m[0], m[2]) not in known]
        heard = list(tokens)
        for start, end, cue in found:
            if cue.category == "affirmed":  # "no problem", "we do not hesitate to sign": these deny nothing
                heard[start:end] = [""] * (end - start)
        return [hit for hit in found if heard[hit[0]] or hit[2].category != "no"], heard

    def contexts_in(self, tokens: Sequence[str]) -> list[Hit]:
        """The phrases of our own mails in the words of a quotation or a subject."""
        return [Hit(cue, start, end) for start, end, cue in matches(self.contexts, tokens)]

    def _is_turned(self, cue: Cue, tokens: Sequence[str], start: int, end: int) -> bool:
        if cue.negated is None:
            return False
        negators = self.negators.get(cue.language, frozenset())
        before: Sequence[str] = ()
        if cue.language in self.negation_precedes:
            before = _last_clause(tokens[max(0, start - _NEAR_BEFORE) : start], self.conjunctions[cue.language])
        after = tokens[end : end + _NEAR_AFTER] if cue.language in self.negation_follows else ()
        near = (*before, *(after[: after.index(",")] if "," in after else after))
        inside = tokens[start:end] if GAP in cue.phrase else ()
        if cue.language in self.denying and self._is_denied(cue, tokens, end):
            return True
        return not negators.isdisjoint(near) or not negators.isdisjoint(inside)

    def _is_denied(self, cue: Cue, tokens: Sequence[str], end: int) -> bool:
        """Whether the verb that ends the clause denies what stands before it: «به جمع امضاکنندگان نپیوندیم»."""
        denying, stating = self.denying[cue.language], self.stating[cue.language]
        if tokens[end - 1] in _WISHED and _is_denied_before(tokens[max(0, end - _TO_VERB) : end - 1], denying):
            return True
        if tokens[end - 1].startswith((*denying, *stating)):
            return False  # the phrase has a verb of its own
        for token in tokens[end : end + _TO_VERB]:
            if token == "," or token in self.conjunctions[cue.language] or token.startswith(stating):
                return False
            if token.startswith(denying):
                return True
        return False

    def assents(self, tokens: Iterable[str], language: str | None = None) -> bool:
        """Whether one of the words speaks of support or a signature, in this language or in any."""
        whole, stems = self.assent.get(language, _NO_WORDS)
        return any(token in whole or token.startswith(stems) for token in tokens)

    def says(self, text: str, *categories: str) -> bool:
        """Whether the text holds a cue of one of the categories that no negation turns."""
        return any(hit.cue.category in categories and not hit.turned for hit in self.find(words(text)))

    def opens_with(self, text: str, category: str) -> int:
        """How many words of the text a phrase of the category takes at its very beginning; 0 if none does."""
        ends = _openings(words(text))
        return 0 if category == "no" and "affirmed" in ends else ends.get(category, 0)

    def label_classes(self, word: str) -> frozenset[str]:
        """What a word says when it stands in a form label."""
        known = self.labels.get(word, _NOTHING)
        alike = self.label_stems.get(word[:STEM])
        said = [says for stem, says in alike.items() if word.startswith(stem)] if alike else ()
        return known.union(*said) if said else known

    def is_in(self, name: str, word: str) -> bool:
        """Whether the (folded) word is in one of the word lists, as a whole or by its stem."""
        return word in self.lists[name] or (name in self.list_stems and word.startswith(self.list_stems[name]))

    def language_of(self, tokens: Sequence[str], hints: Mapping[str, float] | None = None) -> str | None:
        """The language whose common words and phrases the text uses most. ``hints``: what else speaks for one."""
        counted = self._common_words_of(tokens, hints or {})
        if (clear := _clear(counted)) is not None:
            return clear
        scores = {name: counted.get(name, 0.0) for name in self.stopwords}
        for _, _, cue in self._phrases_in(tokens[:200])[0]:
            scores[cue.language] += 1.0 if len(cue.phrase) > 1 else _ALONE if len(tokens) <= _FEW else 0.0
        best = max(scores, key=scores.__getitem__, default=None)
        return best if best and scores[best] else None

    def plain_language_of(self, tokens: Sequence[str], hints: Mapping[str, float]) -> str | None:
        """The same where the common words alone tell it, whatever phrases are there; else None."""
        return _clear(self._common_words_of(tokens, hints))

    def _common_words_of(self, tokens: Sequence[str], hints: Mapping[str, float]) -> dict[str, float]:
        """How many common words of each language there are, and the hints."""
        counted = dict[str, float](Counter(chain.from_iterable(filter(None, map(self.common.get, tokens)))))
        for name, weight in hints.items():
            counted[name] = counted.get(name, 0.0) + weight
        return counted


def _clear(counted: Mapping[str, float]) -> str | None:
    """The language that is so far ahead of all others that no phrase has ever changed it."""
    second, best = sorted([0.0, 0.0, *counted.values()])[-2:]
    return max(counted, key=counted.__getitem__) if best - second >= _CLEAR else None


@remembered
def _hits(tokens: tuple[str, ...]) -> tuple[Hit, ...]:
    """The cues of a sentence, which several stages ask for."""
    return lexicon()._find(tokens)


@remembered
def _openings(tokens: tuple[str, ...]) -> Mapping[str, int]:
    """How many words the longest phrase of each category takes at the very beginning."""
    ends: dict[str, int] = {}
    for _, end, cue in matches(lexicon().phrases, tokens, starts=(0,) if tokens else ()):
        ends[cue.category] = max(end, ends.get(cue.category, 0))
    return ends


def _is_denied_before(tokens: Sequence[str], denying: tuple[str, ...]) -> bool:
    """Whether the clause above a wished verb denies it: «در موقعیتی نیستیم که … امضا کنیم»."""
    clause = tokens[len(tokens) - tokens[::-1].index(",") :] if "," in tokens else tokens
    return any(token.startswith(denying) for token in clause)


def _last_clause(tokens: Sequence[str], conjunctions: frozenset[str]) -> Sequence[str]:
    """The words after the last break: "we do not hesitate and sign" negates no signature."""
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at] == "," or tokens[at] in conjunctions:
            return tokens[at + 1 :]
    return tokens


@cache
def lexicon() -> Lexicon:
    """The lexicon of all languages, read once."""
    built = Lexicon()
    for entry in sorted(resources.files(__package__).joinpath("lexicon").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            _add(built, tomllib.loads(entry.read_text(encoding="utf-8")))
    return built


def _add(built: Lexicon, data: Mapping[str, Any]) -> None:
    language = str(data["language"])
    _add_negation(built, language, data)
    joined = ("", *words(data.get("prefixes", "")))  # Arabic and Hebrew write "and" joined to the next word
    _add_stopwords(built, language, data.get("stopwords", ""))
    for category, groups in data.get("cues", {}).items():
        for cue in _cues(language, category, groups):
            for prefix in joined:
                first, *rest = cue.phrase
                built.add_cue(replace(cue, phrase=(prefix + first, *rest)))
    for name, labels in data.get("labels", {}).items():
        _add_label(labels, name, built)
    for name, text in data.get("lists", {}).items():
        whole = [w for w in text.split() if not w.endswith("*")]
        built.lists[name] |= {w for word in whole for w in words(word)}
        stems = tuple("".join(words(w)) for w in text.split() if w.endswith("*"))
        if stems:
            built.list_stems[name] = built.list_stems.get(name, ()) + stems
    for table, numbered in ((built.months, "months"), (built.jalali_months, "jalali_months")):
        for number, names in enumerate(data.get(numbered, ()), start=1):
            table.update({word: number for word in words(names)})


def _add_negation(built: Lexicon, language: str, data: Mapping[str, Any]) -> None:
    built.negators[language] = frozenset(words(data.get("negators", "")))
    built.others[language] = frozenset(words(data.get("others", "")))
    assent = data.get("assent", "").split()
    whole = frozenset(word for each in assent if not each.endswith("*") for word in words(each))
    stems = tuple("".join(words(each)) for each in assent if each.endswith("*"))
    for among in (language, None):
        known, beginnings = built.assent.get(among, _NO_WORDS)
        built.assent[among] = (known | whole, (*beginnings, *stems))
    for word in words(data.get("adverbs", "")):
        built.adverbs.setdefault(word, set()).add(language)
    built.conjunctions[language] = frozenset(words(data.get("conjunctions", "")))
    if "denying" in data:
        built.denying[language] = tuple(data["denying"].split())  # beginnings, not joined as words are
        built.stating[language] = tuple(data["stating"].split())
    if data.get("negation_follows"):
        built.negation_follows.add(language)
    if data.get("negation_precedes", True):
        built.negation_precedes.add(language)


def _add_stopwords(built: Lexicon, language: str, text: str) -> None:
    built.stopwords[language] = frozenset(words(text))
    for word in built.stopwords[language]:
        built.common[word].append(language)


def _add_label(text: str, name: str, built: Lexicon) -> None:
    for word in text.split():
        key = "".join(words(word))
        table = built.label_stems.setdefault(key[:STEM], {}) if word.endswith("*") else built.labels
        table[key] = table.get(key, _NOTHING) | {name}


def _cues(language: str, category: str, groups: Mapping[str, Any]) -> Iterator[Cue]:
    for group, weight in WEIGHTS.items():
        for written in groups.get(group, ()):
            for phrase in alternatives(written):
                yield Cue(phrase, category, weight, language, groups.get("negated"))
