"""A relay as the settings describe it: where it is, how it is logged in to, how much it takes, who signs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from outreach.providers import Limits, SignIn
from outreach.serverurl import ServerUrl

#: Under which the tries, limits and halts of a relay without a name are kept.
MAIN: Final = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimSettings:
    """Whose signature our mails carry (RFC 6376); ``mail.dkim`` makes it."""

    domain: str  #: that of the contact address, or one above it
    selector: str
    key_file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthSettings:
    """Which application of one's own signs in instead of a password, and where; ``mail.tokens`` does it."""

    provider: Literal["microsoft", "google", "other"]
    client_id: str
    sign_in: SignIn

    def serves(self, url: ServerUrl) -> bool:
        """Whether a server is logged in to by token: only what the tokens are for ever sees one."""
        return bool(url.user) and url.host in self.sign_in.hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A server that our mail leaves by. What is kept of it is kept under its name: a host may change."""

    url: ServerUrl
    name: str = MAIN
    limits: Limits | None = None  #: None: those of ``SendingSettings``
    connections: int | None = None  #: None: as there
    dkim: DkimSettings | None = None  #: None: as for all our mail
    oauth: OAuthSettings | None = None  #: None: as for the mailbox
