"""The seams to the world outside: what steps need from mail servers, templates and the clock.

Implemented in ``mail``; wired in ``bootstrap``; replaced by fakes in tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from outreach.conversation import Conversation
from outreach.words import Lines, MailKind

#: Returns an aware datetime in UTC.
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies on the server: folder, UIDVALIDITY, UID (RFC 9051, 2.3.1.1)."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One mail on the server, known by size and arrival only. ``size`` in octets."""

    uid: int
    size: int
    arrived: datetime


class Role(StrEnum):
    """What a folder of the mailbox is for."""

    INBOX = "inbox"
    JUNK = "junk"  #: suspected spam: replies of organisations end there
    SENT = "sent"  #: what was sent from this mailbox, by this program or by hand
    ARCHIVE = "archive"  #: what people put aside; Gmail's All Mail


@dataclass(frozen=True, slots=True)
class MailFolder:
    """A folder that is read."""

    name: str
    role: Role

    @property
    def is_ours_to_mark(self) -> bool:
        """Whether handled mail may be flagged or moved there; the others belong to people."""
        return self.role in (Role.INBOX, Role.JUNK)


@dataclass(frozen=True, slots=True)
class FolderState:
    """A selected folder: its name on the server, UIDVALIDITY, UIDNEXT and number of mails."""

    folder: str
    uidvalidity: int
    uidnext: int
    messages: int


class Mailbox(Protocol):
    """The campaign's contact inbox over IMAP. One connection; used as a context manager.

    Raises ServerUnreachable or LoginRefused. Speaks in UIDs only, and never puts text from a mail
    into a command.
    """

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...

    def folders(self) -> Sequence[MailFolder]:
        """The folders to read: INBOX (or the one of the URL); \\Junk, \\Sent and \\Archive where there are any."""

    def select(self, folder: MailFolder) -> FolderState:
        """Open a folder (EXAMINE unless its handled mail is to be flagged or moved)."""

    def listing(self, first_uid: int) -> Iterator[Listed]:
        """The mails of the selected folder with UID >= first_uid, by rising UID."""

    def fetch(self, uid: int, limit: int | None = None) -> bytes | None:
        """The raw mail (BODY.PEEK[]), at most its first ``limit`` octets; None if it is gone."""

    def mark_handled(self, uids: Sequence[int]) -> None:
        """Leave, flag or move handled mail of the selected folder, as the settings say."""

    def notes(self, folder: str, subject: str) -> Sequence[bytes]:
        """The mails with such words in their subject, oldest first; none if there is no such folder.

        Raises NotOffered where the server keeps no notes for us; so does ``replace_notes``.
        """

    def replace_notes(self, folder: str, subject: str, raw: bytes) -> None:
        """Put a mail of ours into a folder (made if it is missing), then delete the others with such a subject."""


class Doorbell(Protocol):
    """A connection of its own on which the mailbox says that mail has come. Only a wake-up: ``fetch`` looks itself.

    Entering raises ServerUnreachable, LoginRefused, or NotOffered where the server cannot do it.
    """

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...

    def wait(self, seconds: float) -> bool:
        """Whether anything came within so many seconds. Raises ServerUnreachable once the connection is dead."""


class Phase(StrEnum):
    """How far an SMTP transaction had come when it ended."""

    CONNECT = "connect"
    LOGIN = "login"
    ENVELOPE = "envelope"  #: MAIL, RCPT, or the reply to DATA: no octet of the mail has left
    BODY = "body"  #: octets of the mail have left; without a reply nobody knows
    DONE = "done"


class Fault(StrEnum):
    """Whose fault a failure is: decides what is paused."""

    RELAY = "relay"  #: connection, TLS, login, limits: all mail waits
    DOMAIN = "domain"  #: where it goes: all mail to that place waits
    RECIPIENT = "recipient"  #: this address
    POLICY = "policy"  #: ours: they do not want mail from us. A person is told, the recipient never suppressed
    MESSAGE = "message"  #: anything else about this one mail


