"""What somebody has chosen to see of the queue: read from an address, written into one, and taken off by one tap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from outreach.store import facets, queue
from outreach.store.facets import Facet
from outreach.store.queue import Wanted
from outreach.store.signatories import IN_QUEUE
from outreach.words import RevisionStatus

STATUS: Final = "status"
AGE: Final = "age"
#: What is chosen from, beside the status, in the order of the form.
FACETS: Final = (
    Facet.KIND, Facet.COUNTRY, Facet.LANGUAGE, Facet.CONFIDENCE, Facet.WARNING, Facet.DUPLICATE,
)  # fmt: skip
#: How long a line waits, by the word in the address: in words, at least so many days, fewer than so many.
AGES: Final[Mapping[str, tuple[str, int, int | None]]] = {
    "new": ("less than a day", 0, 1),
    "1": ("a day or longer", 1, None),
    "3": ("three days or longer", 3, None),
    "7": ("a week or longer", 7, None),
    "14": ("two weeks or longer", 14, None),
}
#: Beyond any value of ours.
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice; each part of it hides what has not got it."""

    parts: Mapping[str, str]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Chosen:
        """Out of an address; a status or an age that there is not chooses nothing, any other value finds nothing."""
        known = {STATUS: {str(one) for one in IN_QUEUE}, AGE: AGES}
        read = ((name, query.get(name, "")[:_LONGEST]) for name in (STATUS, *FACETS, AGE))
        return cls({str(name): value for name, value in read if value and value in known.get(name, (value,))})

    @property
    def statuses(self) -> Sequence[RevisionStatus]:
        return (RevisionStatus(self.parts[STATUS]),) if STATUS in self.parts else IN_QUEUE

    @property
    def address(self) -> str:
        """As it stands in an address, with a mark before it."""
        return f"?{urlencode(self.parts)}" if self.parts else ""

    def with_(self, **parts: str) -> str:
        """The address with these as well; an empty one is taken off."""
        added = {name: value for name, value in {**self.parts, **parts}.items() if value}
        return f"?{urlencode(added)}" if added else ""

    def without(self, name: str) -> Chosen:
        return replace(self, parts={other: value for other, value in self.parts.items() if other != name})

    def wanted(self, now: datetime) -> Wanted:
        _, least, below = AGES.get(self.parts.get(AGE, ""), ("", 0, None))
        return Wanted(
            self.statuses,
            tuple((facet, self.parts[facet]) for facet in FACETS if facet in self.parts),
            until=now - timedelta(days=least) if least else None,
            since=now - timedelta(days=below) if below else None,
        )

    def fields(self, session: Session) -> list[dict[str, Any]]:
        """Of each facet what there is among all that waits, the most frequent first, and how often."""
        counted = facets.counts(session)
        found = []
        for facet in FACETS:
            options, value = counted[facet], self.parts.get(facet, "")
            if value:
                options.setdefault(value, 0)
            ordered = sorted(options.items(), key=lambda one: (-one[1], one[0]))
            found.append({"name": facet, "chosen": value, "options": ordered})
        return found

    def hiding(self, session: Session, now: datetime) -> list[str]:
        """Which parts, one by one, hide all that the others would show."""
        found = queue.not_empty(session, {name: self.without(name).wanted(now) for name in self.parts})
        return [name for name in self.parts if name in found]
