"""Filled forms: labels and what was written behind, below or between them, in the new text and inside a quoted form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from outreach.reading.labels import (
    Label,
    Labelled,
    may_be_filled,
    parted,
    read_label,
    read_line,
    run_on_label,
    split_line,
)
from outreach.reading.lexicon import lexicon, words
from outreach.reading.names import script
from outreach.reading.originals import header_field, plain
from outreach.reading.reply import NEW, QUOTED, Line, unquoted
from outreach.reading.wrapping import had_no_room, width

_WRAPPED: Final = 58  #: a value on a line at least this long may go on in the next line, whatever the others take
_PARAGRAPH: Final = 120  #: a longer line is a paragraph that no client has wrapped
_SAYS_MORE: Final = frozenset({"signs", "note"})  #: "We sign: …" is a sentence, to be read as one
_SENTENCE_END = re.compile(r"(?<=\w{4})[.!?؟]\s+(?=\w)")
#: In a script without capitals nothing is shortened by a full stop but first names.
_ENDS_UNCASED = re.compile(r"(?<=\w{2})[.!?؟]\s+(?=\w)|(?<=\))\.\s+(?=\w)")
_DASH = re.compile(r"[^\W\d_][^:–—-]{1,40}\s[–—-]\s")
_TOLD: Final = 4  #: words of a sentence behind a value that is none of it
_QUOTE_MARKS = re.compile(r"\n[>\s]+")
_WRITER: Final = frozenset({"name", "email", "phone", "website"})
_SIGNING: Final = frozenset({"name", "city", "country", "where", "contact", "email", "action", "individual", "role"})


@dataclass(frozen=True, slots=True)
class Field:
    """One filled field: its label, the words of the label, the value, and where that stands in its part."""

    label: Label
    asked: str
    value: str
    part: str
    start: int
    end: int
    inline: bool = False  #: the label stands behind a sentence on its line


@dataclass(frozen=True, slots=True)
class Form:
    """All filled fields in their order, and the numbers of the lines they took."""

    fields: tuple[Field, ...]
    taken: frozenset[int]

    @property
    def is_signup(self) -> bool:
        """Whether a name was filled in, or enough else to be a form (a name may stand elsewhere)."""
        kinds = {field.label.kind for field in self.fields}
        return "name" in kinds or len(kinds & _SIGNING) >= 3


def read_form(lines: Sequence[Line], *, quoted: bool) -> Form:
    """The filled form of a message. ``quoted``: values typed inside the quoted form count as well."""
    reader = _Reader(lines)
    reader.read()
    fields, taken = _with_writer(reader.fields), reader.taken
    new = tuple(field for field in fields if field.part == NEW)
    inside = {field.label.kind for field in fields if field.part == QUOTED}
    if (
        quoted
        and not any(field.label.kind == "name" for field in new)
        and "name" in inside
        and len(inside & _SIGNING) >= 2
    ):
        return Form(tuple(fields), frozenset(taken))
    own = {n for n in taken if lines[n].part != QUOTED}
    return Form(new, frozenset(own))


def _with_writer(fields: Sequence[Field]) -> Sequence[Field]:
    """ "Name: Prof. Dr. Helga Steiner" above an address alone is who writes, as in the contact forms of websites."""
    if {field.label.kind for field in fields} - _WRITER:
        return fields
    return [
        replace(field, label=field.label._replace(kind="contact"))
        if field.label.kind == "name" and lexicon().is_in("titles", (words(field.value) or [""])[0])
        else field
        for field in fields
    ]


class _Reader:
    """Walks down the lines of all parts, since a label may be quoted and its answer new."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        #: Parts that hold a line which every client that wraps would have wrapped.
        self.unbroken = {line.part for line in lines if len(line.text) > _PARAGRAPH and " " in line.text}
        self.parted = parted([line.text for line in lines])
        self.fields: list[Field] = []
        self.taken: set[int] = set()
        self.bare = self._bare_labels()
        self.run_on = {} if self.bare else self._run_on_labels()
        self.dashed = self._is_dashed()
        #: Below it stands no answer to a label.
        self.last_new = next((at for at in range(len(lines) - 1, -1, -1) if lines[at].part == NEW), -1)

    @cached_property
    def columns(self) -> int:
        """The width at which the mail was wrapped; most forms have no line for which it matters."""
        return width(line.text for line in self.lines)

    def read(self) -> None:
        end, below = 0, self.last_new + 1
        labelled = {at for at in self.parted if at < below or may_be_filled(self.lines[at].text)}
        for at in sorted({*labelled, *self.bare, *self.run_on}):
            if at >= end:
                end = self._line(at)

    def _bare_labels(self) -> dict[int, Label]:
        """Labels that stand alone on their lines without a colon; only several of them make a form."""
        found: dict[int, Label] = {}
        for number, line in enumerate(self.lines):
            if line.part != NEW:
                continue
            text = line.text.strip(" \t*_•-")
            if text and len(text) < 60 and (label := read_label(text, strict=True)):
                found[number] = label
        kinds = [label.kind for label in found.values()]
        return found if len(set(kinds) & _SIGNING) >= 2 and "name" in kinds else {}

    def _run_on_labels(self) -> dict[int, Labelled]:
        """Labels with their values right behind and nothing between ("City Madison"), where most lines are such."""
        own = [number for number, line in enumerate(self.lines) if line.part == NEW and line.text.strip()]
        if len(own) < 3 or any(number in self.parted for number in own):
            return {}
        found: dict[int, Labelled] = {}
        for seen, number in enumerate(own, start=1):
            if label := run_on_label(self.lines[number].text):
                found[number] = label
            elif 3 * (len(found) + len(own) - seen) < 2 * len(own):
                return {}
        kinds = {labelled.label.kind for labelled in found.values()} & _SIGNING
        return found if "name" in kinds and len(kinds) >= 3 else {}

    def _is_dashed(self) -> bool:
        """Whether the form has dashes where others have colons: "group - Youth Assembly", "town - Leeds", …"""
        own = [
            line.text
            for line in map(self.lines.__getitem__, sorted(self.parted))
            if line.part == NEW and _DASH.match(line.text)
        ]
        if len(own) < 3:
            return False
        kinds = {found.label.kind for text in own if (found := read_line(text, dashed=True))} & _SIGNING
        return "name" in kinds and len(kinds) >= 3

    def _line(self, at: int) -> int:
        """Read the fields that start on this line; the number of the next line to look at."""
        line = self.lines[at]
        if at in self.run_on:
            return self._value(at, 0, self.run_on[at])
        if at in self.bare:
            return self._below(at, Labelled(self.bare[at], line.text, "", len(line.text)))
        if line.part not in (NEW, QUOTED):
            return 0
        if line.part == QUOTED and header_field(plain(unquoted(line.text))):
            return 0
        end = 0
        before = set(self.taken)
        pieces = split_line(line.text) if line.part == NEW else [(0, line.text)]
        for offset, piece in pieces:
            found = read_line(piece, strict=line.part == QUOTED, dashed=self.dashed and line.part == NEW)
            if found and found.label.kind not in _SAYS_MORE:
                end = max(end, self._value(at, offset, found))
            elif offset == 0 and len(pieces) > 1:
                before |= {-1}
        if -1 in before:  # a sentence stands before the label: it is still to be read
            self.taken.discard(at)
        return end

    def _value(self, at: int, offset: int, found: Labelled) -> int:
        if not found.value.strip():
            return self._below(at, found)
        ends = _ENDS_UNCASED if script(found.value) == "Arab" else _SENTENCE_END
        end = ends.search(found.value)
        behind = found.value[end.end() :] if end else ""
        goes_on = len(words(behind)) >= _TOLD or lexicon().opens_with(behind, "closing") > 0
        told = found.label.kind == "name" and bool(behind) and goes_on
        if end and (offset or told):  # a label within a paragraph
            found = replace(found, value=found.value[: end.start()])
        line = self.lines[at]
        start = line.start + offset + found.start
        ends_line = offset + found.start + len(found.value) >= len(line.text.rstrip(" *_"))
        last = self._wrapped(at) if ends_line and (not offset or found.label.kind == "name") else at
        text = found.value if last == at else self._joined(at, offset + found.start, last)
        self._add(found, text, line.part, start, inline=offset > 0 or told)
        self.taken |= set(range(at, last + 1)) if offset or not told else set()
        return last + 1

    def _joined(self, at: int, offset: int, last: int) -> str:
        return "\n".join([self.lines[at].text[offset:], *(line.text for line in self.lines[at + 1 : last + 1])])

    def _wrapped(self, at: int) -> int:
        """The last line of a value that the client wrapped."""
        last = at
        while (
            last + 1 < len(self.lines)
            and last < at + 3
            and self._was_full(last)
            and self._goes_on(last + 1, self.lines[at].part)
        ):
            last += 1
        return last

    def _was_full(self, at: int) -> bool:
        """Whether the client may have ended this line, and not the writer."""
        text = self.lines[at].text
        unbroken = self.lines[at].part in self.unbroken
        return (len(text) >= _WRAPPED and not unbroken) or had_no_room(
            text.rstrip(), self.lines[at + 1].text, self.columns
        )

    def _goes_on(self, at: int, part: str) -> bool:
        line = self.lines[at]
        text = unquoted(line.text) if line.part == QUOTED else line.text
        return line.part == part and bool(text.strip()) and at not in self.bare and read_line(line.text) is None

    def _below(self, at: int, found: Labelled) -> int:
        """An empty label: the answer stands on the next lines, new text between quoted labels included."""
        first = at + 1
        while first < len(self.lines) and not self.lines[first].text.strip(" >") and first < at + 3:
            first += 1
        if not (first < len(self.lines) and self._goes_on(first, NEW)):
            return 0
        if self.lines[at].part == NEW and first > at + 2:
            return 0
        if self._leads_a_list(at, first, found):
            return 0
        last = first
        while last + 1 < len(self.lines) and last < first + 3 and self._goes_on(last + 1, NEW):
            if self.lines[at].part == NEW and not self._was_full(last):
                break
            last += 1
        text = "\n".join(line.text for line in self.lines[first : last + 1])
        start = self.lines[first].start
        self._add(found, text, NEW, start)
        self.taken |= {at, *range(first, last + 1)}
        return last + 1

    def _leads_a_list(self, at: int, first: int, found: Labelled) -> bool:
        """Whether the label announces several lines: "These groups sign:"."""
        announces = found.label.kind == "name" and self.lines[at].part == NEW and lexicon().says(found.text, "several")
        return announces and first + 1 < len(self.lines) and self._goes_on(first + 1, NEW)

    def _add(self, found: Labelled, text: str, part: str, start: int, *, inline: bool = False) -> None:
        stripped = text.strip()
        lead = len(text) - len(text.lstrip())
        value = _QUOTE_MARKS.sub(" ", stripped) if part == QUOTED else stripped
        if stripped:
            at = start + lead
            self.fields.append(Field(found.label, found.text, value, part, at, at + len(stripped), inline))


def records(fields: Iterable[Field]) -> Iterator[list[Field]]:
    """The fields of one signatory after the other: a field that is there already starts the next."""
    current: list[Field] = []
    seen: set[tuple[str, str | None]] = set()
    for field in fields:
        key = (field.label.kind, field.label.language)
        if key in seen and key[0] in ("name", "city", "country"):
            yield current
            current, seen = [], set()
        seen.add(key)
        current.append(field)
    if current:
        yield current


def is_nothing(value: str) -> bool:
    """Whether a value says that there is none: "-", "none", "haben wir nicht", «نداریم»."""
    if not any(char.isalnum() for char in value):
        return True
    taken = lexicon().opens_with(value, "nothing")
    count = len(value.split())
    return bool(taken) and (count <= taken + 2 or value.split()[min(taken, count) - 1].endswith((",", "،", ";", ".")))
