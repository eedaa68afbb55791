"""What a public page gets and what it gives back: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from outreach.bootstrap import Program

OK: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request. ``path`` and ``form`` come from outside."""

    program: Program
    language: str  #: what the browser asks for, of the languages there are
    chosen: str | None  #: the language that the visitor took by a link
    place: str  #: the visitor's network address
    path: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: a template of ``templates/public`` and its values. ``language``: of the mail that led here."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = OK
    language: str | None = None


def quiet() -> Shown:
    """What an unknown link, a used one and one that is too old are answered with, all alike."""
    return Shown("quiet.html", status=404)
