"""The contact that the text names instead of its writer: "please write to our secretary Ada Lovelace, ada@…"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from outreach.reading import names
from outreach.reading.headers import find_addresses
from outreach.reading.lexicon import lexicon, words
from outreach.reading.sentences import Sentence
from outreach.reading.values import Piece, is_common, looks_like_person, trimmed

_NAME_BEFORE = re.compile(
    r"((?:[^\W\d_a-z][\w'’.-]*[ \n]){1,3}[^\W\d_a-z][\w'’-]+)\s*"  # two to four words with capitals
    r"(?:\([^()]{0,40}\))?(?:\s+(?:ein|an|unter))?\s*[,،:;(<–—-]*\s*$"  # and little before the address
)
_WORD = re.compile(r"[^\W\d_][\w\u200c-]*")
_NAME_WORD = re.compile(r"[^\W\d_][\w'’.-]*[^\W_]|[^\W\d_]")
_NOBLE: Final = frozenset(
    ["van", "von", "der", "den", "de", "du", "la", "le", "zu", "af", "ten", "ter", "el", "al", "bin"]
)
_AS: Final = frozenset(["as", "als", "come", "como", "comme", "som", "jako", "ως", "our", "unser", "unsere", "notre"])
_SEARCHED: Final = 600  #: code points of a sentence
_FEW: Final = 6  #: words between "contact" and the name: "will be our vice chair, Ms …"
_WITHOUT_CAPITALS: Final = frozenset({"Arab", "Hebr"})
_REACH: Final = 90  #: code points before the address in which its owner may stand


@dataclass(frozen=True, slots=True)
class Contact:
    """An address named in the text, and the person it belongs to where that is said."""

    address: Piece
    person: Piece | None = None


def named_contact(sentences: Sequence[Sentence], sender: str | None) -> Contact | None:
    """The one address in the text that is not the sender's, in a sentence that speaks of contact; else None."""
    found: list[Contact] = []
    for at, sentence in enumerate(sentences):
        for match in find_addresses(sentence.text):
            if match[0].lower() == sender:
                continue
            start = sentence.start + match.start()
            before = _before(sentences, at, match.start())
            person = _owner(before, start - len(before))
            if person or _speaks_of_contact(before):
                found.append(Contact(Piece(match[0], start), person))
    return found[0] if len(found) == 1 else None


def contact_behind_colon(sentences: Sequence[Sentence]) -> Piece | None:
    """The person behind "contact for you only: …", where nothing else stands in the clause."""
    for sentence in sentences:
        lead, colon, value = sentence.text.partition(":")
        if not colon:
            continue
        asked = set[str]().union(*(lexicon().label_classes(word) for word in words(lead)[:1]))
        piece = trimmed(re.split(r"[,،;(\n]", value)[0], sentence.start + len(lead) + len(colon), ".")
        short = len(words(lead)) <= 6 and len(words(piece.text)) <= 3
        named = looks_like_person(piece.text) and not _is_no_name("".join(words(piece.text)[:1]))
        if "contact" in asked and short and named:
            return piece
    return None


#: «رابط ما مهناز صفایی است», «تماس با آقای بهروز نیکنام»: no capitals show where the name begins.
_CALLED_SO: Final = re.compile(
    r"\b(?:رابط|مسئول|مسوول|سخنگوی|نماینده)(?:\s?ی?\s?(?:ما|مان|مون))\s+(?:آقای\s|خانم\s|رفیق\s)?(\w{2,12}\s\w{2,12}(?:\s\w{2,12})?)"
    r"\s(?:است|هست|هستند|می\u200c?باشد|میباشد)\b"
    r"|\bتماس با (?:آقای|خانم|رفیق) (\w{2,12} \w{2,12})\b"
)


