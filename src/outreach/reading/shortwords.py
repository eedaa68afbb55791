"""The words of short answers by language (``answers.toml``), and a text as the signs that they stand for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

from outreach.reading.lexicon import words
from outreach.reading.names import fold

_SIGNS: Final = ("yes", "no", "wrong", "all", "rest", "but", "filler")
_MARKS: Final = re.compile(r"[,;،؛:()\n–—]|\.(?!\w)|[!]|(?<=[^\W\d])\.")
_TOGETHER: Final = re.compile(r"(?<=\d)(?=[^\W\d])")  #: "2nd" stays a word of its own only where it is listed


class Word(StrEnum):
    """The few words that somebody may send alone."""

    STATUS = "status"
    WITHDRAW = "withdraw"
    HELP = "help"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Sign:
    """What a word or number of a short answer stands for."""

    kind: str  #: yes, no, wrong, all, rest, but, number, break, unknown
    number: int = 0


_Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One language."""

    signs: Mapping[_Phrase, Sign]
    longest: int
    alone: Mapping[_Phrase, Word] = field(default_factory=dict)

    def signs_of(self, text: str) -> list[Sign]:
        """The signs of a text, longest phrases first; a word that is not known is a sign, too."""
        found: list[Sign] = []
        for clause in _MARKS.split(text):
            tokens = tuple(words(_TOGETHER.sub(" ", clause) if not self._knows(clause) else clause))
            at = 0
            while at < len(tokens):
                taken, sign = self._longest(tokens, at)
                found += [sign] if sign.kind != "filler" else []
                at += taken
            found.append(Sign("break"))
        return found

    def _knows(self, clause: str) -> bool:
        return any((token,) in self.signs for token in words(clause))

    def _longest(self, tokens: Sequence[str], at: int) -> tuple[int, Sign]:
        for length in range(min(self.longest, len(tokens) - at), 0, -1):
            sign = self.signs.get(tuple(tokens[at : at + length]))
            if sign is not None:
                return length, sign
        return 1, Sign("number", int(tokens[at])) if tokens[at].isdecimal() and len(tokens[at]) < 4 else Sign("unknown")


@cache
def tables() -> Mapping[str, Table]:
    """Every language's words, read once."""
    data = tomllib.loads(resources.files(__package__).joinpath("answers.toml").read_text(encoding="utf-8"))
    return {language: _table(given) for language, given in data.items()}


def _table(given: Mapping[str, object]) -> Table:
    signs: dict[_Phrase, Sign] = {}
    for kind in _SIGNS:
        signs |= {phrase: Sign(kind) for phrase in _phrases(given.get(kind))}
    ordinals = given.get("ordinals")
    for number, variants in enumerate(ordinals if isinstance(ordinals, list) else [], 1):
        signs |= {phrase: Sign("number", number) for phrase in _split(str(variants).split("/"))}
    alone = {phrase: word for word in Word for phrase in _phrases(given.get(word))}
    return Table(signs, max(map(len, signs)), alone)


def _phrases(text: object) -> list[_Phrase]:
    return _split(str(text or "").split(","))


def _split(texts: Iterable[str]) -> list[_Phrase]:
    return [phrase for text in texts if (phrase := tuple(words(text)))]


def said_alone(text: str) -> Word | None:
    """The word that a text consists of, in any language; "correct" only where something follows it."""
    said = tuple(words(text)) if len(text) <= 80 else ()
    found = {table.alone[said] for table in tables().values() if said in table.alone}
    return found.pop() if len(found) == 1 and Word.CORRECT not in found else None


def corrected_line(text: str) -> str | None:
    """What follows "correct:", in any language."""
    head, colon, line = text.partition(":") if ":" in text else text.partition("\n")
    said = tuple(words(head)) if colon and len(head) <= 40 else ()
    if any(table.alone.get(said) is Word.CORRECT for table in tables().values()) and fold(line):
        return line.strip()
    return None
