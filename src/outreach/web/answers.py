"""What a page gets and what it gives back: plain values, so that a page can be read and tested without a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.bootstrap import Program
from outreach.model import TeamRole
from outreach.web.seen import Lookers


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    name: str
    role: TeamRole
    token: str = field(repr=False)  #: the secret of their session


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request, after the gate: who it is, and what was asked for. What is in ``path``, ``query``, ``form``
    and ``files`` comes from outside.
    """

    program: Program
    visitor: Visitor | None
    language: str
    place: str  #: the visitor's network address
    at: str  #: the path that was asked for
    lookers: Lookers  #: who looks at which entry just now
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """Who decides. Only pages behind the gate ask."""
        assert self.visitor is not None
        return self.visitor.name


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: a template of ``templates/web`` and its values."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """To another page, as after every act; ``token`` begins a session, "" ends it; ``language`` is remembered."""

    to: str
    token: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A small answer for the script of a page."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Framed:
    """An HTML part of a mail, for a frame in which it loads nothing and does nothing."""

    html: str


Answer = Shown | Moved | Told | Framed
