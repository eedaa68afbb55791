"""Mail that machines wrote: bounces and complaints about mails of ours. Never answered."""

from __future__ import annotations

from outreach.model import OutboxMail
from outreach.steps.intake.case import Case, Ending, handled, ignored
from outreach.store import log, matching, outbox, suppressions
from outreach.words import OutboxStatus, SuppressionReason, SuppressionScope


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
    if suppressions.suppress(
        case.session, mail.recipient_hash, SuppressionScope.EVERYTHING, reason, actor=log.MACHINE, at=case.now
    ):
        case.note("suppressed", mail, reason)
