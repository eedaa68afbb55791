"""The whole reading of one mail: raw bytes in, a Reading out. The only door the rest of the program uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from outreach.reading import bounce, clues, machine, names, ownlist, reply
from outreach.reading import originals as marks
from outreach.reading.answer import as_answer
from outreach.reading.chats import heads, without_heads
from outreach.reading.corrections import read_corrections
from outreach.reading.countries import with_country_evidence
from outreach.reading.days import Days
from outreach.reading.doubts import LONGEST, MOST_LINES, needs_human
from outreach.reading.edges import may_be_cut
from outreach.reading.footers import list_footer_at
from outreach.reading.forms import Form, read_form
from outreach.reading.headers import parse_addresses
from outreach.reading.kind import decide, refuses
from outreach.reading.language import language_of
from outreach.reading.lexicon import words
from outreach.reading.lists import Entry, Row, read_list
from outreach.reading.lonely import only_ends_letter
from outreach.reading.memory import forget
from outreach.reading.message import Message, open_message
from outreach.reading.reply import FORWARDED, NEW, SIGNATURE, Split
from outreach.reading.result import Ours, Reading, Signup
from outreach.reading.sentences import Sentence, sentences
from outreach.reading.signoff import SignOff, read_signoff
from outreach.reading.signup import read_signups
from outreach.reading.source import Found, Source
from outreach.reading.trace import Grounds, Trace
from outreach.reading.unmarked import without_ours
from outreach.reading.values import Piece
from outreach.reading.verdict import SURE, Verdict
from outreach.reading.weighing import Context, Weighed, context_of, weigh
from outreach.words import Kind

__all__ = ["as_answer", "read"]

_FORWARDS = re.compile(
    r"^\s*(?:\[[^\]]{1,20}\]\s*)?(?:(?:re|aw|sv|antw|odp)\s*:\s*)*"
    r"(?:fwd?|wg|tr|vb|vs|rv|enc|i|doorst|ilt|przekaz|reenv|بازارسال)\s*:",
    re.IGNORECASE,
)
_PREFIXES = re.compile(r"^(?:\s*(?:\[[^\]]{1,20}\]|[^\W\d_]{1,6}(?:\[\d+\])?\s*[:：]))+")
_FORWARDED_FROM = re.compile(
    r"^[> \t*]{0,40}(?:from|von|de|från|fra|van|da|kimden|gönderen|از|od)\s*:\s*\*?\s*(.{3,200})$",
    re.IGNORECASE | re.MULTILINE,
)
_REPLIES = re.compile(r"\s*(?:\[[^\]]{1,20}\]\s*)?[^\W\d_]{1,5}(?:\[\d+\])?\s?[:：]")
_FEW_WORDS: Final = 8  #: up to so many words, the subject is read as well
_LONG_VALUE: Final = 80  #: characters from which a value in a form is prose
_OURS: Final = Ours()
_SIGNOFF_ROWS: Final = 4
_WHOLE_FORM: Final = 3  #: from so many fields on, a form speaks for itself


def read(raw: bytes, ours: Ours = _OURS, trace: Trace | None = None) -> Reading:
    """What the sender of one raw mail (RFC 5322 bytes) says. Raises Unreadable, and nothing else.

    What it was concluded from is put into ``trace``, for ``explain``.
    """
    try:
        return _read(raw, ours, Trace() if trace is None else trace)
    finally:
        forget()


def _read(raw: bytes, ours: Ours, trace: Trace) -> Reading:
    message = open_message(raw)
    message.headers = ownlist.as_written(message.headers, ours)
    text = message.text if message.reports else message.with_attached
    forwarding = _FORWARDS.match(message.subject) is not None
    split = without_ours(reply.split(text, forwarding=forwarding, own=ours.addresses), ours.wording)
    parts = {**split.parts, "subject": message.subject, "from": message.headers.get("from")}
    if message.attached_text:
        parts["attachment"] = message.attached_text
    trace.headers, trace.machine = message.headers, machine.machine_sign(message)
    if trace.machine and not (trace.machine.kind is Kind.AUTO_REPLY and _is_web_form(message, split)):
        return _machine_reading(message, trace.machine.kind, parts, ours)
    return _human_reading(message, split, parts, ours, trace)


def _machine_reading(message: Message, kind: Kind, parts: dict[str, str], ours: Ours) -> Reading:
    return Reading(
        kind=kind,
        confidence=SURE["machine headers"],
        language=language_of(parts[NEW]),
        parts=parts,
        bounce=bounce.read_bounce(message) if kind is Kind.BOUNCE else None,
        warnings=tuple(clues.warnings(message, ours)),
        clues=clues.read_clues(message, (parts[NEW], parts["quoted"])),
    )


def _is_web_form(message: Message, split: Split) -> bool:
    """A form on somebody's website sent this by machine, but what was typed into it a person typed."""
    replies, senders = (message.headers.addresses(name) for name in ("reply-to", "from"))
    typed, domains = split.new.lower(), {a.address.rpartition("@")[2] for a in senders}
    if any(a.address in typed and a.address.rpartition("@")[2] not in domains for a in replies):
        return True  # who gave their address is to be answered
    form = read_form(_beginning(split), quoted=False)
    return bool(replies) and form.is_signup and len(form.fields) >= _WHOLE_FORM


