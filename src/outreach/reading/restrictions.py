"""Whether a yes in a letter is taken back by words that no phrase of the lexicon knows as a refusal.

"We stand behind it, but as a foundation we sign nothing": the support is told by its phrase, the refusal only by "but"
and "nothing". A person tells what it comes to; nothing is signed on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from outreach.reading.lexicon import lexicon
from outreach.reading.weighing import Heard, Weighed

#: How the words for signing begin, folded and without accents.
_SIGNING: Final = (
    "sign", "zeichn", "unterzeich", "unterschr", "teken", "handteken", "ondertek", "firm", "imza", "underteck", "skriv",
    "امضا", "توقیع", "بالتوقیع", "واژو",
)  # fmt: skip
#: "With you in spirit, but we would rather not have our name anywhere".
_NAMES: Final = ("name", "nom", "nombre", "nome", "namn", "naam", "isim", "ism", "adim", "نام", "اسم")
_NONE: Final = frozenset(
    ["no", "any", "kein", "keine", "keinen", "keinem", "keinerlei", "aucun", "aucune", "ningun", "ninguna", "ninguno"]
    + ["nessun", "nessuna", "geen", "inga", "ingen", "hicbir", "هیچ"]
)
#: How the words begin for what is signed.
_TEXTS: Final = (
    "statement", "appeal", "declaration", "petition", "aufruf", "erklarung", "appel", "declara", "manifest", "appell",
    "verklaring", "oproep", "upprop", "uttaland", "bildiri", "metn", "metin", "cagri", "بیانیه", "متن", "فراخوان",
)  # fmt: skip
#: A "not" behind a "but" that a phrase knows touches no signature.
_ASIDE: Final = frozenset({"no_action", "affirmed", "told", "polite", "nothing", "signup", "request"})


def takes_back(weighed: Weighed, nameless: Callable[[], bool]) -> bool:
    """Whether behind a "but" or "only" there is talk of signing, with a "not" beside it or with nobody named.

    A "not" that ends what stands there denies what was said before: "I would sign, but Harbour Choir cannot".
    """
    if any(_denies_every(heard.sentence.words, weighed.language) for heard in weighed.heard):
        return True
    return any(
        _ends_in_no(behind, weighed.language)
        or (_is_about_signing(behind) and (_is_negated(behind, weighed.language) or nameless()))
        or (any(token.startswith(_NAMES) for token in behind) and _is_negated(behind, weighed.language) and nameless())
        for heard in weighed.heard
        for behind in _behind_contrasts(heard, weighed.language)
    )


def _denies_every(tokens: Sequence[str], language: str) -> bool:
    """Whether no statement at all is signed: "we sign no appeals", «پای هیچ بیانیه‌ای نمی‌رویم»."""
    known = lexicon()
    for at, token in enumerate(tokens):
        if token in _NONE and any(word.startswith(_TEXTS) for word in tokens[at + 1 : at + 3]):
            return language not in known.denying or _is_negated(tokens[at:], language)
    return False


def _behind_contrasts(heard: Heard, language: str) -> Iterator[Sequence[str]]:
    """What stands in the sentence behind each "but" that no phrase explains."""
    for contrast in heard.hits:
        if contrast.cue.category == "contrast" and contrast.cue.language == language:
            behind = [hit for hit in heard.hits if hit.start >= contrast.end]
            if not any(hit.cue.category in _ASIDE and len(hit.cue.phrase) > 1 for hit in behind):
                yield heard.sentence.words[contrast.end :]


def _is_about_signing(tokens: Sequence[str]) -> bool:
    return any(token.startswith(_SIGNING) for token in tokens)


def _ends_in_no(tokens: Sequence[str], language: str) -> bool:
    return bool(tokens) and tokens[-1] in lexicon().negators.get(language, frozenset())


def _is_negated(tokens: Sequence[str], language: str) -> bool:
    known = lexicon()
    denying = known.denying.get(language, ())
    negators = known.negators.get(language, frozenset())
    return any(token in negators or (denying and token.startswith(denying)) for token in tokens)
