"""Reference codes such as K7Q2-M9PX: they find a record, they never prove anything."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import InboundMessage, OutboxMail, Prospect, Signatory
from outreach.words import REFERENCE_ALPHABET

Referenced = type[InboundMessage] | type[OutboxMail] | type[Prospect] | type[Signatory]


def normal(typed: str) -> str:
    """A reference as people type or dictate it ("k7q2 m9px"), in the form in which it is kept."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def id_of(session: Session, table: Referenced, typed: str | None) -> int:
    """The id of the record with this reference; 0 for None. Raises Refused."""
    if typed is None:
        return 0
    found = session.scalar(select(table.id).where(table.reference == normal(typed)))
    if found is None:
        raise Refused(f"There is nothing with the reference {typed[:20]} in this list.")
    return found


def new_reference(session: Session, table: Referenced) -> str:
    """A reference that no record of this table has. Eight characters of thirty: about 39 bits."""
    [reference] = new_references(session, table, 1)
    return reference


def new_references(session: Session, table: Referenced, count: int) -> list[str]:
    """So many different references that no record of this table has."""
    found: set[str] = set()
    while len(found) < count:
        some = {_random() for _ in range(count - len(found))}
        found |= some.difference(session.scalars(select(table.reference).where(table.reference.in_(some))))
    return list(found)


def _random() -> str:
    rest, letters = secrets.randbelow(len(REFERENCE_ALPHABET) ** 8), ""
    for _ in range(8):
        rest, place = divmod(rest, len(REFERENCE_ALPHABET))
        letters += REFERENCE_ALPHABET[place]
    return f"{letters[:4]}-{letters[4:]}"
