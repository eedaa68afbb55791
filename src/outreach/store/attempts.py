"""Tries to hand mails to a relay, written down as they ended. Used by dispatch, and for what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from outreach.model import Attempt
from outreach.model.base import KEYRING
from outreach.sealing import Keyring, new_ref
from outreach.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt to be written down."""

    mail_id: int
    outcome: str
    reply: str
    phase: str | None = None
    code: int | None = None
    enhanced: str | None = None
    fault: str | None = None
    relay: str | None = None
    server: str | None = None


def add(session: Session, tries: Sequence[Try], at: datetime) -> None:
    """Write down what the relay said."""
    if not tries:
        return
    keyring: Keyring = session.info[KEYRING]
    rows = []
    for one in tries:
        ref = new_ref()
        reply = one.reply[:500].encode("utf-8", "replace")
        cell = keyring.seal(reply, table=Attempt.__tablename__, column="reply_sealed", ref=ref)
        rows.append({"ref": ref, "reply_sealed": cell, **{name: getattr(one, name) for name in _WORDS}})
    _ADD.run(session.connection(), rows, at=at)


_WORDS: Final = tuple(word.name for word in fields(Try) if word.name != "reply")
_ADD: Final = Prepared(insert(Attempt).inline(), ("ref", "at", "reply_sealed", *_WORDS))
