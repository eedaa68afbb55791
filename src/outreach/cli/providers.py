"""Which servers a mailbox has, guessed from its address: the well-known providers, else imap.<domain>."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from outreach.serverurl import ServerUrl


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's hosts. ``starttls``: its relay wants STARTTLS on 587 rather than TLS on 465."""

    domains: tuple[str, ...]
    imap: str
    smtp: str
    starttls: bool = False
    #: The login is what stands before the @ of the address.
    short_login: bool = False


_PROVIDERS: Final = (
    Provider(("gmail.com", "googlemail.com"), "imap.gmail.com", "smtp.gmail.com"),
    Provider(
        ("outlook.com", "outlook.de", "hotmail.com", "live.com", "msn.com", "office365.com"),
        "outlook.office365.com",
        "smtp.office365.com",
        starttls=True,
    ),
    Provider(("posteo.de", "posteo.net", "posteo.org", "posteo.eu"), "posteo.de", "posteo.de"),
    Provider(("mailbox.org",), "imap.mailbox.org", "smtp.mailbox.org"),
    Provider(("gmx.net", "gmx.de", "gmx.at", "gmx.ch"), "imap.gmx.net", "mail.gmx.net"),
    Provider(("gmx.com",), "imap.gmx.com", "mail.gmx.com"),
    Provider(("web.de",), "imap.web.de", "smtp.web.de", starttls=True),
    Provider(("ionos.de", "online.de"), "imap.ionos.de", "smtp.ionos.de"),
    Provider(("ionos.com",), "imap.ionos.com", "smtp.ionos.com"),
    Provider(("t-online.de",), "secureimap.t-online.de", "securesmtp.t-online.de"),
    Provider(("riseup.net",), "mail.riseup.net", "mail.riseup.net", short_login=True),
    Provider(("systemli.org",), "mail.systemli.org", "mail.systemli.org"),
    Provider(("fastmail.com", "fastmail.fm"), "imap.fastmail.com", "smtp.fastmail.com"),
    Provider(("yahoo.com", "yahoo.de", "yahoo.fr"), "imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
    Provider(("icloud.com", "me.com"), "imap.mail.me.com", "smtp.mail.me.com", starttls=True),
)
_BY_DOMAIN: Final = {domain: provider for provider in _PROVIDERS for domain in provider.domains}


def servers_of(address: str) -> tuple[str, str]:
    """The URLs of the mailbox and of the relay for a contact address. A guess: ``outreach check`` tries them."""
    name, _, domain = address.rpartition("@")
    domain = domain.lower()
    provider = _BY_DOMAIN.get(domain) or Provider((domain,), f"imap.{domain}", f"smtp.{domain}")
    login = name if provider.short_login else address
    relay = ("smtp", 587) if provider.starttls else ("smtps", 465)
    return (
        str(ServerUrl("imaps", login, provider.imap, 993)),
        str(ServerUrl(relay[0], login, provider.smtp, relay[1])),
    )
