"""Form labels in any language and order of words: "Name of organisation (Persian):", "شهر :", "• Ville :"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from outreach.reading.lexicon import lexicon, words
from outreach.reading.memory import remembered

_MAX_WORDS: Final = 14
_MAX_LINE: Final = 1000
#: What a label says, the first that fits: "contact e-mail" is an e-mail, "name of the contact" a contact.
_ORDER: Final = (
    "former", "action", "email", "website", "phone", "role", "contact", "time", "date", "individual", "city", "country",
    "where", "name", "persian", "english", "otherlang", "address", "note", "signs",
)  # fmt: skip
_FILLER: Final = frozenset({"filler"})
#: Labels of web forms that ask for the writer's own name, whatever else they ask for.
_OWN_NAME: Final = frozenset(
    {
        "your name", "first name", "last name", "surname", "ihr name", "vorname", "nachname", "votre nom", "prenom",
        "nom et prenom", "tu nombre", "su nombre", "nombre y apellidos", "il tuo nome", "nome e cognome", "ditt namn",
        "fornamn", "efternamn", "uw naam", "je naam", "ditt navn", "dit navn", "adiniz", "adiniz soyadiniz",
        "imie i nazwisko",
        "نام شما", "نام و نام خانوادگی", "نام و نام خانوادگی شما",
    }
)  # fmt: skip
_LANGUAGES: Final = frozenset({"persian", "english", "otherlang"})
_E_MAIL = re.compile(r"\b[eE]\s?[-‐–]\s?(?=[mpMP])")
_IN_BRACKETS = re.compile(r"\(([^)]{0,200})\)?")
_LINE = re.compile(
    r"(?P<lead>[\s>•*\-–·▪●○◦_]{0,12}(?:\d{1,2}[.)\-]\s{1,3})?[*_]{0,2})(?P<label>[^:：=\t]{1,120}?)"
    r"(?=[\s*_:：=])(?P<sep>\s{0,4}[*_]{0,2}\s?[:：=][*_]{0,2}|[*_]{0,2}\t+|[*_]{0,2}[ \xa0]{2,}|\s[–—-]\s)\s*"
    r"(?P<value>.*)$",
    re.DOTALL,
)
#: What parts a label from its value.
_PARTS: Final = (":", "  ", "\t", "–", "—", " -", "=", "：", "\xa0")
#: What stands on a line behind a sign, a dash, or two spaces. Both begin with a set of characters, by which they are
#: found many times as fast; spaces are tried only where two stand side by side.
_BEHIND_SIGN = re.compile(r"[:：=\t–—-](?:(?<=[:：=\t])[^\S\n]*\S|(?<=[^\S\n][–—-])[^\S\n]+\S)")
_BEHIND_GAP = re.compile(r"[ \xa0]{2}[^\S\n]*\S")
_PERSIAN_WE = re.compile(r"^ن?می\w+یم$")  #: "we sign: …" is a sentence
_NEXT_WORD = re.compile(r"(?:(?<=\s)|^)\S")
_NEXT_LABEL = re.compile(r"(?:[,،;؛|·•]\s*|[.!?؟]\s+)(?=([^\W\d_][^,;|:：()]{1,28})[:：]\s)")


class Label(NamedTuple):
    """What a label asks for, and in which language (fa, en, or None)."""

    kind: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label with what stands behind it on the same line; offsets of the value within the line."""

    label: Label
    text: str
    value: str
    start: int


