"""Sign-ups become signatories: pending when our secret came back, unconfirmed (and asked) otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from outreach.letters import answering, replying
from outreach.letters.safety import withhold_if_unsafe
from outreach.model import Prospect, Revision, Signatory
from outreach.reading import names
from outreach.reading.lines import printed_lines
from outreach.reading.result import Signup
from outreach.steps.intake import contact, dispute
from outreach.steps.intake.case import Case, Ending, for_a_person, handled
from outreach.store import outbox, prospects, references, signatories
from outreach.store.matching import Known
from outreach.words import SEQUENCE, Individuals, Lines, Proof, RevisionStatus


def sign(case: Case) -> Ending:
    """Take every sign-up of a message into the queue, and answer with one receipt that shows the lines."""
    signups = [signup for signup in case.reading.signups if signup.names]
    doubts = case.reading.needs_human
    confidence = case.reading.confidence
    if not signups and (signups := _invited_names(case)):
        # The name is the coordinators' own, not one that was guessed from the text.
        confidence = max(confidence, case.desk.settings.asking.sure)
        doubts = tuple(doubt for doubt in doubts if doubt != "no name")
    if not signups:
        return for_a_person("a sign-up without a name")
    if _only_individuals(case, signups, confidence):
        return _thank(case)
    taken = [
        revision
        for signup in signups
        if (revision := enter(case, signup, _standing(case, signup), confidence, doubts)) is not None
    ]
    if not taken:
        return _known_already(case, signups)
    if contradicted := [line for revision in taken for line in _contradicted(case, revision)]:
        return dispute.dispute(case, [*contradicted, *taken])
    _receipt(case, [revision for revision in taken if revision.proof is not Proof.NONE])
    for signatory in dict.fromkeys(revision.signatory for revision in taken) if not case.from_that_address else ():
        invited = case.session.get(Prospect, signatory.prospect_id) if signatory.prospect_id else None
        contact.tell_invited(case, signatory, invited.email if invited is not None else None)
    if doubts:
        return for_a_person("; ".join(doubts)[:200])
    if "question" in case.reading.also:
        return for_a_person("a question beside the sign-up")
    return handled()


def _only_individuals(case: Case, signups: Sequence[Signup], confidence: float) -> bool:
    """Whether only people sign, beyond doubt, and the list names organisations."""
    settings, reading = case.desk.settings, case.reading
    sure = confidence >= settings.asking.sure and not reading.needs_human and not reading.also
    thanked = settings.individuals is Individuals.THANK and case.answered_kind not in SEQUENCE
    return sure and thanked and not case.is_forged and all(signup.individual for signup in signups)


def _thank(case: Case) -> Ending:
    sender = case.reading.clues.sender
    if sender and case.may_write(sender):
        replying.thank_individual(case.session, case.desk, case.message, case.now)
    return handled("a person, not an organisation: thanked")


def _known_already(case: Case, signups: Sequence[Signup]) -> Ending:
    """They signed again; where their mailbox is proven they are told so, with their own lines."""
    own = [
        twin for signup in signups if (twin := _same_organisation(case, signup, case.message.sender_hash)) is not None
    ]
    lines = [signatory.standing or signatory.newest for signatory in dict.fromkeys(own) if not signatory.is_silent]
    sender = case.reading.clues.sender
    told = lines and all(line.proof is not Proof.NONE and answering.may_show(case.desk, line) for line in lines)
    if told and sender and not case.is_forged and case.may_write(sender):
        replying.known_already(case.session, case.desk, case.message, lines, case.now)
    return handled("all of it was known already")


def _invited_names(case: Case) -> list[Signup]:
    """A bare yes to an invitation, or to what we wrote by hand: the organisation's name is the one that was invited."""
    asked = _asked_to_sign(case)
    if not asked:
        return []
    said = case.reading.signups[0] if len(case.reading.signups) == 1 else Signup(email=case.reading.clues.sender)
    return [replace(said, individual=False, names=dict(prospect.details.get("names") or {})) for prospect in asked]


def _asked_to_sign(case: Case) -> Sequence[Prospect]:
    if case.answered is not None:
        return outbox.prospects_of(case.session, case.answered.id) if case.answered_kind in SEQUENCE else []
    if isinstance(case.match, Known) and case.match.by == "thread" and len(case.match.prospects) == 1:
        return case.match.prospects
    return []