@dataclass(frozen=True, slots=True)
class _Letter:
    """A human's text prepared for reading: the part that is read, its sentences, form, list, sign-off."""

    part: str
    text: str
    language: str
    form: Form
    entries: list[Entry]
    signoff: SignOff
    prose: str
    sentences: list[Sentence]
    chat: list[tuple[Piece, Piece]]


def _human_reading(message: Message, split: Split, parts: dict[str, str], ours: Ours, trace: Trace) -> Reading:
    forwarded = bool(split.parts[FORWARDED]) and len(words(split.new[:4000])) < 40
    covering = weigh(sentences(split.new[:4000]), None) if forwarded else Weighed()
    # Some clients mark a reply with a prefix that elsewhere means "forwarded" (VS): who says no speaks for themselves.
    forwarded = forwarded and not refuses(covering)
    letter = _letter(split, FORWARDED if forwarded else NEW)
    context = context_of(parts["quoted"], message.subject)
    said = _said(letter, message.subject)
    weighed = weigh(said, letter.language)
    if forwarded:
        weighed.score["signup"] += covering.score["signup"]
        weighed.heard += covering.heard
    source = _source(message, split, letter, weighed, parts)
    found = cache(lambda: read_signups(source))  # only where it is asked for: who declines names nobody
    corrected = context is Context.ASKING and (bool(letter.entries) or letter.form.is_signup)
    listed = bool(letter.entries) and not only_ends_letter(letter.entries, weighed)
    filled = bool(letter.form.is_signup or listed) and found().is_named
    if filled and letter.form.is_signup and len(letter.form.fields) >= _WHOLE_FORM:
        weighed.score["signup"] += 0.4  # a whole form speaks for itself, in whatever mail
    verdict = decide(
        weighed,
        context,
        filled=filled,
        named=lambda: found().is_named and found().place not in ("signature", "from", "nothing"),
        new_words=sum(len(s.words) - s.words.count(",") for s in said),
        corrected=corrected,
    )
    trace.grounds = Grounds(letter.part, context, weighed, source, found, verdict)
    asked = parts["quoted"] if context is Context.ASKING else ""
    signups, confidence = _signups_for(verdict, found, source, asked)
    signups = with_country_evidence(signups, parts)
    confidence = min(confidence, SURE["a name that may be cut"]) if may_be_cut(signups, parts) else confidence
    needs = needs_human(message, verdict, signups, parts, forwarded=forwarded, weighed=weighed)
    return Reading(
        kind=verdict.kind,
        confidence=min(confidence, SURE["a person must look"]) if needs else confidence,
        language=letter.language,
        parts=parts,
        signups=signups,
        also=verdict.also,
        needs_human=needs,
        warnings=(*clues.warnings(message, ours), *_name_warnings(signups)),
        clues=clues.read_clues(message, (parts[NEW], parts["quoted"])),
    )


def _letter(split: Split, part: str) -> _Letter:
    text, beginning = split.parts[part][:LONGEST], _beginning(split)
    language = language_of(text)
    bare = len(words(split.new[:4000])) < 60
    form = read_form(beginning, quoted=bare) if part == NEW else _forwarded_form(beginning)
    lines = [(number, line) for number, line in enumerate(beginning) if line.part == part]
    if part == FORWARDED:
        lines = _without_list_footer(_without_headers(lines))
        language = language_of("\n".join(line.text for _, line in lines))
    chat = heads(text)
    rows = [
        Row(number, without_heads(line.text, line.start, chat), line.start)
        for number, line in lines
        if number not in form.taken
    ]
    signoff = read_signoff(rows, part)
    above = [row for row in rows if row.number < signoff.first_row or signoff.first_row == 0]
    entries = [] if form.is_signup else read_list(above)
    listed = {number for entry in entries for number in entry.lines if not entry.inline}
    prose = _blanked([row for row in _without_footer(rows, signoff) if row.number not in listed], text)
    return _Letter(part, text, language, form, entries, signoff, prose, sentences(prose), chat)


