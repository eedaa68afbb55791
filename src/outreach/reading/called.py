"""The name that the text introduces in so many words: "we are called X", "please write: X", "bitte als »X«"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from outreach.reading import names, places
from outreach.reading.commas import is_comma_of_name, is_in_name
from outreach.reading.endings import AND, arabic_end, is_first_person, is_uncased, is_verb
from outreach.reading.lexicon import Hit, lexicon, words
from outreach.reading.memory import remembered
from outreach.reading.negatives import begins_name
from outreach.reading.placeless import without_place
from outreach.reading.prose import TOKEN
from outreach.reading.sentences import Sentence
from outreach.reading.tokens import words_before
from outreach.reading.values import Candidate, Piece, has_noun, is_common, trimmed

_GAP = re.compile(r"[\s:：,–—-]*")
_QUOTED = re.compile(r"([\"“”„«»‘‹›])([^\"“”„«»‹›\n]{2,120})[\"“”«»‹›]")
_END = re.compile(r"[,،;؛:\"“”„«»]|\n\s*\n|(?<=\w{2})[.!?؟](?=\s|$)|\s[(–—-]|\s\.")
_WORD = re.compile(r"[^\s\u200c]+")
#: What may stand between "we are" and the name.
_ARTICLE = re.compile(
    r"[\s:：,–—(-]*(?:(?:the|der|die|das|dem|den|la|le|les|el|los|las|il|lo|gli|het|de|een|our|un|une|una|ein|eine)\s+"
    r"|[lL]['’])?"
)
#: "… in Persian X": the language that a name is in, before it.
_IN_LANGUAGE = re.compile(r"[\s:：,–—-]*(?:in|auf|en|på|op|em|به|po|på)\s+([^\W\d_]{3,12})[\s:：,–—-]+")
#: Who speaks for the name behind it: «بچه‌های همراه», "the folks at Northlight".
_FOLKS = re.compile(
    r"[\s:：]*(?:بچه[\u200c ]?های|رفقای|اعضای|همه[\u200c ]?ی|the (?:folks|people|team|crew) (?:at|of|from|in))\s+"
)
_IS_THE_NAME = re.compile(
    r"\s+(?:is (?:the|our) (?:full |official |right )?name|is what we(?:'re| are) called|نام ماست|اسم ماست|اسممونه"
    r"|ist unser name|ist der name|est notre nom|es nuestro nombre)(?!\w)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s*[–—،,(-]\s*([^\W\d_][^\s,،.)]{1,29})")
_SEARCHED: Final = 600  #: code points of a sentence
_MAX_WORDS: Final = 12
_LANGUAGES: Final = frozenset({"english", "persian", "otherlang"})
_WITHOUT_CAPITALS: Final = frozenset({"Arab", "Hebr"})
_NAME_WORDS: Final = ("اسم", "نام")  #: «اسممون همون «پرسه» باشه»
_WEIGHT: Final = 2.4


def called(sentences: Sequence[Sentence]) -> list[Candidate]:
    """Names right behind the wording that introduces them, or on the line below it, in the order of the text."""
    return list(_called(tuple(sentences)))


@remembered
def _called(sentences: tuple[Sentence, ...]) -> tuple[Candidate, ...]:
    found: list[Piece] = []
    for sentence, following in zip_longest(sentences, sentences[1:]):
        if sentence.asks:
            continue
        hits = [hit for hit in lexicon().find(sentence.words) if hit.cue.category == "named" and not hit.turned]
        if hits:
            found += [piece for end in _ends(sentence, hits, sure=True) if (piece := _behind(sentence, end, following))]
            found += _introduced(sentence, _ends(sentence, hits, sure=False))
        found += _quoted_behind_noun(sentence)
        found += _before_is_the_name(sentence)
    return tuple([Candidate(piece, _WEIGHT) for piece in found])


def _before_is_the_name(sentence: Sentence) -> Iterator[Piece]:
    """What stands before "is the name": "bradford sisters in struggle is the name"."""
    if behind := _IS_THE_NAME.search(sentence.text[:_SEARCHED]):
        clause = re.split(r"[,،;:.!?\n]", sentence.text[: behind.start()])[-1]
        piece = trimmed(clause.strip(), behind.start() - len(clause.lstrip()))
        if 2 <= len(words(piece.text)) <= _MAX_WORDS and not is_common(piece.text.split()[0]):
            yield piece


def _quoted_behind_noun(sentence: Sentence) -> Iterator[Piece]:
    """What is quoted behind the word for an organisation: "Der Verein „X“ …", «تشکل ما «X»»."""
    for quoted in _QUOTED.finditer(sentence.text[:_SEARCHED]):
        before = sentence.text[: quoted.start()].split()
        ours = any(lexicon().is_in("ours", "".join(words(word))) for word in before[-3:])
        behind_noun = (ours or len(before) <= 3) and any(has_noun(word) for word in before[-2:])
        if before and (behind_noun or any(word.startswith(_NAME_WORDS) for word in before[-2:])):
            piece = trimmed(quoted[2], sentence.start + quoted.start(2))
            if piece.text and not places.country(piece.text):
                yield piece


def _introduced(sentence: Sentence, ends: Sequence[int]) -> Iterator[Piece]:
    """The name behind what mostly introduces something else ("we are …", "it's Kai from …"): a whole one."""
    for end in ends:
        article = _ARTICLE.match(sentence.text, end)
        piece = _name(sentence, article.end() if article else end)
        if piece and (has_noun(piece.text) or sum(word[:1].isupper() for word in re.split("[ ’']", piece.text)) > 1):
            yield piece


def _ends(sentence: Sentence, hits: Sequence[Hit], *, sure: bool) -> list[int]:
    """Where in the sentence the wordings end that introduce a name, for sure or perhaps."""
    hits = [hit for hit in hits if (hit.cue.weight >= 1) is sure]
    if not hits:
        return []
    ends = [match.end() for match in _WORD.finditer(sentence.text[:_SEARCHED])]
    counts = [sum(w != "," for w in sentence.words[: hit.end]) for hit in hits]
    at = [bisect_left(ends, count, key=lambda end: words_before(sentence.text, end)) for count in counts]
    return sorted({ends[i] for i in at if i < len(ends)})


def _behind(sentence: Sentence, end: int, following: Sentence | None) -> Piece | None:
    gap = _GAP.match(sentence.text, end)
    start = gap.end() if gap else end
    language = _IN_LANGUAGE.match(sentence.text, end)
    if language and lexicon().label_classes("".join(words(language[1]))) & _LANGUAGES:
        start = language.end()
    if start >= len(sentence.text):
        return _name(following, len(following.text) - len(following.text.lstrip())) if following else None
    if "-" in sentence.text[end - 1 : end]:
        return None
    article = _ARTICLE.match(sentence.text, end)
    if article and article.end() > start and sentence.text[article.end() : article.end() + 1].isupper():
        start = article.end()
    return _name(sentence, start)


def _name(sentence: Sentence, start: int) -> Piece | None:
    """The name that begins at this place of the sentence, or None if it does not look like one."""
    if folks := _FOLKS.match(sentence.text, start):
        start = folks.end()
    if quoted := _QUOTED.match(sentence.text, start):
        piece = without_place(quoted[2], sentence.start + quoted.start(2))
        return piece if piece.text else None
    signs = _END.finditer(sentence.text, start)
    text = sentence.text[start : next((sign.start() for sign in signs if not is_comma_of_name(sign)), None)]
    piece = trimmed(text[: _length(text)], sentence.start + start)
    if is_uncased(sentence.text) and _is_small_name(piece.text):
        return piece
    if _is_single_before_place(piece, sentence):
        return piece
    return piece if _may_be_name(piece.text) else None


def _is_single_before_place(piece: Piece, sentence: Sentence) -> bool:
    """Whether a single word in a script without capitals is named by the place behind it: «همراه - گوتنبرگ»."""
    if names.script(piece.text) not in _WITHOUT_CAPITALS or len(words(piece.text)) != 1 or len(piece.text) < 3:
        return False
    behind = _PLACE.match(sentence.text, piece.end - sentence.start)
    is_word = is_common(piece.text) or lexicon().is_in("stops", words(piece.text)[0]) or places.city(piece.text)
    return bool(behind and not is_word and places.city(behind[1]))


def _is_small_name(text: str) -> bool:
    """Whether words of a sentence without capitals name an organisation."""
    said = words(text)
    return 2 <= len(said) <= _MAX_WORDS and has_noun(text) and not is_common(said[0]) and not _asks_for_field(said)


def _length(text: str) -> int:
    """How far a name can go: its own script, and in scripts with capitals no common word that begins small."""
    if names.script(text) == "Arab" and (tokens := list(TOKEN.finditer(text))):
        return tokens[arabic_end(tokens, 0)].end()
    script: str | None = None
    last, before = 0, ""
    for match in _WORD.finditer(text):
        folded = "".join(words(match[0]))
        own = names.script(match[0])
        script = script or own
        if begins_name(text, match.start()) or is_in_name(text, match.start()):
            continue  # "Ponti non Muri"
        if folded and (own != script or _ends_name(match[0], folded, script)):
            return last
        if before in AND and match[0][0].islower() and not has_noun(match[0]):
            return last  # "… Bread & Roses and yes, we sign"
        last, before = (match.end() if not _connects(match[0]) else last), match[0]
    return last


def _ends_name(word: str, folded: str, script: str) -> bool:
    if script in _WITHOUT_CAPITALS:
        return lexicon().is_in("stops", folded) or (folded.startswith(("می", "نمی")) and len(folded) > 4)
    small = word[0].islower() and is_common(word) and not _connects(word)
    return small or is_verb(word) or is_first_person(word)


def _connects(word: str) -> bool:
    return lexicon().is_in("connectors", word.lower())


def _may_be_name(text: str) -> bool:
    said = words(text)
    if not 1 <= len(said) <= _MAX_WORDS or any(c in "@?/" or c.isdigit() for c in text):
        return False
    if places.country(text) or ((city := places.city(text)) and city.known):
        return False
    if lexicon().opens_with(text, "greeting") or lexicon().opens_with(text, "closing") or _asks_for_field(said):
        return False
    if names.script(text) in _WITHOUT_CAPITALS:
        return 2 <= len(said) <= 8 and not is_common(said[0])
    named = not is_common(text.split()[0]) or has_noun(text) or sum(w[:1].isupper() for w in text.split()) > 1
    return text[0].isupper() and named and (len(said) >= 2 or len(text) > 4)


def _asks_for_field(said: Sequence[str]) -> bool:
    """Whether the words are those of a form: "name in Persian"."""
    return all(lexicon().label_classes(word) or is_common(word) for word in said)


def in_languages(sentences: Sequence[Sentence]) -> Iterator[Piece]:
    """Names with their language behind: «صدای زن på persiska och Kvinnoröst på svenska»."""
    for sentence in sentences:
        tokens = list(_WORD.finditer(sentence.text[:_SEARCHED]))
        for at in range(1, len(tokens) - 1):
            if tokens[at][0] not in _IN:
                continue
            asked = lexicon().label_classes("".join(words(tokens[at + 1][0])))
            if asked & _LANGUAGES:
                yield from _before(sentence, tokens[:at])


_IN: Final = frozenset(["in", "auf", "en", "på", "op", "em", "به", "po"])


def _before(sentence: Sentence, tokens: Sequence[re.Match[str]]) -> Iterator[Piece]:
    """The words of one script, with capitals where it has them, that end here."""
    script = names.script(tokens[-1][0])
    first = len(tokens)
    while first > 0 and _continues(tokens[first - 1][0], script):
        first -= 1
    while first < len(tokens) and _connects(tokens[first][0]):
        first += 1
    if first < len(tokens):
        piece = trimmed(sentence.text[tokens[first].start() : tokens[-1].end()], sentence.start + tokens[first].start())
        if _may_be_name(piece.text):
            yield piece


def _continues(word: str, script: str) -> bool:
    if names.script(word) != script or word[-1] in ",.:;":
        return False
    return script in _WITHOUT_CAPITALS or word[0].isupper() or _connects(word)
