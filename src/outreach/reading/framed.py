"""Signatories in running text that no word for an organisation gives away: by the colon, the place or the capitals.

"Sign us up: Tranzit, Zagreb", "put Byggfagarbeidernes Forening on the list", "Mor Dayanışma Kolektifi, Bursa".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from outreach.reading import names, places
from outreach.reading.commas import holds_slogan, is_comma_of_name
from outreach.reading.endings import is_uncased, is_verb
from outreach.reading.entries import parse_entry
from outreach.reading.lexicon import lexicon, words
from outreach.reading.negatives import begins_name
from outreach.reading.sentences import Sentence
from outreach.reading.values import (
    Candidate,
    Piece,
    has_noun,
    is_common,
    is_organ,
    looks_like_person,
    may_hold_noun,
    trimmed,
)

_COLON = re.compile(r"[:：]\s+(?=\S)")
_END = re.compile(r"[,،;؛:]|(?<=\w{3})[.!?؟](?=\s|$)|\s[(–—-]|\s\.|\n\s*\n")
_TOKEN = re.compile(r"[^\W_][\w'’&\u200c-]*|[^\w\s]|\n")
_PLACE_FOLLOWS = re.compile(r"[\s,،(–—-]*+(?:\w{1,5}\s+)?[(]?\s*")
_MAX_WORDS: Final = 12
_APART: Final = ",(–—-"  #: one of these stands between a name and its place
_ASKS: Final = frozenset({"signup", "request"})


def alone(sentences: Sequence[Sentence]) -> list[Candidate]:
    """Names that are a sentence by themselves, with their place or without: "Librairie Quilombo, Paris."."""
    found: list[Candidate] = []
    for sentence in sentences:
        line = sentence.text.strip().rstrip(".!")
        if sentence.asks or lexicon().find(sentence.words) or any(sign in line for sign in "\n:："):
            continue
        if not 2 <= len(words(line)) <= _MAX_WORDS:
            continue
        name, city, country = parse_entry(line)
        start = sentence.start + sentence.text.index(line) + name.start
        small = is_uncased(line) and city is not None and has_noun(name.text) and len(words(name.text)) > 1
        if (
            (small or _may_be_name(name.text))
            and (city or country or has_noun(name.text))
            and not _is_sentence(name.text)
        ):
            found.append(Candidate(Piece(name.text, start), 1.9))
    said = {names.squash(c.piece.text): names.script(c.piece.text) for c in found}
    return found if len(set(said.values())) == len(said) else []  # one name, maybe in two scripts


def _is_sentence(text: str) -> bool:
    """Whether common words that connect no name stand in it: "Best from hot Vienna", "School Strike Glasgow here"."""
    return any(
        (is_common(word) or is_verb(word)) and not lexicon().is_in("connectors", word.lower()) and word != "در"
        for word in text.split()[1:]
    )


def placed(sentences: Sequence[Sentence]) -> list[Candidate]:
    """Names with city and country right behind, where nothing says that they sign: less sure, and good if alone."""
    found: list[Candidate] = []
    for sentence in sentences:
        spots = places.find(sentence.text)
        if {spot.kind for spot in spots} == {"city", "country"} and len(spots) == 2 and not sentence.asks:
            found += [Candidate(piece, 1.5) for piece in _before_place(sentence, asks=True)]
    return found if len({names.squash(c.piece.text) for c in found}) == 1 else []


def framed(sentences: Sequence[Sentence]) -> list[Candidate]:
    """Names by their frame, for sentences that ask to be listed; the surest frame first."""
    found: list[Candidate] = []
    led = False
    for sentence in sentences:
        asks = any(h.cue.category in _ASKS and not h.turned for h in lexicon().find(sentence.words))
        if asks or led:
            found += [Candidate(piece, 2.2) for piece in _behind_colon(sentence, whole=led)]
        found += [Candidate(piece, 2.1 if asks else 2.0) for piece in _before_place(sentence, asks=asks)]
        if asks:
            found += [Candidate(piece, 2.0) for piece in capitals(sentence.text, sentence.start)]
        led = asks and sentence.text.rstrip().endswith((":", "："))
    return sorted(found, key=lambda c: -c.weight)


def _behind_colon(sentence: Sentence, *, whole: bool) -> Iterator[Piece]:
    """What stands behind a colon up to the next sign, where it can be a name."""
    starts = [match.end() for match in _COLON.finditer(sentence.text)] + ([0] if whole else [])
    for start in starts:
        signs = _END.finditer(sentence.text, start)
        end = next((sign.start() for sign in signs if not is_comma_of_name(sign)), None)
        piece = trimmed(sentence.text[start:end], sentence.start + start)
        if _may_be_name(piece.text):
            yield piece


def _may_be_name(text: str) -> bool:
    said = words(text)
    if not 1 <= len(said) <= _MAX_WORDS or any(c in '@"“”«»' for c in text) or _is_place(text):
        return False
    if any(lexicon().is_in("stops", word) for word in said[-1:]) or lexicon().opens_with(text, "greeting"):
        return False
    if names.script(text) in ("Arab", "Hebr"):
        return len(said) >= 2 and not any(c.isdigit() for c in text)
    return text[0].isupper() and not is_common(text.split()[0]) and (len(said) >= 2 or len(text) > 5)


def _is_place(text: str) -> bool:
    return places.city(text) is not None or places.country(text) is not None


def _before_place(sentence: Sentence, *, asks: bool) -> Iterator[Piece]:
    """The name right before the first place of a sentence: "… our association Maison du Peuple (Namur, Belgium)"."""
    parted = any(sign in sentence.text for sign in _APART)
    if not parted or not (asks or may_hold_noun(sentence.text, sentence.words)):
        return
    for spot in places.find(sentence.text)[:3]:
        for piece in capitals(sentence.text[: spot.start], sentence.start):
            between = sentence.text[piece.end - sentence.start : spot.start]
            alone = piece.start == sentence.start and not sentence.text[spot.end :].strip(" .,!)")
            sure = asks or (alone and has_noun(piece.text))
            if sure and _PLACE_FOLLOWS.fullmatch(between) and any(sign in between for sign in _APART):
                yield piece


def capitals(text: str, start: int) -> Iterator[Piece]:
    """Runs of two and more words with capitals, joined by what connects names; no persons addressed, dates, places."""
    run: list[re.Match[str]] = []
    for token in [*_TOKEN.finditer(text), None]:
        word = token[0] if token else "."
        if (
            token
            and (word[0].isupper() or (run and word in "&'’"))
            or token
            and run
            and (lexicon().is_in("connectors", word.lower()) or word == "\n" or is_comma_of_name(token))
        ):
            run.append(token)
        else:
            yield from _run(text, run, start)
            run = []


def _run(text: str, run: Sequence[re.Match[str]], start: int) -> Iterator[Piece]:
    kept = list(run)
    while kept and (not kept[-1][0][0].isupper()):
        kept.pop()
    while kept and (
        not kept[0][0][0].isupper()
        or (_opens_clause(kept[0]) and not begins_name(text, kept[0].start()))
        or lexicon().opens_with(kept[0][0], "greeting")
    ):
        kept.pop(0)
    capitals = [token for token in kept if token[0][0].isupper()]
    if len(capitals) < 2:
        return
    piece = trimmed(text[kept[0].start() : kept[-1].end()], start + kept[0].start())
    said = words(piece.text)
    known = any(w in lexicon().months or lexicon().is_in("titles", w) for w in said)
    known = (known and not holds_slogan(piece.text)) or is_organ(piece.text)
    known = known or any(lexicon().opens_with(piece.text, kind) for kind in ("greeting", "closing"))
    if not known and not _is_place(piece.text) and len(said) <= _MAX_WORDS:
        yield piece


def _opens_clause(token: re.Match[str]) -> bool:
    """Whether a word with a capital begins no name: "We", "It's", "Sunday and …", "Im Namen von …"."""
    folded, known = "".join(words(token[0])), lexicon()
    if known.is_in("weekdays", folded) or "name" in known.label_classes(folded) and not has_noun(token[0]):
        return True
    common = is_common(token[0]) or is_common(re.split("['’]", token[0])[0])
    before = token.string[: token.start()].rstrip(" ")
    inside = bool(before) and before[-1].isalpha() and before.split()[-1][0].isupper()  # "Desde Sin Fronteras"
    return common and not (inside and not known.is_in("ours", folded))


def is_person(text: str, known: Sequence[str]) -> bool:
    """Whether the text is one of the known persons' names, or a part of it."""
    said = set(words(text))
    return looks_like_person(text) and any(said & set(words(name)) for name in known if name)
