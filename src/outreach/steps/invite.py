"""Invites prospects: only ever by a person's act, never by the worker. Writes mails, marks prospects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters import inviting
from outreach.letters.queue import Desk
from outreach.model import Prospect
from outreach.ports import Clock
from outreach.store import log, prospects, suppressions
from outreach.store.database import CHUNK, Database

#: What init writes where the statement's text is to be put.
PLACEHOLDER = re.compile(r"\bTODO\b|<!-- *replace")


@dataclass(frozen=True, slots=True)
class Plan:
    """What inviting would do: one group for each mail, and one full example."""

    groups: tuple[tuple[int, ...], ...]  #: ids of the prospects named in one mail
    suppressed: int
    example: bytes | None

    @property
    def mails(self) -> int:
        return len(self.groups)

    @property
    def organisations(self) -> int:
        return sum(len(group) for group in self.groups)


def plan(db: Database, desk: Desk, *, first: int | None = None) -> Plan:
    """Who would be invited now. Raises Refused while the statement is missing, or the day is over."""
    require_statement(desk)
    with db.reading() as session:
        rows = sorted(prospects.to_invite(session), key=lambda prospect: (prospect.email_hash or b"", prospect.id))
        groups, suppressed = [], 0
        for address_hash, members in groupby(rows, key=lambda prospect: prospect.email_hash or b""):
            together = list(members)
            if suppressions.scopes(session, address_hash):
                suppressed += len(together)
            else:
                groups.append(together)
        groups.sort(key=lambda group: group[0].id)
        groups = groups[:first]
        example = inviting.preview(session, desk, groups[0]) if groups else None
        return Plan(tuple(tuple(p.id for p in group) for group in groups), suppressed, example)


def run(db: Database, desk: Desk, planned: Plan, clock: Clock, *, actor: str) -> int:
    """Queue the planned invitations; how many mails. What has changed since the plan is left out."""
    if desk.settings.day.is_over(clock()):
        raise Refused("The day has passed: nobody is invited any more.")
    queued = 0
    for start in range(0, len(planned.groups), CHUNK):
        with db.writing() as session:
            for group in planned.groups[start : start + CHUNK]:
                queued += _invite(session, desk, group, clock, actor)
    return queued


def _invite(session: Session, desk: Desk, group: Sequence[int], clock: Clock, actor: str) -> bool:
    now = clock()
    together = [session.get_one(Prospect, id_) for id_ in group]
    if any(prospect.invited_at is not None or prospect.answered_at is not None for prospect in together):
        return False
    if inviting.invitation(session, desk, together, now) is None:
        return False
    for prospect in together:
        prospect.invite(now)
        log.note(session, now, actor=actor, action="invited", about=prospect)
    return True


def require_statement(desk: Desk) -> None:
    """Refuse while a language of the campaign has no statement, or only the placeholder."""
    for language in desk.settings.languages:
        text = desk.settings.text_of_statement(language)
        if text is None:
            raise Refused(f"The statement is missing in {language}: write statement/{language}.md first.")
        if not text or PLACEHOLDER.search(text):
            raise Refused(f"statement/{language}.md is still the placeholder: put the statement's text there first.")