def contact_said(sentences: Sequence[Sentence]) -> Piece | None:
    """The person whom a sentence calls the contact: "Contactpersoon is Joke van der Veen", "our contact will be …"."""
    for sentence in sentences:
        if sentence.asks:
            continue
        if (said := _CALLED_SO.search(sentence.text[:_SEARCHED])) and _may_be_called_so(said[1] or said[2]):
            return trimmed(said[1] or said[2], sentence.start + said.start(1 if said[1] else 2))
        tokens = list(_NAME_WORD.finditer(sentence.text[:_SEARCHED]))
        for at, token in enumerate(tokens):
            before = tokens[at - 1][0].lower() if at else ""
            if _calls_contact(token[0], before) and (piece := _person_behind(sentence, tokens[at + 1 :])):
                return piece
    return None


def _may_be_called_so(text: str) -> bool:
    return looks_like_person(text) and not any(
        _is_no_name(word) or lexicon().is_in("nouns", word) for word in words(text)
    )


def _calls_contact(word: str, before: str) -> bool:
    """Whether a word means the contact; one that is a function too ("referente") only behind "as"."""
    folded = "".join(words(word))
    function = lexicon().is_in("roles", folded) and before not in _AS
    return len(folded) > 6 and "contact" in lexicon().label_classes(folded) and not function


def _person_behind(sentence: Sentence, tokens: Sequence[re.Match[str]]) -> Piece | None:
    """The name of two to four words that begins within a few small words, titles and functions."""
    at = 0
    while at < min(len(tokens), _FEW) and (tokens[at][0][0].islower() or _is_no_name("".join(words(tokens[at][0])))):
        at += 1
    run: list[re.Match[str]] = []
    for token in tokens[at : at + 5]:
        between = sentence.text[run[-1].end() : token.start()] if run else " "
        if between.strip(" .") or not (token[0][0].isupper() or (run and token[0] in _NOBLE)):
            break
        run.append(token)
    while run and not run[-1][0][0].isupper():
        run.pop()
    if len(run) < 2 or sentence.text[tokens[0].start() : run[0].start()].strip(" ").count("\n"):
        return None
    piece = trimmed(sentence.text[run[0].start() : run[-1].end()], sentence.start + run[0].start())
    return piece if looks_like_person(piece.text) and not lexicon().opens_with(piece.text, "closing") else None


def _before(sentences: Sequence[Sentence], at: int, end: int) -> str:
    """What stands before the address in its sentence, with the line before where it begins its own."""
    text = sentences[at].text[max(0, end - _REACH) : end]
    previous = sentences[at - 1] if at else None
    if previous and len(words(text)) < 3 and sentences[at].start - previous.start - len(previous.text) <= 1:
        gap = " " * (sentences[at].start - previous.start - len(previous.text))
        text = (previous.text + gap)[-_REACH:] + text
    return text


def _owner(before: str, start: int) -> Piece | None:
    """The person right before the address, or behind the last title (script without capitals)."""
    if (match := _NAME_BEFORE.search(before)) and names.script(match[1]) not in _WITHOUT_CAPITALS:
        piece = _without_function(trimmed(match[1], start + match.start(1)))
        return piece if looks_like_person(piece.text) else None
    tokens = list(_WORD.finditer(before))
    for at in range(len(tokens) - 3, -1, -1):
        if lexicon().is_in("titles", "".join(words(tokens[at][0]))):
            text = before[tokens[at + 1].start() : tokens[at + 2].end()]
            return Piece(text, start + tokens[at + 1].start()) if looks_like_person(text) else None
    return None


def _without_function(piece: Piece) -> Piece:
    """The name without "Sekretärin" or a word of the sentence before it."""
    while (cut := re.match(r"\S+\s+(?=\S+\s+\S)", piece.text)) and _is_no_name("".join(words(cut[0]))):
        piece = Piece(piece.text[cut.end() :], piece.start + cut.end())
    return piece


def _is_no_name(word: str) -> bool:
    known = lexicon()
    return (
        is_common(word) or known.is_in("roles", word) or known.is_in("titles", word) or bool(known.label_classes(word))
    )


def _speaks_of_contact(before: str) -> bool:
    return any(lexicon().label_classes(word) & {"contact", "email"} for word in words(before))
