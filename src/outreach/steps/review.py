"""The review: what a coordinator decides about one entry. Every decision has an actor, a time, a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from outreach.errors import IllegalMove, Refused
from outreach.letters import answering, telling
from outreach.letters.queue import Desk
from outreach.model import Decision, OutboxMail, Revision, Signatory
from outreach.model.decision import UNDO_FOR
from outreach.ports import Clock
from outreach.reading.lines import typed_line
from outreach.store import decisions, log, signatories
from outreach.store.database import CHUNK, Database
from outreach.store.decisions import deciding
from outreach.words import HoldKind, Lines, OutboxStatus, PrintedLine, Proof, RejectReason, RevisionStatus, Seen

#: How an entry under such a hold is called.
_IS: Final = {kind: "under embargo" if kind is HoldKind.EMBARGO else str(kind) for kind in HoldKind}
#: What they themselves ended is opened again by a mail of theirs, never by a coordinator's edit.
_ENDED_BY_THEM: Final = frozenset({RevisionStatus.WITHDRAWN, RevisionStatus.MERGED})


_STILL_HERE: Final = frozenset({OutboxStatus.QUEUED, OutboxStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Edited:
    """A coordinator's wording, and the asking about it; without one, why nobody was asked."""

    revision: Revision
    asking: OutboxMail | None
    why_not_asked: str | None


def under_review(signatory: Signatory) -> Revision:
    """The revision a decision is about: the newest proven one that waits, else the newest that waits."""
    revision = next(iter(signatory.waiting), None)
    if revision is None:
        raise Refused(f"{signatory.reference} waits for no decision: it is {signatory.newest.status}.")
    return revision


def approve(session: Session, reference: str, clock: Clock, *, actor: str) -> Revision:
    """Approve the line under review. Only what the organisation itself has answered for can be approved."""
    signatory = signatories.entry(session, reference)
    revision = under_review(signatory)
    if revision.status is RevisionStatus.UNCONFIRMED:
        raise Refused(f"{signatory.reference} is not confirmed: nobody has answered for it. Ask them: queue ask.")
    now = clock()
    with deciding(session, signatory, "approved", now, actor=actor):
        revision.answer()
        revision.approve(now, by=actor)
    log.note(session, now, actor=actor, action="approved", about=signatory, reason=_which(revision))
    return revision


def approvable(session: Session, list_hash: bytes) -> tuple[list[Revision], dict[str, str]]:
    """What was imported from one file and nothing speaks against; and the entries that are looked at alone, and why.

    Raises Refused when nothing of it waits.
    """
    waiting = [one for one in signatories.attested_in(session, list_hash) if one.status is not RevisionStatus.APPROVED]
    if not waiting:
        raise Refused("No entry that was imported from this very file waits for a decision.")
    left = {one.signatory.reference: reason for one in waiting if (reason := why_alone(one.signatory, one)) is not None}
    return [one for one in waiting if one.signatory.reference not in left], left


def approve_all(db: Database, references: Sequence[str], clock: Clock, *, actor: str) -> None:
    """Approve each of these; one that was decided meanwhile is refused, and with it the rest."""
    for start in range(0, len(references), CHUNK):
        with db.writing() as session:
            for reference in references[start : start + CHUNK]:
                approve(session, reference, clock, actor=actor)


def approve_together(session: Session, references: Sequence[str], clock: Clock, *, actor: str) -> None:
    """Approve each of these in one act; one that cannot be approved is refused, and with it the rest."""
    for reference in references:
        approve(session, reference, clock, actor=actor)
    log.note(
        session, clock(), actor=actor, action="approved together", about="queue", reason=f"{len(references)} entries"
    )


def why_alone(signatory: Signatory, revision: Revision | None = None) -> str | None:
    """Why an entry (and this revision of it) is decided alone, not with others; None where nothing speaks against."""
    waits = next(iter(signatory.waiting), None)
    if waits is None or waits.status is not RevisionStatus.PENDING or revision not in (None, waits):
        return "another line of it waits, or something was asked"
    if signatory.open_holds:
        return f"it is {', '.join(_IS[found.kind] for found in signatory.open_holds)}"
    return "; ".join((*waits.details.get("needs_human", ()), *waits.details.get("warnings", ()))) or None


