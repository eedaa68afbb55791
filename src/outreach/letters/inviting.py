"""The letters of the sequence: an invitation, then a reminder and a last call in its thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters.queue import Desk, Order, Thread, common, language_of, new_message_id, queue, queue_all, set_of
from outreach.letters.safety import is_unsafe_prospect
from outreach.model import OutboxMail, Prospect
from outreach.ports import Letter
from outreach.store import coordinators, outbox, waves
from outreach.words import MailKind


def invitation(session: Session, desk: Desk, prospects: Sequence[Prospect], now: datetime) -> OutboxMail | None:
    """Invite all organisations reached under one address, in one mail that names them."""
    return queue(session, desk, _order(session, desk, prospects, _shared(session, desk, prospects[0].language)), now)


def invitations(session: Session, desk: Desk, groups: Sequence[Sequence[Prospect]], now: datetime) -> list[bool]:
    """The invitation of each group, all at once; False where it was written before.

    What all mails of a language say alike is worked out once.
    """
    shared = {language: _shared(session, desk, language) for language in {group[0].language for group in groups}}
    orders = [_order(session, desk, group, shared[group[0].language]) for group in groups]
    return [mail_id is not None for mail_id in queue_all(session, desk, orders, now)]


def _order(session: Session, desk: Desk, prospects: Sequence[Prospect], shared: Mapping[str, object]) -> Order:
    first = prospects[0]
    return Order(
        kind=MailKind.INVITATION,
        cause=f"invitation:{set_of(prospects)}",
        recipient=_address(first),
        language=first.language,
        context=_own(session, desk, prospects),
        shared=shared,
        prospects=prospects,
        not_after=desk.settings.day.closes,
    )


def invitation_again(session: Session, desk: Desk, prospect: Prospect, now: datetime) -> OutboxMail | None:
    """Invite one organisation a second time: a cause of its own, that of the first is used up."""
    return queue(
        session,
        desk,
        Order(
            kind=MailKind.INVITATION,
            cause=f"invitation:{prospect.ref}:again:{now:%Y%m%d%H%M%S}",
            recipient=_address(prospect),
            language=prospect.language,
            context=_invitation_context(session, desk, [prospect]),
            prospects=[prospect],
            not_after=desk.settings.day.closes,
        ),
        now,
    )


def reminder(session: Session, desk: Desk, prospects: Sequence[Prospect], now: datetime) -> OutboxMail | None:
    """Remind organisations of their invitation, in its thread."""
    return _once_more(MailKind.REMINDER, session, desk, prospects, now)


def last_call(session: Session, desk: Desk, prospects: Sequence[Prospect], now: datetime) -> OutboxMail | None:
    """Tell organisations that have not answered that the list is about to close, in the invitation's thread."""
    return _once_more(MailKind.LAST_CALL, session, desk, prospects, now)


def _once_more(
    kind: MailKind, session: Session, desk: Desk, prospects: Sequence[Prospect], now: datetime
) -> OutboxMail | None:
    first = prospects[0]
    invited_by = outbox.invitation_of(session, first.id)
    own_id = invited_by.message_id if invited_by is not None else None
    return queue(
        session,
        desk,
        Order(
            kind=kind,
            cause=f"{kind}:{set_of(prospects)}",
            recipient=_address(first),
            language=first.language,
            context=_invitation_context(session, desk, prospects),
            prospects=prospects,
            thread=Thread(own_id, (own_id,) if own_id else ()),
            not_after=desk.settings.day.closes,
        ),
        now,
    )


def preview(session: Session, desk: Desk, prospects: Sequence[Prospect]) -> bytes:
    """The invitation as these organisations would get it, without queuing anything."""
    return _written(session, desk, prospects, prospects[0].language, _address(prospects[0]))[1]


def sample(session: Session, desk: Desk, prospect: Prospect, language: str, recipient: str) -> tuple[str, bytes]:
    """An organisation's invitation in a language, as somebody of the team gets it to look at; with its Message-ID."""
    return _written(session, desk, [prospect], language, recipient)


def _written(
    session: Session, desk: Desk, prospects: Sequence[Prospect], language: str, recipient: str
) -> tuple[str, bytes]:
    language = language_of(desk, MailKind.INVITATION, language)
    letter = Letter(
        kind=MailKind.INVITATION,
        language=language,
        recipient=recipient,
        message_id=new_message_id(desk.settings.contact_domain),
        context={
            **common(desk.settings, language),
            "reference": "XXXX-XXXX",
            **_invitation_context(session, desk, prospects, language),
        },
        unsubscribable=True,
    )
    return letter.message_id, desk.renderer.compose(letter)


def _invitation_context(
    session: Session, desk: Desk, prospects: Sequence[Prospect], language: str | None = None
) -> dict[str, object]:
    return _own(session, desk, prospects) | _shared(session, desk, language or prospects[0].language)


def _shared(session: Session, desk: Desk, language: str) -> dict[str, object]:
    """What every invitation in a language says."""
    settings = desk.settings
    statement = settings.text_of_statement(language) or settings.text_of_statement(settings.languages[0]) or ""
    printed = waves.printed(session)
    title, _, body = statement.partition("\n")
    return {
        "known_by": settings.known_by,
        "signed_count": len(printed),
        "signed_examples": [line[language] for line in printed if language in line][:2],
        "statement_title": title.lstrip("# ").strip(),
        "statement": body.strip(),
        "example_lines": [settings.example[code] for code in settings.languages if code in settings.example],
        "only_reminder": not settings.last_call,
    }


def _own(session: Session, desk: Desk, prospects: Sequence[Prospect]) -> dict[str, object]:
    """What an invitation says to these organisations alone."""
    details = prospects[0].details
    others = [name_of(prospect, prospects[0].language) for prospect in prospects[1:]]
    names = [_name_in(details, prospects[0].language), *others]
    return {
        "organisations": names,
        "name": details.get("contact_person") or names[0],
        "greeting": details.get("greeting") or "",
        "sender": _signer(session, details.get("sender")) or desk.settings.sender,
        "sign_off": details.get("sign_off") or "",
        "personal_line": details.get("personal_line") or "",
        "neutral": any(is_unsafe_prospect(desk, prospect) for prospect in prospects),
    }


def _signer(session: Session, named: str | None) -> str | None:
    """The coordinator whom the list names for this organisation, as long as they are one."""
    found = coordinators.with_name(session, named) if named else None
    return found.name if found is not None and found.revoked_at is None else None


def name_of(prospect: Prospect, language: str) -> str:
    """The organisation's name in a language, else in any it has."""
    return _name_in(prospect.details, language)


def _name_in(details: Mapping[str, Any], language: str) -> str:
    names: dict[str, str] = details.get("names") or {}
    return names.get(language) or next(iter(names.values()), "")


def _address(prospect: Prospect) -> str:
    if (address := prospect.email) is None:
        raise Refused(f"Prospect {prospect.reference} has no address.")
    return address
