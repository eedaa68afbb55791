"""The review: what a coordinator decides about one entry. Every decision has an actor, a time, a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters import answering
from outreach.letters.queue import Desk
from outreach.model import NameKey, OutboxMail, Revision, Signatory
from outreach.ports import Clock
from outreach.reading import names
from outreach.store import log, prospects, signatories
from outreach.words import HoldKind, Lines, PrintedLine, Proof, RejectReason, RevisionStatus

_WAITING = (RevisionStatus.PENDING, RevisionStatus.NEEDS_INFO, RevisionStatus.UNCONFIRMED)


def entry(session: Session, reference: str) -> Signatory:
    """The signatory with this reference. Raises Refused."""
    signatory = signatories.with_reference(session, reference)
    if signatory is None:
        raise Refused(f"There is no entry {names.display(reference)[:20]}.")
    return signatory


def under_review(signatory: Signatory) -> Revision:
    """The revision a decision is about: the newest proven one that waits, else the newest that waits."""
    waiting = [revision for revision in signatory.revisions if revision.status in _WAITING]
    if not waiting:
        raise Refused(f"{signatory.reference} waits for no decision: it is {signatory.newest.status}.")
    proven = [revision for revision in waiting if revision.status is not RevisionStatus.UNCONFIRMED]
    return (proven or waiting)[-1]


def approve(session: Session, reference: str, clock: Clock, *, actor: str) -> Revision:
    """Approve the line under review. Only what the organisation itself has answered for can be approved."""
    signatory = entry(session, reference)
    revision = under_review(signatory)
    if revision.status is RevisionStatus.UNCONFIRMED:
        raise Refused(f"{signatory.reference} is not confirmed: nobody has answered for it. Ask them: queue ask.")
    revision.answer()
    revision.approve(clock(), by=actor)
    log.note(session, clock(), actor=actor, action="approved", about=signatory)
    return revision


def reject(session: Session, reference: str, reason: RejectReason, clock: Clock, *, actor: str) -> Revision:
    """Reject the line under review, with a reason from the fixed list."""
    signatory = entry(session, reference)
    revision = under_review(signatory)
    revision.reject(clock(), by=actor, reason=reason)
    log.note(session, clock(), actor=actor, action="rejected", about=signatory, reason=reason)
    return revision


def ask(
    session: Session, desk: Desk, reference: str, clock: Clock, *, actor: str, text: str | None = None
) -> OutboxMail:
    """Ask the organisation: whether the line is right, or the coordinator's own question."""
    signatory = entry(session, reference)
    revision = under_review(signatory)
    now = clock()
    if text is not None:
        mail = answering.question(session, desk, revision, text, now)
    else:
        again = f":{now:%Y%m%d%H%M%S}" if revision.asked_at is not None else ""
        mail = answering.asking(session, desk, [revision], now, again=again)
    if mail is None:
        raise Refused(f"{signatory.reference} has no address to ask, or was asked just now.")
    revision.need_info(now, by=actor)
    log.note(session, now, actor=actor, action="asked", about=signatory)
    return mail


def edit(
    session: Session,
    desk: Desk,
    reference: str,
    changes: Mapping[str, PrintedLine],
    clock: Clock,
    *,
    actor: str,
) -> Revision:
    """Change the line: a new revision, which the organisation is asked about. Nothing edited prints unseen."""
    signatory = entry(session, reference)
    before = signatory.newest
    lines: Lines = {**before.printed_lines, **changes}
    unknown = sorted(set(changes) - set(desk.settings.languages))
    if unknown:
        raise Refused(f"The campaign prints no line in {', '.join(unknown)}.")
    if lines == before.printed_lines:
        raise Refused(f"That is the line of {signatory.reference} already.")
    now = clock()
    revision = signatory.revise(
        lines={language: _clean(line) for language, line in lines.items()},
        at=now,
        status=RevisionStatus.UNCONFIRMED,
        message_id=before.message_id,
    )
    revision.details = {**before.details, "needs_human": []}
    session.flush()
    revision.supersede(now)
    for key in prospects.name_keys(desk.keyring, [line.name for line in lines.values()]):
        session.add(NameKey(key_hash=key, signatory_id=signatory.id))
    answering.asking(session, desk, [revision], now)
    log.note(session, now, actor=actor, action="edited", about=signatory)
    return revision


def lift(session: Session, reference: str, hold: HoldKind, clock: Clock, *, actor: str) -> None:
    """End a hold."""
    signatory = entry(session, reference)
    if all(found.kind is not hold for found in signatory.open_holds):
        raise Refused(f"{signatory.reference} is not {hold}.")
    signatory.lift(hold, by=actor, at=clock())
    log.note(session, clock(), actor=actor, action="lifted", about=signatory, reason=hold)


def lacks(revision: Revision) -> Sequence[str]:
    """What this line still lacks to be printed, as far as a coordinator can see at once."""
    missing = [] if revision.proof is not Proof.NONE else ["proof"]
    if revision.status is not RevisionStatus.APPROVED:
        missing.append("approval")
    return [*missing, *(f"hold: {hold.kind}" for hold in revision.signatory.open_holds)]


def _clean(line: PrintedLine) -> PrintedLine:
    return replace(
        line,
        name=names.display(line.name),
        city=names.display(line.city) if line.city else None,
        country=names.display(line.country) if line.country else None,
    )
