"""What an organisation of the demo is: how it is reached, what it says, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from outreach.demo.clients import Client, gmail, out_of_office
from outreach.demo.received import Received
from outreach.words import ProspectStatus, RejectReason, SuppressionScope

#: What somebody answers to a mail.
Says = Callable[[Received], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """``answers``: what they say to the first, second … mail they get; whatever comes after is left unanswered.

    ``status`` is how their invitation must end (None: they were not invited), ``lines`` what must be printed of them,
    each signatory by language; ``suppressed`` how far their address must not be written any more.
    """

    address: str
    person: str
    language: str
    client: Client = gmail
    signature: str = ""
    subject: str = ""
    first_words: str = ""
    answers: tuple[Says, ...] = ()
    status: ProspectStatus | None = None
    lines: tuple[dict[str, str], ...] = ()
    suppressed: SuppressionScope | None = None
    exists: bool = True
    #: The mail they never wrote comes from this host; the rest is theirs.
    forged_from: str | None = None
    #: What was signed in their name must be rejected for this, and a coordinator be called.
    rejected: RejectReason | None = None

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def mails(self) -> int:
        """How many mails they send."""
        return len(self.answers) + bool(self.first_words)

    @property
    def is_machine(self) -> bool:
        return self.client is out_of_office

    @property
    def program(self) -> str:
        return self.client.__name__.replace("_", " ").title()


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An organisation without an address, which is called: who answers, and what must be printed of it."""

    name: str
    speaker: str
    lines: dict[str, str]
