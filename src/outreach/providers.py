"""What is known of mail providers: their servers, how much they let a mailbox send, and which domains are theirs.

The servers are guessed by ``init``; the limits are the defaults of ``[sending]``; the destination is what a
refusal of one provider holds up (``steps/dispatch``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from outreach.serverurl import ServerUrl


@dataclass(frozen=True, slots=True)
class Limits:
    """How many mails a provider takes from one mailbox in a day, an hour and a minute; None: it does not say."""

    per_day: int | None = None
    per_hour: int | None = None
    per_minute: int | None = None


#: Of a provider that nobody has looked up.
UNKNOWN: Final = Limits(per_day=200)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's hosts. ``starttls``: its relay wants STARTTLS on 587 rather than TLS on 465."""

    domains: tuple[str, ...]
    imap: str
    smtp: str
    starttls: bool = False
    #: The login is what stands before the @ of the address.
    short_login: bool = False
    #: For addresses at the domains above.
    limits: Limits = UNKNOWN
    #: What the SPF record of a domain of one's own says where this provider sends for it.
    spf: str | None = None
    #: For domains of one's own at this provider (Workspace, Microsoft 365).
    own_domain_limits: Limits | None = None


#: Limits as the providers' help pages had them in 2026. Posteo, Riseup and others name none.
_PROVIDERS: Final = (
    Provider(
        ("gmail.com", "googlemail.com"),
        "imap.gmail.com",
        "smtp.gmail.com",
        limits=Limits(per_day=500),
        own_domain_limits=Limits(per_day=2000),
        spf="include:_spf.google.com",
    ),
    Provider(
        ("outlook.com", "outlook.de", "hotmail.com", "live.com", "msn.com", "office365.com"),
        "outlook.office365.com",
        "smtp.office365.com",
        starttls=True,
        limits=Limits(per_day=300, per_minute=30),
        own_domain_limits=Limits(per_day=10_000, per_minute=30),
        spf="include:spf.protection.outlook.com",
    ),
    Provider(("posteo.de", "posteo.net", "posteo.org", "posteo.eu"), "posteo.de", "posteo.de"),
    Provider(("mailbox.org",), "imap.mailbox.org", "smtp.mailbox.org"),
    Provider(("gmx.net", "gmx.de", "gmx.at", "gmx.ch"), "imap.gmx.net", "mail.gmx.net"),
    Provider(("gmx.com",), "imap.gmx.com", "mail.gmx.com"),
    Provider(("web.de",), "imap.web.de", "smtp.web.de", starttls=True),
    # Of a contract's first week; an older one has 400 or more an hour, which [sending] per_hour can say.
    Provider(("ionos.de", "online.de"), "imap.ionos.de", "smtp.ionos.de", limits=Limits(per_day=1000, per_hour=50)),
    Provider(("ionos.com",), "imap.ionos.com", "smtp.ionos.com", limits=Limits(per_day=1000, per_hour=50)),
    Provider(("t-online.de",), "secureimap.t-online.de", "securesmtp.t-online.de"),
    Provider(("riseup.net",), "mail.riseup.net", "mail.riseup.net", short_login=True),
    Provider(("systemli.org",), "mail.systemli.org", "mail.systemli.org"),
    Provider(("fastmail.com", "fastmail.fm"), "imap.fastmail.com", "smtp.fastmail.com"),
    Provider(("yahoo.com", "yahoo.de", "yahoo.fr"), "imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
    Provider(("icloud.com", "me.com"), "imap.mail.me.com", "smtp.mail.me.com", starttls=True),
)
_BY_DOMAIN: Final = {domain: provider for provider in _PROVIDERS for domain in provider.domains}
_BY_RELAY: Final = {provider.smtp: provider for provider in _PROVIDERS}
#: Providers that take mail under many names, by how those begin (hotmail.fr, yahoo.co.uk): one judges mail for all.
_BRANDS: Final = {
    "gmail": "gmail.com",
    "googlemail": "gmail.com",
    "outlook": "outlook.com",
    "hotmail": "outlook.com",
    "live": "outlook.com",
    "msn": "outlook.com",
    "yahoo": "yahoo.com",
    "ymail": "yahoo.com",
    "rocketmail": "yahoo.com",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where tokens that stand in for a password are given out (RFC 6749), for what, and which servers may see one."""

    token_url: str
    scope: str
    hosts: frozenset[str]
    #: Where one asks for a code to be typed on another device (RFC 8628); "": there is none.
    device_url: str = ""
    #: The page on which a person agrees, whose address at the end is pasted; "": there is none.
    authorize_url: str = ""
    #: Where that page sends the browser to, with the code in the address. Nothing has to answer there.
    redirect: str = "http://localhost"
    #: What else it must be told so that it gives a refresh token.
    extra: tuple[tuple[str, str], ...] = ()


def microsoft(tenant: str) -> SignIn:
    """Exchange Online and Outlook.com; ``tenant`` is its id or domain, or ``common``."""
    base = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
    return SignIn(
        token_url=f"{base}/token",
        device_url=f"{base}/devicecode",
        authorize_url=f"{base}/authorize",
        scope="https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        hosts=frozenset({"outlook.office365.com", "smtp.office365.com", "smtp-mail.outlook.com"}),
    )


#: Gmail and Workspace. Google's device flow refuses the scope for mail, so there is none.
GOOGLE: Final = SignIn(
    token_url="https://oauth2.googleapis.com/token",
    authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
    scope="https://mail.google.com/",
    hosts=frozenset({"imap.gmail.com", "smtp.gmail.com"}),
    extra=(("access_type", "offline"), ("prompt", "consent")),
)


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


def presets() -> dict[str, Limits]:
    """The limits that a relay may be given by a name, where its host does not tell whose it is."""
    google, microsoft = _BY_DOMAIN["gmail.com"], _BY_DOMAIN["outlook.com"]
    return {
        "gmail": google.limits,
        "workspace": google.own_domain_limits or UNKNOWN,
        "outlook": microsoft.limits,
        "microsoft365": microsoft.own_domain_limits or UNKNOWN,
        "ionos": _BY_DOMAIN["ionos.de"].limits,
        "unknown": UNKNOWN,
    }


def limits_of(relay: ServerUrl) -> Limits:
    """How much may be sent through a relay, as far as one knows; without limit on loopback."""
    if relay.is_loopback:
        return Limits()
    provider = _BY_RELAY.get(relay.host.lower())
    if provider is None:
        return UNKNOWN
    is_of_its_own = "@" in relay.user and relay.user.rpartition("@")[2].lower() not in provider.domains
    return provider.own_domain_limits or provider.limits if is_of_its_own else provider.limits


def belongs_elsewhere(domain: str, relay: ServerUrl) -> bool:
    """Whether mail from a domain leaves by its own provider alone, which this relay is not."""
    provider = _BY_DOMAIN.get(domain.lower())
    return provider is not None and provider.smtp != relay.host.lower()


def spf_of(relay: ServerUrl) -> str | None:
    """What a domain's SPF record must say so that it names this relay; None where one does not know."""
    provider = _BY_RELAY.get(relay.host.lower())
    return provider.spf if provider is not None else None


def destination_of(address: str) -> str:
    """Who takes mail for an address: the domain, or the provider's first name where it has many."""
    domain = address.rpartition("@")[2].strip().rstrip(".").lower()
    if (provider := _BY_DOMAIN.get(domain)) is not None:
        domain = provider.domains[0]
    brand, _, ending = domain.partition(".")
    return _BRANDS.get(brand, domain) if ending.count(".") <= 1 else domain
