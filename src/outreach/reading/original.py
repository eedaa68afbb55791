"""A mail as it came, for a person who wants to look at it: its headers, its HTML, what hangs on it.

Nothing of this takes part in the reading; what it returns is as hostile as the mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from outreach.reading import limits, parts, texts
from outreach.reading.charset import decode_header
from outreach.reading.parameters import file_name, parse
from outreach.reading.parts import Part

#: Characters of one header, and fields; a list of relays says nothing to a coordinator beyond that.
_LONGEST: Final = 500
_MOST_FIELDS: Final = 60


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a mail: name and type as stated, and its octets counted."""

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Original:
    """One mail, not understood, only taken apart."""

    headers: tuple[tuple[str, str], ...]
    html: str  #: "" where it has none
    hanging: tuple[Hanging, ...]


def original(raw: bytes) -> Original:
    """Take a mail apart. Raises Unreadable beyond the limits."""
    limits.check(raw)
    root = parts.split(raw)
    leaves = list(_leaves(root))
    written = [source for part, name in leaves if name is None and (source := texts.source(part)) is not None]
    return Original(
        tuple((name, decode_header(value)[:_LONGEST]) for name, value in root.fields[:_MOST_FIELDS]),
        "\n".join(written),
        tuple(Hanging(name, part.type, len(part.content())) for part, name in leaves if name is not None),
    )


def _leaves(part: Part) -> Iterator[tuple[Part, str | None]]:
    """The parts that hold something, each with its file name; None for a text that stands in the mail itself."""
    if part.inside and part.type not in parts.MAILS:
        for inside in part.inside:
            yield from _leaves(inside)
    elif not part.type.startswith("multipart/"):
        disposition, given = parse(part.get("content-disposition"))
        name = file_name(given.get("filename") or part.parameters.get("name", ""))
        is_text = texts.is_text(part.type) and not (disposition == "attachment" and name)
        yield part, None if is_text else name
