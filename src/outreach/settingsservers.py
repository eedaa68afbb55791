"""The tables of ``outreach.toml`` on what this machine offers, signs and logs in by.

``[web]``, ``[public]``, ``[dkim]`` and ``[oauth]``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from outreach.providers import GOOGLE, SignIn, microsoft
from outreach.relay import DkimSettings, OAuthSettings
from outreach.serverurl import is_loopback
from outreach.settings import WebSettings
from outreach.settingstable import Table

#: What stands in a header of our mails as it is.
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|http://\[::1\](:[0-9]{1,5})?")
_TENANT: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
DOMAIN: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


def web(section: Table) -> WebSettings:
    """Where the coordinators' pages are; what would let passwords travel in the open is refused."""
    return _pages(section, 8321, "review")


def public(section: Table) -> WebSettings | None:
    """Where the public pages are; None where the table is empty."""
    if not section.values:
        return None
    if "url" not in section.values:
        raise section.wrong("url", "is missing: mails lead to the public pages, as https://sign.contact.example")
    return _pages(section, 8322, "sign")


def _pages(section: Table, default_port: int, example: str) -> WebSettings:
    host, port = section.text("host", "127.0.0.1"), section.number("port", default_port, most=65_535)
    url = section.text("url", f"http://{host}:{port}").rstrip("/")
    behind_proxy = section.flag("behind_proxy")
    found = urlsplit(url)
    if not _ADDRESS.fullmatch(url) or not found.hostname:
        raise section.wrong("url", f"must be an address without a path, as https://{example}.contact.example")
    if found.scheme == "http" and not is_loopback(found.hostname):
        raise section.wrong("url", "must begin with https: passwords and names travel there")
    if not is_loopback(host) and not behind_proxy:
        raise section.wrong("host", "is not this machine alone; put a server with TLS before it: behind_proxy = true")
    return WebSettings(host=host, port=port, url=url, behind_proxy=behind_proxy)


def dkim(
    section: Table, folder: Path, environment: Mapping[str, str], contact: str, handed: str = "dkim.pem"
) -> DkimSettings | None:
    """Which key signs our mails; None where the relay does."""
    selector, named = section.text("selector", ""), section.text("key", "")
    own = contact.rpartition("@")[2].lower()
    domain = section.text("domain", own).lower()
    if not selector:
        return None
    if not DOMAIN.fullmatch(selector):
        raise section.wrong("selector", "must be a name in small letters, as outreach")
    if domain != own and not ("." in domain and own.endswith(f".{domain}")):
        raise section.wrong("domain", f"must be {own} or a domain above it, or receivers see a stranger's signature")
    handed_over = credential(environment, handed)
    if not handed_over and not named:
        raise section.wrong("key", "is missing: where the key lies, outside this folder")
    key_file = handed_over or (folder / Path(named).expanduser()).absolute()
    return DkimSettings(domain=domain, selector=selector, key_file=key_file)


def oauth(section: Table) -> OAuthSettings | None:
    """Where tokens come from that stand in for passwords; None where passwords do."""
    provider = section.choice("provider", ("", "microsoft", "google", "other"))
    client_id, tenant = section.text("client_id", ""), section.text("tenant", "common")
    other = SignIn(
        token_url=section.text("token_url", ""),
        device_url=section.text("device_url", ""),
        authorize_url=section.text("authorize_url", ""),
        scope=section.text("scope", ""),
        hosts=frozenset(host.lower() for host in section.texts("hosts", [])),
    )
    if not provider:
        return None
    if not client_id:
        raise section.wrong("client_id", "is missing: the number of the application that you have registered there")
    if not _TENANT.fullmatch(tenant):
        raise section.wrong("tenant", "must be the tenant's number or domain, or common")
    if provider == "other":
        return OAuthSettings(provider="other", client_id=client_id, sign_in=_complete(section, other))
    if other != SignIn("", "", frozenset()):
        raise section.wrong("provider", f"is {provider}, whose addresses are known: name none, or write other")
    known = microsoft(tenant) if provider == "microsoft" else GOOGLE
    return OAuthSettings(provider=provider, client_id=client_id, sign_in=known)


def _complete(section: Table, other: SignIn) -> SignIn:
    """The places of a provider that is not known here, none of which may be told a secret in the open."""
    urls = {"token_url": other.token_url, "device_url": other.device_url, "authorize_url": other.authorize_url}
    for name, url in urls.items():
        found = urlsplit(url)
        safe = found.scheme == "https" or (found.scheme == "http" and is_loopback(found.hostname or ""))
        if url and not (safe and found.hostname and not found.username):
            raise section.wrong(name, "must begin with https: tokens travel there")
    if not other.token_url:
        raise section.wrong("token_url", "is missing")
    if not other.device_url and not other.authorize_url:
        raise section.wrong("device_url", "is missing, and so is authorize_url: one of them is needed to sign in")
    if not other.hosts:
        raise section.wrong("hosts", "is missing: the servers that may see a token")
    return other


def credential(environment: Mapping[str, str], name: str) -> Path | None:
    """A secret that systemd hands over as a file."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    return found if folder and (found := Path(folder) / name).is_file() else None
