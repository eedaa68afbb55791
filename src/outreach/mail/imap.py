"""The contact inbox over IMAP: lists and fetches mail for the fetch step, through ``ports.Mailbox``."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Self

from outreach.errors import MailUnfetchable, NotOffered, ServerUnreachable
from outreach.mail.folders import to_read
from outreach.mail.imapwire import ImapConnection, Rejected
from outreach.mail.reasons import unreachable
from outreach.mail.tls import client_context
from outreach.ports import Clock, FolderState, Listed, MailFolder, Role, Secret
from outreach.serverurl import ServerUrl
from outreach.words import HandledMail

#: UIDs in one command.
_CHUNK: Final = 200
#: Octets of a note of ours that are looked at, and how many notes.
_NOTE: Final = 4_000
_MOST_NOTES: Final = 20


class ImapMailbox:
    """One connection, used as a context manager; entering it again after a failure connects anew.

    ``clock`` stands in for an INTERNALDATE that nobody can read. ``timeout`` in seconds. ``move_to`` is the
    folder for handled mail, ``named`` says which folders the settings name. ``context`` is for TLS; without one, the
    system's authorities decide.
    """

    def __init__(
        self,
        url: ServerUrl,
        secret: Secret,
        *,
        clock: Clock,
        handled: HandledMail = HandledMail.LEAVE,
        move_to: str = "Handled",
        named: Mapping[Role, str] | None = None,
        timeout: float = 60,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._handled = handled
        self._move_to = move_to
        self._named = named or {}
        self._timeout = timeout
        self._context = context
        self._connection: ImapConnection | None = None
        self._state: FolderState | None = None
        self._is_writable = False
        self._existing_target: str | None = None

    def __enter__(self) -> Self:
        context = self._context or client_context(self._url)
        self._connection = ImapConnection(self._url, self._secret, timeout=self._timeout, context=context)
        self._existing_target = None
        return self

    def __exit__(self, *exc: object) -> None:
        connection, self._connection, self._state = self._connection, None, None
        if connection is not None:
            connection.log_out()

    def folders(self) -> Sequence[MailFolder]:
        """The folder of the URL, suspected spam, what was sent, the archive; as far as there are any."""
        try:
            return to_read(self._url.folder, self._wire.folders(), self._wire.capabilities, self._named)
        except Rejected as refusal:
            raise unreachable(self._url, str(refusal)) from refusal

    def select(self, folder: MailFolder) -> FolderState:
        """Open a folder; with EXAMINE unless its handled mail is to be flagged or moved."""
        self._state = None
        readonly = self._handled is HandledMail.LEAVE or not folder.is_ours_to_mark
        try:
            selected = self._wire.select(folder.name, readonly=readonly)
            uidnext = selected.uidnext
            if uidnext is None:
                uidnext = 1 + max(self._wire.search(), default=0)
        except Rejected as refusal:
            raise unreachable(self._url, f"cannot open the folder {folder.name}: {refusal}") from refusal
        self._is_writable = selected.is_writable
        self._state = FolderState(folder.name, selected.uidvalidity, uidnext, selected.messages)
        return self._state

    def listing(self, first_uid: int) -> Iterator[Listed]:
        """The mails with UID >= first_uid, by rising UID; size 0 for one whose facts the server cannot tell."""
        try:
            uids = self._wire.search(first_uid)
        except Rejected as refusal:
            raise unreachable(self._url, f"cannot list the folder: {refusal}") from refusal
        for start in range(0, len(uids), _CHUNK):
            yield from self._listed(uids[start : start + _CHUNK])

    def fetch(self, uid: int, limit: int | None = None) -> bytes | None:
        """The raw mail or its first ``limit`` octets; None if it is gone. Raises MailUnfetchable."""
        try:
            raw = self._wire.body(uid, limit)
            reason = "the answer holds no mail"
        except Rejected as refusal:
            raw, reason = None, str(refusal)
        if raw is not None:
            return raw[:limit]
        if not self._still_there([uid]):
            return None
        raise MailUnfetchable(f"{self._url.address} lists mail {uid} and does not hand it out: {reason}")

    def mark_handled(self, uids: Sequence[int]) -> None:
        """Leave, flag as read or move. What the server has no safe way for is left as it is."""
        if self._handled is HandledMail.LEAVE or not self._is_writable:
            return
        try:
            for start in range(0, len(uids), _CHUNK):
                chunk = uids[start : start + _CHUNK]
                if self._handled is HandledMail.FLAG:
                    self._wire.add_flag(chunk, r"\Seen")
                else:
                    self._move(chunk)
        except Rejected as refusal:
            raise unreachable(self._url, f"does not let handled mail be marked: {refusal}") from refusal

    def notes(self, folder: str, subject: str) -> Sequence[bytes]:
        """The mails with such words in their subject, oldest first; none if there is no such folder."""
        try:
            name = self._own(folder)
            if name not in {known.name for known in self._wire.folders()}:
                return []
            self._wire.select(name, readonly=True)
            found = (self._wire.body(uid, _NOTE) for uid in self._noted(subject))
            return [raw for raw in found if raw is not None]
        except Rejected as refusal:
            raise NotOffered(f"{self._url.address} does not show our own notes: {refusal}") from refusal

    def replace_notes(self, folder: str, subject: str, raw: bytes) -> None:
        """Put a mail of ours into a folder (made if it is missing), then delete the others with such a subject."""
        try:
            name = self._own(folder)
            if name not in {known.name for known in self._wire.folders()}:
                self._wire.create(name)
            self._wire.select(name, readonly=False)
            others = self._noted(subject)
            self._wire.append(name, raw)
            if others:
                self._wire.add_flag(others, r"\Deleted")
                if "UIDPLUS" in self._wire.capabilities:
                    self._wire.expunge(others)
        except Rejected as refusal:
            raise NotOffered(f"{self._url.address} does not take a note of ours: {refusal}") from refusal

    def _noted(self, subject: str) -> list[int]:
        """``subject`` is a word of ours, never text of a mail."""
        return self._wire.search(criteria=f'UNDELETED SUBJECT "{subject}"')[-_MOST_NOTES:]

    def _own(self, folder: str) -> str:
        """A folder of ours, under the server's prefix for own folders."""
        prefix = self._wire.personal_prefix()
        return folder if folder.startswith(prefix) else prefix + folder

    @property
    def _wire(self) -> ImapConnection:
        if self._connection is None:
            raise ServerUnreachable(f"{self._url.address}: not connected")
        return self._connection

    def _listed(self, uids: Sequence[int]) -> Iterator[Listed]:
        try:
            facts = self._wire.facts(uids)
        except Rejected:
            # One mail that the server stumbles over must not hide the others of its chunk.
            if len(uids) > 1:
                yield from self._listed(uids[: len(uids) // 2])
                yield from self._listed(uids[len(uids) // 2 :])
                return
            facts = {}
        silent = self._still_there([uid for uid in uids if uid not in facts])
        for uid in uids:
            known = facts.get(uid)
            if known is not None:
                yield Listed(uid, known.size or 0, known.arrived or self._clock())
            elif uid in silent:
                yield Listed(uid, 0, self._clock())

    def _still_there(self, uids: Sequence[int]) -> frozenset[int]:
        """Those of the UIDs that the server still lists; all of them if it will not even say that."""
        if not uids:
            return frozenset()
        try:
            return self._wire.still_listed(uids)
        except Rejected:
            return frozenset(uids)

    def _move(self, uids: Sequence[int]) -> None:
        has_move, has_uidplus = (name in self._wire.capabilities for name in ("MOVE", "UIDPLUS"))
        if not (has_move or has_uidplus):
            # EXPUNGE without UIDs would remove what others have marked as deleted (RFC 4315).
            return
        target = self._target()
        if self._state is not None and target == self._state.folder:
            return
        if has_move:
            self._wire.move(uids, target)
        else:
            self._wire.copy(uids, target)
            self._wire.add_flag(uids, r"\Deleted")
            self._wire.expunge(uids)

    def _target(self) -> str:
        """The folder for handled mail, under the server's prefix for own folders; made if it is missing."""
        if self._existing_target is None:
            name = self._own(self._move_to)
            if name not in {folder.name for folder in self._wire.folders()}:
                self._wire.create(name)
            self._existing_target = name
        return self._existing_target