def reject(
    session: Session, desk: Desk, reference: str, reason: RejectReason, clock: Clock, *, actor: str, tell: bool = True
) -> Revision:
    """Reject all that is open of an entry, with a reason from the fixed list. A line that prints already stays.

    They are told why, unless it was spam or not theirs; the mail leaves when this cannot be undone any more.
    """
    signatory = signatories.entry(session, reference)
    decided = under_review(signatory)
    now = clock()
    with deciding(session, signatory, "rejected", now, actor=actor) as decision:
        for revision in signatory.waiting:
            revision.reject(now, by=actor, reason=reason)
        mail = telling.rejected(session, desk, [decided], reason, now) if tell and not signatory.is_withheld else None
        if mail is not None:
            decision.tell(mail)
    log.note(session, now, actor=actor, action="rejected", about=signatory, reason=reason)
    return decided


def ask(
    session: Session, desk: Desk, reference: str, clock: Clock, *, actor: str, text: str | None = None
) -> OutboxMail:
    """Ask the organisation: whether the line is right, or the coordinator's own question."""
    signatory = signatories.entry(session, reference)
    revision = _askable(signatory)
    now = clock()
    if reason := _why_not_asked(desk, signatory, clock, is_question=text is not None):
        raise Refused(f"{signatory.reference} is not asked: {reason}.")
    with deciding(session, signatory, "asked", now, actor=actor) as decision:
        if text is not None:
            mail = answering.question(session, desk, revision, text, now)
        else:
            # A cause of its own each time: an asking that was taken back may be asked again.
            mail = answering.asking(session, desk, [revision], now, again=f":{now:%Y%m%d%H%M%S}")
        if mail is None:
            raise Refused(f"{signatory.reference} was asked just now.")
        decision.tell(mail)
        revision.need_info(now, by=actor)
    log.note(session, now, actor=actor, action="asked", about=signatory, reason=_which(revision))
    return mail


def edit(
    session: Session, desk: Desk, reference: str, changes: Mapping[str, PrintedLine], clock: Clock, *, actor: str
) -> Edited:
    """Change the line: a new revision, which the organisation is asked about. Nothing edited prints unseen.

    What they wrote themselves stays open until they have answered, so that no answer costs nothing.
    """
    signatory = signatories.entry(session, reference)
    before = signatory.newest
    if before.status in _ENDED_BY_THEM:
        raise Refused(f"{signatory.reference} is {before.status}: only a new mail of theirs opens it again.")
    if unknown := sorted(set(changes) - set(desk.settings.languages)):
        raise Refused(f"The campaign prints no line in {', '.join(unknown)}.")
    cleaned = {language: typed_line(line) for language, line in changes.items()}
    lines: Lines = {**before.printed_lines, **cleaned}
    if lines == before.printed_lines:
        raise Refused(f"That is the line of {signatory.reference} already.")
    now = clock()
    revision = signatory.revise(lines=lines, at=now, status=RevisionStatus.UNCONFIRMED, message_id=before.message_id)
    revision.details = _details(before, lines)
    session.flush()
    before.need_info(now, by=actor)
    signatories.remember_names(session, desk.keyring, signatory, cleaned)
    why_not = _why_not_asked(desk, signatory, clock)
    asking = None if why_not else answering.asking(session, desk, [revision], now)
    log.note(session, now, actor=actor, action="edited", about=signatory, reason=_which(revision))
    return Edited(revision, asking, why_not)


def hold(
    session: Session,
    reference: str,
    text: str,
    clock: Clock,
    *,
    actor: str,
    kind: HoldKind = HoldKind.WITHHELD,
    until: datetime | None = None,
) -> Signatory:
    """Keep an entry from print until it is lifted; an embargo ends by itself. All but an embargo stop machine mail."""
    signatory, now = signatories.entry(session, reference), clock()
    if any(found.kind is kind for found in signatory.open_holds):
        raise Refused(f"{signatory.reference} is {_IS[kind]} already.")
    if (until is not None) != (kind is HoldKind.EMBARGO):
        raise Refused("An embargo, and nothing else, ends at a time: say until when.")
    if until is not None and until <= now:
        raise Refused("That time has passed.")
    with deciding(session, signatory, "held", now, actor=actor):
        signatory.hold(kind, by=actor, at=now, reason=text, until=until)
    log.note(session, now, actor=actor, action="held", about=signatory, reason=kind)
    return signatory


