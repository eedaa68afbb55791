"""Which folders of a mailbox are read: by the server's marks (RFC 6154), or by the names people give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from outreach.mail.imapwire import RemoteFolder
from outreach.ports import MailFolder, Role

#: The marks by which a role is found; the first that any folder has counts. Gmail keeps what was archived in \\All.
_MARKS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.JUNK: ("\\junk",),
    Role.SENT: ("\\sent",),
    Role.ARCHIVE: ("\\all", "\\archive"),
}
#: What providers without SPECIAL-USE call these folders.
_NAMES: Final[Mapping[Role, frozenset[str]]] = {
    Role.JUNK: frozenset({"junk", "spam", "junk-e-mail", "junk e-mail"}),
    Role.SENT: frozenset({"sent", "sent items", "sent messages", "sent mail", "gesendet", "gesendete objekte"}),
    Role.ARCHIVE: frozenset({"archive", "archives", "archiv", "all mail"}),
}


def to_read(
    inbox: str, folders: Sequence[RemoteFolder], capabilities: frozenset[str], named: Mapping[Role, str]
) -> list[MailFolder]:
    """The folders to read, each once. ``named`` goes before what the server says.

    What was sent comes before the archive: Gmail's All Mail holds it too, and there it would look like any mail.
    """
    found = [MailFolder(inbox, Role.INBOX)]
    for role in (Role.JUNK, Role.SENT, Role.ARCHIVE):
        name = named.get(role) or special_folder(folders, capabilities, role)
        if name is not None and name not in {folder.name for folder in found}:
            found.append(MailFolder(name, role))
    return found


def special_folder(folders: Sequence[RemoteFolder], capabilities: frozenset[str], role: Role) -> str | None:
    """The folder for a role: by its mark, or by its name where the server marks nothing."""
    for mark in _MARKS[role]:
        for folder in folders:
            if mark in folder.attributes:
                return folder.name
    if "SPECIAL-USE" in capabilities:
        return None
    return next((folder.name for folder in folders if folder.last_name.lower() in _NAMES[role]), None)