@dataclass(frozen=True, slots=True)
class Standing:
    """What a sign-up starts with: status, proof, warnings, and the organisation that was invited."""

    status: RevisionStatus
    proof: Proof
    warnings: tuple[str, ...]
    prospect: Prospect | None
    via: Prospect | Signatory | None = None  #: to whom the mail was written that they answered
    contact: Mapping[str, Any] | None = None  #: how to reach them, where it is not the sender who signs

    def author(self, case: Case) -> bytes | None:
        """The keyed hash of the address whose words these are."""
        if self.contact is None:
            return case.message.sender_hash
        email = self.contact.get("email")
        return case.desk.keyring.address_hash(email) if email else None


def enter(case: Case, signup: Signup, standing: Standing, confidence: float, doubts: Sequence[str]) -> Revision | None:
    """One sign-up into the records; None when nothing about it is new."""
    languages, parts = case.desk.settings.languages, case.reading.parts
    lines = printed_lines(signup, languages, parts)
    if not lines:
        # A name in a script that no language of the campaign is printed in: a person decides what is printed.
        any_name = next(iter(signup.names.values()), None)
        if any_name is None:
            return None
        lines = printed_lines(replace(signup, names={languages[0]: any_name}), languages, parts)
    twin = _same_organisation(case, signup, standing.author(case))
    if twin is not None and twin.was is None and _is_same(lines, twin.newest):
        return None
    signatory = twin or _new_signatory(case, signup, standing)
    warnings = [
        *case.reading.warnings,
        *standing.warnings,
        *_name_warnings(lines),
        *_duplicates(case, signup, signatory),
        *([signatory.was.ended] if signatory.was is not None else []),
    ]
    revision = signatory.revise(
        lines=lines,
        at=case.now,
        status=standing.status,
        proof=standing.proof,
        confidence=confidence,
        message_id=case.message.id,
    )
    revision.details = details_of(case, signup, warnings, doubts)
    case.session.add(signatory)
    case.session.flush()
    signatories.remember_names(case.session, case.desk.keyring, signatory, lines)
    withhold_if_unsafe(case.session, case.desk, revision, case.now)
    if standing.proof is not Proof.NONE:
        revision.supersede(case.now)
    case.note("signed", signatory, standing.status)
    return revision


def _standing(case: Case, signup: Signup) -> Standing:
    """Our secret from the invited organisation counts; everything else is asked first."""
    invited = outbox.prospects_of(case.session, case.answered.id) if case.answered is not None else []
    keys = prospects.name_keys(case.desk.keyring, signup.names.values())
    by_name = {prospect.id: prospect for prospect in prospects.with_name(case.session, keys)}
    prospect = next((p for p in invited if p.id in by_name), None) or (invited[0] if len(invited) == 1 else None)
    is_same = case.from_that_address or any(p.id in by_name for p in invited)
    if case.answered is None or case.is_forged or not is_same:
        known = next(iter(by_name.values()), None)
        is_theirs = known is not None and case.message.sender_hash == known.email_hash
        if known is not None and is_theirs and not case.is_typed and not case.is_forged:
            known.answer(case.now)
        warnings: tuple[str, ...] = ("the sender's domain disowns this mail",) if case.is_forged else ()
        if case.answered is not None and not is_same:
            warnings += ("signs through a mail of ours to another organisation",)
            prospect = None
        via = None if is_same else _passed_on_by(case, invited)
        return Standing(RevisionStatus.UNCONFIRMED, Proof.NONE, warnings, prospect or known, via)
    if prospect is not None:
        prospect.answer(case.now)
    warnings = () if case.from_that_address else ("answered from another address than the invited one",)
    if not case.is_authentic:
        return Standing(RevisionStatus.PENDING, Proof.NONE, (*warnings, "not authenticated"), prospect)
    proof = case.proof_of_an_answer(case.reading.clues.sender or "") if case.from_that_address else Proof.MAILBOX
    return Standing(RevisionStatus.PENDING, proof, warnings, prospect)


def _passed_on_by(case: Case, invited: Sequence[Prospect]) -> Prospect | Signatory | None:
    """Who passed our mail on to them: whom it invited, or whose line it was about."""
    if invited:
        return invited[0]
    return next((revision.signatory for _, revision in case.entries()), None)


