"""Why a mail was read as it was, as typed values: the same reading, with what it was concluded from made sense of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from outreach.reading.edges import may_be_cut
from outreach.reading.forms import Field
from outreach.reading.headers import Headers
from outreach.reading.lexicon import Hit, clause_words, lexicon, words
from outreach.reading.read import read
from outreach.reading.result import Ours, Reading
from outreach.reading.trace import Grounds, Trace
from outreach.reading.verdict import SURE
from outreach.reading.weighing import Heard
from outreach.words import Kind

#: Headers by which machines show themselves; shown whenever they are there.
_MACHINE_HEADERS: Final = (
    "auto-submitted", "precedence", "return-path", "list-id", "list-unsubscribe", "x-autoreply", "x-autorespond",
    "x-auto-response-suppress", "x-failed-recipients", "feedback-type", "content-type",
)  # fmt: skip
_CHUNK = re.compile(r"[\w'’\u200c]+|[^\w\s]+")
_NEIGHBOURS: Final = 3  #: chunks before a word that may be written together with it
_LABEL_BEFORE: Final = 300  #: characters before a value in which its label stands


class What(StrEnum):
    """What a marked piece of the text is; of two on the same letters the later in this order counts for more."""

    OURS = "ours"  #: a phrase of our own mail
    CUE = "cue"
    LABEL = "label"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a part (code points), what it is, and in a word what it says."""

    part: str
    start: int
    end: int
    what: What
    note: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the lexicon: as the mail has it, as the lexicon has it, and what it says."""

    written: str
    cue: str
    language: str
    category: str
    weight: float
    turned: str | None  #: what a negation near it makes of it ("nothing" where it takes the meaning away)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence with its phrases, and what they come to together: weight by kind."""

    text: str
    phrases: tuple[Phrase, ...]
    counts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reading and its reasons."""

    reading: Reading
    machine: str | None  #: what shows that a machine wrote
    headers: tuple[tuple[str, str], ...]  #: the headers by which machines show themselves
    context: str  #: which mail of ours is answered
    said: tuple[Said, ...]
    scores: dict[str, float]  #: weight by kind in the end
    besides: dict[str, float]  #: what form, list, question marks and context added to the words or took away
    fields: tuple[Field, ...]  #: of a form
    confidence: tuple[tuple[float, str], ...]  #: the lowest counts
    marks: tuple[Mark, ...]


def explain(raw: bytes, ours: Ours) -> Explanation:
    """Read a raw mail (RFC 5322 bytes) and say why it is read so. Raises Unreadable."""
    trace = Trace()
    reading = read(raw, ours, trace)
    headers = tuple(_shown(trace.headers)) if trace.headers else ()
    if trace.grounds is None:
        machine = trace.machine.what if trace.machine else None
        sure = ((SURE["machine headers"], "kind: machine headers"),)
        return Explanation(reading, machine, headers, "", (), {}, {}, (), sure, ())
    grounds = trace.grounds
    scores = {kind: weight for kind, weight in grounds.weighed.score.items() if weight}
    return Explanation(
        reading=reading,
        machine=None,
        headers=headers,
        context=grounds.context.value,
        said=tuple(_said(heard) for heard in grounds.weighed.heard if heard.hits),
        scores=scores,
        besides=_besides(grounds),
        fields=grounds.source.form.fields,
        confidence=tuple(_confidence(reading, grounds)),
        marks=tuple(_marks(reading, grounds)),
    )


def _shown(headers: Headers) -> Iterator[tuple[str, str]]:
    for name in _MACHINE_HEADERS:
        value = headers.get(name)
        if value and (name != "content-type" or "report" in value.lower() or "disposition" in value.lower()):
            yield name, value


def _said(heard: Heard) -> Said:
    spans = word_spans(heard.sentence.text, clause_words)
    phrases = dict.fromkeys(_phrase(hit, heard.sentence.text[slice(*_span(spans, hit))]) for hit in heard.hits)
    counts = {kind: weight for kind, weight in heard.scores.items() if kind and weight}
    return Said(heard.sentence.text.strip(), tuple(phrases), counts)


def _phrase(hit: Hit, written: str) -> Phrase:
    cue = hit.cue
    turned = (cue.negated or "nothing") if hit.turned else None
    return Phrase(written, " ".join(cue.phrase), cue.language, cue.category, cue.weight, turned)


def _besides(grounds: Grounds) -> dict[str, float]:
    """The weights that do not come from the words themselves."""
    found = {}
    for kind, weight in grounds.weighed.score.items():
        beside = round(weight - sum(heard.scores.get(kind, 0.0) for heard in grounds.weighed.heard), 2)
        if kind and beside:
            found[kind] = beside
    return found


def _confidence(reading: Reading, grounds: Grounds) -> Iterator[tuple[float, str]]:
    yield grounds.verdict.confidence, f"kind: {grounds.verdict.rule}"
    if reading.kind is Kind.SIGNUP:
        yield grounds.found.confidence, f"names: read in {grounds.found.place}"
    if reading.kind is Kind.CORRECTION:
        yield SURE["corrected values"], "corrected values"
    if may_be_cut(reading.signups, reading.parts):
        yield SURE["a name that may be cut"], "a name that may be cut at the end of a line"
    if reading.needs_human:
        yield SURE["a person must look"], "a person must look"


def _marks(reading: Reading, grounds: Grounds) -> Iterator[Mark]:
    yield from _marks_of_ours(reading.parts)
    for heard in grounds.weighed.heard:
        if heard.hits and (place := _place(heard, grounds.part, reading.parts)):
            part, at = place
            spans = word_spans(heard.sentence.text, clause_words)
            for hit in heard.hits:
                start, end = _span(spans, hit)
                note = f"not {hit.cue.category}" if hit.turned else hit.cue.category
                yield Mark(part, at + start, at + end, What.CUE, note)
    for field in grounds.source.form.fields:
        if label := _label_mark(field, reading.parts):
            yield label
    for number, signup in enumerate(reading.signups, 1):
        for name, found in signup.evidence.items():
            note = f"{name} of {number}" if len(reading.signups) > 1 else name
            yield Mark(found.part, found.start, found.end, What.VALUE, note)


def _marks_of_ours(parts: dict[str, str]) -> Iterator[Mark]:
    for part in ("quoted", "subject"):
        text = parts[part][:6000]
        spans = word_spans(text, words)
        for hit in lexicon().contexts_in(words(text)):
            start, end = _span(spans, hit)
            yield Mark(part, start, end, What.OURS, hit.cue.category)


def _place(heard: Heard, part: str, parts: dict[str, str]) -> tuple[str, int] | None:
    """The part that a sentence stands in, and where; the subject and long answers in a form are read too."""
    text, start = heard.sentence.text, heard.sentence.start
    if parts[part].startswith(text, start):
        return part, start
    found = ((name, parts[name].find(text)) for name in (part, "new", "subject", "quoted"))
    return next((place for place in found if place[1] >= 0), None)


def _label_mark(field: Field, parts: dict[str, str]) -> Mark | None:
    asked = field.asked.strip()
    at = parts[field.part].rfind(asked, max(0, field.start - _LABEL_BEFORE), field.start)
    note = f"{field.label.kind} {field.label.language or ''}".strip()
    return Mark(field.part, at, at + len(asked), What.LABEL, note) if asked and at >= 0 else None


def word_spans(text: str, tokenise: Callable[[str], Sequence[str]]) -> list[tuple[int, int]]:
    """Where each word that ``tokenise`` finds in the text stands (code points).

    A word may be written apart (the Persian verbal prefix), and one written word may be two ("we're").
    """
    chunks = list(_CHUNK.finditer(text))
    spans: list[tuple[int, int]] = []
    for number, chunk in enumerate(chunks):
        begin = chunks[max(0, number - _NEIGHBOURS)].start()
        added = len(tokenise(text[begin : chunk.end()])) - len(tokenise(text[begin : chunk.start()]))
        if added <= 0 and spans and chunk[0][0].isalnum():
            spans[-1] = (spans[-1][0], chunk.end())
        spans += [chunk.span()] * added
    return spans


def _span(spans: Sequence[tuple[int, int]], hit: Hit) -> tuple[int, int]:
    inside = spans[hit.start : hit.end]
    return (inside[0][0], inside[-1][1]) if inside else (0, 0)
