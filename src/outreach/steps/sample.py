"""Sends a coordinator one invitation in each language, to look at in their own mail program before anybody gets it.

At once and beside the outbox: nobody is invited by it, and it is no harm if it comes twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from sqlalchemy.orm import Session

from outreach.conversation import finish
from outreach.errors import Refused
from outreach.letters import inviting
from outreach.letters.queue import Desk
from outreach.model import Prospect
from outreach.ports import Accepted, Clock, Deferred, Failed, InDoubt, MailSender, Outcome
from outreach.relay import Relay
from outreach.store import coordinators, prospects
from outreach.store.database import Database


def send(
    db: Database, desk: Desk, sender: Callable[[Relay], MailSender], clock: Clock, *, actor: str
) -> tuple[str, int]:
    """The address it went to, and how many. Raises Refused, ServerUnreachable or LoginRefused."""
    now = clock()
    with db.reading() as session:
        address = _own_address(session, desk, actor)
        listed = prospects.to_invite(session)
        if not listed:
            raise Refused("Nobody is left to be invited, so there is nothing to show. See: outreach mails preview")
        written = [
            inviting.sample(session, desk, _written_to_in(listed, language), language, address)
            for language in desk.settings.languages
        ]
    first = desk.settings.relays[0]
    with sender(first) as relay:
        for message_id, mail in written:
            sending = relay.send(
                sender=desk.settings.contact,
                recipient=address,
                message=desk.renderer.head(mail, now, first.name) + mail,
                message_id=message_id,
            )
            _require_taken(finish(sending))
    return address, len(written)


def _own_address(session: Session, desk: Desk, actor: str) -> str:
    """Where this coordinator writes from; who is alone in the team needs no word."""
    found = coordinators.with_name(session, actor)
    if found is not None and found.email:
        return found.email
    if len(desk.settings.team) == 1:
        return desk.settings.team[0]
    raise Refused(f'Nobody knows where {actor} reads mail: outreach coordinators address "{actor}" ADDRESS')


def _written_to_in(listed: Sequence[Prospect], language: str) -> Prospect:
    """The first that would get it in this language, else the first of all."""
    return next((row for row in listed if row.language == language), listed[0])


def _require_taken(outcome: Outcome) -> None:
    match outcome:
        case Accepted():
            return
        case Deferred(reply=reply) | Failed(reply=reply) | InDoubt(reply=reply):
            raise Refused(f"The relay did not take it: {reply}")
        case _:
            assert_never(outcome)
