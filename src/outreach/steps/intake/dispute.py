"""Two officers of one organisation who contradict each other: the entry is held, and both are told neutrally.

Neither the first nor the last word wins: a person decides, once they have agreed.
"""

from __future__ import annotations

from collections.abc import Sequence

from outreach.letters import answering
from outreach.model import Revision, Signatory
from outreach.model.revision import OPEN_STATUSES
from outreach.reading import freemail
from outreach.steps.intake.case import Case, Ending, for_a_person
from outreach.store import log
from outreach.words import HoldKind, Proof, RevisionStatus

_LIVING = (*OPEN_STATUSES, RevisionStatus.APPROVED)
ENDING = for_a_person("two addresses of one organisation contradict each other: disputed, both are told")


def contradicts(case: Case, signatory: Signatory) -> bool:
    """Whether the sender is a colleague of the contact, who has answered for a line that is open or approved."""
    return is_colleague(case, signatory) and any(
        revision.proof is not Proof.NONE and revision.status in _LIVING for revision in signatory.revisions
    )


def has_withdrawn(case: Case, signatory: Signatory) -> bool:
    """Whether a colleague of the sender has taken the organisation's name off."""
    return signatory.newest.status is RevisionStatus.WITHDRAWN and is_colleague(case, signatory)


def is_colleague(case: Case, signatory: Signatory) -> bool:
    """Another address on the organisation's own domain, and our own server says that the mail is really from there."""
    sender, contact = case.reading.clues.sender or "", signatory.contact.get("email") or ""
    domain = sender.rpartition("@")[2].lower()
    same = domain == contact.rpartition("@")[2].lower() and sender.lower() != contact.lower()
    return same and bool(domain) and case.is_authentic and not freemail.is_freemail(domain)


def is_disputed(signatory: Signatory) -> bool:
    return any(hold.kind is HoldKind.DISPUTED for hold in signatory.open_holds)


def dispute(case: Case, lines: Sequence[Revision]) -> Ending:
    """Hold every entry concerned, and write to the address on file and to the sender, once."""
    for signatory in dict.fromkeys(line.signatory for line in lines if line.status in _LIVING):
        if not is_disputed(signatory):
            signatory.hold(HoldKind.DISPUTED, by=log.MACHINE, at=case.now, reason=case.message.reference)
            case.note("held", signatory, HoldKind.DISPUTED)
    addresses = (lines[0].signatory.contact.get("email"), case.reading.clues.sender)
    for address in dict.fromkeys(address for address in addresses if address):
        if case.may_write(address):
            answering.dispute(case.session, case.desk, case.message, lines, address, case.now)
    return ENDING
