"""Who is to be written to from now on: a change of contact is asked of the old contact, and changes nothing before."""

from __future__ import annotations

from typing import Any

from outreach.letters import telling
from outreach.model import Signatory
from outreach.reading.result import Signup
from outreach.steps.intake.case import Case, Ending, alarm, for_a_person, handled
from outreach.store import log, signatories
from outreach.words import HoldKind, Proof


def propose(case: Case, signatory: Signatory, signup: Signup) -> Ending:
    """Ask the address on file; whoever has left it does not answer, so a person sees it as well."""
    proposed = signup.named_email or signup.email
    current = signatory.contact.get("email")
    if proposed is None or current is None or proposed == current or signatory.is_silent:
        return for_a_person("a change of contact")
    # The contact on file has not answered yet: until then this is only remembered.
    signatory.contact = {
        **signatory.contact,
        "proposed": {"email": proposed, "contact_person": signup.contact_person},
    }
    case.note("new contact proposed", signatory)
    if case.may_write(current) and not case.desk.settings.day.is_closed(case.now):
        telling.new_contact(
            case.session,
            case.desk,
            case.message,
            signatory.standing or signatory.newest,
            proposed,
            signup.contact_person or "",
            case.now,
        )
    return for_a_person("a change of contact: the old contact is asked")


def accept(case: Case) -> Ending:
    """The old contact says yes: from now on the new one is written to."""
    if not case.from_that_address:
        return for_a_person("a yes to a change of contact, but not from the old contact")
    for signatory in case.signatories():
        contact = _without_proposal(signatory)
        if (proposed := signatory.contact.get("proposed")) is not None:
            former = {key: contact.get(key) for key in proposed}
            signatory.contact = {**contact, **proposed, "former": [*contact.get("former", ()), former]}
            signatory.contact_hash = case.desk.keyring.address_hash(proposed["email"])
            signatories.remember_names(case.session, case.desk.keyring, signatory, {})
            case.note("contact changed", signatory)
    return handled("the new contact is written to from now on")


def refuse(case: Case) -> Ending:
    """The old contact says no: nothing changes, and somebody tried to take their place."""
    for signatory in case.signatories():
        signatory.contact = _without_proposal(signatory)
        case.note("contact kept", signatory)
    return alarm("a change of contact that the old contact denies")


def objected(case: Case) -> Ending:
    """ "No" to "another mailbox has answered for you": nothing is printed before somebody has spoken with them."""
    for signatory in case.signatories():
        signatory.hold(HoldKind.OBJECTED, by=log.MACHINE, at=case.now, reason=case.message.reference)
        case.note("held", signatory, HoldKind.OBJECTED)
    return alarm("another mailbox has answered for them, and they say no")


def tell_invited(case: Case, signatory: Signatory, address: str | None) -> None:
    """Our secret came back from another mailbox of the organisation: the address that we wrote to is told, once."""
    line = signatory.newest
    if address is None or address == case.reading.clues.sender or signatory.is_silent or line.proof is Proof.NONE:
        return
    if case.may_write(address):
        telling.other_mailbox(case.session, case.desk, case.message, [line], address, case.now)


def _without_proposal(signatory: Signatory) -> dict[str, Any]:
    return {key: value for key, value in signatory.contact.items() if key != "proposed"}
