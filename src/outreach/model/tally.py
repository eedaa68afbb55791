"""Counts that are kept as things happen, where counting the rows of a large campaign would hold up a page."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from outreach.model.base import Base, ByValue


class Counted(StrEnum):
    """What is counted. Entries that were merged into another one are not counted twice."""

    INVITED = "invited"
    ANSWERED = "answered"  #: organisations that were invited or listed
    SIGNED = "signed"  #: entries, by when they came
    CONFIRMED = "confirmed"  #: of these: they said yes to the very line


class Tally(Base):
    """How many of one sort there are (``store/tallies.py``), and of what came: within one slot of time."""

    __tablename__ = "tally"

    counted: Mapped[Counted] = mapped_column(ByValue(Counted), primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
