"""The words all layers share: enums and small value types. Imports nothing of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What the sender of an inbound message wants (the reading's one kind)."""

    SIGNUP = "signup"
    CONFIRMATION = "confirmation"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    DECLINE = "decline"
    QUESTION = "question"
    UNSUBSCRIBE = "unsubscribe"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    OTHER = "other"


#: Kinds that only a machine writes; they are never answered.
MACHINE_KINDS: Final = frozenset({Kind.AUTO_REPLY, Kind.BOUNCE, Kind.COMPLAINT})

#: What takes something away. Never acted on by machine beside a positive kind.
NEGATIVE_KINDS: Final = frozenset({Kind.WITHDRAWAL, Kind.DECLINE, Kind.UNSUBSCRIBE})


class InboundStatus(StrEnum):
    """Where an inbound message stands. Every message ends in exactly one visible state."""

    FETCHED = "fetched"  #: stored, not yet read
    HANDLED = "handled"  #: read, and all it asked for is done or stands in the queue
    OPEN = "open"  #: read, and a person must look (questions, doubts); closed by a coordinator
    CLOSED = "closed"  #: was open, a coordinator has dealt with it
    IGNORED = "ignored"  #: machine mail, our own mail, spam: nothing to do
    SET_ASIDE = "set_aside"  #: could not be read or handled; the reason says why


class HandledMail(StrEnum):
    """What becomes of the server's copy of a mail once its raw copy is committed."""

    LEAVE = "leave"
    FLAG = "flag"  #: marked as read (\Seen): many servers allow no flag of one's own
    MOVE = "move"  #: into a folder of its own


class ProspectStatus(StrEnum):
    """Where an organisation that is to be invited stands."""

    LISTED = "listed"
    INVITED = "invited"
    ANSWERED = "answered"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"  #: the invitation bounced for good


class RevisionStatus(StrEnum):
    """Where one wording of a signatory's printed line stands (see docs/architecture.md)."""

    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    REPLACED = "replaced"  #: a newer revision of the same signatory took its place


class Proof(StrEnum):
    """What shows that the organisation really answered."""

    NONE = "none"
    MAILBOX = "mailbox"
    DOMAIN = "domain"
    ATTESTED = "attested"


class Seen(StrEnum):
    """How the organisation came to see the line that would be printed."""

    NO = "no"
    SHOWN = "shown"  #: it stood in a mail of ours; counts once the mail is old enough
    CONFIRMED = "confirmed"  #: answered yes to it, or wrote it so themselves in an answer
    ATTESTED = "attested"  #: a coordinator read it back


class Channel(StrEnum):
    """How an organisation said yes, other than by mail."""

    PHONE = "phone"
    MESSENGER = "messenger"
    PAPER = "paper"
    IN_PERSON = "in_person"
    FORWARD = "forward"  #: by mail to a coordinator, who passed it on


class HoldKind(StrEnum):
    """A reason that keeps a record from print."""

    WITHHELD = "withheld"
    HIDDEN = "hidden"
    DISPUTED = "disputed"
    OBJECTED = "objected"
    EMBARGO = "embargo"


class RelationKind(StrEnum):
    """How an entry belongs to another one; the last is a condition, not a kinship."""

    BRANCH_OF = "branch_of"
    MEMBER_OF = "member_of"
    RENAMED_FROM = "renamed_from"
    NOT_BESIDE = "not_beside"


class RejectReason(StrEnum):
    """The fixed list a coordinator rejects from."""

    NOT_AN_ORGANISATION = "not_an_organisation"
    NOT_AUTHORISED = "not_authorised"
    NOT_A_SIGN_UP = "not_a_sign_up"
    DUPLICATE = "duplicate"
    UNKNOWN_ORGANISATION = "unknown_organisation"
    AGAINST_THE_STATEMENT = "against_the_statement"
    SPAM = "spam"
    NOT_US = "not_us"


