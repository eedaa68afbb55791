"""Counts the sending turns, in the database and in a file beside it: a database that was set back is noticed.

A copy from before knows nothing of what has left since, and would send it again. So the count is raised in both
before each turn, in the database first: a file that is ahead means that the database went back. The file carries, too,
the suppressions that rest on no mail (a person typed them, or followed a link): no mailbox brings those back.
What goes back together with its file, as a restored machine does, is found by the beacon (``steps/fetch/beacon.py``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.durable import replace_file
from outreach.errors import DatabaseProblem, Displaced
from outreach.model import Suppression
from outreach.sealing import Keyring
from outreach.store import campaign as campaigns
from outreach.store import log, suppressions
from outreach.store.database import Database
from outreach.words import SuppressionReason, SuppressionScope

NAME: Final = ".outreach.turns"
SET_BACK: Final = "The database went back in time: mail has left of which it knows nothing."

#: Keyed hash of an address in hex, scope, reason.
_Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What stands in the file. Nothing, where there is none or it is of another campaign's key."""

    turns: int = 0
    suppressed: tuple[_Row, ...] = ()


def was_set_back(db: Database, folder: Path) -> bool:
    """Whether the database knows of fewer turns than the file beside it."""
    remembered = _read(folder, db.keyring)  # before the database, which only rises meanwhile
    with db.reading() as session:
        return campaigns.the_campaign(session).turns < remembered.turns


def require_not_set_back(db: Database, folder: Path) -> None:
    """Raises Displaced, and lets nothing be sent from here any more, where the database went back."""
    if was_set_back(db, folder):
        with db.writing() as session:
            campaigns.the_campaign(session).give_way(SET_BACK)
        raise Displaced(f"{SET_BACK} Nothing is sent or published from here. If it should be, type: outreach takeover")


def begin(db: Database, folder: Path, now: datetime) -> None:
    """A turn begins. Raises Displaced where the database went back, or DatabaseProblem. A rehearsal is not counted."""
    with db.reading() as session:
        if campaigns.the_campaign(session).in_rehearsal:
            return
    require_not_set_back(db, folder)
    with db.writing() as session:
        campaigns.the_campaign(session).begin_turn(now)
    remember(db, folder)


def remember(db: Database, folder: Path) -> None:
    """Write down what the file must know, unless it does. Raises DatabaseProblem."""
    with db.reading() as session:
        now = Remembered(campaigns.the_campaign(session).turns, _typed(session))
    if now == _read(folder, db.keyring):
        return
    document = {"of": _tag(db.keyring), "turns": now.turns, "suppressed": now.suppressed}
    try:
        replace_file(folder / NAME, json.dumps(document).encode())
    except OSError as problem:
        raise DatabaseProblem(f"The folder {folder} cannot be written to: {problem.strerror}.") from None


def accept(db: Database, folder: Path, now: datetime) -> int:
    """Go on from a database that went back. How many suppressions were put back that it did not know."""
    remembered = _read(folder, db.keyring)
    with db.writing() as session:
        campaigns.the_campaign(session).catch_up(remembered.turns)
        campaigns.step_state(session, "fetch").forget()  # nothing is published before the mailbox was read again
        return sum(_suppressed_again(session, row, now) for row in remembered.suppressed)


def _suppressed_again(session: Session, row: _Row, now: datetime) -> bool:
    address, scope, reason = bytes.fromhex(row[0]), SuppressionScope(row[1]), SuppressionReason(row[2])
    is_new = suppressions.suppress(session, address, scope, reason, actor=log.MACHINE, at=now)
    if is_new:
        about = f"address {row[0][:12]}"
        log.note(session, now, actor=log.MACHINE, action="suppressed", about=about, reason=f"{scope}: {reason}")
    return is_new


def _typed(session: Session) -> tuple[_Row, ...]:
    query = select(Suppression).where(Suppression.message_id.is_(None)).order_by(Suppression.id)
    return tuple((row.address_hash.hex(), str(row.scope), str(row.reason)) for row in session.scalars(query))


def _read(folder: Path, keyring: Keyring) -> Remembered:
    try:
        found = json.loads((folder / NAME).read_bytes())
        if found["of"] != _tag(keyring):
            return Remembered()
        return Remembered(int(found["turns"]), tuple((str(a), str(s), str(r)) for a, s, r in found["suppressed"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Remembered()


def _tag(keyring: Keyring) -> str:
    return keyring.hash("turns", "")[:16].hex()