@remembered
def read_label(text: str, *, strict: bool = False) -> Label | None:
    """What the label asks for, or None. ``strict``: every word must be known (labels without a colon)."""
    text = _E_MAIL.sub("e", text) if "-" in text or not text.isascii() else text
    said = words(_IN_BRACKETS.sub(" ", text) if "(" in text else text)
    if not said or len(said) > _MAX_WORDS or (not text.isascii() and any(_PERSIAN_WE.search(word) for word in said)):
        return None
    if " ".join(said) in _OWN_NAME:
        return Label("contact")
    classes: set[str] = set()
    unknown, allowed = 0, 0 if strict or len(said) < 3 else 1
    for word in said:
        found = _classes(word)
        unknown += not found
        if unknown > allowed:
            return None
        classes |= found
    kinds = classes - {"filler"}
    if not kinds or (strict and kinds <= {"note", "signs"}):
        return None
    inside = (word for match in _IN_BRACKETS.finditer(text) for word in words(match[1]))
    kinds |= {c for word in inside for c in _classes(word) if c in _LANGUAGES}
    if "signs" in kinds and lexicon().is_in("ours", said[0]):
        return Label("signs")  # "I sign as an individual: …" is a sentence
    return _labelled(kinds)


def _labelled(kinds: set[str]) -> Label:
    language = "fa" if "persian" in kinds else "en" if "english" in kinds else None
    kind = next(k for k in _ORDER if k in kinds)
    if kind in ("city", "country") and {"city", "country"} <= kinds:
        kind = "where"
    return Label("name" if kind in _LANGUAGES else kind, language)


def _classes(word: str) -> frozenset[str]:
    known = lexicon()
    if word.isdigit() or word in known.months or word in known.jalali_months or known.is_in("weekdays", word):
        return _FILLER
    return known.label_classes(word)


def parted(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines on which a label can stand: cheap, and true for many that hold none."""
    text = "\n".join(lines)
    signs = [sign for sign in _PARTS if sign in text]
    return {number for sign in signs for number, line in enumerate(lines) if sign in line and len(line) <= _MAX_LINE}


def may_be_filled(line: str) -> bool:
    """Whether something can stand behind a label on the line: as cheap."""
    return _BEHIND_SIGN.search(line) is not None or _BEHIND_GAP.search(line) is not None


def read_line(line: str, *, strict: bool = False, dashed: bool = False) -> Labelled | None:
    """The label at the head of a line, with its value; None if the line is no form line.

    ``strict``: see ``read_label``. ``dashed``: a dash is what the form puts behind its labels, the name's too.
    """
    may_be = len(line) <= _MAX_LINE and any(sign in line for sign in _PARTS)
    match = _LINE.match(line) if may_be else None
    if match is None or (match["label"][-1:].isdigit() and match["value"][:1].isdigit()):  # "at 18:30"
        return None
    separator = match["sep"].strip(" *_\xa0")
    label = read_label(match["label"], strict=strict or separator not in (":", "：", "="))
    if label is None and "/" in match["label"]:
        label = read_label(match["label"].rpartition("/")[2].strip()) and read_label(
            match["label"].partition("/")[0].strip()
        )
    by_dash = separator in ("-", "–", "—")
    if label is None or (by_dash and ((label.kind == "name" and not dashed) or not match["value"].strip())):
        return None
    value = match["value"].rstrip()
    return Labelled(label, match["label"], value.rstrip("*_"), match.start("value"))


def run_on_label(line: str) -> Labelled | None:
    """A label of one to three words at the head of a line, and what follows without any sign between; no sentence."""
    if line.rstrip().endswith((".", "!", "?", "؟")):
        return None
    starts = [match.start() for match in _NEXT_WORD.finditer(line[:80])][:4]
    for start in reversed(starts[1:]):
        said = words(line[:start])
        if any(lexicon().is_in("nouns", word) for word in said[1:]):
            continue  # "Name Committee for …": the name begins with a word that labels hold too
        if (label := read_label(line[:start], strict=True)) and label.kind != "note":
            return Labelled(label, line[:start].strip(), line[start:].rstrip(), start)
    return None


def split_line(line: str) -> list[tuple[int, str]]:
    """A line that holds several labels ("Name: X, City: Y") cut before each; (offset, piece)."""
    if len(line) > _MAX_LINE:
        return [(0, line)]
    cuts = [0]
    for match in _NEXT_LABEL.finditer(line):
        if read_label(match[1].strip()):
            cuts.append(match.end())
    ends = [*cuts[1:], len(line)]
    return [(start, line[start:end].rstrip(" ,،;؛|·•")) for start, end in zip(cuts, ends, strict=True)]
