"""Looks at both mail servers for ``outreach check``: can we log in, what do they offer, what lies there."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from outreach.errors import OutreachError, ServerUnreachable
from outreach.mail.envelope import wire_domain
from outreach.mail.folders import to_read
from outreach.mail.imapwire import ImapConnection, Rejected
from outreach.mail.reasons import unreachable
from outreach.mail.smtpsession import CannotConnect, SmtpSession, Timeouts
from outreach.mail.tls import client_context
from outreach.ports import MailFolder, Role, Secret
from outreach.serverurl import ServerUrl

_CHUNK: Final = 200
_SUBMISSION: Final = 587
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class FolderCount:
    """A folder that is read: how many mails lie in it, and how many of them arrived before ``since``."""

    folder: str
    role: Role
    messages: int
    older: int


@dataclass(frozen=True, slots=True)
class ImapProbe:
    """What the mailbox's server offers, and the folders that are read."""

    capabilities: frozenset[str]
    folders: tuple[FolderCount, ...]

    def folder(self, role: Role) -> FolderCount | None:
        return next((count for count in self.folders if count.role is role), None)


@dataclass(frozen=True, slots=True)
class SmtpProbe:
    """What the relay offers after login. ``size`` in octets, None without a limit."""

    extensions: frozenset[str]
    login: tuple[str, ...]
    size: int | None

    def offers(self, extension: str) -> bool:
        """Whether EHLO named it: STARTTLS, 8BITMIME, SMTPUTF8, DSN, PIPELINING, …"""
        return extension in self.extensions


def probe_mailbox(
    url: ServerUrl,
    secret: Secret,
    *,
    since: datetime,
    named: Mapping[Role, str] | None = None,
    timeout: float = 60,
    context: ssl.SSLContext | None = None,
) -> ImapProbe:
    """Log in and look around, changing nothing. Raises LoginRefused or ServerUnreachable."""
    wire = ImapConnection(url, secret, timeout=timeout, context=context or client_context(url))
    try:
        folders = to_read(url.folder, wire.folders(), wire.capabilities, named or {})
        return ImapProbe(wire.capabilities, tuple(_count(wire, folder, since) for folder in folders))
    except Rejected as refusal:
        raise unreachable(url, str(refusal)) from refusal
    finally:
        wire.log_out()


def probe_relay(
    url: ServerUrl,
    secret: Secret | None,
    *,
    ehlo_name: str,
    timeouts: Timeouts | None = None,
    context: ssl.SSLContext | None = None,
    submission_port: int = _SUBMISSION,
) -> SmtpProbe:
    """Log in and hear what is offered. Raises LoginRefused or ServerUnreachable.

    Many networks block ports 25 and 465; where no connection comes about, 587 is tried and the error says
    whether that would do.
    """
    patience = timeouts or Timeouts()
    name = wire_domain(ehlo_name)
    try:
        session = SmtpSession.open(
            url, secret, ehlo_name=name, timeouts=patience, context=context or client_context(url)
        )
    except CannotConnect as blocked:
        if url.port == submission_port:
            raise
        other = replace(url, scheme="smtp", port=submission_port)
        raise ServerUnreachable(f"{blocked}. {_alternative(other, name, patience, context)}") from blocked
    session.quit()
    size = session.extensions.get("SIZE", "")
    return SmtpProbe(
        frozenset(session.extensions),
        tuple(session.extensions.get("AUTH", "").upper().split()),
        int(size) if size.isascii() and size.isdigit() and int(size) > 0 else None,
    )


def _alternative(url: ServerUrl, name: str, patience: Timeouts, context: ssl.SSLContext | None) -> str:
    """What to do when the configured port is closed, found out without the password."""
    nobody = replace(url, user="")
    try:
        SmtpSession.open(nobody, None, ehlo_name=name, timeouts=patience, context=context or client_context(url)).quit()
    except OutreachError:
        return f"Port {url.port} cannot be used either: ask the provider, or whoever runs this network"
    return f"Port {url.port} answers: write {url} instead"


def _count(wire: ImapConnection, folder: MailFolder, since: datetime) -> FolderCount:
    """Exact to the second, although SEARCH knows days only, in a time zone of the server's choice."""
    messages = wire.select(folder.name, readonly=True).messages
    day = since.astimezone(UTC).date()
    surely, unsure_until = day - timedelta(days=1), day + timedelta(days=2)
    older = len(wire.search(criteria=f"BEFORE {_imap_date(surely)}"))
    unsure = wire.search(criteria=f"SINCE {_imap_date(surely)} BEFORE {_imap_date(unsure_until)}")
    return FolderCount(folder.name, folder.role, messages, older + _arrived_before(wire, unsure, since))


def _arrived_before(wire: ImapConnection, uids: Sequence[int], since: datetime) -> int:
    count = 0
    for start in range(0, len(uids), _CHUNK):
        facts = wire.facts(uids[start : start + _CHUNK]).values()
        count += sum(1 for known in facts if known.arrived is not None and known.arrived < since)
    return count


def _imap_date(day: date) -> str:
    """``date-text`` of RFC 9051, 9, whatever the locale."""
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
