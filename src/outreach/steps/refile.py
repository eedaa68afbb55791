"""A person corrects the reading: "this is no sign-up, it is a question". It is kept: the parser can learn from it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import InboundMessage, Signatory
from outreach.model.revision import OPEN_STATUSES
from outreach.ports import Clock
from outreach.store import inbound, log, signatories, suppressions
from outreach.store.decisions import deciding
from outreach.words import MACHINE_KINDS, InboundStatus, Kind, RejectReason

#: Kinds that leave a sign-up standing.
_KEEPS_SIGNUPS: Final = frozenset({Kind.SIGNUP, Kind.CONFIRMATION, Kind.CORRECTION})
#: Kinds that an address is not written to for.
_SUPPRESSES: Final = frozenset({Kind.UNSUBSCRIBE, Kind.BOUNCE, Kind.COMPLAINT})
#: Kinds about which nothing remains to be done.
_NOTHING_TO_DO: Final = MACHINE_KINDS | {Kind.OTHER}


def refile(session: Session, reference: str, kind: Kind, clock: Clock, *, actor: str) -> InboundMessage:
    """Give a mail its true kind. What was signed by it and is still open is rejected, unless it still is a sign-up.

    An address that is not written to because of this mail alone may be again, unless its true kind asks for the same.
    It is taken in as what it is, once the machine has not acted on it yet; otherwise a person sees to what was done.
    """
    message, now = inbound.entry(session, reference), clock()
    if message.status is InboundStatus.FETCHED:
        raise Refused("It has not been read yet. Type: outreach run")
    if message.kind is kind:
        raise Refused(f"It is filed as {kind} already.")
    is_acted_on = inbound.was_acted_on(session, message)
    before = message.kind
    message.refile(kind)
    if kind not in _KEEPS_SIGNUPS:
        _reject_signups(session, message, now, actor)
    if kind not in _SUPPRESSES:
        for scope in suppressions.release_caused_by(session, message):
            log.note(session, now, actor=actor, action="released", about=message, reason=scope)
    if kind in _NOTHING_TO_DO:
        message.reopen(None)
        message.close(now)
    elif is_acted_on:
        message.reopen(f"a {kind}; it was first taken for: {before}")
    else:
        message.read_again()
    log.note(session, now, actor=actor, action="refiled", about=message, reason=f"{before}, truly {kind}")
    return message


def _reject_signups(session: Session, message: InboundMessage, now: datetime, actor: str) -> None:
    made: dict[int, Signatory] = {}
    for revision in signatories.from_message(session, message.id):
        made[revision.signatory_id] = revision.signatory
    for signatory in made.values():
        waiting = [r for r in signatory.revisions if r.message_id == message.id and r.status in OPEN_STATUSES]
        if not waiting:
            continue
        with deciding(session, signatory, "rejected", now, actor=actor):
            for revision in waiting:
                revision.reject(now, by=actor, reason=RejectReason.NOT_A_SIGN_UP)
        log.note(session, now, actor=actor, action="rejected", about=signatory, reason=RejectReason.NOT_A_SIGN_UP)
