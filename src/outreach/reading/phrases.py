"""The index of phrases: they lie under their words, those that begin alike under one beginning.

So a text is walked through once, however many phrases there are. The words come from ``lexicon``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise, product
from typing import Any, Final

from outreach.reading.tokens import words

GAP: Final = "..."
_GAP_WORDS: Final = 5  #: words that may stand where a phrase has "..."
_REACH: Final = 6  #: words of a phrase before the first that is passed over
STEM: Final = 3  #: letters by which stems are indexed


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that says something: its words (a stem ends in "*"), category, weight, what negation makes of it."""

    phrase: tuple[str, ...]
    category: str
    weight: float
    language: str
    negated: str | None = None


#: What follows most steps. They share it: what lies near in memory is found many times as fast.
_NONE: Final[dict[str, Any]] = {}


@dataclass(slots=True)
class Node:
    """A step on the way through phrases that begin alike: what may come next, and the cues that end here."""

    whole: dict[str, Node] = field(default_factory=lambda: _NONE)
    stems: dict[str, dict[str, Node]] = field(default_factory=lambda: _NONE)  #: by first letters, then by stem
    gap: Node | None = None
    cues: tuple[Cue, ...] = ()

    def step(self, part: str) -> Node:
        """The node behind one part of a phrase, made if it is not there."""
        if part == GAP:
            self.gap = self.gap or Node()
            return self.gap
        if not part.endswith("*"):
            self.whole = {} if self.whole is _NONE else self.whole
            return self.whole.setdefault(part, Node())
        stem = part[:-1]
        self.stems = {} if self.stems is _NONE else self.stems
        return self.stems.setdefault(stem[:STEM], {}).setdefault(stem, Node())

    def after(self, token: str) -> Sequence[Node]:
        """The nodes that a word leads to. Stems have at least STEM letters (a test holds the lexicons to that)."""
        node = self.whole.get(token)
        alike = self.stems.get(token[:STEM]) if self.stems else None
        if alike is None:
            return () if node is None else (node,)
        found = [following for stem, following in alike.items() if token.startswith(stem)]
        return found if node is None else [node, *found]


Match = tuple[int, int, Cue]  #: where a phrase starts and ends in the words, and which it is


def matches(root: Node, tokens: Sequence[str], starts: Iterable[int] | None = None) -> list[Match]:
    """Each phrase that stands in the words; of several ends the first. ``starts``: where they may begin."""
    found: list[Match] = []
    whole, stems, count = root.whole, root.stems, len(tokens)
    if starts is None and stems:
        starts = [at for at, token in enumerate(tokens) if token in whole or token[:STEM] in stems]
    elif starts is None:
        starts = compress(range(count), map(whole.__contains__, tokens))
    for start in starts:
        token, ahead = tokens[start], tokens[start + 1] if start + 1 < count else ""
        alone = (whole[token],) if token in whole else ()
        for first in root.after(token) if token[:STEM] in stems else alone:
            # Most words begin phrases that the next word does not continue.
            if ahead in first.whole or first.cues or first.gap is not None or ahead[:STEM] in first.stems:
                _follow(first, tokens, start, found)
    return found


def matches_across(root: Node, tokens: Sequence[str], passed: Mapping[str, Container[str]]) -> Iterator[Match]:
    """The phrases between whose words stand others that change nothing: "we are of course in" is "we are in" as well.

    ``passed``: those words, and of which languages they are.
    """
    kept = [at for at, token in enumerate(tokens) if token not in passed]
    if len(kept) == len(tokens):
        return
    starts = [at for at, (place, next_) in enumerate(pairwise(kept)) if next_ - place > 1]
    starts = sorted({max(0, at - back) for at in starts for back in range(_REACH)})
    for start, end, cue in matches(root, [tokens[at] for at in kept], starts):
        first, last = kept[start], kept[end - 1]
        between = tokens[first : last + 1]
        if len(between) > end - start and all(cue.language in passed.get(token, (cue.language,)) for token in between):
            yield first, last + 1, cue


def _follow(first: Node, tokens: Sequence[str], start: int, found: list[Match]) -> None:
    """Add the phrases that go on from their first word; a gap lets up to _GAP_WORDS words pass."""
    node, count = first, len(tokens)
    for at in range(start + 1, count + 1):
        if node.gap is not None or node.stems:
            found += _by_all_ways(node, tokens, start, at)
            return
        for cue in node.cues:
            found.append((start, at, cue))
        following = node.whole.get(tokens[at]) if at < count else None
        if following is None:
            return
        node = following  # mostly there is but one way


def _by_all_ways(node: Node, tokens: Sequence[str], start: int, at: int) -> Iterator[Match]:
    seen: set[int] = set()
    waiting = [(node, at)]
    while waiting:
        node, at = waiting.pop()
        for cue in node.cues:
            if id(cue) not in seen:
                seen.add(id(cue))
                yield start, at, cue
        if at < len(tokens):
            waiting += [(following, at + 1) for following in node.after(tokens[at])]
        if node.gap is not None:
            # The nearest word goes last onto the stack, so that it is tried first.
            near = tokens[at : at + _GAP_WORDS + 1]
            for step in range((near.index(",") if "," in near else len(near)) - 1, -1, -1):
                waiting += [(following, at + step + 1) for following in node.gap.after(tokens[at + step])]


def alternatives(written: str) -> Iterator[tuple[str, ...]]:
    """The phrases that "we/i sign*" stands for."""
    slots = [[_normal(choice) for choice in slot.split("/")] for slot in written.split()]
    for choice in product(*slots):
        yield tuple(part for chosen in choice for part in chosen)


def _normal(written: str) -> list[str]:
    if written == GAP:
        return [GAP]
    parts = [*words(written.rstrip("*"))]
    return [*parts[:-1], parts[-1] + "*"] if written.endswith("*") else parts
