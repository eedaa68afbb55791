"""Whom a coordinator should call, and why: whoever the mails of the program do not reach, or not any more.

Near the deadline a mail may be read too late, so then everybody is listed of whom an answer is still awaited.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from outreach.model import Prospect, Signatory
from outreach.settings import Settings
from outreach.store import calling, prospects
from outreach.store.paging import Page


class Why(StrEnum):
    """Why somebody should be called."""

    NO_ADDRESS = "no_address"  #: on the list with a telephone number only
    NO_ANSWER = "no_answer"  #: invited and reminded in vain, or the invitation came back
    NOT_CONFIRMED = "not_confirmed"  #: signed, asked and reminded in vain
    COUNTERSIGN = "countersign"  #: nobody is called: a second coordinator has to look


def listed(
    session: Session, settings: Settings, why: Why, now: datetime, *, after: int, limit: int
) -> Page[Prospect] | Page[Signatory]:
    """Those to be called for one reason, by rising id."""
    everybody = settings.day.is_near(now)
    match why:
        case Why.NO_ADDRESS:
            return prospects.listed(session, to_call=True, after=after, limit=limit)
        case Why.NO_ANSWER:
            return calling.unanswered(session, now, everybody=everybody, after=after, limit=limit)
        case Why.NOT_CONFIRMED:
            return calling.unconfirmed(session, everybody=everybody, after=after, limit=limit)
        case Why.COUNTERSIGN:
            return calling.to_countersign(session, after=after, limit=limit)
