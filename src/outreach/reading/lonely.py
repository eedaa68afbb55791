"""A single line of name and place below a text that speaks of something else: who writes, not who signs.

"The motion fell by two votes. Harbour Choir, Leeds": letters end like this whatever they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from outreach.reading.lexicon import lexicon
from outreach.reading.lists import Entry
from outreach.reading.weighing import Heard, Weighed

_FEW: Final = 2  #: words of a text that says nothing
_SIGNING: Final = frozenset({"yes", "signup", "request", "several", "named", "individual"})


def only_ends_letter(entries: Sequence[Entry], weighed: Weighed) -> bool:
    """Whether the one entry may just be the sender below a text in which nothing speaks of signing."""
    if len(entries) != 1 or entries[0].numbered or entries[0].inline or len(entries[0].names) > 1:
        return False
    if weighed.score["signup"] or not weighed.said.isdisjoint(_SIGNING):
        return False
    if any(heard.sentence.text.rstrip().endswith((":", "：")) for heard in weighed.heard):
        return False  # "here you are:"
    return sum(map(_words, weighed.heard)) > _FEW


def _words(heard: Heard) -> int:
    """How many words a sentence has, greetings and closings aside."""
    polite = any(lexicon().opens_with(heard.sentence.text, said) for said in ("greeting", "closing"))
    return 0 if polite and len(heard.sentence.words) < 6 else len(heard.sentence.words)
