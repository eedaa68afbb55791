"""A name that the sender's own domain repeats: "count leftbooks in", from jo@leftbooks.example.

Such a name needs neither capitals nor a word for an organisation; what bears it out is the address. Used by ``chosen``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from outreach.reading import places
from outreach.reading.freemail import is_freemail
from outreach.reading.lexicon import lexicon, words
from outreach.reading.negatives import HIDDEN
from outreach.reading.sentences import Sentence
from outreach.reading.values import Piece, is_common

_TOKEN = re.compile(r"[A-Za-zÀ-ÿ0-9][\w'’&]*")
#: More of the name: "Common Garden Society", "Saskatoon Alliance of …".
_GOES_ON = re.compile(r"[’']?\w*\s+(?:of\s+|for\s+|&\s+|and\s+)?[A-ZÀ-Þ]|[@.\w]\w|-")
_SHORTEST: Final = 5  #: letters of a domain's word that says something
_MOST_WORDS: Final = 5
_SEARCHED: Final = 600  #: code points of a sentence
_BEHIND: Final = 40  #: code points behind a name in which its place stands
_MOST_BEHIND: Final = 3  #: words of it: "in The Hague"


def on_domain(sentences: Sequence[Sentence], address: str | None) -> Iterator[Piece]:
    """The words of the text that are the sender's domain, together or apart; or, with a capital, a part of it."""
    label, parts = _of_domain(address)
    if not label:
        return
    for sentence in sentences:
        if label not in "".join(sentence.words).replace(HIDDEN, "") and parts.isdisjoint(sentence.words):
            continue
        tokens = list(_TOKEN.finditer(sentence.text[:_SEARCHED]))
        for first, token in enumerate(tokens):
            folded = _folded(token)
            if label.startswith(folded) and folded and (run := _run(tokens[first : first + _MOST_WORDS], label)):
                found = Piece(sentence.text[run[0].start() : run[-1].end()], sentence.start + run[0].start())
            elif folded in parts and token[0][0].isupper() and token.start() > 0:
                found = Piece(token[0], sentence.start + token.start())
            else:
                continue
            if not _GOES_ON.match(sentence.text, found.end - sentence.start):
                yield found


def whole(piece: Piece, text: str, addresses: Sequence[str]) -> Piece:
    """The name with the place behind it where a domain holds both: "Stichting Thuis in Utrecht" at thuisinutrecht."""
    name = [_folded(token) for token in _TOKEN.finditer(piece.text)]
    behind = list(_TOKEN.finditer(text, piece.end, piece.end + _BEHIND))[:_MOST_BEHIND]
    for label in filter(None, (_of_domain(address)[0] for address in addresses)):
        for count in range(2, len(behind) + 1):
            added = "".join(map(_folded, behind[:count]))
            if any("".join(name[first:]) + added == label for first in range(len(name))):
                return Piece(text[piece.start : behind[count - 1].end()], piece.start)
    return piece


def _folded(token: re.Match[str]) -> str:
    return "".join(words(token[0]))


def _run(tokens: Sequence[re.Match[str]], label: str) -> Sequence[re.Match[str]]:
    """The tokens from the first on that make up the domain."""
    said = ""
    for count, token in enumerate(tokens, start=1):
        said += _folded(token)
        if said == label:
            return tokens[:count]
    return ()


def _of_domain(address: str | None) -> tuple[str, frozenset[str]]:
    """The name part of the address's domain without signs, and its words that can only be a name."""
    domain = (address or "").rpartition("@")[2].casefold()
    label = domain.rpartition(".")[0].rpartition(".")[2]
    if len(label) < _SHORTEST or is_freemail(domain):
        return "", frozenset()
    own = {word for word in label.split("-") if len(word) >= _SHORTEST and _is_telling(word)}
    return label.replace("-", ""), frozenset(own)


def _is_telling(word: str) -> bool:
    """Whether a word can name somebody: no common word, no word for an organisation, no place."""
    return not (is_common(word) or lexicon().is_in("nouns", word) or places.city(word) or places.country(word))
