"""Prints why a mail was read as it was: verdict, machine headers, cues sentence by sentence, form, values, the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from outreach.cli.output import print_highlighted, say
from outreach.reading.explain import Explanation, Mark, Phrase, What
from outreach.reading.result import Reading, Signup

_COLOURS: Final = {What.OURS: "blue", What.CUE: "yellow", What.LABEL: "magenta", What.VALUE: "green"}
_PARTS: Final = ("from", "subject", "new", "forwarded", "signature", "quoted", "attachment")


def print_explanation(found: Explanation) -> None:
    """Print it all; everything that comes from the mail is escaped by the functions that print."""
    reading = found.reading
    for line in (*_verdict(found), *_machine(found), *_words(found), *_form(found), *_values(reading)):
        say(line)
    say()
    print_highlighted(_legend())
    for part in _PARTS:
        if text := reading.parts.get(part, ""):
            say(f"--- {part}")
            print_highlighted(highlighted(text, [mark for mark in found.marks if mark.part == part]))


def _legend() -> Iterator[tuple[str, str, str]]:
    yield "text, with ", "", ""
    meanings = {
        What.OURS: "a phrase of our own mails",
        What.CUE: "a cue",
        What.LABEL: "a label",
        What.VALUE: "a value",
    }
    for number, (what, meaning) in enumerate(meanings.items()):
        yield ", " if number else "", "", ""
        yield meaning, _COLOURS[what], what.value


def _verdict(found: Explanation) -> Iterator[str]:
    reading = found.reading
    yield f"kind        {reading.kind.value}" + (f", also {', '.join(reading.also)}" if reading.also else "")
    yield f"confidence  {reading.confidence:.2f}, the lowest of:"
    yield from (f"              {sure:.2f}  {why}" for sure, why in found.confidence)
    yield f"language    {reading.language}"
    if found.context:
        yield f"answers     {found.context} (which mail of ours)"
    yield from (f"person      {reason}" for reason in reading.needs_human)
    yield from (f"warning     {warning}" for warning in reading.warnings)


def _machine(found: Explanation) -> Iterator[str]:
    if found.machine:
        yield f"machine     {found.machine}"
    yield from (f"header      {name}: {value}" for name, value in found.headers)
    if bounce := found.reading.bounce:
        yield f"bounce      {', '.join(bounce.recipients)}: {'for good' if bounce.permanent else 'for now'}"


def _words(found: Explanation) -> Iterator[str]:
    if found.said:
        yield "cues"
    for said in found.said:
        yield f"  {_weights(said.counts) or 'counts for no kind'} ← {_short(said.text)}"
        yield from (f"      {_phrase(phrase)}" for phrase in said.phrases)
    if found.besides:
        yield f"  {_weights(found.besides)} ← form, list, question mark or context"
    if found.scores:
        yield f"  {_weights(found.scores)} in all; from 1 on a kind counts"


def _phrase(phrase: Phrase) -> str:
    turned = f", negated: {phrase.turned}" if phrase.turned else ""
    cue = f" (cue “{phrase.cue}”)" if phrase.cue.casefold() != phrase.written.casefold() else ""
    return f"“{_short(phrase.written)}”{cue} {phrase.language}: {phrase.category} {phrase.weight:g}{turned}"


def _weights(scores: Mapping[str, float]) -> str:
    return ", ".join(f"{kind} {weight:+.1f}" for kind, weight in scores.items())


def _form(found: Explanation) -> Iterator[str]:
    if found.fields:
        yield "form"
    for field in found.fields:
        label = " ".join(filter(None, (field.label.kind, field.label.language)))
        yield f"  {_short(field.asked)} → {label}: {_short(field.value)} ({field.part})"


def _values(reading: Reading) -> Iterator[str]:
    for number, signup in enumerate(reading.signups, 1):
        yield f"sign-up {number}"
        yield from (f"  {name:<16}{_short(value)}{_where(signup, name, reading)}" for name, value in _said(signup))


def _said(signup: Signup) -> Iterator[tuple[str, str]]:
    yield from ((f"names.{language}", name) for language, name in signup.names.items())
    for name in ("city", "country", "contact_person", "role", "email", "named_email", "website", "phone"):
        if value := getattr(signup, name):
            yield name, value
    if signup.individual is not None:
        yield "individual", "yes" if signup.individual else "no"
    if action := signup.action:
        said = (f"joins: {action.joins}", action.place, str(action.date or ""), str(action.time or ""))
        yield "action", ", ".join(filter(None, said))


def _where(signup: Signup, name: str, reading: Reading) -> str:
    evidence = signup.evidence.get(name)
    if evidence is None:
        return ""
    written = reading.parts.get(evidence.part, "")[evidence.start : evidence.end]
    return f"  ← {evidence.part} {evidence.start}–{evidence.end}: “{_short(written)}”"


def _short(text: str, most: int = 100) -> str:
    """On one line, and not too much of it."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def highlighted(text: str, marks: Sequence[Mark]) -> Iterator[tuple[str, str, str]]:
    """The text in pieces with colours and notes; where marks overlap, values go before labels, long before short."""
    ranked = sorted(marks, key=lambda mark: (list(What).index(mark.what), mark.end - mark.start))
    shown = [("", "")] * len(text)
    for mark in ranked:
        shown[mark.start : mark.end] = [(_COLOURS[mark.what], mark.note)] * len(shown[mark.start : mark.end])
    at = 0
    for (colour, note), run in groupby(shown):
        end = at + sum(1 for _ in run)
        yield text[at:end], colour, note
        at = end