class OutboxStatus(StrEnum):
    """Where an outgoing mail stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"


class MailKind(StrEnum):
    """The mails the program writes; each is a folder in ``templates/email``."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    LAST_CALL = "last_call"
    ASKING = "asking"
    ASKING_REMINDER = "asking_reminder"
    RECEIPT = "receipt"
    WITHDRAWAL_NOTICE = "withdrawal_notice"
    WITHDRAWN = "withdrawn"
    DISPUTE = "dispute"
    QUESTION = "question"
    ANSWER = "answer"
    ONLINE = "online"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    INDIVIDUAL = "individual"
    OTHER_MAILBOX = "other_mailbox"
    NEW_CONTACT = "new_contact"
    STATUS = "status"
    HELP = "help"


#: What stops as soon as the organisation answers, in any way.
SEQUENCE: Final = (MailKind.INVITATION, MailKind.REMINDER, MailKind.LAST_CALL)


class Individuals(StrEnum):
    """What becomes of people who sign for themselves: the list names organisations."""

    THANK = "thank"
    SEPARATE_LIST = "separate_list"
    ACCEPT = "accept"


class SuppressionScope(StrEnum):
    """How much an address is not to be written."""

    INVITATIONS = "invitations"
    EVERYTHING = "everything"


class SuppressionReason(StrEnum):
    """Why an address is not to be written."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    COORDINATOR = "coordinator"


class PauseReason(StrEnum):
    """Why an address gets no reminders for a while."""

    ABSENT = "absent"  #: an automatic answer named the day of return
    BY_HAND = "by_hand"  #: somebody of us wrote to it by hand: the sequence does not talk over them
    COORDINATOR = "coordinator"


class AuthResult(StrEnum):
    """The verdict of our own receiving server on a message (RFC 8601)."""

    PASS = "pass"  #: DKIM or DMARC passed for the domain of From
    FAIL = "fail"  #: DMARC failed
    NONE = "none"  #: our server said nothing, or nothing that counts
    UNKNOWN = "unknown"  #: no authserv-id is configured, so no header is believed


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of the list in one language, exactly as it is printed: name – city – country."""

    name: str
    city: str | None = None
    country: str | None = None

    def __str__(self) -> str:
        return " – ".join(part for part in (self.name, self.city, self.country) if part)


_RIGHT_TO_LEFT: Final = frozenset({"ar", "azb", "ckb", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """The direction a language (BCP 47) is written in, as HTML says it: "rtl" or "ltr"."""
    primary, *rest = language.lower().split("-")
    return "rtl" if primary in _RIGHT_TO_LEFT or "arab" in rest else "ltr"


#: A printed line per language of the campaign (BCP 47).
Lines = dict[str, PrintedLine]


@dataclass(frozen=True, slots=True)
class Action:
    """A local action or rally. ``time`` is HH:MM in the city's own zone."""

    joins: bool | None = None
    place: str | None = None
    date: date | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value was read: code points ``start`` to ``end`` of one part's text."""

    part: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Authenticity:
    """The stored verdict: result, and the domain it is about (lower case), if any."""

    result: AuthResult = AuthResult.UNKNOWN
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one pass of a step did: counts by word, and what a person must act on."""

    step: str
    counts: dict[str, int] = field(default_factory=dict)
    attention: tuple[str, ...] = ()


#: The only form of a message id that may enter a header or a look-up of ours (design, invariant 2).
_SAFE_MESSAGE_ID = re.compile(r"<[!-~]{3,250}>")

#: No 0 O 1 I L U, so that a reference can be read out on the phone.
REFERENCE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Begins with a set of characters, not with a place between two, as that is found many times as fast.
REFERENCE = re.compile(
    rf"([{REFERENCE_ALPHABET}][{REFERENCE_ALPHABET}]{{3}})(?<!\w.{{4}})-([{REFERENCE_ALPHABET}]{{4}})\b"
)


def safe_message_id(value: str) -> str | None:
    """The value if it is a message id that may be put into a header, else ``None``."""
    if _SAFE_MESSAGE_ID.fullmatch(value) and "=?" not in value and ">" not in value[1:-1] and "<" not in value[1:-1]:
        return value
    return None