def _forwarded_form(beginning: Sequence[reply.Line]) -> Form:
    """The form that the author of a forwarded mail has filled in; a label or two in their prose are none."""
    theirs = _without_headers([(number, line) for number, line in enumerate(beginning) if line.part == FORWARDED])
    kept = {number for number, _ in theirs}
    lines = [line._replace(part=NEW, text=line.text if n in kept else "") for n, line in enumerate(beginning)]
    form = read_form(lines, quoted=False)
    if not form.is_signup or len(form.fields) < _WHOLE_FORM:
        return Form((), frozenset())
    return replace(form, fields=tuple(replace(field, part=FORWARDED) for field in form.fields))


def _beginning(split: Split) -> Sequence[reply.Line]:
    """The lines that are searched: so many, and no farther into any part than is read."""
    lines = split.lines[:MOST_LINES]
    if max(map(len, split.parts.values())) <= LONGEST:
        return lines
    return [line for line in lines if line.start + len(line.text) <= LONGEST]


def _said(letter: _Letter, subject: str) -> list[Sentence]:
    """The sentences that may say what the sender wants: the prose, what stands at length behind a label, and
    the subject where there is hardly any text and the sender chose it.
    """
    long = [s for field in letter.form.fields if len(field.value) > _LONG_VALUE for s in sentences(field.value)]
    if letter.form.fields or len(words(letter.text)) > _FEW_WORDS:
        return [*letter.sentences, *long]
    answers = _REPLIES.match(subject) is not None and bool(words(letter.text))
    return letter.sentences if answers else [*letter.sentences, *_subject_alone(subject)]


def _subject_alone(subject: str) -> list[Sentence]:
    """A mail without text may say it in its subject: "We sign", "unsubscribe"."""
    return sentences(_PREFIXES.sub("", subject))


def _without_headers(lines: list[tuple[int, reply.Line]]) -> list[tuple[int, reply.Line]]:
    """A forwarded mail without the separator and headers above its text."""
    end = max((at for at, (_, line) in enumerate(lines[:14]) if marks.header_field(marks.plain(line.text))), default=-1)
    return lines[end + 1 :]


def _without_list_footer(lines: list[tuple[int, reply.Line]]) -> list[tuple[int, reply.Line]]:
    """The lines above what a mailing list has put below a forwarded mail."""
    return lines[: list_footer_at([marks.plain(line.text) for _, line in lines])]


def _without_footer(rows: list[Row], signoff: SignOff) -> list[Row]:
    """The rows without what stands far below the sign-off: disclaimers, membership offers, addresses."""
    filled = [row.number for row in rows if row.text.strip() and row.number >= signoff.first_row]
    if signoff.person is None or len(filled) <= _SIGNOFF_ROWS:
        return rows
    return [row for row in rows if row.number < filled[_SIGNOFF_ROWS]]


def _blanked(kept: Sequence[Row], text: str) -> str:
    """The text with every line that is not kept made empty, so that places in it stay right."""
    out: list[str] = []
    at = 0
    starts = {row.start: row for row in kept}
    for line in text.split("\n"):
        out.append(starts[at].text if at in starts else " " * len(line))
        at += len(line) + 1
    return "\n".join(out)


def _source(message: Message, split: Split, letter: _Letter, weighed: Weighed, parts: dict[str, str]) -> Source:
    rows = [Row(n, line.text, line.start) for n, line in enumerate(split.lines) if line.part == SIGNATURE]
    senders = message.headers.addresses("from")
    header, sender, name = parts["from"], senders[0].address if senders else None, senders[0].name if senders else ""
    match = _FORWARDED_FROM.search(letter.text) if letter.part == FORWARDED else None
    if match and (authors := parse_addresses(match[1])):
        header, sender, name = match[1], authors[0].address, authors[0].name
    return Source(
        sentences=letter.sentences,
        part=letter.part,
        text=letter.text,
        prose=letter.prose,
        subject=[] if _PREFIXES.match(message.subject) else sentences(message.subject),
        form=letter.form,
        entries=letter.entries,
        signoff=letter.signoff,
        signature=read_signoff(rows, SIGNATURE, signature=True) if letter.part == NEW else SignOff("", 0),
        sender=sender,
        sender_name=name,
        from_header=header,
        language=letter.language,
        days=Days(message, parts["quoted"]),
        individual="individual" in weighed.said,
        chat=letter.chat,
    )


def _signups_for(
    verdict: Verdict, found: Callable[[], Found], source: Source, asked: str
) -> tuple[tuple[Signup, ...], float]:
    """The sign-ups that belong to the kind, and how sure kind and sign-ups are together."""
    if verdict.kind is Kind.SIGNUP:
        return found().signups, min(verdict.confidence, found().confidence)
    if verdict.kind is Kind.CORRECTION:
        corrected = read_corrections(source, found(), asked=asked)
        return corrected, min(verdict.confidence, SURE["corrected values"])
    return (), verdict.confidence


def _name_warnings(signups: Sequence[Signup]) -> list[str]:
    return list(dict.fromkeys(w for s in signups for name in s.names.values() for w in names.warnings(name)))
