"""What the story shows, as values: the command line prints them, tests look at them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Chapter:
    """A new scene; ``when`` is the story's hour in words."""

    when: str
    title: str


@dataclass(frozen=True, slots=True)
class Told:
    """A line about what happens."""

    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A small table. Cells may hold what a mail said."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in full, as an example."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Published:
    """The list as it was published: each signatory's lines, the Persian one first."""

    entries: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """Where everything lies, and in what it differs from what had to come out (empty: in nothing)."""

    folder: Path
    problems: tuple[str, ...]


Event = Chapter | Told | Rows | Letter | Published | Ended
