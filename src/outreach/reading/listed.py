"""A list of organisations, row by row: what is fit to be taken or why not, and how a step tells what becomes of it.

Pure; used by the imports of who is to be invited and of who has signed elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

from outreach.errors import Refused
from outreach.reading import names
from outreach.reading.lines import script_of
from outreach.reading.table import Row, read_table

#: Longest values by column, in characters.
LIMITS: Final = {
    "name": names.MAX_NAME,
    "email": 254,
    "language": 40,
    "city": 80,
    "country": 80,
    "contact_person": 120,
    "phone": 60,
    "tags": 200,
    "greeting": 200,
    "personal_line": 1000,
    "sender": 60,
    "sign_off": 200,
}
#: What people call the columns: English, German, French, Persian.
_OTHER_WORDS: Final = {
    "name": "organisation organization group verein gruppe organisationsname nom association organisme "
    "nom_de_l_organisation نام نام_تشکل نام_سازمان نام_گروه تشکل سازمان گروه انجمن",
    "name_fa": "persian_name name_in_persian name_persisch persischer_name nom_persan نام_فارسی نام_به_فارسی",
    "name_en": "english_name name_in_english name_englisch englischer_name nom_anglais نام_انگلیسی نام_لاتین",
    "name_de": "german_name deutscher_name name_deutsch nom_allemand نام_آلمانی",
    "name_fr": "french_name französischer_name name_französisch nom_français نام_فرانسوی",
    "email": "e_mail mail email_address e_mail_address mailadresse e_mail_adresse email_adresse courriel mél "
    "adresse_mail adresse_électronique adresse_e_mail ایمیل ای_میل آدرس_ایمیل رایانامه پست_الکترونیک پست_الکترونیکی",
    "language": "lang sprache langue زبان",
    "city": "town ort stadt ville شهر",
    "country": "land staat pays کشور",
    "contact_person": "contact person ansprechpartner ansprechpartnerin kontaktperson kontakt personne_de_contact "
    "interlocuteur مسئول رابط شخص_رابط نام_مسئول تماس شخص_تماس",
    "phone": "telephone phone_number mobile tel telefon telefonnummer handy mobil mobilnummer téléphone portable "
    "numéro_de_téléphone تلفن شماره شماره_تلفن شماره_تماس موبایل تلفن_همراه",
    "tags": "tag labels schlagworte stichworte étiquettes mots_clés برچسب برچسب_ها",
    "greeting": "salutation anrede formule_d_appel خطاب",
    "personal_line": "personal_note persönliche_zeile persönlicher_satz phrase_personnelle mot_personnel "
    "جمله_شخصی یادداشت_شخصی",
    "sender": "signed_by absender absenderin unterzeichnet_von expéditeur expéditrice فرستنده",
    "sign_off": "closing grußformel schlussformel formule_de_politesse formule_finale عبارت_پایانی",
}
_NAME_COLUMN: Final = re.compile(r"name_([a-z]{2,3})((?:_[a-z0-9]{2,8})*)")
_NAMED_ADDRESS: Final = re.compile(r"[^<>]*<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation as a row names it, fit to be taken. ``details`` is what the prospect keeps of it."""

    line: int
    names: dict[str, str]
    email: str | None
    language: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return next(iter(self.names.values()))

    @property
    def place(self) -> tuple[str, str]:
        return self.details.get("city") or "", self.details.get("country") or ""


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be taken, and why."""

    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What a row does, in the words of the step. ``reference`` is the record it became, or is known as."""

    line: int
    outcome: StrEnum
    name: str
    reason: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import does (or did), row by row; how many rows it takes, and the columns it does not know."""

    rows: tuple[RowPlan, ...]
    taken: int
    ignored_columns: tuple[str, ...]

    @property
    def counts(self) -> dict[StrEnum, int]:
        return dict(Counter(row.outcome for row in self.rows))


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a file means what: its name there → ours; and those that mean nothing to us."""

    known: dict[str, str]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tongues:
    """The languages the campaign prints in, and those its invitation is written in."""

    printed: Sequence[str]
    written: frozenset[str]


def read_list(
    data: bytes, tongues: Tongues, team: Sequence[str] | None = None
) -> tuple[list[Listed | Bad], tuple[str, ...]]:
    """Every row of a file, and the columns that mean nothing. Raises Refused for a file that is no list.

    ``team`` are the names of those who may sign an invitation; None: nobody is to be invited.
    """
    table = read_table(data)
    meanings = columns(table.columns)
    return [check(row, meanings.known, tongues, team) for row in table.rows], meanings.ignored


def columns(found: Sequence[str]) -> Columns:
    """Recognise the columns. Raises Refused when none of them can hold a name."""
    known: dict[str, str] = {}
    for column in found:
        meant = column
        if column not in LIMITS and (other := _meanings().get(_folded(column))) is not None:
            meant = other
        # A list with "Name" and "Organisation": the first one that means something counts.
        if (meant in LIMITS or _name_language(meant)) and (meant == column or meant not in {*found, *known.values()}):
            known[column] = meant
    if not any(meant == "name" or _name_language(meant) for meant in known.values()):
        raise Refused(
            "No column holds a name. The first line must name the columns: name, or name_fa, name_en, …; then "
            f"{', '.join(column for column in LIMITS if column != 'name')} as far as there are any."
        )
    return Columns(known, tuple(column for column in found if column not in known))


