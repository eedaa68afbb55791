"""Reads stored mails again with the parser of today: shows what would change, and does it where a person says so.

Nothing that a person has decided is touched. What the machine has not acted on yet goes back before intake; where it
has acted, a second act could contradict the first, so the mail is shown to a person instead.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import InboundMessage
from outreach.ports import Clock
from outreach.reading.compared import Compared, essence, side_by_side
from outreach.reading.limits import Unreadable
from outreach.reading.read import as_answer, read
from outreach.store import inbound, log
from outreach.store.database import CHUNK, Database
from outreach.words import InboundStatus


class Consequence(StrEnum):
    """What becomes of a mail that reads differently now."""

    TAKEN_IN = "is taken in anew"
    SHOWN = "is shown to a person"
    LEFT = "stays as it is: a person has decided"


@dataclass(frozen=True, slots=True)
class Change:
    """A mail that reads differently now, in a few words each, and field by field."""

    id: int
    reference: str
    before: str
    after: str
    consequence: Consequence
    fields: tuple[Compared, ...] = field(repr=False)  #: words of the mail: to be shown, and kept nowhere


def changes(db: Database, desk: Desk, references: Collection[str] = ()) -> list[Change]:
    """The mails (none named: all that are kept) that read differently now, in the order they were fetched."""
    with db.reading() as session:
        ids = inbound.ids_to_compare(session, references)
    found: list[Change] = []
    for start in range(0, len(ids), CHUNK):
        with db.reading() as session:
            messages = [session.get_one(InboundMessage, id_) for id_ in ids[start : start + CHUNK]]
            found += [change for message in messages if (change := _change(session, desk, message)) is not None]
    return found


def apply(db: Database, found: Sequence[Change], clock: Clock, *, actor: str) -> None:
    """Do what was shown, as far as nobody has decided meanwhile."""
    shown = {change.id: change for change in found if change.consequence is not Consequence.LEFT}
    db.in_chunks(list(shown), partial(_apply, shown, clock, actor), _give_up)


def _apply(shown: dict[int, Change], clock: Clock, actor: str, session: Session, message_id: int) -> None:
    carry_out(session, shown[message_id], clock, actor=actor)


def carry_out(session: Session, change: Change, clock: Clock, *, actor: str) -> None:
    """Do to one mail what was shown. Raises Refused once a person has decided, or something else would become of it."""
    message = session.get_one(InboundMessage, change.id)
    if change.consequence is Consequence.LEFT or _consequence(session, message) is not change.consequence:
        raise Refused(f"{message.reference} was left as it is: a person has decided about it, or it has changed.")
    if change.consequence is Consequence.TAKEN_IN:
        message.read_again()
    else:
        message.reopen(f"reads differently now: {change.after}"[:200])
    log.note(session, clock(), actor=actor, action="reread", about=message)


def _give_up(session: Session, message_id: int, problem: Exception) -> None:
    """A mail that cannot be put back stays where it is; it is found again the next time."""


def _change(session: Session, desk: Desk, message: InboundMessage) -> Change | None:
    assert message.raw is not None
    try:
        reading = read(zlib.decompress(message.raw), desk.ours)
    except Unreadable:
        return None
    answer, known = as_answer(message.reference, reading), message.reading
    if known and essence(answer) == essence(known):
        return None
    before, fields = _in_words(known) if known else "could not be read", side_by_side(known or {}, answer)
    return Change(message.id, message.reference, before, _in_words(answer), _consequence(session, message), fields)


def _in_words(answer: dict[str, Any]) -> str:
    """The kind alone: words of the mail would end up in a reason, which is not sealed."""
    signups = len(answer["signups"])
    parts = [str(answer["kind"]), f"{signups} sign-ups" if signups > 1 else "", *(f"also {a}" for a in answer["also"])]
    return ", ".join(part for part in parts if part)


def _consequence(session: Session, message: InboundMessage) -> Consequence:
    is_decided = message.status is InboundStatus.CLOSED or inbound.was_decided_by_a_person(session, message)
    is_acted_on = inbound.was_acted_on(session, message)
    if is_decided or (is_acted_on and message.status is InboundStatus.OPEN):
        return Consequence.LEFT
    return Consequence.SHOWN if is_acted_on else Consequence.TAKEN_IN
