"""Which public pages there are, and what answers: the one table. A GET never changes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from outreach.letters.links import Link
from outreach.public.answers import Shown, Visit
from outreach.public.pages import answering, published, signing, stopping


@dataclass(frozen=True, slots=True)
class Row:
    method: Literal["GET", "POST"]
    path: str
    answer: Callable[[Visit], Shown]


ROWS: Final = (
    Row("GET", "/", published.page),
    Row("GET", "/sign", signing.page),
    Row("POST", "/sign", signing.sign),
    Row("GET", f"/{Link.ANSWER}/{{token}}", answering.page),
    Row("POST", f"/{Link.ANSWER}/{{token}}", answering.answer),
    Row("GET", f"/{Link.STOP}/{{token}}", stopping.page),
    Row("POST", f"/{Link.STOP}/{{token}}", stopping.stop),
)
