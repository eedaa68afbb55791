"""What the sign-ups of a message are read from, and how far each place is to be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from outreach.reading.days import Days
from outreach.reading.forms import Form
from outreach.reading.lists import Entry
from outreach.reading.result import Signup
from outreach.reading.sentences import Sentence
from outreach.reading.signoff import SignOff
from outreach.reading.values import Piece

#: How far a sign-up is to be trusted by where its name was read (README of the corpus: 0.9 is "sure").
SURE: Final = {
    "form": 0.95,
    "list": 0.85,
    "paired list": 0.9,
    "quoted form": 0.8,
    "text": 0.8,
    "signature": 0.7,
    "subject": 0.65,
    "from": 0.65,
    "nothing": 0.4,
}


@dataclass(frozen=True, slots=True)
class Source:
    """Everything a sign-up may be read from."""

    sentences: Sequence[Sentence]  #: of the part that is read
    part: str
    text: str  #: of that part
    prose: str  #: the same without the lines of headers, form and list, blanked so that places stay right
    subject: Sequence[Sentence]  #: of a mail that answers nothing; empty for replies
    form: Form
    entries: Sequence[Entry]
    signoff: SignOff
    signature: SignOff
    sender: str | None
    sender_name: str
    from_header: str
    language: str
    days: Days  #: that the mail itself tells
    individual: bool
    chat: Sequence[tuple[Piece, Piece]] = ()  #: heads and writers of the messages of a pasted chat


@dataclass(frozen=True, slots=True)
class Found:
    """The sign-ups, and where the names were read."""

    signups: tuple[Signup, ...]
    place: str  #: of SURE

    @property
    def is_named(self) -> bool:
        """Whether any of them has a name."""
        return any(signup.names for signup in self.signups)

    @property
    def confidence(self) -> float:
        """How sure the sign-ups are, 0 to 1."""
        return SURE[self.place]
