"""Those who want out: withdrawals, declines, no more mail. Each acts on the sender alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from outreach.letters import allowance, answering
from outreach.letters.queue import ASKINGS
from outreach.model import Revision, Signatory
from outreach.steps.intake import contact, dispute, possible
from outreach.steps.intake.case import Case, Ending, alarm, for_a_person, handled
from outreach.store import holds, log, outbox, prospects, suppressions
from outreach.words import (
    HoldKind,
    MailKind,
    RejectReason,
    RevisionStatus,
    SuppressionReason,
    SuppressionScope,
)

#: A plain no to one of these is about what it says, not about signing.
_ANSWERED_BY_NO = ASKINGS | {MailKind.WITHDRAWAL_NOTICE, MailKind.NEW_CONTACT, MailKind.OTHER_MAILBOX}
#: So many withdrawals that nothing proves hide names within an hour; more wait for a person.
_MOST_UNPROVEN = 2
_LIVING = (
    RevisionStatus.UNCONFIRMED,
    RevisionStatus.PENDING,
    RevisionStatus.NEEDS_INFO,
    RevisionStatus.APPROVED,
)


def withdraw(case: Case, *, in_one_word: bool = False) -> Ending:
    """Take a signature off. Unproven it is hidden at once, reversibly, and the address on file is told.

    ``in_one_word``: they wrote that alone, so nothing had to be guessed, in whatever language.
    """
    if "not_us" in case.reading.also:
        return disown(case)
    about = case.signatories()
    found = [signatory for signatory in about if _living(signatory)]
    if not found:
        entry_unknown = "a withdrawal, but of which entry?"
        return for_a_person(entry_unknown) if about else possible.of_which(case, "a withdrawal")
    if any(dispute.is_disputed(signatory) for signatory in found):
        return for_a_person("a withdrawal of an entry that is disputed")
    if case.answered_kind is MailKind.WITHDRAWAL_NOTICE or (
        len(found) == 1
        and case.from_that_address
        and case.is_authentic
        and (in_one_word or not case.reading.needs_human)
    ):
        return withdraw_proven(case, found)
    if contradicted := [signatory for signatory in found if dispute.contradicts(case, signatory)]:
        return dispute.dispute(case, [_living_lines(signatory)[-1] for signatory in contradicted])
    if holds.placed_since(case.session, HoldKind.HIDDEN, case.now - timedelta(hours=1)) >= _MOST_UNPROVEN:
        return alarm("several withdrawals that nothing proves within an hour: held back")
    for signatory in found:
        _hide(case, signatory)
    return for_a_person("a withdrawal that is not proven: hidden, and the address on file is asked")


def withdraw_proven(case: Case, found: Sequence[Signatory]) -> Ending:
    """It is proven that they want out: nothing of theirs is open or printed any more."""
    if case.is_forged:
        return for_a_person("a withdrawal that the sender's domain disowns")
    gone: list[Revision] = []
    for signatory in found:
        gone += _living_lines(signatory)[-1:]
        signatory.withdraw(case.now, by=log.MACHINE)
        case.note("withdrawn", signatory)
    if gone and (address := gone[0].signatory.contact.get("email")) and case.may_write(address):
        answering.withdrawn(case.session, case.desk, case.message, gone, case.now)
    return handled()


def disown(case: Case) -> Ending:
    """ "That was not us": the entry is closed and the coordinators are told. A forged yes was found."""
    if case.answered is None or case.is_forged:
        return for_a_person("says that it was not them")
    if case.answered_kind is MailKind.NEW_CONTACT:
        return contact.refuse(case)
    if case.answered_kind is MailKind.OTHER_MAILBOX:
        return contact.objected(case)
    if case.answered_kind is MailKind.WITHDRAWAL_NOTICE:
        for signatory in case.signatories():
            signatory.lift(HoldKind.HIDDEN, by=log.MACHINE, at=case.now)
            case.note("kept", signatory, "the withdrawal was not theirs")
        return for_a_person("the withdrawal was not theirs: the entry is back")
    for _, revision in case.entries():
        disown_line(case, revision)
    return not_theirs()


def disown_line(case: Case, revision: Revision) -> None:
    """Close an entry that was not theirs. Neither this name nor this address is asked again by machine."""
    if revision.status in (RevisionStatus.APPROVED, RevisionStatus.NEEDS_INFO, RevisionStatus.PENDING):
        revision.signatory.hold(HoldKind.OBJECTED, by=log.MACHINE, at=case.now, reason="not us")
    if revision.status in (RevisionStatus.UNCONFIRMED, RevisionStatus.PENDING, RevisionStatus.NEEDS_INFO):
        revision.reject(case.now, by=log.MACHINE, reason=RejectReason.NOT_US)
    case.note("disowned", revision.signatory, case.on_page)


def not_theirs() -> Ending:
    return alarm("not us: somebody has used their name")


def decline(case: Case) -> Ending:
    """A no. To an asking it means "not from us"; to an invitation it ends the sequence."""
    if case.match.written is not None:
        return for_a_person("a no to what was written by hand")
    if case.answered_kind in _ANSWERED_BY_NO:
        return disown(case)
    if case.reading.needs_human:
        return for_a_person("; ".join(case.reading.needs_human)[:200])
    found = list(prospects.with_address(case.session, case.message.sender_hash)) if case.message.sender_hash else []
    if case.answered is not None and case.from_that_address:
        found += outbox.prospects_of(case.session, case.answered.id)
    if not found:
        return for_a_person("a no from somebody who was not invited")
    for prospect in dict.fromkeys(found):
        prospect.decline(case.now)
        case.note("declined", prospect)
    return handled()


def unsubscribe(case: Case) -> Ending:
    """No more invitations to this very address. What they have signed is not touched."""
    if case.message.sender_hash is None:
        return for_a_person("wants no more mail, but gives no address")
    suppressions.suppress(
        case.session,
        case.message.sender_hash,
        SuppressionScope.INVITATIONS,
        SuppressionReason.UNSUBSCRIBED,
        actor=log.MACHINE,
        at=case.now,
        message=case.message,
    )
    case.note("unsubscribed", case.message)
    return handled()


def _living(signatory: Signatory) -> bool:
    return bool(_living_lines(signatory))


def _living_lines(signatory: Signatory) -> list[Revision]:
    return [revision for revision in signatory.revisions if revision.status in _LIVING]


def _hide(case: Case, signatory: Signatory) -> None:
    signatory.hold(HoldKind.HIDDEN, by=log.MACHINE, at=case.now, reason=case.message.reference)
    case.note("hidden", signatory)
    address = signatory.contact.get("email")
    if address and allowance.is_left(case.session, case.desk, address, case.now):
        lines = _living_lines(signatory)[-1:]
        answering.withdrawal_notice(case.session, case.desk, case.message, lines, case.now)
