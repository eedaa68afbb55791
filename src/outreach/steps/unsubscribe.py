"""No more invitations, by the link of one of them: to the address that this mail went to, and to no other.

In a rehearsal that is the team's own address: nobody who tries the link out stops an organisation's mail.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from outreach.letters import links
from outreach.letters.links import Link
from outreach.model import OutboxMail
from outreach.ports import Clock
from outreach.sealing import Keyring
from outreach.store import log, suppressions
from outreach.words import SEQUENCE, SuppressionReason, SuppressionScope


def invitation_of(session: Session, keyring: Keyring, token: str) -> OutboxMail | None:
    """The invitation or reminder that this link stands in."""
    mail = links.mail_of(session, keyring, Link.STOP, token)
    return mail if mail is not None and mail.kind in SEQUENCE else None


def is_done(session: Session, mail: OutboxMail) -> bool:
    """Whether its address is not invited any more anyway."""
    return bool(suppressions.scopes(session, mail.recipient_hash))


def unsubscribe(session: Session, mail: OutboxMail, clock: Clock) -> None:
    """Invite its address no more. A second time changes nothing; what they have signed is not touched."""
    now = clock()
    scope, reason = SuppressionScope.INVITATIONS, SuppressionReason.UNSUBSCRIBED
    if suppressions.suppress(session, mail.recipient_hash, scope, reason, actor=log.MACHINE, at=now):
        log.note(session, now, actor=log.MACHINE, action="unsubscribed", about=mail, reason="by the link of this mail")