def _new_signatory(case: Case, signup: Signup, standing: Standing) -> Signatory:
    reached = dict(standing.contact or contact_of(case, signup))
    prospect, via = standing.prospect, standing.via
    signatory = Signatory(
        reference=references.new_reference(case.session, Signatory),
        individual=bool(signup.individual),
        language=language_of(case),
        contact_hash=case.desk.keyring.address_hash(reached["email"]) if reached["email"] else None,
        prospect_id=prospect.id if prospect is not None else None,
        via_prospect_id=via.id if isinstance(via, Prospect) else None,
        via_signatory_id=via.id if isinstance(via, Signatory) else None,
        created_at=case.now,
    )
    signatory.contact = reached
    return signatory


def contact_of(case: Case, signup: Signup) -> dict[str, Any]:
    """How to reach them. An address that is only named in a mail is kept, and written to by nobody unasked."""
    sender = case.reading.clues.sender
    is_forwarded = "forwarded" in case.reading.needs_human
    named = signup.named_email or (signup.email if signup.email and signup.email != sender else None)
    return {
        # A forwarded sign-up belongs to its author; no machine writes there before a person has looked.
        "email": (named or sender) if is_forwarded else sender,
        "named_email": None if is_forwarded else named,
        "contact_person": signup.contact_person,
        "role": signup.role,
        "phone": signup.phone,
        "website": signup.website,
    }


def details_of(case: Case, signup: Signup, warnings: Sequence[str], doubts: Sequence[str]) -> dict[str, Any]:
    """What the review shows beside the lines."""
    action = asdict(signup.action) if signup.action is not None else None
    if action is not None and action["date"] is not None:
        action["date"] = action["date"].isoformat()
    return {
        "country_code": signup.country,
        "action": action,
        "evidence": {field: asdict(evidence) for field, evidence in signup.evidence.items()},
        "warnings": list(dict.fromkeys(warnings)),
        "also": list(case.reading.also),
        "needs_human": list(doubts),
    }


def language_of(case: Case) -> str:
    """The language to write back in: theirs, else that of the mail they answered, else the campaign's first."""
    if case.message.language not in (None, "und"):
        return str(case.message.language)
    return case.answered.language if case.answered is not None else case.desk.settings.languages[0]


def _same_organisation(case: Case, signup: Signup, author: bytes | None) -> Signatory | None:
    """A signatory of the same author under one of the same names."""
    if author is None:
        return None
    keys = prospects.name_keys(case.desk.keyring, signup.names.values())
    alike = signatories.with_name(case.session, keys)
    same = next((signatory for signatory in alike if signatory.contact_hash == author), None)
    return same.survivor if same is not None else None


def _duplicates(case: Case, signup: Signup, signatory: Signatory) -> list[str]:
    """Others under the same name: shown to the coordinator, never merged by machine."""
    keys = prospects.name_keys(case.desk.keyring, signup.names.values())
    others = [other for other in signatories.with_name(case.session, keys) if other is not signatory]
    return [f"possible duplicate of {other.reference}" for other in others]


def _contradicted(case: Case, revision: Revision) -> list[Revision]:
    """What a colleague of the sender says otherwise under one of these names: another wording, or that they are out."""
    keys = prospects.name_keys(case.desk.keyring, [line.name for line in revision.printed_lines.values()])
    others = [other for other in signatories.with_name(case.session, keys) if other is not revision.signatory]
    return [
        other.newest
        for other in others
        if dispute.has_withdrawn(case, other)
        or (dispute.contradicts(case, other) and not _is_same(revision.printed_lines, other.newest))
    ]


def _is_same(lines: Lines, revision: Revision) -> bool:
    before = revision.printed_lines
    return lines.keys() == before.keys() and all(
        names.same_line(str(lines[language]), str(before[language])) for language in lines
    )


def _name_warnings(lines: Lines) -> list[str]:
    return [warning for line in lines.values() for warning in names.warnings(line.name)]


def _receipt(case: Case, revisions: Sequence[Revision]) -> None:
    """One receipt for all lines of this message that are proven and may be shown."""
    shown = [revision for revision in revisions if answering.may_show(case.desk, revision)]
    address = shown[0].signatory.contact.get("email") if shown else None
    if address and case.may_write(address):
        answering.receipt(case.session, case.desk, case.message, shown, case.now)
