"""Invented names and addresses in place of real ones, the same for the same throughout: what makes a mail shareable.

Too much is replaced rather than too little. What is not known as a name stays, so a person reads what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import islice, pairwise
from typing import Final

from outreach.words import REFERENCE

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_SITE = re.compile(r"\b(?:https?://|www\.)[^\s<>\"')\]]{3,500}", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}[a-z]{2,24}(?![\w.-])(/[^\s<>\"')\]]{0,500})?", re.IGNORECASE
)
_HANDLE = re.compile(r"(?<![\w@.])@\w{3,64}")
_PHONE = re.compile(r"(?:\+|\b)\d[\d \u00a0()/.\u2010-\u2013-]{7,24}\d\b")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_BESIDE = re.compile(r"([^\n<>\[\]@:;\"]*)[\"']?\s*[<\[(](?:mailto:)?$")  #: what stands before an address in brackets
_BEFORE: Final = 100  #: so far before an address its owner's name is looked for, in characters
_NAME_WORDS: Final = 4  #: at most
_OWNERS: Final = 200  #: at most, of one mail
_INVENTED: Final = ".example"

_FIRST: Final = ("Ada", "Ben", "Clara", "Dario", "Elif", "Farah", "Georg", "Hanna", "Ivo", "Jana")
_LAST: Final = ("Adler", "Berg", "Costa", "Demir", "Engel", "Falk", "Grimm", "Hale", "Ionescu", "Jansen")
_FIRST_FA: Final = ("آرش", "بهار", "پرویز", "ترانه", "جمشید", "داریوش", "رؤیا", "ژاله", "سهراب", "شیرین")
_LAST_FA: Final = ("آذری", "بهاری", "پرتوی", "تابان", "جویان", "دماوندی", "رهنما", "زرین", "سپهری", "شهابی")
_GROUP: Final = ("River", "Mountain", "Harbour", "Garden", "Bridge", "Forest", "Lantern", "Meadow", "Island", "Valley")
_GROUP_FA: Final = ("رود", "کوه", "بندر", "باغ", "پل", "جنگل", "فانوس", "دشت", "جزیره", "دره")


class Pseudonyms:
    """What stands for whom; told first which names there are, then given texts."""

    def __init__(self, own: Iterable[str]) -> None:
        #: Our own addresses stay recognisable as such.
        self._addresses = {address.casefold(): "statement@contact.example" for address in own}
        self._domains = {address.rpartition("@")[2].casefold(): "contact.example" for address in own}
        self._names: dict[str, str] = {}
        self._people = 0
        self._groups = 0

    def person(self, name: str | None) -> None:
        """A person's name, whole and each word of it."""
        words = (name or "").split()
        if not words or " ".join(words).casefold() in self._names:
            return
        number, self._people = self._people, self._people + 1
        given, family = _person(number, is_arabic=bool(_ARABIC.search(words[0])))
        self._names[" ".join(words).casefold()] = f"{given} {family}"
        for word in words:
            if len(word) > 2:
                self._names.setdefault(word.casefold(), given if word == words[0] else family)

    def organisation(self, names: Mapping[str, str]) -> None:
        """The names of one organisation in its languages: they stay names of one."""
        new = [name for name in names.values() if name.strip() and name.strip().casefold() not in self._names]
        if not new:
            return
        number, self._groups = self._groups, self._groups + 1
        for name in new:
            self._names[name.strip().casefold()] = _group(number, is_arabic=bool(_ARABIC.search(name)))

    def owners(self, text: str) -> None:
        """Whose addresses stand in a text, when their names do too: "Rosa Doe <rosa@…> wrote:"."""
        for found in islice(_ADDRESS.finditer(text), _OWNERS):
            local = [word for word in re.split(r"[._-]", found[0].partition("@")[0].casefold()) if word.isalpha()]
            before = _BESIDE.search(text[max(0, found.start() - _BEFORE) : found.start()])
            if before is not None:
                self.person(_owner(before[1], local))
            for one, other in pairwise(local):
                signed = re.search(rf"\b(?:{one}\s+{other}|{other},?\s+{one})\b", text, re.IGNORECASE)
                self.person(signed[0].replace(",", " ") if signed else None)

    def address(self, address: str) -> str:
        """The invented address for one; addresses that are invented already stay."""
        key = address.casefold()
        if key not in self._addresses:
            domain = self._domain(key.rpartition("@")[2])
            self._addresses[key] = f"writer{len(self._addresses) + 1}@{domain}"
        return self._addresses[key]

    def text(self, text: str) -> str:
        """A text with every address, site, phone number, reference code and known name replaced."""
        text = _ADDRESS.sub(lambda found: self.address(found[0]), text)
        text = _SITE.sub(lambda found: self._site(found[0]), text)
        text = _DOMAIN.sub(lambda found: self._domain(found[0].partition("/")[0].casefold()), text)
        text = _HANDLE.sub("@somebody", text)
        text = REFERENCE.sub("2222-2222", text)
        text = _PHONE.sub(_phone, text)
        if not self._names:
            return text
        longest_first = sorted(self._names, key=len, reverse=True)
        known = re.compile(r"(?<!\w)(?:" + "|".join(map(_with_any_space, longest_first)) + r")(?!\w)", re.IGNORECASE)
        return known.sub(lambda found: self._names.get(" ".join(found[0].split()).casefold(), "…"), text)

    def _site(self, found: str) -> str:
        host = re.sub(r"^https?://", "", found, flags=re.IGNORECASE).split("/")[0].split("?")[0]
        return f"https://{self._domain(host.casefold().removeprefix('www.'))}"

    def _domain(self, domain: str) -> str:
        if domain.endswith(_INVENTED) and domain in self._domains.values():
            return domain
        if domain not in self._domains:
            self._domains[domain] = f"organisation{len(self._domains) + 1}{_INVENTED}"
        return self._domains[domain]


def _owner(before: str, local: Collection[str]) -> str:
    """The name at the end of what stands before an address: words with a capital, or that the address holds too."""
    name: list[str] = []
    for word in reversed(re.sub(r"\([^)]*\)", " ", before).replace(",", " ").split()[-_NAME_WORDS:]):
        word = word.strip("'.")
        if not word or any(map(str.isdigit, word)) or (word[0].islower() and word.casefold() not in local):
            break
        name.append(word)
    return " ".join(reversed(name))


def _person(number: int, *, is_arabic: bool) -> tuple[str, str]:
    first, last = (_FIRST_FA, _LAST_FA) if is_arabic else (_FIRST, _LAST)
    family = last[(number // 10 + number) % 10]
    # After a hundred people every name has been given: the next have two family names.
    return first[number % 10], family if number < 100 else f"{family} {last[number // 100 % 10]}"


def _group(number: int, *, is_arabic: bool) -> str:
    name = (_GROUP_FA if is_arabic else _GROUP)[number % 10]
    again = f" {number // 10 + 1}" if number >= 10 else ""
    return f"انجمن {name}{again}" if is_arabic else f"{name} Association{again}"


def _with_any_space(name: str) -> str:
    return r"\s+".join(re.escape(word) for word in name.split())


def _phone(found: re.Match[str]) -> str:
    if _DATE.match(found[0]):
        return found[0]
    return re.sub(r"\d", "5", found[0])