def lift(session: Session, reference: str, kind: HoldKind, clock: Clock, *, actor: str) -> Signatory:
    """End a hold."""
    signatory = signatories.entry(session, reference)
    if all(found.kind is not kind for found in signatory.open_holds):
        raise Refused(f"{signatory.reference} is not {_IS[kind]}.")
    now = clock()
    with deciding(session, signatory, "lifted", now, actor=actor):
        signatory.lift(kind, by=actor, at=now)
    log.note(session, now, actor=actor, action="lifted", about=signatory, reason=kind)
    return signatory


def undo(session: Session, reference: str, clock: Clock, *, actor: str) -> Decision:
    """Take the last decision about an entry back, within ten minutes and as long as nothing has left the house."""
    signatory = signatories.entry(session, reference)
    decision, now = decisions.last(session, signatory), clock()
    if decision is None:
        raise Refused(f"There is no decision about {signatory.reference} to take back.")
    if now >= decision.undo_until and not decision.is_merger:
        raise Refused(f"{signatory.reference} was {decision.action} more than {UNDO_FOR.seconds // 60} minutes ago.")
    mail = decisions.mail_of(session, decision)
    if mail is not None and mail.status not in _STILL_HERE and not decision.is_merger:
        raise Refused(f"The {mail.kind} {mail.reference} about it is {mail.status} already.")
    if decisions.printed_since(session, decision):
        raise Refused(f"{signatory.reference} has been printed since it was {decision.action}.")
    try:
        decision.undo(now, by=actor)
    except IllegalMove:
        raise Refused(f"Something has happened to {signatory.reference} since it was {decision.action}.") from None
    if mail is not None and mail.status is OutboxStatus.QUEUED:
        mail.cancel(now, "the decision was taken back")
    log.note(session, now, actor=actor, action="undone", about=signatory, reason=decision.action)
    return decision


def _askable(signatory: Signatory) -> Revision:
    """What waits; else the approved line while it still lacks their own word."""
    standing = signatory.standing
    if not signatory.waiting and standing is not None:
        if standing.proof is Proof.NONE or standing.seen not in (Seen.CONFIRMED, Seen.ATTESTED):
            return standing
        raise Refused(f"{signatory.reference} is approved and confirmed: there is nothing to ask.")
    return under_review(signatory)


def _why_not_asked(desk: Desk, signatory: Signatory, clock: Clock, *, is_question: bool = False) -> str | None:
    """What would keep the mail from leaving: said now, not silently when it is due."""
    if not signatory.contact.get("email"):
        return "it has no address"
    if not is_question and signatory.is_silent:
        return f"it is {', '.join(_IS[found.kind] for found in signatory.open_holds)}; lift that first"
    if not is_question and desk.settings.day.is_over(clock()):
        return "the day has passed"
    return None


def _details(before: Revision, lines: Lines) -> dict[str, Any]:
    """What the review shows beside the line; a value that was changed was not read from the mail."""
    old = before.printed_lines
    changed = {
        f"names.{language}" for language in lines if language not in old or lines[language].name != old[language].name
    }
    for part in ("city", "country"):
        if any(
            language not in old or getattr(line, part) != getattr(old[language], part)
            for language, line in lines.items()
        ):
            changed.add(part)
    evidence: dict[str, Any] = before.details.get("evidence") or {}
    kept = {field: place for field, place in evidence.items() if field not in changed}
    details = {**before.details, "needs_human": [], "evidence": kept}
    if any(lines[language].country != line.country for language, line in old.items()):
        details.pop("country_code", None)  # the line says it now
    return details


def _which(revision: Revision) -> str:
    return f"revision {revision.number}"
