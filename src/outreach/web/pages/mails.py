"""Every mail the program writes, as it would be written now: plain, and as mail programs show it.

The HTML part has an address of its own and a policy that loads nothing; it is shown in a frame that may do nothing.
"""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from outreach.errors import Refused
from outreach.letters.preview import preview
from outreach.web.answers import Answer, Framed, Shown, Visit
from outreach.words import MailKind


def page(visit: Visit) -> Answer:
    kind, language = _wanted(visit)
    values: dict[str, Any] = {
        "kind": kind,
        "kinds": list(MailKind),
        "tag": language,
        "tags": sorted(visit.program.desk.renderer.languages(kind)),
        "refused": None,
    }
    try:
        mail = _mail(visit, kind, language)
    except Refused as problem:
        return Shown("mails.html", {**values, "refused": str(problem)})
    heads = [(name, str(mail[name])) for name in ("From", "To", "Subject") if mail[name]]
    has_html = mail.get_body(("html",)) is not None
    return Shown("mails.html", {**values, "heads": heads, "text": _part(mail, "plain"), "has_html": has_html})


def html(visit: Visit) -> Answer:
    """The HTML part alone, for the frames of the page."""
    return Framed(_part(_mail(visit, *_wanted(visit)), "html"))


def _wanted(visit: Visit) -> tuple[MailKind, str]:
    kind = visit.query.get("kind", "")
    chosen = MailKind(kind) if kind in map(str, MailKind) else MailKind.INVITATION
    there, language = visit.program.desk.renderer.languages(chosen), visit.query.get("tag", "")
    first = next((tag for tag in visit.program.settings.languages if tag in there), min(there, default="en"))
    return chosen, language if language in there else first


def _mail(visit: Visit, kind: MailKind, language: str) -> EmailMessage:
    program = visit.program
    with program.db.trying() as session:
        raw = preview(session, program.desk, kind, language, program.clock())
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _part(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""
