"""Sign-ups typed into the public form. Nothing shows whose the address is, so they move nothing but themselves.

They stop no reminder and speak against nobody; they are asked about by mail, as every sign-up that nothing proves.
"""

from __future__ import annotations

from outreach.steps.intake import signing
from outreach.steps.intake.case import Case, Ending, for_a_person
from outreach.store import suppressions
from outreach.words import Kind


def sign(case: Case) -> Ending:
    """Into the queue, unless that address is not to be written to: then nobody could ask, and somebody must call."""
    if case.reading.kind is not Kind.SIGNUP:
        return for_a_person("typed into the form to sign, and somebody says that it is something else")
    sender_hash = case.message.sender_hash
    if sender_hash is None or suppressions.scopes(case.session, sender_hash):
        return for_a_person("signed on the page, but its address is not to be written to: call them")
    return signing.sign(case)
