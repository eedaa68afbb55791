"""Who else is to be invited: one organisation by a form, or a list, whose rows are shown before any is taken.

Both go the way of ``outreach prospects import``. A list is read again when its count has been typed; what would happen
to it by then is what the page had shown, or it is shown anew.
"""

from __future__ import annotations

import binascii
import csv
import io
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from outreach.errors import Refused
from outreach.reading.listed import Preview, RowPlan
from outreach.steps import importing
from outreach.steps.importing import ADDED, Outcome
from outreach.store import coordinators
from outreach.web.answers import Answer, Moved, Shown, Visit
from outreach.web.forms import require_count, typed
from outreach.words import MailKind

#: Octets of a list: it is sent back with the count, by a form (``gate.LARGEST_FORM``), a third longer.
LARGEST: Final = 140_000
#: Rows that are shown; those that a person should look at come first.
_SHOWN: Final = 100
_FIELDS: Final = (
    "email", "phone", "city", "country", "contact_person", "tags", "language", "greeting", "personal_line", "sender",
    "sign_off",
)  # fmt: skip


def page(visit: Visit) -> Answer:
    return _form(visit, {})


def add(visit: Visit) -> Answer:
    """One organisation. What cannot be taken comes back with the reason, and nothing is typed twice."""
    program = visit.program
    values = {field: typed(visit, field) or "" for field in (*_names(visit), *_FIELDS)}
    data = _as_table(values)
    rows = importing.plan(program.db, program.desk, data, program.clock).rows
    if not rows or rows[0].outcome not in {*ADDED, Outcome.COMPLETED}:
        return _form(visit, values, rows[0] if rows else None)
    done = importing.run(program.db, program.desk, data, program.clock, actor=visit.actor).rows[0]
    return Moved(f"/prospects/{done.reference}?said=added")


def preview(visit: Visit) -> Answer:
    """What each row of a list would do."""
    data = visit.files.get("file") or visit.form.get("text", "").encode("utf-8", "replace")
    if len(data) > LARGEST:
        raise Refused(f"The list is larger than {LARGEST // 1000} kB: import it in parts, or by the command line.")
    return _preview(visit, data)


def take(visit: Visit) -> Answer:
    """Import what the page had shown, if the typed count says so."""
    program = visit.program
    try:
        data = urlsafe_b64decode(visit.form.get("data", ""))
    except (binascii.Error, ValueError):
        raise Refused("Nothing was done: choose the list again.") from None
    planned = importing.plan(program.db, program.desk, data, program.clock)
    if _version(data, planned) != visit.form.get("version"):
        return _preview(visit, data, has_changed=True)
    require_count(visit, planned.taken)
    importing.run(program.db, program.desk, data, program.clock, actor=visit.actor)
    return Moved("/prospects?said=imported")


def _form(visit: Visit, values: Mapping[str, str], refused: RowPlan | None = None) -> Shown:
    program = visit.program
    with program.db.reading() as session:
        team = [one.name for one in coordinators.active(session)]
    shown = {
        "team": team,
        "values": {**dict.fromkeys((*_names(visit), *_FIELDS), ""), **values},
        "languages": program.settings.languages,
        "tongues": sorted(program.desk.renderer.languages(MailKind.INVITATION)),
        "refused": refused,
        "is_empty": bool(values) and refused is None,
    }
    return Shown("add.html", shown, 409 if values else 200)


def _preview(visit: Visit, data: bytes, *, has_changed: bool = False) -> Shown:
    program = visit.program
    found = importing.plan(program.db, program.desk, data, program.clock)
    rows = sorted(found.rows, key=lambda row: (row.outcome is not Outcome.BAD, row.reason is None, row.line))
    counts = found.counts
    values: dict[str, Any] = {
        "counts": [(outcome, counts[outcome]) for outcome in Outcome if outcome in counts],
        "rows": rows[:_SHOWN],
        "more": len(rows) - len(rows[:_SHOWN]),
        "taken": found.taken,
        "ignored": found.ignored_columns,
        "data": urlsafe_b64encode(data).decode(),
        "version": _version(data, found),
        "has_changed": has_changed,
    }
    return Shown("import.html", values, 409 if has_changed else 200)


def _version(data: bytes, found: Preview) -> str:
    """Of the list, and of all that would happen to it."""
    rows = [[row.line, row.outcome, row.reference] for row in found.rows]
    return sha256(data + json.dumps(rows).encode()).hexdigest()[:16]


def _names(visit: Visit) -> list[str]:
    return [f"name_{language}" for language in visit.program.settings.languages]


def _as_table(values: Mapping[str, str]) -> bytes:
    table = io.StringIO()
    writer = csv.DictWriter(table, [*values])
    writer.writeheader()
    writer.writerow(values)
    return table.getvalue().encode("utf-8", "replace")
