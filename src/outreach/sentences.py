"""Says in the visitor's language what the steps say in English when they refuse something, or doubt it.

They know no language of a page: they speak to the command line too. So a whole sentence is looked up in the catalogue
of the pages. Where it holds values, its entry has {0}, {1}, … in their places; words of ours among them are translated.
What is not in the catalogue stays English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from gettext import NullTranslations
from typing import Final

_PLACE: Final = re.compile(r"\{(\d)\}")
#: No sentence of ours is longer; what is may come from elsewhere and is not looked up.
_LONGEST: Final = 600


class Sentences:
    """The sentences of one catalogue; ``known`` are its entries in English."""

    def __init__(self, words: NullTranslations, known: Iterable[str]) -> None:
        self._words = words
        with_values = [one for one in known if _PLACE.search(one)]
        # The one that leaves least open first: "{0} is attested already." before "{0} is {1} already."
        with_values.sort(key=lambda one: (-len(_PLACE.sub("", one)), one))
        self._with_values = [(_pattern(one), one) for one in with_values]

    def say(self, sentence: str) -> str:
        """The sentence in the visitor's language."""
        exact = self._words.gettext(sentence) if sentence else ""
        if exact != sentence or len(sentence) > _LONGEST:
            return exact
        for pattern, known in self._with_values:
            if found := pattern.fullmatch(sentence):
                return self._words.gettext(known).format(*map(self._value, found.groups()))
        return sentence

    def _value(self, value: str) -> str:
        """A value of a sentence: a sentence itself, words of ours one after the other, or something else."""
        if (said := self.say(value)) != value:
            return said
        return ", ".join(map(self._word, value.split(", ")))

    def _word(self, word: str) -> str:
        meant = word.replace("_", " ")
        said = self._words.gettext(meant) if word else ""
        return said if said != meant else word


def _pattern(known: str) -> re.Pattern[str]:
    return re.compile("".join("(.+?)" if one.isdigit() else re.escape(one) for one in _PLACE.split(known)), re.DOTALL)
