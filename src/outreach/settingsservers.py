"""The tables of ``outreach.toml`` on what this machine offers and signs: ``[web]``, ``[public]``, ``[dkim]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from outreach.serverurl import is_loopback
from outreach.settings import DkimSettings, WebSettings
from outreach.settingstable import Table

#: What stands in a header of our mails as it is.
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|http://\[::1\](:[0-9]{1,5})?")
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


def dkim(section: Table, folder: Path, environment: Mapping[str, str], contact: str) -> DkimSettings | None:
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
    handed_over = credential(environment, "dkim.pem")
    if not handed_over and not named:
        raise section.wrong("key", "is missing: where the key lies, outside this folder")
    key_file = handed_over or (folder / Path(named).expanduser()).absolute()
    return DkimSettings(domain=domain, selector=selector, key_file=key_file)


def credential(environment: Mapping[str, str], name: str) -> Path | None:
    """A secret that systemd hands over as a file."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    return found if folder and (found := Path(folder) / name).is_file() else None
