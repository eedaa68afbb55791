"""Where the signatory is, in a letter without any capital letter: "stadt weimar", "we are from prague", "…, lausanne".

``places`` needs capitals, by which a city is told from a word. Here what stands before it tells: a word for a city, a
small word such as "from", a comma; or its country behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from outreach.reading import places
from outreach.reading.lexicon import lexicon, words
from outreach.reading.sentences import Sentence
from outreach.reading.values import Piece, is_common

_TOKEN: Final = re.compile(r"[^\W\d_][\w'’-]*|[^\w\s]")
_IN: Final = frozenset(
    ["in", "from", "aus", "uit", "från", "fra", "i", "à", "de", "di", "da", "en", "em", "te", "z", "w"]
)
_ELSEWHERE: Final = frozenset({"told", "action", "no_action", "question", "undecided"})
_SHORTEST: Final = 4  #: letters of a city that is believed
_LONGEST: Final = 3  #: words of it


def small_place(sentences: Sequence[Sentence]) -> tuple[Piece | None, str | None]:
    """(city, country) of the one city that a letter without capitals names, with the country behind it or implied."""
    if any(sentence.text[1:] != sentence.text[1:].lower() for sentence in sentences):
        return None, None
    found = {key: (piece, country) for sentence in sentences for key, piece, country in _cities(sentence)}
    return next(iter(found.values())) if len(found) == 1 else (None, None)


def _cities(sentence: Sentence) -> Iterator[tuple[int, Piece, str | None]]:
    said = {hit.cue.category for hit in lexicon().find(sentence.words)}
    if said & _ELSEWHERE or sentence.asks:
        return
    tokens = list(_TOKEN.finditer(sentence.text))
    for at in range(1, len(tokens)):
        asked = "city" in lexicon().label_classes("".join(words(tokens[at - 1][0])))
        if not asked and tokens[at - 1][0] not in (",", *_IN):
            continue
        for count in range(_LONGEST, 0, -1):
            run = tokens[at : at + count]
            written = sentence.text[run[0].start() : run[-1].end()]
            city = places.city(written) if all(words(token[0]) for token in run) else None
            if city is None or len(written) < _SHORTEST or any(map(is_common, words(written))):
                continue
            country = _country_behind(sentence.text, tokens[at + len(run) :])
            if asked or city.known or country in city.countries:
                yield city.key, Piece(written, sentence.start + run[0].start()), country or places.only_country(city)
            break


def _country_behind(text: str, tokens: Sequence[re.Match[str]]) -> str | None:
    """The country behind the city, with nothing but a comma between."""
    rest = tokens[1:] if tokens and tokens[0][0] == "," else tokens
    return places.country(text[rest[0].start() : rest[0].end()]) if rest else None
