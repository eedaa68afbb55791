"""The index of the queue: by what the entries that wait are found, on shelves of so many entries each, sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Mapped, mapped_column

from outreach.model.base import Base, SealedBytes, SealedJson, Sealing

#: Entries that one shelf has room for: few enough that a decision writes little, enough that few shelves are opened.
SPAN: Final = 4096


class QueueShelf(Sealing, Base):
    """Of the entries with the ids from ``id * SPAN`` on: which of them wait, and have what (``store/facets.py``).

    One sealed value for all of them, so that without the key nobody sees which two have something in common.
    """

    __tablename__ = "queue_shelf"

    terms_sealed: Mapped[bytes] = mapped_column(SealedBytes)
    terms = SealedJson()  #: by term: a hexadecimal number in which each entry that has it is one bit

    def place(self, found: Mapping[int, Collection[str]]) -> Counter[str]:
        """Put these entries, by id, where their terms say (nowhere: they do not wait); how the counts change by it."""
        before = {term: int(bits, 16) for term, bits in self.terms.items()}
        others = ~sum(1 << id_ % SPAN for id_ in found)
        after = {term: bits & others for term, bits in before.items()}
        for id_, terms in found.items():
            for term in terms:
                after[term] = after.get(term, 0) | 1 << id_ % SPAN
        if after != before:
            self.terms = {term: f"{bits:x}" for term, bits in sorted(after.items()) if bits}
        return Counter({term: bits.bit_count() - before.get(term, 0).bit_count() for term, bits in after.items()})

    def opened(self) -> Opened:
        """What stands on it, to be looked through more than once."""
        return Opened(self.id * SPAN, self.terms)


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened shelf: its first id, and its terms as they are kept."""

    first: int
    terms: Mapping[str, str]

    def having(self, groups: Collection[Collection[str]], after: int) -> Iterator[int]:
        """The ids above ``after`` that have a term of each of these groups, rising."""
        bits = -1 << max(after + 1 - self.first, 0)
        for group in groups:
            some = 0
            for term in group:
                some |= int(self.terms.get(term, "0"), 16)
            bits &= some
        while bits:
            lowest = bits & -bits
            yield self.first + lowest.bit_length() - 1
            bits ^= lowest
