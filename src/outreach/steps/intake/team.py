"""Mail from the coordinators' own addresses: nobody signs by it, but a sign-up that they pass on is taken.

A forward that our own server proves to be theirs is a coordinator's word, as a call that they took is: attested,
and printed only when a second one has countersigned it and the organisation has seen its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from outreach.letters import answering
from outreach.model import Coordinator, Prospect, Revision
from outreach.reading import names
from outreach.reading.result import Signup
from outreach.steps.intake import signing
from outreach.steps.intake.case import Case, Ending, for_a_person, handled
from outreach.store import coordinators, log, outbox, prospects, signatories
from outreach.words import MACHINE_KINDS, NEGATIVE_KINDS, Channel, Kind, Proof, RevisionStatus

_LONGEST_SPEAKER: Final = 120
_FORWARDED: Final = "forwarded"


def take(case: Case) -> Ending | None:
    """What a coordinator's mail leads to; None for what is treated like anybody's."""
    reading, sender = case.reading, case.reading.clues.sender
    if sender is None or reading.kind in MACHINE_KINDS:
        return None
    coordinator = coordinators.with_address(case.session, sender)
    is_forward = _FORWARDED in reading.needs_human
    if coordinator is None or (case.from_that_address and not is_forward):
        return None  # a coordinator may be an organisation's contact as well, and in the rehearsal is everybody's
    if is_forward and reading.kind is Kind.SIGNUP:
        return _passed_on(case, coordinator)
    speaks_for_others = reading.kind in (Kind.SIGNUP, Kind.CONFIRMATION, Kind.CORRECTION)
    if speaks_for_others or (case.answered is not None and reading.kind is Kind.OTHER):
        return for_a_person("a coordinator's own mail: nobody signs by it")
    return None


def _passed_on(case: Case, coordinator: Coordinator) -> Ending:
    """A sign-up that an organisation sent to a coordinator, who forwards it."""
    reading = case.reading
    if not case.is_authentic:
        return for_a_person("a forward in a coordinator's name, not proven: enter it with signatories add --paste")
    if NEGATIVE_KINDS & set(reading.also):
        return for_a_person("says yes and no at once")
    named = [signup for signup in reading.signups if signup.names]
    if not named:
        return for_a_person("a coordinator's forward that names nobody")
    doubts = tuple(doubt for doubt in reading.needs_human if doubt != _FORWARDED)
    taken = [revision for signup in named if (revision := _enter(case, coordinator, signup, doubts)) is not None]
    if doubts:
        return for_a_person("; ".join(doubts)[:200])
    if "question" in reading.also:
        return for_a_person("a question beside the sign-up")
    return handled("passed on by a coordinator" if taken else "all of it was known already")


def _enter(case: Case, coordinator: Coordinator, signup: Signup, doubts: Sequence[str]) -> Revision | None:
    contact = _author(case, signup)
    invited = _invited(case, signup, contact["email"])
    standing = signing.Standing(
        RevisionStatus.UNCONFIRMED, Proof.NONE, (), invited[0] if len(invited) == 1 else None, contact=contact
    )
    revision = signing.enter(case, signup, standing, case.reading.confidence, doubts)
    if revision is None:
        return None
    speaker = signup.contact_person or contact["email"] or revision.printed_lines[min(revision.lines)].name
    revision.attest(
        case.now,
        by=coordinator.name,
        channel=Channel.FORWARD,
        spoken_at=min(case.message.arrived_at, case.now),
        speaker=names.display(speaker)[:_LONGEST_SPEAKER],
    )
    revision.supersede(case.now)
    log.note(
        case.session,
        case.now,
        actor=coordinator.name,
        action="attested",
        about=revision.signatory,
        reason=Channel.FORWARD,
    )
    for prospect in invited:
        prospect.answer(case.now)
    _ask(case, revision)
    return revision


def _author(case: Case, signup: Signup) -> dict[str, str | None]:
    """How to reach whoever wrote what was passed on; never the coordinator."""
    author = signup.email if signup.email != case.reading.clues.sender else None
    return {**signing.contact_of(case, signup), "email": author, "named_email": signup.named_email}


def _invited(case: Case, signup: Signup, author: str | None) -> list[Prospect]:
    """Whom these words answer for: who has the name, or the author's address if nobody shares it, or got our mail."""
    keyring = case.desk.keyring
    found = list(prospects.with_name(case.session, prospects.name_keys(keyring, signup.names.values())))
    reached = prospects.with_address(case.session, keyring.address_hash(author)) if author else ()
    thread = outbox.prospects_of(case.session, case.answered.id) if case.answered is not None else ()
    for others in (reached, thread):
        found += others if len(others) == 1 else ()
    return list(dict.fromkeys(found))


def _ask(case: Case, revision: Revision) -> None:
    """Their own yes makes the coordinator's word superfluous; unsure, a person looks first (queue ask)."""
    signatory = revision.signatory
    is_free = not signatory.is_silent and not signatories.was_disowned(case.session, case.desk.keyring, signatory)
    if is_free and answering.may_show(case.desk, revision) and not case.desk.settings.day.is_closed(case.now):
        answering.asking(case.session, case.desk, [revision], case.now)
