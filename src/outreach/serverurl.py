"""Mail servers as URLs: who logs in where, and how the line is secured. Read by settings, used by mail."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import quote, unquote

import idna

from outreach.errors import SettingsError


class Service(StrEnum):
    """What a mail server does for us; the value is its name in settings and messages."""

    MAILBOX = "mailbox"
    SMTP = "smtp"


#: Scheme -> service, whether TLS comes before the first word, default port (RFC 8314, RFC 6409).
_SCHEMES: Final = {
    "imaps": (Service.MAILBOX, True, 993),
    "imap": (Service.MAILBOX, False, 143),
    "smtps": (Service.SMTP, True, 465),
    "smtp": (Service.SMTP, False, 587),
}
_EXAMPLE: Final = {
    Service.MAILBOX: "imaps://campaign@mail.example/INBOX",
    Service.SMTP: "smtps://campaign@mail.example",
}
_HOST: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")


@dataclass(frozen=True, slots=True)
class ServerUrl:
    """A mail server without its password. ``user`` is "" where nobody logs in; ``folder`` is for IMAP."""

    scheme: str
    user: str
    host: str
    port: int
    folder: str = "INBOX"
    name: str = field(default="", compare=False)  #: that of one of several relays, for its password

    @classmethod
    def parse(cls, text: str, service: Service) -> ServerUrl:
        """``imaps://user@host[:port]/INBOX``, or ``imap``, ``smtps``, ``smtp``.

        The login ends at the last ``@`` before the first ``/`` and may be percent-encoded. Raises
        SettingsError, whose text never repeats the login: a password may have been put there.
        """
        scheme, found, rest = text.strip().partition("://")
        scheme = scheme.lower()
        if not found or scheme not in _SCHEMES or _SCHEMES[scheme][0] is not service:
            allowed = " or ".join(f"{name}://" for name, facts in _SCHEMES.items() if facts[0] is service)
            raise SettingsError(f"{service}: the URL must begin with {allowed}, as in {_EXAMPLE[service]}")
        authority, _, path = rest.partition("/")
        login, _, place = authority.rpartition("@")
        if ":" in login:
            raise SettingsError(
                f"{service}: a password does not belong into the URL. {password_advice(password_variable(service))}"
            )
        host, port = _host_and_port(place, service)
        user = _decoded(login, service, "login")
        if service is Service.MAILBOX and not user:
            raise SettingsError(f"{service}: the URL names no login, as in {_EXAMPLE[service]}")
        if service is Service.SMTP and path:
            raise SettingsError(f"{service}: nothing may follow the host, as in {_EXAMPLE[service]}")
        return cls(scheme, user, host, port or _SCHEMES[scheme][2], _folder(path, service))

    @property
    def service(self) -> Service:
        return _SCHEMES[self.scheme][0]

    @property
    def password_variable(self) -> str:
        """The environment variable of its password (also with _FILE and _COMMAND)."""
        return password_variable(self.service, self.name)

    @property
    def is_implicit_tls(self) -> bool:
        """Whether TLS starts with the connection; otherwise by STARTTLS, or on loopback not at all."""
        return _SCHEMES[self.scheme][1]

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def address(self) -> str:
        """``host:port``, for messages."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        login = f"{quote(self.user, safe='@+')}@" if self.user else ""
        path = f"/{quote(self.folder)}" if self.service is Service.MAILBOX else ""
        return f"{self.scheme}://{login}{self.address}{path}"


def password_variable(service: Service, name: str = "") -> str:
    """The environment variable of this server's password (also with _FILE and _COMMAND); a second relay has a name."""
    return "_".join(filter(None, ("OUTREACH", service.upper(), name.upper().replace("-", "_"), "PASSWORD")))


def password_advice(name: str) -> str:
    """Where the password of a variable's name goes, as a sentence."""
    return f"Put the password into {name}, or name a file in {name}_FILE or a command in {name}_COMMAND."


def _host_and_port(place: str, service: Service) -> tuple[str, int | None]:
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::(.*))?", place)
    host, port = bracketed.groups() if bracketed else (place.partition(":")[0], place.partition(":")[2] or None)
    if port is not None and not (re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536):
        raise SettingsError(f"{service}: the port must be a number from 1 to 65535")
    return _host(host, service, numeric=bracketed is not None), int(port) if port else None


def _host(host: str, service: Service, *, numeric: bool) -> str:
    try:
        if numeric:
            return str(ipaddress.IPv6Address(host))
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except ValueError:
        name = ""
    if not _HOST.fullmatch(name):
        raise SettingsError(f"{service}: the URL names no valid host, as in {_EXAMPLE[service]}")
    return name


def _folder(path: str, service: Service) -> str:
    if any(mark in path for mark in "?#;"):
        raise SettingsError(f"{service}: write ? # and ; in a folder name as %3F, %23 and %3B")
    folder = _decoded(path, service, "folder")
    # RFC 9051, 5.1: INBOX is the one name without upper and lower case.
    return "INBOX" if folder.upper() in ("", "INBOX") else folder


def _decoded(text: str, service: Service, what: str) -> str:
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        decoded = "\0"
    if not decoded.isprintable():
        raise SettingsError(f"{service}: the {what} in the URL holds characters that cannot be")
    return decoded


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.rstrip(".") == "localhost"
