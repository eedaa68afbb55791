"""A yes by phone, messenger, on paper or in person: typed or pasted, looked at as it would be printed, then taken."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from outreach.addresses import valid_address
from outreach.dossier import as_texts
from outreach.errors import Refused
from outreach.model import Prospect, Signatory
from outreach.reading.lines import Typed
from outreach.steps import attest as attesting
from outreach.steps import pause
from outreach.steps.attest import paste
from outreach.steps.attest.paste import Understood
from outreach.steps.attest.wish import Given, Yes, invited_lines, put_together
from outreach.store import signatories as stored
from outreach.web.answers import Answer, Moved, Shown, Visit
from outreach.web.forms import typed
from outreach.web.pages.calls import CHANNELS, said_in, script
from outreach.words import Lines, PrintedLine

#: Characters of a pasted message: in Persian they fill a form (``gate.LARGEST_FORM``) to two thirds.
_LONGEST_PASTE: Final = 20_000
_LINE: Final = ("name", "city", "country")
_FIELDS: Final = ("channel", "speaker", "at", "language", "email", "phone", "individual", "prospect", "entry", "pasted")


def form(visit: Visit) -> Answer:
    """The words to say, and what is to be typed; of who was invited, or is on the list already, what is known."""
    with visit.program.db.reading() as session:
        known = _known(session, visit)
    return _form(visit, known)


def look(visit: Visit) -> Answer:
    """The line as it would be printed, to be read back. Changes nothing."""
    try:
        said_in(visit)
        understood = _understood(visit)
        with visit.program.db.reading() as session:
            return _line(session, visit, _wish(session, visit, understood), understood)
    except Refused as refused:
        return _form(visit, visit.form, str(refused))


def change(visit: Visit) -> Answer:
    """Back to the form, with all that was typed."""
    return _form(visit, visit.form)


def take(visit: Visit) -> Answer:
    """They said yes to what the page had shown; if that would be another line by now, it is shown again."""
    program = visit.program
    try:
        said, understood = said_in(visit), _understood(visit)
        with program.db.writing() as session:
            wish = _wish(session, visit, understood)
            if "agreed" not in visit.form or visit.form.get("version") != _version(session, visit, wish):
                return _line(session, visit, wish, understood)
            message = (
                paste.keep(session, program.desk, understood, said.at, program.clock, actor=visit.actor)
                if understood is not None
                else None
            )
            wish = put_together(session, program.desk, _given(visit), understood, message)
            taken = attesting.take(session, program.desk, wish, said, program.clock, actor=visit.actor)
            reference = taken.revision.signatory.reference
    except Refused as refused:
        return _form(visit, visit.form, str(refused))
    return Moved(f"/phone?said=taken&about={reference}")


def _form(visit: Visit, values: Mapping[str, str], refused: str | None = None) -> Shown:
    settings = visit.program.settings
    lines = {tag: {part: values.get(f"{part}.{tag}", "") for part in _LINE} for tag in settings.languages}
    shown = {
        **script(visit, values.get("language", "") or settings.languages[0]),
        "values": {**dict.fromkeys(_FIELDS, ""), **values},
        "fields": lines,
        "lines": {tag: str(PrintedLine(**line)) for tag, line in lines.items() if line["name"]},
        "languages": settings.languages,
        "channels": CHANNELS,
        "longest": _LONGEST_PASTE,
        "refused": refused,
    }
    return Shown("yes.html", shown, 200 if refused is None else 409)


def _known(session: Session, visit: Visit) -> dict[str, str]:
    """What the form begins with."""
    prospect, entry = visit.query.get("prospect"), visit.query.get("entry")
    if prospect:
        found = pause.prospect_with(session, prospect)
        return _of_prospect(found, visit.program.settings.languages)
    if entry:
        return _of_entry(stored.entry(session, entry))
    return {}


def _of_prospect(prospect: Prospect, languages: Sequence[str]) -> dict[str, str]:
    try:
        lines = invited_lines(prospect, languages)
    except Refused:  # its name is in no script that is printed: it is typed
        lines = {}
    known = prospect.details
    return {
        **_parts(lines),
        "prospect": prospect.reference,
        "language": prospect.language,
        "phone": known.get("phone") or "",
        "speaker": known.get("contact_person") or "",
    }


def _of_entry(signatory: Signatory) -> dict[str, str]:
    contact = signatory.contact
    return {
        **_parts(signatory.newest.printed_lines),
        "entry": signatory.reference,
        "language": signatory.language,
        "phone": contact.get("phone") or "",
        "speaker": contact.get("contact_person") or "",
    }


def _parts(lines: Lines) -> dict[str, str]:
    return {f"{part}.{tag}": getattr(line, part) or "" for tag, line in lines.items() for part in _LINE}


def _given(visit: Visit) -> Given:
    line = {
        part: {tag: text for tag in visit.program.settings.languages if (text := typed(visit, f"{part}.{tag}"))}
        for part in _LINE
    }
    email = typed(visit, "email")
    return Given(
        line=Typed(**line),
        language=_language(visit),
        email=valid_address(email) if email else None,
        phone=typed(visit, "phone", 80),
        individual=visit.form.get("individual") == "yes",
        prospect=typed(visit, "prospect", 20),
        entry=typed(visit, "entry", 20),
    )


def _language(visit: Visit) -> str | None:
    wanted = typed(visit, "language", 20)
    return wanted if wanted in visit.program.settings.languages else None


def _understood(visit: Visit) -> Understood | None:
    """What a pasted message says. Raises Refused when it is no yes."""
    text = visit.form.get("pasted", "")
    return paste.understand(visit.program.desk, text) if text.strip() else None


def _wish(session: Session, visit: Visit, understood: Understood | None) -> Yes:
    wish = put_together(session, visit.program.desk, _given(visit), understood)
    attesting.require_new(wish)
    return wish


def _line(session: Session, visit: Visit, wish: Yes, understood: Understood | None) -> Shown:
    reading = understood.reading if understood is not None else None
    others = attesting.alike(session, visit.program.desk, wish)
    return Shown(
        "agreed.html",
        {
            **script(visit, wish.language),
            "lines": as_texts(wish.lines),
            "contact": wish.contact,
            "written_in": wish.language,
            "invited_as": wish.prospect.reference if wish.prospect is not None else None,
            "read_as": reading.kind if reading is not None else None,
            "doubts": [*reading.needs_human, *reading.warnings] if reading is not None else [],
            "duplicates": [(one.reference, as_texts((one.standing or one.newest).printed_lines)) for one in others],
            "said_by": typed(visit, "speaker"),
            "channel": visit.form.get("channel", ""),
            "kept": {key: value for key, value in visit.form.items() if key.partition(".")[0] in (*_FIELDS, *_LINE)},
            "version": _version(session, visit, wish),
        },
    )


def _version(session: Session, visit: Visit, wish: Yes) -> str:
    """Changes with the line, with whom it belongs to, and with who else is there under its name."""
    others = [one.reference for one in attesting.alike(session, visit.program.desk, wish)]
    state = [as_texts(wish.lines), dict(wish.contact), wish.language, others, visit.form.get("entry", "")]
    return sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()[:16]
