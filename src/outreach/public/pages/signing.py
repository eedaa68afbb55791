"""A form to sign: what is typed becomes an inbound message, and whoever has that mailbox is asked, as after any mail.

The answer is the same whatever we know of the address.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from babel import Locale

from outreach.public.answers import Shown, Visit
from outreach.steps import heard
from outreach.steps.heard import Entry
from outreach.store import waves

#: A field that nobody sees: what fills it in is a machine, and is thanked for nothing.
_TRAP: Final = "website"
_FIELDS: Final = ("city", "country", "person", "address")
_LONGEST: Final = 254


def page(visit: Visit) -> Shown:
    return _form(visit, {}, ())


def sign(visit: Visit) -> Shown:
    program, form = visit.program, visit.form
    if program.settings.day.is_closed(program.clock()):
        return page(visit)
    if form.get(_TRAP):
        return Shown("signed.html")
    entry = _entry(visit)
    if entry.problems:
        return _form(visit, form, entry.problems)
    with program.db.reading() as session:  # a flood holds up nobody who writes
        if not heard.has_room(session, program.desk, visit.place, program.clock()):
            return Shown("busy.html", status=429)
    with program.db.writing() as session:
        is_taken = heard.sign_up(session, program.desk, entry, visit.place, program.clock())
    return Shown("signed.html") if is_taken else Shown("busy.html", status=429)


def _entry(visit: Visit) -> Entry:
    typed = {field: " ".join(visit.form.get(field, "").split())[: _LONGEST + 1] for field in visit.form}
    return Entry(
        names={field: typed.get(f"name.{field}", "") for field in heard.name_fields(visit.program.settings)},
        city=typed.get("city", ""),
        country=typed.get("country", ""),
        person=typed.get("person", ""),
        address=typed.get("address", ""),
        language=visit.chosen or visit.language,
    )


def _form(visit: Visit, typed: Mapping[str, str], problems: Collection[str]) -> Shown:
    program, language = visit.program, visit.chosen or visit.language
    with program.db.reading() as session:
        is_published = waves.last(session) is not None
    spoken = Locale(language).languages
    fields = heard.name_fields(program.settings)
    values = {
        "closed": program.settings.day.is_closed(program.clock()),
        "is_published": is_published,
        "name_fields": [(field, spoken.get(field.partition("-")[0], field)) for field in fields],
        "typed": {field: typed.get(field, "")[:_LONGEST] for field in (*_FIELDS, *(f"name.{one}" for one in fields))},
        "problems": problems,
        "trap": _TRAP,
        "kept_days": program.settings.keep_mail.days if program.settings.day.end is not None else None,
    }
    return Shown("sign.html", values, status=422 if problems else 200)
