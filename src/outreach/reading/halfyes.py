"""Whether a yes to our question leaves something open: "right, but the board decides", "ok, I pass it on", "I got it".

Nothing is printed on such a yes: a person asks again.
"""

from __future__ import annotations

from typing import Final

from outreach.reading.lexicon import lexicon
from outreach.reading.weighing import Heard, Weighed, conditions

_ASIDE: Final = frozenset({"action", "no_action"})
_EXPLAINED: Final = frozenset({"yes", "confirmation", "signup", "request", "greeting", "closing", "affirmed"})
_BARE: Final = 2  #: words of a yes and nothing else
_MOST_UNKNOWN: Final = 2  #: words beside a bare "yes" that no phrase explains


def leaves_open(weighed: Weighed) -> bool:
    """Whether a sentence waits for somebody, sets a condition, or says "ok" to something else."""
    if "taken_back" in weighed.said or any(_waits(heard) for heard in weighed.heard):
        return True
    corrects = weighed.score["correction"] > 0 or "located" in weighed.said
    return (
        not weighed.has("confirmation")
        and not corrects
        and any(_says_more(heard, weighed.language) for heard in weighed.heard)
    )


def _waits(heard: Heard) -> bool:
    if len(heard.sentence.words) <= _BARE:
        return False  # Spanish "sí" is a French "if"
    said = {hit.cue.category for hit in heard.hits if not hit.turned}
    return not said & (_ASIDE | {"settled"}) and ("pending" in said or bool(conditions(heard.hits)))


def _says_more(heard: Heard, language: str) -> bool:
    """Whether a bare "yes" stands beside words that no phrase explains: "Ok, ich leite es weiter"."""
    if not any(hit.cue.category == "yes" for hit in heard.hits):
        return False
    known: set[int] = set()
    for hit in heard.hits:
        if hit.cue.category in _EXPLAINED:
            known.update(range(hit.start, hit.end))
    common = lexicon().stopwords.get(language, frozenset())
    unknown = [w for at, w in enumerate(heard.sentence.words) if at not in known and w != "," and w not in common]
    return len(unknown) > _MOST_UNKNOWN
