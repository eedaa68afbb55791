"""Which mails may leave by which relay. Used by dispatch's claims; the mark writes down which one was chosen."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from outreach.model import OutboxMail
from outreach.model.outbox import WAITING


def by(relay: str, *, takes_new: bool, usable: Collection[str]) -> ColumnElement[bool]:
    """The condition of a claim that a mail may leave by a relay.

    Its own are those that it was given before. The one relay that ``takes_new`` gets all that none was given yet, and
    what began with another that is not ``usable`` now; but never what was in doubt, for the other may have sent it.
    """
    own = OutboxMail.relay == relay
    if not takes_new:
        return own
    stranded = OutboxMail.relay.not_in(set(usable) | {relay}) & OutboxMail.was_in_doubt.is_(False)
    return or_(OutboxMail.relay.is_(None), own, stranded)


def stranded(session: Session, relays: Collection[str]) -> dict[str, int]:
    """How many mails that were in doubt wait for a relay that the settings do not have any more, by its name."""
    query = (
        select(OutboxMail.relay, func.count().label("mails"))
        .where(WAITING, OutboxMail.was_in_doubt, OutboxMail.relay.is_not(None), OutboxMail.relay.not_in(relays))
        .group_by(OutboxMail.relay)
    )
    return {str(row.relay): row.mails for row in session.execute(query)}