@cache
def _meanings() -> dict[str, str]:
    return {_folded(word): meant for meant, words in _OTHER_WORDS.items() for word in words.split()}


def _folded(column: str) -> str:
    """Spelling does not matter: Arabic or Persian ya, accents, ZWNJ or space."""
    return names.squash(column.replace("_", " "))


def check(row: Row, meanings: Mapping[str, str], tongues: Tongues, team: Sequence[str] | None) -> Listed | Bad:
    """One row, by the meaning of each column."""
    if row.fault:
        return Bad(row.line, "", row.fault)
    cells = {meanings[column]: cell for column, cell in row.cells.items() if column in meanings}
    shown = names.display(next((cell for column, cell in cells.items() if column.startswith("name") and cell), ""))
    try:
        listed = _listed(row.line, cells, tongues)
        if team is not None and (named := listed.details.get("sender")):
            listed.details["sender"] = _of_the_team(named, team)
        return listed
    except Refused as refused:
        return Bad(row.line, shown[: names.MAX_NAME], str(refused))


def _listed(line: int, cells: Mapping[str, str], tongues: Tongues) -> Listed:
    texts = {column: _text(column, cell) for column, cell in cells.items()}
    found = _names(texts, tongues.printed)
    email, others = _addresses(texts["email"]) if texts.get("email") else (None, ())
    language = _language(texts.get("language", ""), found, tongues)
    details: dict[str, Any] = {
        column: texts[column]
        for column in ("city", "country", "contact_person", "phone", "greeting", "personal_line", "sender", "sign_off")
        if texts.get(column)
    }
    if tags := [tag for tag in re.split(r"\s*[,;|،؛]\s*", texts.get("tags", "")) if tag]:
        details["tags"] = tags
    if others:
        details["other_addresses"] = list(others)
    return Listed(line, found, email, language, details)


def _of_the_team(named: str, team: Sequence[str]) -> str:
    """The coordinator who is meant, as they are registered: nobody else's name stands under a mail of ours."""
    for name in team:
        if name.casefold() == " ".join(named.split()).casefold():
            return name
    raise Refused(f"sender {named!r} is no coordinator: {', '.join(team) or 'none is registered'}")


def _text(column: str, cell: str) -> str:
    """A cell as it may be kept and shown: no control or direction characters, at most as long as its column allows."""
    if any(unicodedata.category(char) == "Cc" and char not in "\t\n" for char in cell):
        raise Refused(f"{column} holds a control character")
    lines = cell.split("\n") if column == "personal_line" else [cell]
    text = "\n".join(names.display(line) for line in lines).strip()
    limit = LIMITS["name" if column.startswith("name") else column]
    if len(text) > limit:
        raise Refused(f"{column} is longer than {limit} characters")
    return text


def _names(texts: Mapping[str, str], printed: Sequence[str]) -> dict[str, str]:
    """The names by language; one without a language goes to the printed language of its script."""
    found = {language: text for column, text in texts.items() if text and (language := _name_language(column))}
    if plain := texts.get("name"):
        free = [language for language in printed if language not in found]
        wanted = names.script(plain)
        language = next((language for language in free if script_of(language) == wanted), "und")
        found.setdefault(language, plain)
    if not found:
        raise Refused("it has no name")
    for name in found.values():
        if not any(char.isalpha() for char in name):
            raise Refused("its name holds no letter")
    return found


def _name_language(column: str) -> str | None:
    """The language of a column ``name_fa``, as BCP 47."""
    named = _NAME_COLUMN.fullmatch(column)
    if named is None or named[1] not in Locale("en").languages:
        return None
    return (named[1] + named[2]).replace("_", "-")


def _addresses(text: str) -> tuple[str, tuple[str, ...]]:
    """The address to write to, and others that stood in the same cell: they are kept, and nothing is sent there."""
    pieces = [text]
    if text.count("@") > 1:
        pieces = [piece for piece in re.split(r"[,;/|،؛\n]|\s+(?=\S+@)", text) if "@" in piece]
    first, *others = (_address(piece) for piece in pieces)
    return first, tuple(dict.fromkeys(other for other in others if other != first))


def _address(text: str) -> str:
    named = _NAMED_ADDRESS.fullmatch(text)
    address = (named[1] if named else text).strip().removeprefix("mailto:")
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError as problem:
        raise Refused(f"email is not an address that can be written to: {problem}") from None
    if found is None or "=?" in found:
        raise Refused("email is not an address that can be written to")
    return found


def _language(text: str, found: Mapping[str, str], tongues: Tongues) -> str:
    """The language to write in: as given, else that of a name, else the campaign's first."""
    if not text:
        candidates = [language for language in (*tongues.printed, *found) if language in found]
        return next((language for language in candidates if language in tongues.written), tongues.printed[0])
    wanted = text.casefold().replace("_", "-")
    for candidate in (wanted, wanted.partition("-")[0]):
        if (code := _codes(tongues.written).get(candidate)) is not None:
            return code
    raise Refused(f"language {text!r} is none that the invitation is written in: {', '.join(sorted(tongues.written))}")


def _codes(languages: Iterable[str]) -> dict[str, str]:
    """How people name these languages: by code, in English and in the language itself."""
    known = {"farsi": "fa"} if "fa" in languages else {}
    for code in languages:
        known[code.casefold()] = code
        try:
            locale = Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        for name in (locale.english_name, locale.display_name):
            if name:
                known[name.casefold()] = code
    return known
