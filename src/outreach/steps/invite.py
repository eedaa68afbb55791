"""Invites prospects: only ever by a person's act, never by the worker. Writes mails, marks prospects."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import Refused, TemplateProblem
from outreach.letters import inviting
from outreach.letters.queue import Desk
from outreach.letters.safety import is_withheld
from outreach.model import Prospect
from outreach.model.revision import OPEN_STATUSES
from outreach.ports import Clock
from outreach.store import log, pauses, prospects, signatories, suppressions
from outreach.store.database import Database
from outreach.words import ProspectStatus, RejectReason, RevisionStatus

#: Mails of one transaction: the database makes each of them last before the next begins.
_BATCH: Final = 250
#: What init writes where the statement's text is to be put.
PLACEHOLDER = re.compile(r"\bTODO\b|<!-- *(?i:replace)")


@dataclass(frozen=True, slots=True)
class Plan:
    """What inviting would do: one group for each mail, and one full example."""

    groups: tuple[tuple[int, ...], ...]  #: ids of the prospects named in one mail
    suppressed: int  #: organisations left out because their address is not to be written
    answered: int  #: organisations left out because somebody has answered from their address
    paused: int  #: organisations left out because they are paused, or were written to by hand
    withheld: int  #: organisations left out because their place is unsafe and nobody has released them
    example: bytes | None

    @property
    def mails(self) -> int:
        return len(self.groups)

    @property
    def organisations(self) -> int:
        return sum(len(group) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Invited:
    """What was queued, and whom it could not be written to: (reference of a prospect, why)."""

    mails: int
    organisations: int
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Barred:
    """Addresses that are not to be invited."""

    suppressed: set[bytes]
    answered: set[bytes]
    paused: set[bytes]

    def may_write(self, address: bytes | None) -> bool:
        return address is not None and not any(address in one for one in (self.suppressed, self.answered, self.paused))


def plan(db: Database, desk: Desk, clock: Clock, *, first: int | None = None) -> Plan:
    """Who would be invited now, in at most ``first`` mails. Raises Refused while the statement is missing."""
    require_statement(desk)
    with db.reading() as session:
        rows = prospects.ids_to_invite(session)
        groups: list[tuple[int, ...]] = []
        suppressed = answered = paused = withheld = 0
        barred = _barred(session, {address_hash for address_hash, _ in rows}, clock())
        held = _withheld(session, desk, [id_ for _, id_ in rows])
        for address_hash, members in groupby(rows, key=itemgetter(0)):
            together = tuple(id_ for _, id_ in members)
            if not held.isdisjoint(together):
                withheld += len(together)
            elif address_hash in barred.suppressed:
                suppressed += len(together)
            elif address_hash in barred.answered:
                answered += len(together)
            elif address_hash in barred.paused:
                paused += len(together)
            else:
                groups.append(together)
        groups.sort()
        groups = groups[:first]
        example = None
        if groups:
            example = inviting.preview(session, desk, [session.get_one(Prospect, id_) for id_ in groups[0]])
        return Plan(tuple(groups), suppressed, answered, paused, withheld, example)


def run(db: Database, desk: Desk, planned: Plan, clock: Clock, *, actor: str) -> Invited:
    """Queue the planned invitations. What has changed since the plan is left out; what cannot be written is named."""
    require_day(desk, clock)
    queued: list[int] = []
    failed: list[tuple[str, str]] = []
    for start in range(0, len(planned.groups), _BATCH):
        chunk = planned.groups[start : start + _BATCH]
        try:
            with db.writing() as session:
                done = _invite(session, desk, chunk, clock, actor)
        except (Refused, TemplateProblem):
            done = [_invite_alone(db, desk, group, clock, actor, failed) for group in chunk]
        queued += [len(group) for group, is_done in zip(chunk, done, strict=True) if is_done]
    return Invited(len(queued), sum(queued), tuple(failed))


def _invite_alone(
    db: Database, desk: Desk, group: Sequence[int], clock: Clock, actor: str, failed: list[tuple[str, str]]
) -> bool:
    try:
        with db.writing() as session:
            return _invite(session, desk, [group], clock, actor)[0]
    except (Refused, TemplateProblem) as problem:
        with db.reading() as session:
            failed += [(session.get_one(Prospect, id_).reference, str(problem)) for id_ in group]
        return False


def _invite(session: Session, desk: Desk, groups: Sequence[Sequence[int]], clock: Clock, actor: str) -> list[bool]:
    """One mail for each group; False when one of them was invited or answered meanwhile, or is not to be written."""
    now = clock()
    rows = prospects.with_ids(session, {id_ for group in groups for id_ in group})
    together = [[rows[id_] for id_ in group] for group in groups]
    barred = _barred(session, {group[0].email_hash or b"" for group in together}, now)
    fit = [
        all(row.status is ProspectStatus.LISTED for row in group) and barred.may_write(group[0].email_hash)
        for group in together
    ]
    chosen = [group for group, is_fit in zip(together, fit, strict=True) if is_fit]
    written = iter(inviting.invitations(session, desk, chosen, now))
    done = [is_fit and next(written) for is_fit in fit]
    invited = [row for group, is_done in zip(together, done, strict=True) if is_done for row in group]
    prospects.invite_all(session, invited, now)
    log.note_all(session, now, actor=actor, action="invited", about=invited)
    return done


def _withheld(session: Session, desk: Desk, ids: Sequence[int]) -> set[int]:
    """Whom nobody has released though their place is unsafe; nobody is looked at where the settings name no place."""
    if not desk.settings.safety.names_any:
        return set()
    parts = (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
    return {id_ for part in parts for id_, row in prospects.with_ids(session, part).items() if is_withheld(desk, row)}


def _barred(session: Session, addresses: Collection[bytes], now: datetime) -> _Barred:
    barred = _Barred(set(), set(), set())
    ordered = sorted(addresses)
    for start in range(0, len(ordered), _BATCH):
        some = ordered[start : start + _BATCH]
        barred.suppressed.update(suppressions.scopes_by_address(session, some))
        barred.answered.update(prospects.answered_among(session, some))
        barred.paused.update(pauses.by_address(session, some, now))
    return barred


def plan_again(db: Database, desk: Desk, reference: str, clock: Clock) -> bytes:
    """The second invitation as it would be sent. Raises Refused where there is to be none."""
    require_day(desk, clock)
    require_statement(desk)
    with db.reading() as session:
        return inviting.preview(session, desk, [_whose_sequence_ended(session, desk, reference, clock())])


def run_again(db: Database, desk: Desk, reference: str, reason: str, clock: Clock, *, actor: str) -> None:
    """Queue a second invitation to an organisation whose sequence has ended. The reason is kept beside it, sealed."""
    require_day(desk, clock)
    now = clock()
    with db.writing() as session:
        prospect = _whose_sequence_ended(session, desk, reference, now)
        prospects.note(prospect, f"invited again: {reason}", now, actor=actor)
        if inviting.invitation_again(session, desk, prospect, now) is None:
            raise Refused(f"{prospect.reference} was invited again just now.")
        prospect.invite_again(now)
        log.note(session, now, actor=actor, action="invited again", about=prospect)


def _whose_sequence_ended(session: Session, desk: Desk, reference: str, now: datetime) -> Prospect:
    prospect = prospects.with_reference(session, reference)
    if prospect is None:
        raise Refused(f"There is no prospect {reference[:20]}.")
    if (reason := _why_not_again(session, desk, prospect, now)) is not None:
        raise Refused(f"{prospect.reference} is not invited again: {reason}.")
    return prospect


def _why_not_again(session: Session, desk: Desk, prospect: Prospect, now: datetime) -> str | None:
    """What they themselves decided is never overridden, and nobody gets two invitations at a time."""
    address_hash = prospect.email_hash
    if address_hash is None:
        return "it has no address"
    if prospect.status is ProspectStatus.LISTED:
        return "it was never invited: outreach invite"
    if prospect.status is ProspectStatus.DECLINED:
        return "it has declined"
    if suppressions.scopes(session, address_hash):
        return "its address is not to be written"
    if is_withheld(desk, prospect):
        return "its place is unsafe: outreach prospects release"
    if pauses.current(session, address_hash, now):
        return "it is paused, or was written to by hand: outreach prospects resume"
    wait = desk.settings.day.soon(desk.settings.remind_after, now)
    is_new = prospect.invited_at is not None and now < prospect.invited_at + wait
    if is_new or (prospect.status is ProspectStatus.INVITED and prospect.reminded_at is None):
        return "its sequence has not ended yet"
    return _what_they_signed(session, prospect, address_hash)


def _what_they_signed(session: Session, prospect: Prospect, address_hash: bytes) -> str | None:
    for entry in (*signatories.of_prospects(session, [prospect.id]), *signatories.with_contact(session, address_hash)):
        newest = entry.newest
        if entry.standing is not None or newest.status in OPEN_STATUSES:
            return f"its entry {entry.reference} is {(entry.standing or newest).status}"
        if newest.status is RevisionStatus.WITHDRAWN or newest.reject_reason is RejectReason.NOT_US:
            return f"they have ended its entry {entry.reference} themselves"
    return None


def require_day(desk: Desk, clock: Clock) -> None:
    """Refuse once the day, or the deadline before it, has passed."""
    day, now = desk.settings.day, clock()
    if day.is_over(now):
        raise Refused("The day has passed: nobody is invited any more.")
    if day.is_closed(now):
        raise Refused("The deadline has passed: nobody is invited any more. Is day.deadline right?")


def require_statement(desk: Desk) -> None:
    """Refuse while a language of the campaign has no statement, or only the placeholder."""
    for language in desk.settings.languages:
        text = desk.settings.text_of_statement(language)
        if text is None:
            raise Refused(f"The statement is missing in {language}: write statement/{language}.md first.")
        if not text or PLACEHOLDER.search(text):
            raise Refused(f"statement/{language}.md is still the placeholder: put the statement's text there first.")
