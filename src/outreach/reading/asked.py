"""The name that a sentence asks to be listed, or that it says signs, by where it stands in it.

"Please add the Harbour Choir, Leeds", "sätt upp Hamnfonden", «אנא הוסיפו את הפורום לרשימה», "Ealing Quakers will
add their name". No word for an organisation is needed: the grammar of the sentence shows where the name stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from outreach.reading import names, places
from outreach.reading.commas import holds_slogan, is_comma_of_name, is_in_name
from outreach.reading.endings import POLITE, is_uncased, is_verb
from outreach.reading.lexicon import Hit, lexicon, words
from outreach.reading.negatives import begins_name
from outreach.reading.offices import without_office
from outreach.reading.phrases import GAP
from outreach.reading.placeless import without_place
from outreach.reading.sentences import Sentence
from outreach.reading.tokens import words_before
from outreach.reading.values import Candidate, Piece, has_noun, is_common

_TOKEN = re.compile(
    r"(?:[ldLD]|[dD]ell|[aA]ll|[nN]ell|[sS]ull)['’](?=\w)|[^\W_][\w'’.&/\u200c\u064b-\u0655-]*[\w\u0654]|\w|\S"
)
_SEARCHED: Final = 600  #: code points of a sentence
_ARTICLES: Final = frozenset(["La", "Le", "Les", "El", "Los", "Las", "Il", "Lo", "Gli"])
_SKIPPED: Final = 7  #: small words between the request and the name: "to the list the name of our"
_MAX_WORDS: Final = 12
_NEAR: Final = 4  #: words between the one who signs and "signs": "will gladly be"
_WITHOUT_CAPITALS: Final = frozenset({"Arab", "Hebr"})
_QUOTES: Final = frozenset('"“”„«»‹›')  #: what stands in them is the name, and found by them
#: Languages in which what is to be listed stands before the verb, marked by a particle or introduced as a name.
_VERB_LAST: Final = frozenset({"fa", "ckb", "az-Arab", "tr", "az", "fa-Latn"})
_MARKS: Final = frozenset(["را", "رو", "ro", "ra"])
_REQUESTS: Final = frozenset(
    ["لطف", "لطفا", "کنید", "بفرمایید", "میشود", "میتوانید", "خواهشمندیم", "خواهشمندم", "خواهشمند", "خواهش", "میکنم"]
    + ["میکنیم", "ممکن", "ممکنه", "تقاضا", "داریم", "دارم", "بیزحمت", "زحمت", "بی", "اگر", "هم", "نیز", "حتما"]
)
_ENDS: Final = frozenset(',،;؛:!?؟()[]–—|…"“”„«»')
REQUESTED: Final = 2.15  #: weight of what a request asks for
_SIGNING: Final = 2.05


def asked(sentences: Sequence[Sentence]) -> list[Candidate]:
    """Names by what the sentence does with them, the surest first."""
    found: list[Candidate] = []
    for sentence in sentences:
        hits = [h for h in lexicon().find(sentence.words) if h.cue.category in ("request", "signup") and not h.turned]
        if not hits or sentence.asks and not any(hit.cue.category == "request" for hit in hits):
            continue
        tokens = list(_TOKEN.finditer(sentence.text[:_SEARCHED]))
        for hit in hits:
            weight = REQUESTED if hit.cue.category == "request" else _SIGNING
            found += [Candidate(piece, weight) for piece in _by_grammar(sentence, tokens, hit)]
    return sorted(found, key=lambda c: -c.weight)


def _by_grammar(sentence: Sentence, tokens: Sequence[re.Match[str]], hit: Hit) -> Iterator[Piece]:
    start, end = _tokens_of(sentence, tokens, hit)
    if hit.cue.language in _VERB_LAST:
        found = [_object_before(sentence, tokens[:start])]
    elif GAP in hit.cue.phrase:
        found = [_object(sentence, tokens[start + 1 : end - 1]), _object(sentence, tokens[end:])]
    else:
        found = [_object(sentence, tokens[end:])]
    if hit.cue.category == "signup":
        find = _small_subject if is_uncased(sentence.text) else _subject
        found.append(find(sentence, tokens[:start]))
    yield from (piece for piece in found if piece)


def _tokens_of(sentence: Sentence, tokens: Sequence[re.Match[str]], hit: Hit) -> tuple[int, int]:
    """Which tokens of the text the words of a cue are: first and one behind the last."""
    before = sum(word != "," for word in sentence.words[: hit.start])
    inside = sum(word != "," for word in sentence.words[hit.start : hit.end])
    first = _token_at(sentence, tokens, before)
    return first, _token_at(sentence, tokens, before + inside)


def _token_at(sentence: Sentence, tokens: Sequence[re.Match[str]], count: int) -> int:
    """The token before which so many words stand (several tokens may be one word: Persian "می خواهیم")."""
    return bisect_left(tokens, count, key=lambda token: words_before(sentence.text, token.start()))


def _object(sentence: Sentence, tokens: Sequence[re.Match[str]]) -> Piece | None:
    """The name behind a request: after small words, up to a sign, a common word or what the list is called."""
    at = 0
    while at < min(len(tokens), _SKIPPED) and _is_small(tokens[at][0]):
        at += 1
    taken = _run(tokens[at:], cased=not is_uncased(sentence.text))
    behind = tokens[at + len(taken)][0] if at + len(taken) < len(tokens) else ""
    return None if behind in _QUOTES else _named(sentence, taken)


def _object_before(sentence: Sentence, tokens: Sequence[re.Match[str]]) -> Piece | None:
    """The name before a verb that comes last: «نام انجمن زنان را اضافه کنید»."""
    clause = list(tokens)
    for at in range(len(clause) - 1, -1, -1):
        if _ends_clause(clause[at]):
            clause = clause[at + 1 :]
            break
    mark = next((at for at, token in enumerate(clause) if token[0] in _MARKS), None)
    if mark is None:
        return None
    if mark and lexicon().is_in("listed", "".join(words(clause[mark - 1][0]))):
        return None  # «… بیانیه را امضا می‌کند»: what is signed, not who
    named = [at for at in range(mark) if _is_name_word(clause[at][0])]
    run = clause[named[-1] + 1 if named else 0 : mark]
    while run and (_is_small(run[0][0]) or _is_request(run[0][0])):
        run.pop(0)
    if run and any(lexicon().is_in("ours", word) for token in run for word in words(token[0])):
        return None
    piece = _named(sentence, run)
    return piece if piece and (named or has_noun(piece.text)) else None


def _is_request(word: str) -> bool:
    """«لطف کنید …», «میشه …»: a word that asks and begins no name."""
    return "".join(words(word)) in _REQUESTS


def _is_name_word(word: str) -> bool:
    """ "Name" itself; a word for an organisation can be a label too, and begins the name."""
    return "name" in lexicon().label_classes("".join(words(word))) and not has_noun(word)


def _subject(sentence: Sentence, tokens: Sequence[re.Match[str]]) -> Piece | None:
    """The name right before "signs": the last run of its kind in the clause, few words away."""
    last = len(tokens) - 1
    while last >= 0 and len(tokens) - 1 - last <= _NEAR and _is_verbal(tokens[last][0]):
        last -= 1
    if last < 0 or _ends_clause(tokens[last]) or names.script(tokens[last][0]) in _WITHOUT_CAPITALS:
        return None
    first = last
    while first >= 0 and not _ends_clause(tokens[first]) and _belongs(tokens[first][0]):
        first -= 1
    run = list(tokens[first + 1 : last + 1])
    while run and not run[0][0][0].isupper():
        run.pop(0)
    while run and (
        _is_pronoun(run[0][0])
        or lexicon().is_in("weekdays", "".join(words(run[0][0])))
        or _is_name_word(run[0][0])
        or (run[0].start() == 0 and is_common(run[0][0]) and not (begins_name(sentence.text, 0) or _has_article(run)))
    ):
        run.pop(0)
        while run and not run[0][0][0].isupper():
            run.pop(0)
    before = [token[0] for token in tokens[: first + 1] if run and token.start() < run[0].start()]
    introduced = len(before) > 1 and lexicon().is_in("ours", "".join(words(before[-2])))  # "Vi på Kvinnokraft …"
    return _named(sentence, run) if introduced or sum(token[0][0].isupper() for token in run) > 1 else None


def _small_subject(sentence: Sentence, tokens: Sequence[re.Match[str]]) -> Piece | None:
    """The name before "signs" in a sentence without capitals: it ends with, or holds, a word for an organisation."""
    behind = range(len(tokens) - 1, max(-1, len(tokens) - 2 - _NEAR), -1)
    last = next((at for at in behind if _ends_clause(tokens[at]) or has_noun(tokens[at][0])), None)
    if last is None or _ends_clause(tokens[last]) or lexicon().is_in("organs", "".join(words(tokens[last][0]))):
        return None
    first = last
    while first > 0 and _is_small_word(tokens[first - 1]):
        first -= 1
    while first < last and (_is_loose(tokens[first][0]) or is_common(tokens[first][0])):
        first += 1
    return _named(sentence, tokens[first : last + 1]) if first < last else None


def _is_small_word(token: re.Match[str]) -> bool:
    """Whether a word of a sentence without capitals can stand inside a name."""
    word = token[0]
    known, folded = lexicon(), "".join(words(word))
    if not folded or _ends_clause(token) or known.is_in("ours", folded) or known.opens_with(word, "greeting"):
        return False
    return known.is_in("connectors", word) or has_noun(word) or not (is_common(word) or is_verb(word))


def _has_article(run: Sequence[re.Match[str]]) -> bool:
    """Whether the article is a part of the name: "La Otra Orilla", but not of "La Asociación de Vecinos"."""
    rest = [token[0] for token in run[1:]]
    named = sum(word[0].isupper() for word in rest) > 1 and not any(map(has_noun, rest))
    return run[0][0] in _ARTICLES and named


def _is_pronoun(word: str) -> bool:
    """ "I", "I'm", "We're": capitals that begin no name."""
    return words(word)[:1] == ("i",) or (len(words(word)) > 1 and lexicon().is_in("ours", words(word)[0]))


def _is_small(word: str) -> bool:
    """What may stand between a request and the name: articles, "us", "our", "the name of", a comma or colon."""
    folded = "".join(words(word))
    if not folded:
        return word in ":,،"
    if word in POLITE:
        return True
    known = lexicon()
    if names.script(word) not in _WITHOUT_CAPITALS and word[0].isupper():
        return False
    return (
        (is_common(word) and not has_noun(word))
        or known.is_in("ours", folded)
        or known.is_in("connectors", word.lower().rstrip("'’"))
        or known.is_in("stops", folded)
        or _is_name_word(word)
    )


def _run(tokens: Sequence[re.Match[str]], *, cased: bool) -> list[re.Match[str]]:
    """The tokens of a name that begins here."""
    if not tokens or not words(tokens[0][0]):
        return []
    script = names.script(tokens[0][0])
    if script not in _WITHOUT_CAPITALS and not tokens[0][0][0].isupper() and cased:
        return []
    run: list[re.Match[str]] = []
    for at, token in enumerate(tokens[: 2 * _MAX_WORDS]):
        if _ends_clause(token) or (token[0] in ".\n"):
            break
        folded = "".join(words(token[0]))
        if folded and (names.script(token[0]) not in (script, "Zyyy") or _is_behind_names(folded, token[0], script)):
            break
        if not cased and folded and (is_verb(token[0]) or (is_common(token[0]) and not _belongs(token[0]))):
            break
        inside = _belongs(token[0]) or begins_name(token.string, token.start())
        inside = inside or is_in_name(token.string, token.start())
        if cased and folded and script not in _WITHOUT_CAPITALS and not inside:
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            goes_on = following and not _ends_clause(following) and following[0] != "."
            if is_common(token[0]) or is_verb(token[0]) or goes_on:
                break  # "Hamnarbetarnas solidaritetsfond, Norrköping" goes on with a small letter
        run.append(token)
    if not cased and script not in _WITHOUT_CAPITALS and not any(has_noun(token[0]) for token in run):
        return []
    return run


def _belongs(word: str) -> bool:
    """Whether a word in a script with capitals can stand inside a name, where its commas belong to it."""
    if not words(word):
        return word in "&-–'’/,"
    return word[0].isupper() or word[0].isdigit() or has_noun(word) or lexicon().is_in("connectors", word.lower())


def _is_behind_names(folded: str, word: str, script: str) -> bool:
    """Whether a name ends before this word: "… to the list", «… را»."""
    if lexicon().is_in("listed", folded):
        return True
    return script in _WITHOUT_CAPITALS and lexicon().is_in("stops", folded)


def _is_verbal(word: str) -> bool:
    """A small word between the one who signs and the signature: "will", "gladly", "hereby"."""
    return bool(words(word)) and word[0].islower() and not has_noun(word)


def _ends_clause(token: re.Match[str]) -> bool:
    return token[0] in _ENDS and not is_comma_of_name(token)


def _named(sentence: Sentence, run: Sequence[re.Match[str]]) -> Piece | None:
    """The run as a name without the small words at its end; None where it cannot be one."""
    kept = list(run)
    while kept and (not words(kept[-1][0]) or _is_loose(kept[-1][0])):
        kept.pop()
    if not kept:
        return None
    piece = without_place(sentence.text[kept[0].start() : kept[-1].end()], sentence.start + kept[0].start())
    piece = without_office(piece)
    said = words(piece.text)
    if not 1 <= len(said) <= _MAX_WORDS or places.country(piece.text) or places.city(piece.text):
        return None
    titled = any(lexicon().is_in("titles", word) or word in lexicon().months for word in said)
    if titled and not holds_slogan(piece.text):
        return None
    if all(is_common(word) or lexicon().label_classes(word) for word in said):
        return None
    if len(said) == 1 and lexicon().is_in("nouns", said[0]):
        return None  # "include the Council": its name stands elsewhere
    enough = len(said) >= 2 if names.script(piece.text) in _WITHOUT_CAPITALS else len(said) >= 2 or len(piece.text) > 6
    return piece if enough else None


def _is_loose(word: str) -> bool:
    """A word that ends no name: "of", "and", «و»."""
    return lexicon().is_in("connectors", word.lower()) and not word[0].isupper() and not has_noun(word)
