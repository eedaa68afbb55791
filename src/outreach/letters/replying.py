"""The letters that go back to whoever wrote, about nothing but their own: status, help, thanks, a person's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from outreach.dates import day_text
from outreach.letters.answering import entry_of, may_show, thread_of
from outreach.letters.queue import Desk, Order, language_of, queue
from outreach.letters.safety import is_unsafe_entry
from outreach.model import InboundMessage, OutboxMail, Revision, Signatory
from outreach.reading import names
from outreach.store import waves
from outreach.words import MailKind, Proof, RevisionStatus

#: More entries than that nobody reads in a mail.
MOST_ENTRIES: Final = 20


def status(
    session: Session, desk: Desk, message: InboundMessage, own: Sequence[Signatory], now: datetime
) -> OutboxMail | None:
    """Where the entries of this very address stand; to everybody else that there is none."""
    lines = [(one.standing or one.newest) for one in own if one.merged_into is None]
    shown = [line for line in lines if _may_tell(desk, line)][:MOST_ENTRIES]
    printed = waves.places(session, waves.last(session))
    entries = [
        {**entry_of(number, revision, desk.settings.languages), "state": state_of(revision, printed)}
        for number, revision in enumerate(shown, 1)
    ]
    return _to_sender(session, desk, MailKind.STATUS, message, now, entries=entries, revisions=shown)


def _may_tell(desk: Desk, line: Revision) -> bool:
    """Somebody else may have put words under this address: what nobody has proven or looked at is not mailed there."""
    safe = all(names.line_safe(str(printed)) for printed in line.printed_lines.values())
    return safe and (line.proof is not Proof.NONE or may_show(desk, line))


def help_(session: Session, desk: Desk, message: InboundMessage, now: datetime) -> OutboxMail | None:
    """What can be done by mail."""
    return _to_sender(session, desk, MailKind.HELP, message, now)


def thank_individual(session: Session, desk: Desk, message: InboundMessage, now: datetime) -> OutboxMail | None:
    """The list names organisations; whoever signs for themselves is thanked."""
    return _to_sender(session, desk, MailKind.INDIVIDUAL, message, now)


def known_already(
    session: Session, desk: Desk, message: InboundMessage, own: Sequence[Revision], now: datetime
) -> OutboxMail | None:
    """They signed again: it is with us already, as it was shown to them before."""
    entries = [entry_of(number, revision, desk.settings.languages) for number, revision in enumerate(own, 1)]
    return _to_sender(session, desk, MailKind.DUPLICATE, message, now, entries=entries, revisions=own)


def answer(session: Session, desk: Desk, message: InboundMessage, text: str, now: datetime) -> OutboxMail | None:
    """A coordinator's own answer to a question."""
    again = f":{now:%Y%m%d%H%M%S}"
    return _to_sender(session, desk, MailKind.ANSWER, message, now, again=again, message_text=text)


def state_of(revision: Revision, printed: Mapping[int, int]) -> str:
    """Where an entry stands, in the words that the template knows."""
    signatory = revision.signatory
    if signatory.open_holds and revision.status not in (RevisionStatus.WITHDRAWN, RevisionStatus.REJECTED):
        return "held"
    match revision.status:
        case RevisionStatus.APPROVED:
            return "printed" if signatory.id in printed else "approved"
        case RevisionStatus.UNCONFIRMED:
            return "asked" if revision.asked_at is not None else "waiting"
        case RevisionStatus.PENDING if revision.proof is Proof.NONE and revision.asked_at is not None:
            return "asked"
        case RevisionStatus.NEEDS_INFO | RevisionStatus.WITHDRAWN | RevisionStatus.REJECTED | RevisionStatus.EXPIRED:
            return str(revision.status)
        case _:
            return "waiting"


def _to_sender(
    session: Session,
    desk: Desk,
    kind: MailKind,
    message: InboundMessage,
    now: datetime,
    *,
    entries: Sequence[Mapping[str, object]] = (),
    revisions: Sequence[Revision] = (),
    message_text: str = "",
    again: str = "",
) -> OutboxMail | None:
    """A mail to the address that wrote, in the thread of what it wrote. A mail without sender gets none."""
    clues = message.reading.get("clues") or {}
    sender = clues.get("sender")
    if not sender:
        return None
    settings = desk.settings
    wanted = message.language if message.language not in (None, "und") else settings.languages[0]
    language = language_of(desk, kind, str(wanted))
    context: dict[str, object] = {
        "name": "",
        "greeting": "",
        "entries": list(entries),
        "several": len(entries) > 1,
        "asked_on": day_text(message.arrived_at.astimezone(settings.day.zone).date(), language),
        "message": message_text,
        "neutral": settings.safety.is_unsafe(country=None, address=sender)
        or any(is_unsafe_entry(desk, revision) for revision in revisions),
    }
    order = Order(
        kind=kind,
        cause=f"{kind}:{message.reference}{again}",
        recipient=sender,
        language=language,
        context=context,
        entries=revisions,
        thread=thread_of(message),
    )
    return queue(session, desk, order, now)
