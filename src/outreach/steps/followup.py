"""Step 3 of the flow: asks the unproven, reminds once, lets what nobody confirms expire. Writes mails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import DatabaseProblem
from outreach.letters import allowance, answering, inviting, telling
from outreach.letters.queue import Desk
from outreach.letters.safety import is_withheld
from outreach.model import InboundMessage, Prospect, Revision, Signatory
from outreach.ports import Clock
from outreach.store import log, prospects, signatories, suppressions, waves
from outreach.store.database import Database
from outreach.words import HoldKind, Report, RevisionStatus, SuppressionScope

#: No reminder sooner than this after the invitation, however near the deadline is.
LEAST_BEFORE_REMINDER: Final = timedelta(hours=12)
LEAST_BEFORE_ASKING_AGAIN: Final = timedelta(hours=6)
#: A line is not asked about again within this time, whatever else is asked at its address.
ASKED_LATELY: Final = timedelta(hours=24)
MOST_IN_ONE_MAIL: Final = 20


@dataclass(frozen=True, slots=True)
class Done:
    """How many groups a part of the step did, and which ones could not be done."""

    count: int
    failed: tuple[Sequence[int], ...]


def run(db: Database, desk: Desk, clock: Clock) -> Report:
    """One pass over all that is outstanding."""
    now = clock()
    parts: dict[str, Done] = {}
    if not desk.settings.day.is_closed(now):
        parts["asked"] = _ask(db, desk, now)
        parts["asked again"] = _ask_again(db, desk, now)
        parts["called"] = _call_last(db, desk, now)
        parts["reminded"] = _remind(db, desk, now)
    parts["told online"] = _announce(db, desk, now)
    parts["expired"] = _expire(db, desk, now)
    parts["embargoes ended"] = _end_embargoes(db, now)
    failed = sum(len(done.failed) for done in parts.values())
    attention = (f"{failed} mail(s) could not be written: look at the entries in the queue.",) if failed else ()
    return Report("followup", {word: done.count for word, done in parts.items() if done.count}, attention)


def _ask(db: Database, desk: Desk, now: datetime) -> Done:
    """Ask each address, in one mail, about all its lines that were never asked about."""
    with db.reading() as session:
        groups = _by_address(session, signatories.ids_to_ask(session))
    done = _each(db, groups, partial(_ask_one, desk, now))
    for group in done.failed:
        with db.writing() as session:
            for id_ in group:
                _leave_to_a_person(session.get_one(Revision, id_))
    return done


def _leave_to_a_person(revision: Revision) -> None:
    """Not tried again by machine: a person must find out why, or call them."""
    details = revision.details
    revision.details = {**details, "needs_human": [*details.get("needs_human", ()), "cannot be asked by mail"]}


def _ask_again(db: Database, desk: Desk, now: datetime) -> Done:
    """One reminder of an asking, sooner near the deadline."""
    wait = max(desk.settings.day.soon(desk.settings.asking.remind_after, now), LEAST_BEFORE_ASKING_AGAIN)
    with db.reading() as session:
        groups = _by_address(session, signatories.ids_to_ask_again(session, now - wait, now))
    return _each(db, groups, partial(_ask_one, desk, now, again=True))


def _ask_one(desk: Desk, now: datetime, session: Session, ids: Sequence[int], *, again: bool = False) -> bool:
    revisions = [session.get_one(Revision, id_) for id_ in ids]
    revisions = [
        revision
        for revision in revisions
        if not revision.signatory.is_silent and (again or may_ask(session, desk, revision))
    ]
    address = revisions[0].signatory.contact.get("email") if revisions else None
    if not address or not _may_write(session, desk, address, now):
        return False
    revisions = _with_others(session, desk, revisions, now)
    mail = answering.asking(session, desk, revisions, now, reminder_of_asking=again)
    for revision in revisions:
        log.note(session, now, actor=log.MACHINE, action="asked", about=revision.signatory)
    return mail is not None


def _with_others(session: Session, desk: Desk, revisions: list[Revision], now: datetime) -> list[Revision]:
    """One mail lists all that is open under the address, but what it was asked about within a day."""
    contact_hash = revisions[0].signatory.contact_hash
    found = (
        signatories.to_ask_beside(session, contact_hash, now - desk.settings.day.soon(ASKED_LATELY, now))
        if contact_hash
        else ()
    )
    others = [one for one in found if one not in revisions and may_ask(session, desk, one)]
    return sorted([*revisions, *others], key=lambda revision: revision.id)[:MOST_IN_ONE_MAIL]


def may_ask(session: Session, desk: Desk, revision: Revision) -> bool:
    """Whether the machine may ask by itself: the line may be shown, and a person wrote to us.

    Nobody is asked again about a name, or under an address, of which was said "not us": a person looks first.
    """
    if not answering.may_show(desk, revision) or revision.signatory.is_silent:
        return False
    if signatories.was_disowned(session, desk.keyring, revision.signatory):
        return False
    message = session.get(InboundMessage, revision.message_id) if revision.message_id else None
    return message is None or bool((message.reading.get("clues") or {}).get("may_be_answered", True))


def _may_write(session: Session, desk: Desk, address: str, now: datetime) -> bool:
    hash_ = desk.keyring.address_hash(address)
    if SuppressionScope.EVERYTHING in suppressions.scopes(session, hash_):
        return False
    return allowance.is_left(session, desk, address, now)


def _remind(db: Database, desk: Desk, now: datetime) -> Done:
    """One reminder to those who were invited and have not answered."""
    wait = max(desk.settings.day.soon(desk.settings.remind_after, now), LEAST_BEFORE_REMINDER)
    with db.reading() as session:
        groups = _by_prospects_address(session, prospects.ids_to_remind(session, now - wait, now))
    return _each(db, groups, partial(_remind_one, desk, now))


def _call_last(db: Database, desk: Desk, now: datetime) -> Done:
    """One last call to those who still have not answered when the list is about to close; off by default."""
    closes = desk.settings.day.closes
    if closes is None or now < closes - desk.settings.last_call:
        return Done(0, ())
    with db.reading() as session:
        ids = prospects.ids_to_call_last(session, now - LEAST_BEFORE_REMINDER, now)
        groups = _by_prospects_address(session, ids)
    return _each(db, groups, partial(_remind_one, desk, now, last=True))


def _by_prospects_address(session: Session, ids: Iterable[int]) -> list[list[int]]:
    groups: defaultdict[bytes, list[int]] = defaultdict(list)
    for id_ in ids:
        groups[session.get_one(Prospect, id_).email_hash or b""].append(id_)
    return list(groups.values())


def _remind_one(desk: Desk, now: datetime, session: Session, ids: Sequence[int], *, last: bool = False) -> bool:
    together = [session.get_one(Prospect, id_) for id_ in ids]
    if any(is_withheld(desk, prospect) for prospect in together):
        return False
    if suppressions.scopes(session, together[0].email_hash or b""):
        return False
    if (inviting.last_call if last else inviting.reminder)(session, desk, together, now) is None:
        return False
    for prospect in together:
        (prospect.call_last if last else prospect.remind)(now)
        log.note(session, now, actor=log.MACHINE, action="called" if last else "reminded", about=prospect)
    return True


def _announce(db: Database, desk: Desk, now: datetime) -> Done:
    """Tell each signatory, once, that its line is in the published list; this goes on after the day."""
    with db.reading() as session:
        groups = _by_address(session, waves.ids_to_announce(session))
    return _each(db, groups, partial(_announce_one, desk, now))


def _announce_one(desk: Desk, now: datetime, session: Session, ids: Sequence[int]) -> bool:
    revisions = [session.get_one(Revision, id_) for id_ in ids]
    revisions = [revision for revision in revisions if telling.why_not_online(revision) is None]
    address = revisions[0].signatory.contact.get("email") if revisions else None
    if not address or not _may_write(session, desk, address, now):
        return False
    if telling.online(session, desk, revisions, now) is None:
        return False
    for revision in revisions:
        revision.signatory.announce(now)
        log.note(session, now, actor=log.MACHINE, action="told online", about=revision.signatory)
    return True


def _expire(db: Database, desk: Desk, now: datetime) -> Done:
    """Nobody said yes for so long: the entry is closed; a new mail of theirs opens a new revision."""
    with db.reading() as session:
        ids = signatories.ids_to_expire(session, now - desk.settings.asking.expire_after)
        if desk.settings.day.is_closed(now):
            waiting = signatories.queue(session, [RevisionStatus.UNCONFIRMED], limit=10_000)
            ids = sorted({*ids, *(revision.id for revision in waiting if revision.asked_at is not None)})
    return _each(db, [[id_] for id_ in ids], partial(_expire_one, now))


def _expire_one(now: datetime, session: Session, ids: Sequence[int]) -> bool:
    revision = session.get_one(Revision, ids[0])
    if revision.status is not RevisionStatus.UNCONFIRMED:
        return False
    revision.expire(now)
    log.note(session, now, actor=log.MACHINE, action="expired", about=revision.signatory)
    return True


def _end_embargoes(db: Database, now: datetime) -> Done:
    """The hour has come from which an entry may be printed."""
    with db.reading() as session:
        ids = signatories.ids_with_embargo_over(session, now)
    return _each(db, [[id_] for id_ in ids], partial(_end_embargo, now))


def _end_embargo(now: datetime, session: Session, ids: Sequence[int]) -> bool:
    signatory = session.get_one(Signatory, ids[0])
    signatory.lift(HoldKind.EMBARGO, by=log.MACHINE, at=now)
    log.note(session, now, actor=log.MACHINE, action="lifted", about=signatory, reason=HoldKind.EMBARGO)
    return True


def _by_address(session: Session, revision_ids: Iterable[int]) -> list[list[int]]:
    groups: defaultdict[bytes, list[int]] = defaultdict(list)
    for id_ in revision_ids:
        contact_hash = session.get_one(Revision, id_).signatory.contact_hash
        if contact_hash is not None:
            groups[contact_hash].append(id_)
    return list(groups.values())


def _each(db: Database, groups: Iterable[Sequence[int]], work: Callable[[Session, Sequence[int]], bool]) -> Done:
    """Each group in a transaction of its own: a mail and its cause stand or fall together.

    A mail that cannot be written (an address no envelope takes, a broken template) never stops the others.
    """
    done, failed = 0, []
    for group in groups:
        if db.is_closing:
            break
        try:
            with db.writing() as session:
                done += work(session, group)
        except DatabaseProblem:
            raise
        except Exception:  # noqa: BLE001 - the boundary of a step: one bad item must not stop the rest
            failed.append(group)
    return Done(done, tuple(failed))
