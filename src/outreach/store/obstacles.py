"""What may stand against mails that are about to leave, asked at every turn of dispatch: one query for all of it.

On PostgreSQL a turn holds the write lock, and a question is a round trip that every other worker waits for. Used by
dispatch's ``guard``, which judges; the parts are looked after in ``suppressions``, ``pauses`` and ``halts``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    String,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from outreach.model import Campaign, Halt, MailProspect, Pause, Prospect, Suppression
from outreach.model.base import UtcDateTime
from outreach.model.throttle import HaltScope
from outreach.store import halts, pauses
from outreach.words import PauseReason, ProspectStatus, SuppressionScope


class _Kind(IntEnum):
    """What a row of the answer is about."""

    REHEARSAL = 0
    INVITED = 1
    SUPPRESSED = 2
    PAUSED = 3
    HALTED = 4


_UNANSWERED: Final = frozenset({ProspectStatus.LISTED, ProspectStatus.INVITED})


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What the database says about a batch of mails and their addresses, now."""

    in_rehearsal: bool
    #: Of the mails asked about, those that invite an organisation which has not answered yet.
    inviting: frozenset[int]
    suppressed: Mapping[bytes, frozenset[SuppressionScope]]
    paused: Mapping[bytes, Sequence[pauses.Held]]
    halted: Sequence[halts.Key]


def against(
    session: Session, addresses: Collection[bytes], inviting_mails: Collection[int], now: datetime
) -> Obstacles:
    """What stands against mails to these addresses, of which some invite or remind."""
    session.flush()  # what this transaction has learnt counts as well
    asked = {"hashes": list(addresses), "mails": list(inviting_mails), "now": now}
    in_rehearsal, inviting, halted = False, set[int](), list[halts.Key]()
    suppressed: dict[bytes, frozenset[SuppressionScope]] = {}
    paused: dict[bytes, list[pauses.Held]] = {}
    for kind, mail_id, key, word, relay, until, placed_at in session.connection().execute(_QUERY, asked):
        match kind:
            case _Kind.REHEARSAL:
                in_rehearsal = True
            case _Kind.INVITED if word in _UNANSWERED:
                inviting.add(mail_id)
            case _Kind.SUPPRESSED:
                suppressed[key] = suppressed.get(key, frozenset()) | {SuppressionScope(word)}
            case _Kind.PAUSED:
                paused.setdefault(key, []).append(pauses.Held(PauseReason(word), until, placed_at))
            case _Kind.HALTED:
                halted.append(halts.Key(HaltScope(word), key, relay))
    return Obstacles(in_rehearsal, frozenset(inviting), suppressed, paused, halted)


def _facts(
    kind: _Kind,
    mail: ColumnElement[Any] | None = None,
    key: ColumnElement[Any] | None = None,
    word: ColumnElement[Any] | None = None,
    relay: ColumnElement[Any] | None = None,
    times: tuple[ColumnElement[Any], ColumnElement[Any]] | None = None,
) -> Select[Any]:
    """Rows of one kind, in the shape that all kinds have."""
    until, placed_at = times or (cast(null(), UtcDateTime), cast(null(), UtcDateTime))
    return select(
        literal_column(str(kind.value), Integer),
        cast(null(), Integer) if mail is None else mail,
        cast(null(), LargeBinary) if key is None else type_coerce(key, LargeBinary),
        cast(null(), String) if word is None else type_coerce(word, String),
        cast(null(), String) if relay is None else relay,
        until,
        placed_at,
    )


def _holds(until: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(until.is_(None), until > bindparam("now", type_=UtcDateTime))


_HASHES: Final[Any] = bindparam("hashes", expanding=True)
_C, _M, _P = Campaign.__table__.c, MailProspect.__table__.c, Prospect.__table__.c
_S, _W, _H = Suppression.__table__.c, Pause.__table__.c, Halt.__table__.c
_QUERY: Final = union_all(
    _facts(_Kind.REHEARSAL).select_from(Campaign.__table__).where(_C.started_at.is_(None)),
    # The states are looked at later: asked for in the query, they would lead SQLite through everybody who is invited.
    _facts(_Kind.INVITED, mail=_M.mail_id, word=_P.status).where(
        _M.prospect_id == _P.id, _M.mail_id.in_(bindparam("mails", expanding=True))
    ),
    _facts(_Kind.SUPPRESSED, key=_S.address_hash, word=_S.scope).where(_S.address_hash.in_(_HASHES)),
    _facts(_Kind.PAUSED, key=_W.address_hash, word=_W.reason, times=(_W.until, _W.placed_at)).where(
        _W.address_hash.in_(_HASHES), _holds(_W.until)
    ),
    _facts(_Kind.HALTED, key=_H.key_hash, word=_H.scope, relay=_H.relay).where(_holds(_H.until)),
)
