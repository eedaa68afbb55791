"""Answers about lines that were asked or shown: a yes confirms them, a corrected line is a yes to the correction."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.letters import answering
from outreach.letters.queue import ASKINGS
from outreach.letters.safety import withhold_if_unsafe
from outreach.model import Revision, Signatory
from outreach.reading import names
from outreach.reading.lines import corrected
from outreach.reading.result import Signup
from outreach.steps.intake import contact, dispute, leaving, possible, signing
from outreach.steps.intake.case import Case, Ending, for_a_person, handled
from outreach.store import signatories
from outreach.words import SEQUENCE, Lines, MailKind, Proof, RevisionStatus, Seen

SHOWING = ASKINGS | {MailKind.RECEIPT, MailKind.QUESTION, MailKind.OTHER_MAILBOX}
_OPEN = (RevisionStatus.UNCONFIRMED, RevisionStatus.PENDING, RevisionStatus.NEEDS_INFO)


def confirm(case: Case) -> Ending:
    """A yes: to the lines of an asking or receipt, to an invitation, or to "shall we take you off?"."""
    kind = case.answered_kind
    if kind is None:
        return for_a_person("a yes, but to no mail of ours")
    if case.match.written is not None:
        return for_a_person("a yes to what was written by hand")
    if case.is_forged:
        return for_a_person("a yes that the sender's domain disowns")
    if case.reading.needs_human:
        return for_a_person("; ".join(case.reading.needs_human)[:200])
    if kind in SHOWING:
        return _confirm_lines(case, kind)
    if kind in SEQUENCE:
        return signing.sign(case)
    if kind is MailKind.NEW_CONTACT:
        return contact.accept(case)
    if kind is MailKind.WITHDRAWAL_NOTICE:
        return leaving.withdraw_proven(case, case.signatories())
    return for_a_person("a yes to a mail that asks nothing")


def _confirm_lines(case: Case, kind: MailKind) -> Ending:
    """A yes means all lines of the mail."""
    confirmed = [revision for _, revision in case.entries() if confirm_line(case, revision)]
    if not confirmed:
        return handled("all of it was confirmed or settled already")
    if kind in ASKINGS:
        tell(case, confirmed)
    return for_a_person("a question beside the yes") if "question" in case.reading.also else handled()


def tell(case: Case, revisions: Sequence[Revision]) -> None:
    """One receipt for the lines that this message settled, if they may be shown."""
    address = revisions[0].signatory.contact.get("email") if revisions else None
    if any(one.signatory.is_silent for one in revisions):
        return
    if address and case.may_write(address) and all(answering.may_show(case.desk, one) for one in revisions):
        answering.receipt(case.session, case.desk, case.message, revisions, case.now)


def tell_if_proven(case: Case, revision: Revision) -> None:
    """A receipt for a corrected line that counts; one that does not is asked about."""
    if revision.proof is not Proof.NONE:
        tell(case, [revision])


def confirm_line(case: Case, revision: Revision) -> bool:
    """They said yes to this line of the mail; False when that changes nothing."""
    if revision.status not in (*_OPEN, RevisionStatus.APPROVED) or revision.seen is Seen.CONFIRMED:
        return False
    is_proof = case.answered_kind in ASKINGS or case.is_authentic
    sender = case.reading.clues.sender or ""
    proof = case.proof_of_an_answer(sender) if case.from_that_address else Proof.MAILBOX
    revision.confirm(case.now, proof=proof if is_proof else revision.proof)
    if not case.from_that_address:
        warn(revision, "confirmed from another address than the one asked")
        contact.tell_invited(case, revision.signatory, revision.signatory.contact.get("email"))
    revision.supersede(case.now)
    revision.answer()
    case.note("confirmed", revision.signatory, case.on_page)
    return True


def correct(case: Case) -> Ending:
    """A changed line: a new revision of the entry it is about; the printed line stands until it is approved."""
    signup = next(iter(case.reading.signups), None)
    found = case.signatories()
    if not found:
        return possible.of_which(case, "a correction")
    if signup is None or len(case.reading.signups) != 1:
        return for_a_person("a correction, but of which entry?")
    signatory = found[0] if len(found) == 1 else _named(found, signup)
    if signatory is None:
        return for_a_person("a correction, but of which entry?")
    before = signatory.newest
    languages = case.desk.settings.languages
    lines = corrected(before.printed_lines, signup, languages, case.reading.parts)
    if is_same(lines, before):
        is_contact = bool(signup.email or signup.named_email or signup.contact_person)
        return contact.propose(case, signatory, signup) if is_contact else for_a_person("nothing to correct")
    revision = revise(case, before, lines, signup)
    if dispute.is_disputed(signatory):
        return dispute.ENDING
    if case.reading.needs_human:
        return for_a_person("; ".join(case.reading.needs_human)[:200])
    tell_if_proven(case, revision)
    return handled()


def revise(case: Case, before: Revision, lines: Lines, signup: Signup | None = None) -> Revision:
    """A new wording of an entry.

    Our secret makes the correction count; anybody else's waits beside the line until the contact says yes. Where it
    contradicts a colleague it replaces nothing: the entry is disputed.
    """
    signatory = before.signatory
    contradicts = dispute.contradicts(case, signatory)
    doubts = () if signup is None else case.reading.needs_human  # a line that was written out needs no guessing
    has_secret = case.answered is not None and not case.is_forged and not doubts
    is_proven = has_secret and (case.answered_kind in ASKINGS or case.is_authentic)
    revision = signatory.revise(
        lines=lines,
        at=case.now,
        status=RevisionStatus.PENDING if has_secret else RevisionStatus.UNCONFIRMED,
        confidence=case.reading.confidence if signup is not None else 1.0,
        message_id=case.message.id,
    )
    details = signing.details_of(case, signup or Signup(), case.reading.warnings, doubts)
    kept = {key: before.details.get(key) for key in ("country_code", "action") if not details.get(key)}
    revision.details = {**details, **kept}
    case.session.flush()
    if is_proven:
        sender = case.reading.clues.sender or ""
        proof = case.proof_of_an_answer(sender) if case.from_that_address else Proof.MAILBOX
        revision.confirm(case.now, proof=proof)
        if not contradicts:
            revision.supersede(case.now)
        if not case.from_that_address:
            warn(revision, "corrected from another address than the one asked")
    withhold_if_unsafe(case.session, case.desk, revision, case.now)
    signatories.remember_names(case.session, case.desk.keyring, signatory, lines)
    case.note("corrected", signatory)
    if contradicts:
        dispute.dispute(case, [before, revision])
    return revision


def _named(found: Sequence[Signatory], signup: Signup) -> Signatory | None:
    """The one of several entries that a correction names; None when that is not clear."""
    wanted = {names.fold(name) for name in signup.names.values()}
    alike = [
        signatory
        for signatory in found
        if wanted & {names.fold(line.name) for line in signatory.newest.printed_lines.values()}
    ]
    return alike[0] if len(alike) == 1 else None


def is_same(lines: Lines, revision: Revision) -> bool:
    """Whether these are the revision's own lines."""
    return {language: str(line) for language, line in lines.items()} == {
        language: str(line) for language, line in revision.printed_lines.items()
    }


def warn(revision: Revision, warning: str) -> None:
    """Add a warning for the coordinator."""
    details = revision.details
    revision.details = {**details, "warnings": [*details.get("warnings", ()), warning]}
