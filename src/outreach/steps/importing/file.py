"""The rows of a list so far, as the rows after them meet them: what a preview knows without writing anything."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from outreach.model import Prospect
from outreach.reading.listed import Listed
from outreach.reading.names import fold


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A row that becomes a prospect."""

    line: int
    details: dict[str, Any]
    email_hash: bytes | None
    answered_at: None = None
    reference: None = None


class FileSoFar:
    """By name for rows that the database does not know yet, by address for those that share one."""

    def __init__(self) -> None:
        self._named: defaultdict[str, list[Line]] = defaultdict(list)
        self._at: dict[bytes, int] = {}
        self._given: dict[str, bytes] = {}  #: addresses that rows gave to those that had none
        self._lines: dict[str, int] = {}  #: reference → line, of what was added already

    def same(self, item: Listed) -> list[Line]:
        """Earlier rows that are this organisation."""
        found = [line for name in item.names.values() for line in self._named.get(fold(name), ())]
        return [line for line in dict.fromkeys(found) if agree(line, item)]

    def hash_of(self, known: Prospect | Line) -> bytes | None:
        """The address it has by now."""
        return self._given.get(self.name_of(known), known.email_hash)

    def name_of(self, known: Prospect | Line) -> str:
        """How a reason names it: by its line where it stands in the same file, else by its reference."""
        line = known.line if isinstance(known, Line) else self._lines.get(known.reference)
        return f"line {line}" if line is not None else str(known.reference)

    def shares(self, hash_: bytes | None) -> str | None:
        """Whether an earlier row has the same address: they get one mail."""
        line = self._at.get(hash_) if hash_ is not None else None
        return f"the same address as line {line}: they get one mail" if line is not None else None

    def add(self, item: Listed, hash_: bytes | None) -> None:
        """The row becomes a prospect."""
        line = Line(item.line, {"names": item.names, **item.details}, hash_)
        for name in item.names.values():
            self._named[fold(name)].append(line)
        if hash_ is not None:
            self._at.setdefault(hash_, item.line)

    def complete(self, known: Prospect | Line, hash_: bytes) -> None:
        """The row gives an address to one that had none."""
        self._given[self.name_of(known)] = hash_

    def added(self, reference: str, line: int) -> None:
        """The row stands in the database now."""
        self._lines[reference] = line


def agree(known: Prospect | Line, item: Listed) -> bool:
    """Whether no name, city or country that both give differs."""
    details = known.details
    before = {**details.get("names", {}), "city": details.get("city"), "country": details.get("country")}
    now = {**item.names, "city": item.place[0], "country": item.place[1]}
    return all(fold(before[what]) == fold(text) for what, text in now.items() if text and before.get(what))
