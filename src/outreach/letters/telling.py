"""The letters that tell what became of a line, or that somebody else speaks for an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.letters.answering import about_lines
from outreach.letters.queue import Desk, Thread, set_of
from outreach.model import InboundMessage, OutboxMail, Revision
from outreach.reading import names
from outreach.words import MailKind, RejectReason, RevisionStatus

#: Whoever sent these is told nothing: they are no signature of anybody who reads there.
NOT_TOLD = frozenset({RejectReason.SPAM, RejectReason.NOT_US})


def online(session: Session, desk: Desk, revisions: Sequence[Revision], now: datetime) -> OutboxMail | None:
    """Say, once for each signatory, that its line is in the published list."""
    signatories = [revision.signatory for revision in revisions]
    return about_lines(session, desk, MailKind.ONLINE, revisions, now, cause=f"online:{set_of(signatories)}")


def why_not_online(revision: Revision) -> str | None:
    """Why the mail about a line in the published list would not be true any more, or must not be written."""
    if revision.status is not RevisionStatus.APPROVED:
        return "the line has been taken off or replaced"
    return "the entry is held" if revision.signatory.is_silent else None


def rejected(
    session: Session, desk: Desk, revisions: Sequence[Revision], reason: RejectReason, now: datetime
) -> OutboxMail | None:
    """Say that an entry is not taken, and why, so that they can put it right; of a duplicate, that it is one."""
    if reason in NOT_TOLD:
        return None
    if reason is RejectReason.DUPLICATE:
        return duplicate(session, desk, revisions, now)
    cause = f"rejected:{set_of(revisions)}:{now:%Y%m%d%H%M%S}"
    return about_lines(session, desk, MailKind.REJECTED, revisions, now, cause=cause, reason=str(reason))


def duplicate(session: Session, desk: Desk, revisions: Sequence[Revision], now: datetime) -> OutboxMail | None:
    """Say that the organisation is with us already. Other people's entries are not shown."""
    cause = f"duplicate:{set_of(revisions)}:{now:%Y%m%d%H%M%S}"
    return about_lines(session, desk, MailKind.DUPLICATE, revisions, now, cause=cause, entries=[])


def other_mailbox(
    session: Session, desk: Desk, message: InboundMessage, revisions: Sequence[Revision], invited: str, now: datetime
) -> OutboxMail | None:
    """Tell the invited address, once, that another mailbox of its organisation has answered."""
    signatories = [revision.signatory for revision in revisions]
    return about_lines(
        session,
        desk,
        MailKind.OTHER_MAILBOX,
        revisions,
        now,
        cause=f"other_mailbox:{desk.keyring.address_hash(invited).hex()[:32]}:{set_of(signatories)}",
        thread=Thread(),
        to=invited,
        masked=masked((message.reading.get("clues") or {}).get("sender") or ""),
    )


def new_contact(
    session: Session, desk: Desk, message: InboundMessage, revision: Revision, proposed: str, person: str, now: datetime
) -> OutboxMail | None:
    """Ask the contact on file whether somebody else is to be written to from now on."""
    return about_lines(
        session,
        desk,
        MailKind.NEW_CONTACT,
        [revision],
        now,
        cause=f"new_contact:{message.reference}:{revision.ref}",
        thread=Thread(),
        person=person if person and names.line_safe(person) else "",
        masked=masked(proposed),
    )


def masked(address: str) -> str:
    """An address as it may stand in a mail to somebody else: "r…@refugees.example"."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if local and domain else "…"
