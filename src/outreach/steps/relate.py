"""What a person knows about two entries: that they are one, or how they belong together. No machine merges."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters import telling
from outreach.letters.queue import Desk
from outreach.model import Relation, Revision, Signatory
from outreach.model.decision import MERGED
from outreach.model.revision import OPEN_STATUSES
from outreach.ports import Clock
from outreach.reading import names
from outreach.store import log, relations, signatories
from outreach.store.decisions import deciding
from outreach.words import Proof, RelationKind, RevisionStatus

LONGEST_NOTE: Final = 200


def merge(session: Session, desk: Desk, reference: str, into: str, clock: Clock, *, actor: str) -> Signatory:
    """The first entry is the same organisation as the second, which stays. Contacts, lines and history are kept.

    Whoever signed a second time from another address is told that it is printed once.
    """
    gone, stays = signatories.entry(session, reference), signatories.entry(session, into)
    if gone is stays:
        raise Refused(f"{gone.reference} is one entry already.")
    for one in (gone, stays):
        if one.merged_into is not None:
            raise Refused(f"{one.reference} was merged into {one.survivor.reference} already.")
    if gone.open_holds:
        kinds = ", ".join(hold.kind for hold in gone.open_holds)
        raise Refused(f"{gone.reference} is {kinds}: settle that first, or it would be lost.")
    if gone.standing is not None and stays.standing is None:
        raise Refused(f"{gone.reference} is approved and {stays.reference} is not: merge the other way round.")
    now = clock()
    told = _to_tell(gone, stays)
    with deciding(session, gone, MERGED, now, actor=actor) as decision:
        gone.merge(stays, now, by=actor)
        if told and (mail := telling.duplicate(session, desk, [told], now)) is not None:
            decision.tell(mail)
    for one in (gone, stays):
        log.note(session, now, actor=actor, action=MERGED, about=one, reason=f"{gone.reference} into {stays.reference}")
    return stays


def _to_tell(gone: Signatory, stays: Signatory) -> Revision | None:
    """The line whose sender is told of a merger: they wrote from another address, and for themselves."""
    alive = [revision for revision in gone.revisions if revision.status in (*OPEN_STATUSES, RevisionStatus.APPROVED)]
    if gone.contact_hash is None or gone.contact_hash == stays.contact_hash:
        return None
    return next((revision for revision in reversed(alive) if revision.proof is not Proof.NONE), None)


def relate(
    session: Session,
    reference: str,
    kind: RelationKind,
    to: str | None,
    clock: Clock,
    *,
    actor: str,
    note: str | None = None,
) -> Relation:
    """Write down how two entries belong together; a condition may name somebody who has not signed, in words."""
    signatory, other = signatories.entry(session, reference), signatories.entry(session, to) if to else None
    text = names.display(note or "")
    if other is signatory:
        raise Refused("An entry is not related to itself.")
    if other is None and (kind is not RelationKind.NOT_BESIDE or not text):
        raise Refused("Say to which entry; only a condition may name somebody else, in a note.")
    if len(text) > LONGEST_NOTE:
        raise Refused(f"A note has at most {LONGEST_NOTE} characters.")
    if other is not None and relations.with_kind(session, signatory, kind, other) is not None:
        raise Refused("That is written down already.")
    now = clock()
    relation = Relation(signatory=signatory, other=other, kind=kind, placed_by=actor, placed_at=now)
    relation.note = text or None
    session.add(relation)
    log.note(session, now, actor=actor, action="related", about=signatory, reason=_reason(relation))
    return relation


def end(session: Session, reference: str, kind: RelationKind, to: str | None, clock: Clock, *, actor: str) -> Relation:
    """It does not hold any more."""
    signatory, other = signatories.entry(session, reference), signatories.entry(session, to) if to else None
    relation = relations.with_kind(session, signatory, kind, other)
    if relation is None:
        raise Refused("That is not written down.")
    now = clock()
    relation.end(now, by=actor)
    log.note(session, now, actor=actor, action="unrelated", about=signatory, reason=_reason(relation))
    return relation


def _reason(relation: Relation) -> str:
    return f"{relation.kind} {relation.other.reference}" if relation.other is not None else str(relation.kind)
