"""Mail that machines wrote: bounces, complaints and automatic answers to mails of ours. Never answered."""

from __future__ import annotations

from datetime import datetime, time

from outreach.model import HaltCause, HaltScope, OutboxMail
from outreach.ports import Fault, Pace, Phase
from outreach.providers import destination_of
from outreach.reading.absence import back_on
from outreach.reading.reply import NEW
from outreach.reading.result import Bounce
from outreach.retrytable import rule_for, wait
from outreach.steps.intake.case import Case, Ending, alarm, for_a_person, handled, ignored
from outreach.store import attempts, bounces, halts, log, matching, pauses, suppressions
from outreach.words import OutboxStatus, PauseReason, SuppressionReason, SuppressionScope


def bounced(case: Case) -> Ending:
    """A mail of ours came back.

    Bounces are easily forged, and whoever saw a mail of ours knows its Message-ID. So without that nothing is believed;
    with it, but from somebody's own address, or about another address than we wrote to, a person decides.
    """
    mail = _ours(case)
    if mail is None:
        return ignored("a bounce of no mail of ours")
    bounce = case.reading.bounce
    if bounce is None or not bounce.ended:
        return handled("not delivered yet; the other side tries again")
    if case.reading.clues.has_sender:
        return for_a_person("says that a mail of ours did not arrive, but comes from no mail system")
    if mail.status in (OutboxStatus.SENT, OutboxStatus.IN_DOUBT):
        mail.bounce(case.now)
        case.note("bounced", mail)
    fault = _write_down(case, mail, bounce)
    if not any(case.desk.keyring.address_hash(address) == mail.recipient_hash for address in bounce.recipients):
        return for_a_person("a mail of ours came back from another address than it was sent to")
    if fault in (Fault.POLICY, Fault.RELAY):
        _halt(case, mail)
        return alarm("a mail came back for a fault of ours, not of theirs: outreach outbox status")
    if bounce.permanent and fault is Fault.RECIPIENT:
        bounces.unreachable(case.session, mail, case.now, message=case.message)
        return handled()
    if bounce.permanent:
        bounces.lose(case.session, mail)
    bounces.doubtful(case.session, mail, bounces.HARD if bounce.permanent else bounces.SOFT, case.now)
    return handled()


def _write_down(case: Case, mail: OutboxMail, bounce: Bounce) -> Fault:
    """The report as the mail's last attempt; whose fault it says it was. Without any code it is the address'."""
    if bounce.status is None and bounce.permanent:
        code, fault = None, Fault.RECIPIENT
    else:
        code = int(f"{(bounce.status or '4')[0]}50")
        fault = rule_for(code, bounce.status, bounce.said, Phase.ENVELOPE).fault
    attempts.add(
        case.session, [attempts.Try(mail.id, "bounced", bounce.said, None, code, bounce.status, fault)], case.now
    )
    return fault


def _halt(case: Case, mail: OutboxMail) -> None:
    """Where it came back from waits, as it would if it had been refused at the door."""
    relay = mail.relay or ""
    known = halts.of(case.session, HaltScope.DESTINATION, mail.destination_hash, relay)
    span = case.desk.settings.day.soon(wait(Pace.POLICY, (known.strikes if known else 0) + 1), case.now)
    halts.place(
        case.session,
        HaltScope.DESTINATION,
        HaltCause.POLICY,
        until=case.now + span,
        at=case.now,
        actor=log.MACHINE,
        key_hash=mail.destination_hash,
        relay=relay,
        name=destination_of(mail.recipient or ""),
    )


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
    if case.is_forged:
        return for_a_person("a complaint, but not from the feedback loop that it names")
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
