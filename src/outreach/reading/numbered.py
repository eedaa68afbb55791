"""Answers to a numbered mail: "1, 3 yes, 2 no", "all but 2", "the second one is right", "2: the line as it should be".

Pure. What is not understood word by word is left out, and ``whole`` says that something was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from outreach.reading.lexicon import words
from outreach.reading.names import fold, script
from outreach.reading.shortwords import Sign, Table, tables

_LINE: Final = re.compile(r"\s*[(\[]?\s*(\d{1,2})\s*[.)\]:–—-]+\s*(\S.*)")
_SENTENCE: Final = re.compile(r"\n|(?<=[^\W\d][.!?؟])\s+")
_DIGITS: Final = re.compile(r"\d")
_VERDICTS: Final = ("yes", "no", "wrong")
#: Up to so many words, a sentence that names no line is a greeting or a name below.
_GREETING: Final = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about the lines of a numbered mail, by their numbers."""

    yes: frozenset[int] = frozenset()
    no: frozenset[int] = frozenset()
    wrong: frozenset[int] = frozenset()
    lines: Mapping[int, str] = field(default_factory=dict)  #: as they should be, and not judged here
    whole: bool = True  #: nothing was said that is not in here

    @property
    def says_nothing(self) -> bool:
        return not (self.yes or self.no or self.wrong or self.lines)


def numbered_answer(text: str, count: int) -> Answer | None:
    """What a text says about lines 1 to ``count``; None when it does not name lines, or two languages disagree."""
    said, lines = _apart(text, count)
    heard = [_in_one_language(said, count, table, frozenset(lines)) for table in tables().values()]
    best = max((understood for understood, answer in heard if answer is not None), default=0)
    candidates = [answer for understood, answer in heard if answer is not None and understood == best]
    if lines and not candidates:
        candidates = [Answer(whole=all(len(words(sentence)) <= _GREETING for sentence in said))]
    if not candidates or any(answer != candidates[0] for answer in candidates):
        return None
    answer = _without_contradictions(replace(candidates[0], lines=lines))
    return None if answer.says_nothing else answer


def _without_contradictions(answer: Answer) -> Answer:
    """A line that is judged and given anew is neither."""
    both = (answer.yes | answer.no | answer.wrong) & answer.lines.keys()
    if not both:
        return answer
    lines = {number: line for number, line in answer.lines.items() if number not in both}
    return Answer(answer.yes - both, answer.no - both, answer.wrong - both, lines, whole=False)


def _apart(text: str, count: int) -> tuple[list[str], dict[int, str]]:
    """The sentences, without the lines that give one of the numbered lines anew."""
    said: list[str] = []
    lines: dict[int, str] = {}
    last = 0  #: the number of the line above
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        number = int(fold(match[1])) if match else 0
        if match and 1 <= number <= count and number not in lines and not _is_short_answer(match[2]):
            lines[number] = match[2].strip()
            last = number
        elif last and line.strip() and script(line) not in (script(lines[last]), "Zyyy"):
            lines[last] += f"\n{line.strip()}"  # the same name in the other script
            last = 0
        else:
            last = 0
            said += [sentence for sentence in _SENTENCE.split(line) if sentence.strip()]
    return said, lines


def _is_short_answer(text: str) -> bool:
    """Whether some language knows every word of it: then it is no name."""
    return any(all(sign.kind != "unknown" for sign in table.signs_of(text)) for table in tables().values())


def _in_one_language(said: Sequence[str], count: int, table: Table, given: frozenset[int]) -> tuple[int, Answer | None]:
    """How many sentences one language understands, and what they say; None if it cannot be told."""
    stream: list[Sign] = []
    doubtful: set[int] = set()
    whole, understood = True, 0
    for sentence in said:
        signs = table.signs_of(sentence)
        kinds = {sign.kind for sign in signs}
        if "unknown" not in kinds:
            stream += signs
            understood += 1
        elif "number" in kinds or _DIGITS.search(sentence):
            doubtful |= {sign.number for sign in signs if sign.kind == "number"}
            whole = False
        elif kinds & {*_VERDICTS, "all", "rest"}:
            return 0, None
        else:
            whole = whole and len(words(sentence)) <= _GREETING and not sentence.rstrip().endswith(("?", "؟"))
    judged = _judged(stream, count, given)
    if judged is None:
        return 0, None
    by = {verdict: frozenset(n for n, v in judged.items() if v == verdict) - doubtful for verdict in _VERDICTS}
    return understood, Answer(by["yes"], by["no"], by["wrong"], {}, whole and len(judged) + len(given) >= count)


