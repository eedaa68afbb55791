"""Whom a text names: printed names found in running text, or the organisation's own domain. A possible match, no more.

Sealed names are known by keyed hashes only, so every run of words in the text is hashed and looked up, in any script.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.model import NameKey, Signatory
from outreach.reading.names import fold
from outreach.sealing import Keyring
from outreach.store import signatories
from outreach.store.signatories import domain_key

#: Words of a text that are looked at, and words of the longest name.
_MOST_WORDS: Final = 400
_LONGEST: Final = 14
_AT_ONCE: Final = 1_000
#: Stand around a name in a sentence; a name may end in a full stop itself, so both forms are looked up.
_AROUND: Final = ".,;:!?()[]"


def named_in(session: Session, keyring: Keyring, text: str, names: Iterable[str] = ()) -> list[Signatory]:
    """Whose printed name stands in the text, or is one of ``names``; of names within names the longest."""
    words = fold(text[: 20 * _MOST_WORDS]).split()[:_MOST_WORDS]
    spans: list[tuple[int, int, bytes]] = []
    for count in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - count + 1):
            run = " ".join(words[start : start + count])
            spans += [(start, start + count, keyring.hash("name", form)) for form in {run, run.strip(_AROUND)} if form]
    given = [keyring.hash("name", fold(name)) for name in names if fold(name)]
    known = _known(session, [*given, *(key for _, _, key in spans)])
    found = [id_ for key in given for id_ in known.get(key, ())]
    taken: set[int] = set()
    for start, end, key in spans:
        if key in known and not taken & set(range(start, end)):
            taken |= set(range(start, end))
            found += known[key]
    return _alive(session, found)


def of_domain(session: Session, keyring: Keyring, address: str) -> list[Signatory]:
    """Who is reached under this very domain, if it is an organisation's own."""
    key = domain_key(keyring, address)
    return _alive(session, _known(session, [key]).get(key, ())) if key is not None else []


def _known(session: Session, keys: Sequence[bytes]) -> dict[bytes, list[int]]:
    """Which signatories (by id) have these keys."""
    found: dict[bytes, list[int]] = {}
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        query = select(NameKey.key_hash, NameKey.signatory_id).where(NameKey.key_hash.in_(some))
        for key, id_ in session.execute(query.order_by(NameKey.id)):
            if id_ is not None:
                found.setdefault(key, []).append(id_)
    return found


def _alive(session: Session, ids: Iterable[int]) -> list[Signatory]:
    """The entries that these stand for now, if a line of theirs is open or approved."""
    survivors = [session.get_one(Signatory, id_).survivor for id_ in dict.fromkeys(ids)]
    living = {one.id for one in signatories.printed_or_open(session, [one.id for one in survivors])}
    return [one for one in dict.fromkeys(survivors) if one.id in living]
