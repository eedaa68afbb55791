"""What people type and choose in forms, as values."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypeVar

from outreach.errors import Refused
from outreach.web.answers import Visit

#: Characters of a text to an organisation.
LONGEST_TEXT: Final = 4000
#: More than any line that is printed: what is longer is refused there, and not cut here.
_LONGEST: Final = 2000

_Word = TypeVar("_Word", bound=StrEnum)


def typed(visit: Visit, field: str, longest: int = _LONGEST) -> str | None:
    """A text; None if there is none."""
    return visit.form.get(field, "").strip()[:longest] or None


def one_of(visit: Visit, field: str, words: type[_Word]) -> _Word:
    """One of our words. Raises Refused for any other."""
    value = visit.form.get(field, "")
    if value not in map(str, words):
        raise Refused(f"Choose a {field}.")
    return words(value)


def moment(visit: Visit, field: str, says: str = "That is no time.") -> datetime | None:
    """A day or a time of the campaign's zone; None if none was typed. Raises Refused."""
    text = typed(visit, field)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(says) from None
    return found.replace(tzinfo=visit.program.settings.day.zone).astimezone(UTC)


def require_count(visit: Visit, count: int) -> None:
    """The typed count, in the digits of any script, is this one. Raises Refused."""
    text = visit.form.get("count", "").strip()
    if not text.isdecimal() or int(text) != count:
        raise Refused("Nothing was done: that is not the count.")