def _judged(stream: Sequence[Sign], count: int, given: frozenset[int]) -> dict[int, str] | None:
    """The verdict about each number; None when the signs do not fit together or no line is named."""
    parts = list(_parts(stream))
    if not any(isinstance(part, _Lines) for part in parts) or any(part.beyond(count) for part in _lines(parts)):
        return None
    pairs = _paired(parts)
    if pairs is None:
        return None
    named = {number for lines in _lines(parts) for number in (*lines.numbers, *lines.without)} | given
    judged: dict[int, str] = {}
    for lines, verdict in pairs:
        for number in lines.meant(count, named):
            if judged.setdefault(number, verdict) != verdict:
                return None
    return judged


@dataclass(frozen=True, slots=True)
class _Lines:
    """Which lines are meant."""

    numbers: tuple[int, ...] = ()
    all: bool = False
    rest: bool = False
    without: tuple[int, ...] = ()

    def beyond(self, count: int) -> bool:
        return any(not 1 <= number <= count for number in (*self.numbers, *self.without))

    def meant(self, count: int, named: set[int]) -> set[int]:
        everything = set(range(1, count + 1))
        found = everything if self.all else set(self.numbers)
        return (found | (everything - named if self.rest else set())) - set(self.without)


def _lines(parts: Sequence[_Lines | str]) -> list[_Lines]:
    return [part for part in parts if isinstance(part, _Lines)]


def _parts(signs: Sequence[Sign]) -> Iterator[_Lines | str]:
    """Lines and verdicts in turn: numbers that follow each other are one, and so are verdicts of one clause."""
    at = 0
    while at < len(signs):
        kind = signs[at].kind
        if kind in _VERDICTS:
            end = at
            while end < len(signs) and signs[end].kind in _VERDICTS:
                end += 1
            yield _verdict([sign.kind for sign in signs[at:end]])
            at = end
        elif kind in ("number", "all", "rest"):
            run = _run(signs, at)
            yield _Lines(
                tuple(sign.number for sign in run if sign.kind == "number"),
                any(sign.kind == "all" for sign in run),
                any(sign.kind == "rest" for sign in run),
            )
            at = _end_of_run(signs, at)
        else:
            if kind == "but":
                yield "but"
            at += 1


def _run(signs: Sequence[Sign], at: int) -> list[Sign]:
    return [sign for sign in signs[at : _end_of_run(signs, at)] if sign.kind != "break"]


def _end_of_run(signs: Sequence[Sign], at: int) -> int:
    end = at
    while end < len(signs) and signs[end].kind in ("number", "all", "rest", "break"):
        end += 1
    return end


def _verdict(kinds: Sequence[str]) -> str:
    """ "Not right" is wrong; "yes, right" is yes; what says yes and no in any other way says nothing."""
    said = set(kinds)
    if said == {"yes", "no"}:
        return "wrong" if kinds[0] == "no" or kinds[-1] == "no" else "unclear"
    return said.pop() if len(said) == 1 else "unclear"


def _paired(parts: list[_Lines | str]) -> list[tuple[_Lines, str]] | None:
    """Which verdict is about which lines; None when one hangs in the air."""
    parts = _without_exceptions(_one_after_other(parts))
    if "but" in parts or "unclear" in parts:
        return None
    if len(parts) == 1 and isinstance(parts[0], _Lines):
        return [(parts[0], "yes")]  # "1, 2" means only those
    first = 0 if isinstance(parts[0], _Lines) else 1
    if len(parts) % 2:
        return None
    pairs = []
    for at in range(0, len(parts), 2):
        lines, verdict = parts[at + first], parts[at + 1 - first]
        if not isinstance(lines, _Lines) or isinstance(verdict, _Lines):
            return None
        pairs.append((lines, verdict))
    return pairs


def _one_after_other(parts: list[_Lines | str]) -> list[_Lines | str]:
    """The same verdict said twice in a row is said once."""
    return [part for at, part in enumerate(parts) if at == 0 or part != parts[at - 1] or isinstance(part, _Lines)]


def _without_exceptions(parts: list[_Lines | str]) -> list[_Lines | str]:
    """ "All but 2", "yes, but not 2", "yes, but 2 is wrong"; between two whole judgements "but" only joins them."""
    if "but" not in parts:
        return parts
    at = parts.index("but")
    before, after = parts[:at], [part for part in parts[at + 1 :] if part != "but"]
    said = before[-1] if before else None
    left_out = after[0] if after and isinstance(after[0], _Lines) else None
    is_judged = len(after) > 1 and after[1] in _VERDICTS
    if isinstance(said, _Lines) and left_out is not None:
        return [*before[:-1], replace(said, without=left_out.numbers), *after[1:]]
    if isinstance(said, _Lines) and said.all and said.numbers and not after:  # Turkish says it last: "hepsi 2 hariç"
        return [*before[:-1], _Lines(all=True, without=said.numbers)]
    if len(before) == 1 and said in _VERDICTS and left_out is not None:
        everything = _Lines(all=True, without=left_out.numbers)
        return [everything, said, *(after if is_judged else after[1:])]
    if len(before) > 1 and said in _VERDICTS and is_judged and isinstance(before[-2], _Lines):
        return [*before, *after]
    return parts
