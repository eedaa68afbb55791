"""Tries to hand mails to a relay, written down as they ended. Used by dispatch, and for what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from outreach.model import Attempt
from outreach.model.base import KEYRING
from outreach.sealing import Keyring, new_ref


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
        rows.append({"ref": ref, "at": at, "reply_sealed": cell, **_words_of(one)})
    session.connection().execute(_ATTEMPT, rows)


_ATTEMPT: Final = insert(Attempt)


def _words_of(one: Try) -> dict[str, Any]:
    return {word.name: getattr(one, word.name) for word in fields(one) if word.name != "reply"}