class Pace(StrEnum):
    """How soon to try again; ``retrytable.WAITS`` has the times."""

    GREYLISTED = "greylisted"
    USUAL = "usual"
    BUSY = "busy"
    RATE = "rate"
    LIMIT = "limit"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The relay has taken responsibility (250 after the final dot)."""

    reply: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not taken now; nothing of it is on its way. Try again later."""

    code: int
    enhanced: str | None
    reply: str
    phase: Phase
    fault: Fault
    pace: Pace = Pace.USUAL


@dataclass(frozen=True, slots=True)
class Failed:
    """Refused for good; nothing of it is on its way."""

    code: int
    enhanced: str | None
    reply: str
    phase: Phase
    fault: Fault


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The connection broke after octets of the mail had left and before the reply."""

    reply: str


Outcome = Accepted | Deferred | Failed | InDoubt


class Tokens(Protocol):
    """Access tokens that stand in for a password, refreshed as they expire.

    Both raise LoginRefused where a person must sign in again, and ServerUnreachable where trying later may help.
    """

    def current(self) -> str:
        """A token that is good for some minutes more, as far as one knows."""

    def renewed(self, refused: str) -> str:
        """Another one than that which a server has refused."""


#: What a server wants to see: a password, or tokens.
Secret = str | Tokens


class MailSender(Protocol):
    """A session with the relay over SMTP. Used as a context manager; connects at the first mail.

    ``send`` is a conversation, which raises LoginRefused when the password is refused and
    ServerUnreachable when no connection can be made; every other end of a transaction is an
    Outcome. There is exactly one recipient, by construction.
    """

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...

    def connect(self) -> None:
        """Connect, secure and log in now, so that no mail has to be marked for a dead relay."""

    def send(self, *, sender: str, recipient: str, message: bytes, message_id: str) -> Conversation[Outcome]:
        """One transaction: MAIL, RCPT, DATA. ``message`` has CRLF line ends, and ``message_id`` in its header."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be composed: everything but its Date, which is added when it is sent.

    ``context`` holds plain values for the template (str, int, bool, dates, lists, dicts). Text
    that came from a mail is data there; no header is ever made from it. What many letters say alike
    stands in ``shared``: the same mapping in all of them, so that it is made ready once. It goes below ``context``.
    """

    kind: MailKind
    language: str
    recipient: str
    message_id: str
    context: Mapping[str, object] = field(default_factory=dict)
    shared: Mapping[str, object] = field(default_factory=dict)
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    #: A reply in a thread: the subject gets "Re: " in front.
    is_reply: bool = False
    #: RFC 3834: the mail was made by a machine in answer to another one.
    auto_replied: bool = False
    #: The mail carries List-Unsubscribe (mailto, RFC 2369).
    unsubscribable: bool = False
    #: Where one click does it as well (RFC 8058), if there is such a page.
    unsubscribe_url: str | None = None
    #: The organisation's own address during a rehearsal, when ``recipient`` is the team.
    rehearsal_for: str | None = None


class Renderer(Protocol):
    """Turns a letter into the bytes of a mail, by the campaign's templates."""

    def compose(self, letter: Letter) -> bytes:
        """RFC 5322 bytes with CRLF line ends and without Date. Raises TemplateProblem."""

    def head(self, composed: bytes, now: datetime, relay: str) -> bytes:
        """What goes before composed bytes when a relay is first given them: their Date (UTC), and a signature."""

    def languages(self, kind: MailKind) -> frozenset[str]:
        """The languages (BCP 47) in which this mail can be written."""

    def said(self) -> tuple[str, ...]:
        """What all letters say word for word, in every language; without the form, whose words are theirs to use."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One signatory as it is printed. Only the lines are published."""

    reference: str
    lines: Lines
    revision_id: int
    individual: bool = False


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A wave's list, in the order of printing. ``languages`` is the order of each entry's lines."""

    campaign: str
    wave: int
    published_at: datetime
    languages: tuple[str, ...]
    entries: tuple[Entry, ...]


#: Makes one published file from a list: its text, to be written in UTF-8 exactly as it is.
Writer = Callable[[PublishedList], str]
