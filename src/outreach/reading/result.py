"""What reading gives: value types only. The keys of ``outreach parse --json`` are made from these."""

from __future__ import annotations

from dataclasses import dataclass, field

from outreach.words import Action, Evidence, Kind


@dataclass(frozen=True, slots=True)
class Ours:
    """What of the campaign a reading may know: to recognise our own text and addresses.

    All addresses lower case. ``authserv_id`` is the id our receiving server writes into
    Authentication-Results (RFC 8601); without one no such header is believed. ``list_ids``, lower case, are
    those of the lists that our own address stands for. ``wording`` is made of our templates by ``unmarked``.
    """

    addresses: frozenset[str] = frozenset()
    authserv_id: str | None = None
    list_ids: frozenset[str] = frozenset()
    wording: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True, slots=True)
class Signup:
    """One signatory asked for in one message; what the message does not say is None."""

    individual: bool | None = None
    names: dict[str, str] = field(default_factory=dict)  #: by language (BCP 47), as written
    city: str | None = None
    country: str | None = None  #: ISO 3166-1 alpha-2
    contact_person: str | None = None
    role: str | None = None
    email: str | None = None
    website: str | None = None
    phone: str | None = None
    action: Action | None = None
    named_email: str | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)  #: "names.fa", "city", …


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail system reports: whom it could not reach, and whether for good."""

    recipients: tuple[str, ...]
    permanent: bool
    ended: bool = False  #: the mail system tries no more, whether or not the address is good
    status: str | None = None  #: enhanced status code (RFC 3463), where one was stated
    said: str = ""  #: the diagnostic text, from the other side: to be kept sealed


@dataclass(frozen=True, slots=True)
class Clues:
    """What a message gives to find the record it belongs to. Nothing here proves anything by itself.

    Addresses are lower case. Message ids have passed ``words.safe_message_id``.
    """

    sender: str | None = None
    sender_name: str | None = None
    reply_to: str | None = None
    recipients: tuple[str, ...] = ()  #: To, Cc, Delivered-To, X-Original-To, …
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    returned_ids: tuple[str, ...] = ()  #: Message-IDs of ours found in a returned or attached mail
    reference_codes: tuple[str, ...] = ()  #: "K7Q2-M9PX", new text first, then quoted
    has_sender: bool = False  #: the envelope names somebody: no report of a mail system does (RFC 5321, 4.5.5)
    may_be_answered: bool = True  #: False for lists, null senders, auto-submitted mail (RFC 3834)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parser understood of one inbound message."""

    kind: Kind
    confidence: float  #: 0 to 1: of kind and sign-ups together
    language: str  #: BCP 47 of the new text, "und" when there is none
    parts: dict[str, str]  #: new, quoted, forwarded, signature, subject, from, attachment
    signups: tuple[Signup, ...] = ()
    bounce: Bounce | None = None
    also: tuple[str, ...] = ()
    needs_human: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    clues: Clues = Clues()

    @property
    def reply_text(self) -> str:
        """What the sender newly wrote."""
        return self.parts.get("new", "")
