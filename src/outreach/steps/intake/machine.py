"""Mail that machines wrote: bounces, complaints and automatic answers to mails of ours. Never answered."""

from __future__ import annotations

from datetime import datetime, time

from outreach.model import OutboxMail
from outreach.reading.absence import back_on
from outreach.reading.reply import NEW
from outreach.steps.intake.case import Case, Ending, for_a_person, handled, ignored
from outreach.store import log, matching, outbox, pauses, suppressions
from outreach.words import OutboxStatus, PauseReason, SuppressionReason, SuppressionScope


def bounced(case: Case) -> Ending:
    """A mail of ours came back. Without our Message-ID in it nothing is believed: bounces are easily forged."""
    mail = _ours(case)
    if mail is None:
        return ignored("a bounce of no mail of ours")
    bounce = case.reading.bounce
    if bounce is None or not bounce.permanent:
        return handled("not delivered yet; the other side tries again")
    if mail.status in (OutboxStatus.SENT, OutboxStatus.IN_DOUBT):
        mail.bounce(case.now)
        case.note("bounced", mail)
    if any(case.desk.keyring.address_hash(address) == mail.recipient_hash for address in bounce.recipients):
        _suppress(case, mail, SuppressionReason.BOUNCED)
    for prospect in outbox.prospects_of(case.session, mail.id):
        prospect.lose()
    return handled()


def away(case: Case) -> Ending:
    """An automatic answer. If it names the day of return, nobody is reminded before that (or the deadline)."""
    settings = case.desk.settings
    parts, zone = case.reading.parts, settings.day.zone
    text = f"{parts.get('subject', '')}\n{parts.get(NEW, '')}"
    day = back_on(text, case.message.arrived_at.astimezone(zone).date())
    if day is not None and not case.is_forged:
        until = datetime.combine(day, time(), zone)
        _pause(case, settings.day.bounded(until))
    if case.reading.needs_human:
        return for_a_person("an automatic answer?")
    return ignored(f"an automatic answer: back on {day}" if day is not None else "an automatic answer")


def _pause(case: Case, until: datetime) -> None:
    """Who answered, and whom our mail was meant for: an alias leads to the same desk."""
    for hash_ in {case.message.sender_hash, case.answered.meant_for_hash if case.answered is not None else None}:
        if hash_ is None:
            continue
        pauses.pause(case.session, hash_, PauseReason.ABSENT, until=until, actor=log.MACHINE, at=case.now)
    case.note("paused", case.message, PauseReason.ABSENT)


def complained(case: Case) -> Ending:
    """A recipient pressed "spam" (RFC 5965): that address is never written again."""
    mail = _ours(case)
    if mail is None:
        return ignored("a complaint about no mail of ours")
    _suppress(case, mail, SuppressionReason.COMPLAINED)
    return handled()


def _ours(case: Case) -> OutboxMail | None:
    clues = case.reading.clues
    ids = (*clues.returned_ids, *clues.in_reply_to, *clues.references)
    return matching.mail_with_id(case.session, case.desk.keyring, ids)


def _suppress(case: Case, mail: OutboxMail, reason: SuppressionReason) -> None:
    everything = SuppressionScope.EVERYTHING
    if suppressions.suppress(
        case.session,
        mail.recipient_hash,
        everything,
        reason,
        actor=log.MACHINE,
        at=case.now,
        message=case.message,
    ):
        case.note("suppressed", mail, reason)
