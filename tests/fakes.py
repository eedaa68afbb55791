"""Stand-ins for the servers: a mailbox that is a list, a relay that does what it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from outreach.conversation import Apart, Conversation
from outreach.errors import MailUnfetchable
from outreach.ports import Accepted, FolderState, Listed, MailFolder, Outcome, Role
from tests.cast import NOW

ROLES = {"INBOX": Role.INBOX, "Junk": Role.JUNK, "Sent": Role.SENT}


def named(folder: str = "INBOX") -> MailFolder:
    """A folder by its name, with the role such a name suggests."""
    return MailFolder(folder, ROLES.get(folder, Role.ARCHIVE))


@dataclass
class FakeMailbox:
    """A ``ports.Mailbox``: folders of mails, a UIDVALIDITY, and mails that cannot be had."""

    mails: dict[str, dict[int, tuple[bytes, datetime]]] = field(default_factory=lambda: {"INBOX": {}})
    uidvalidity: int = 1
    broken: set[int] = field(default_factory=set)
    marked: list[tuple[str, int]] = field(default_factory=list)
    fetched: list[tuple[str, int, int | None]] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)
    #: Called before each FETCH, with the UID: a test looks around or breaks in here.
    on_fetch: Callable[[int], None] = lambda uid: None
    selected: str = "INBOX"
    #: What lies in the folder of our own notes; several mailboxes of one test may share it.
    noted: list[bytes] = field(default_factory=list)
    #: Called before a note is written.
    before_note: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def put(self, raw: bytes, *, folder: str = "INBOX", arrived: datetime = NOW) -> int:
        """Deliver a mail; its UID."""
        lying = self.mails.setdefault(folder, {})
        uid = max(lying, default=0) + 1
        lying[uid] = (raw, arrived)
        return uid

    def folders(self) -> Sequence[MailFolder]:
        return [named(folder) for folder in self.mails]

    def select(self, folder: MailFolder) -> FolderState:
        self.selected = folder.name
        lying = self.mails[folder.name]
        return FolderState(folder.name, self.uidvalidity, max(lying, default=0) + 1, len(lying))

    def listing(self, first_uid: int) -> Iterator[Listed]:
        for uid, (raw, arrived) in sorted(self.mails[self.selected].items()):
            if uid >= first_uid:
                yield Listed(uid, self.sizes.get(uid, len(raw)), arrived)

    def fetch(self, uid: int, limit: int | None = None) -> bytes | None:
        self.on_fetch(uid)
        self.fetched.append((self.selected, uid, limit))
        if uid in self.broken:
            raise MailUnfetchable("The server will not give it out.")
        raw = self.mails[self.selected].get(uid, (None, NOW))[0]
        return raw if raw is None else raw[:limit]

    def mark_handled(self, uids: Sequence[int]) -> None:
        self.marked += [(self.selected, uid) for uid in uids]

    def notes(self, folder: str, subject: str) -> Sequence[bytes]:
        return list(self.noted)

    def replace_notes(self, folder: str, subject: str, raw: bytes) -> None:
        self.before_note()
        self.noted[:] = [raw]


@dataclass
class FakeSender:
    """A ``ports.MailSender`` that records each mail, and answers as it is told, in turn."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    #: Called while a mail is handed over, before the answer.
    on_send: Callable[[], None] = lambda: None
    #: Raised instead of connecting.
    unreachable: Exception | None = None
    connections: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def connect(self) -> None:
        self.connections += 1
        if self.unreachable is not None:
            raise self.unreachable

    def send(self, *, sender: str, recipient: str, message: bytes, message_id: str) -> Conversation[Outcome]:
        yield Apart(self.on_send)
        self.sent.append((recipient, message))
        return self.outcomes.pop(0) if self.outcomes else Accepted("250 ok")
