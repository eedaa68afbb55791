"""No more invitations: a page with one button, and the one click of a mail program (RFC 8058), at the same address.

Looking changes nothing, for scanners look at every link. The one click has to act without a page in between: so a
scanner that sends it stops invitations, which harms nobody, as the address can always write to us.
"""

from __future__ import annotations

from typing import Final

from outreach.public.answers import Shown, Visit, quiet
from outreach.steps import unsubscribe

#: What the form of the page sends, and what mail programs do.
_SAID: Final = (("answer", "stop"), ("List-Unsubscribe", "One-Click"))


def page(visit: Visit) -> Shown:
    with visit.program.db.reading() as session:
        mail = unsubscribe.invitation_of(session, visit.program.keyring, visit.path["token"])
        if mail is None or unsubscribe.is_done(session, mail):
            return quiet()
        return Shown("stop.html", language=mail.language)


def stop(visit: Visit) -> Shown:
    """A second click is answered as the first: a mail program may not have heard that one."""
    if all(visit.form.get(name) != value for name, value in _SAID):
        return page(visit)
    with visit.program.db.reading() as session:  # whoever has no link holds up nobody who writes
        if unsubscribe.invitation_of(session, visit.program.keyring, visit.path["token"]) is None:
            return quiet()
    with visit.program.db.writing() as session:
        mail = unsubscribe.invitation_of(session, visit.program.keyring, visit.path["token"])
        if mail is None:
            return quiet()
        unsubscribe.unsubscribe(session, mail, visit.program.clock)
        return Shown("stopped.html", language=mail.language)
