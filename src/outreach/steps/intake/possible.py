"""Who wants something of an entry, weeks later and from an address that nobody knows: whom may they mean?

Found by a printed name in the text, or by the sender's own domain. Nothing is changed: a coordinator looks, and asks
the contact on file (queue edit).
"""

from __future__ import annotations

from typing import Final

from outreach.model import Signatory
from outreach.reading.reply import NEW
from outreach.steps.intake.case import Case, Ending, for_a_person
from outreach.store import naming

_MOST: Final = 3


def of_which(case: Case, what: str) -> Ending:
    """ "a correction of: K7Q2-M9PX?", for a person; the entry's history says that it came."""
    found = _meant(case)
    if not found:
        return for_a_person(f"{what}, but of which entry?")
    for signatory in found:
        case.note("named", signatory, f"{what}: message {case.message.reference}")
    references = ", ".join(signatory.reference for signatory in found)
    return for_a_person(f"{what} of: {references}? Not from its address, so nothing was done")


def _meant(case: Case) -> list[Signatory]:
    session, keyring, reading = case.session, case.desk.keyring, case.reading
    names = [name for signup in reading.signups for name in signup.names.values()]
    text = "\n".join(reading.parts.get(part, "") for part in ("subject", NEW))
    named = naming.named_in(session, keyring, text, names)
    sender = reading.clues.sender
    own = naming.of_domain(session, keyring, sender) if sender and not case.is_forged else []
    both = [one for one in named if one in own]
    return (both or list(dict.fromkeys([*named, *own])))[:_MOST]
