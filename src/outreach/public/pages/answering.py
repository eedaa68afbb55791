"""Yes or no to the lines of an asking, for whoever has its link: it was sent to that mailbox and to nobody else.

Consent is a choice and then a button. Nothing is chosen beforehand, so a scanner that opens the link changes nothing,
nor does one that sends the form as it stands. A yes counts as a mailed one does, by the same step, and is told to the
mailbox in the same receipt.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from outreach.model import OutboxMail
from outreach.public.answers import OK, Shown, Visit, quiet
from outreach.steps import heard
from outreach.store import waves

_SAID = {"yes": True, "no": False}


def page(visit: Visit) -> Shown:
    program = visit.program
    with program.db.reading() as session:
        mail = heard.asking_of(session, program.desk, visit.path["token"], program.clock())
        return quiet() if mail is None else _shown(visit, session, mail)


def answer(visit: Visit) -> Shown:
    program, looked = visit.program, page(visit)
    if looked.status != OK:  # whoever has no link holds up nobody who writes
        return looked
    with program.db.writing() as session:
        mail = heard.asking_of(session, program.desk, visit.path["token"], program.clock())
        if mail is None:
            return quiet()
        asked = [number for number, _ in heard.lines_to_answer(session, mail)]
        said = {number: visit.form.get(f"line.{number}", "") for number in asked}
        if not said or not set(said.values()) <= _SAID.keys():
            return _shown(visit, session, mail, incomplete=True)
        chosen = {number: _SAID[word] for number, word in said.items()}
        heard.answer(session, program.desk, mail, chosen, program.clock())
        return Shown("answered.html", language=mail.language)


def _shown(visit: Visit, session: Session, mail: OutboxMail, *, incomplete: bool = False) -> Shown:
    """The lines exactly as they would be printed; the quiet page where all of them are settled."""
    languages = visit.program.settings.languages
    entries = [
        {
            "number": number,
            "lines": [
                (code, str(revision.printed_lines[code])) for code in languages if code in revision.printed_lines
            ],
        }
        for number, revision in heard.lines_to_answer(session, mail)
    ]
    if not entries:
        return quiet()
    is_published = waves.last(session) is not None
    values = {"entries": entries, "incomplete": incomplete, "is_published": is_published}
    return Shown("answer.html", values, status=422 if incomplete else OK, language=mail.language)
