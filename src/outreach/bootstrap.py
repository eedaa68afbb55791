"""The only wiring: settings, key, database, templates and mail servers put together into one Program."""

from __future__ import annotations

import os
import random
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from outreach import resources
from outreach.letters.queue import Desk
from outreach.mail.imap import ImapMailbox
from outreach.mail.render import TemplateRenderer
from outreach.mail.smtp import SmtpSender
from outreach.ports import Clock, Mailbox, MailSender
from outreach.sealing import Keyring, read_key
from outreach.serverurl import password_variable
from outreach.settings import Settings
from outreach.settingsfile import load, secret
from outreach.store.database import Database, open_engine


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Program:
    """Everything one campaign's commands and steps need. Connects to nothing by itself."""

    settings: Settings
    keyring: Keyring
    db: Database
    desk: Desk
    clock: Clock
    environment: Mapping[str, str]
    jitter: random.Random

    def mailbox(self) -> Mailbox:
        """A connection to the contact inbox, to be entered. Raises SettingsError without a password."""
        settings = self.settings.mailbox
        return ImapMailbox(
            settings.url,
            secret(password_variable(settings.url.service), self.environment) or "",
            clock=self.clock,
            handled=settings.handled,
            move_to=settings.move_to,
            context=tls_context(self.environment),
        )

    def sender(self) -> MailSender:
        """A session with the relay, to be entered."""
        url = self.settings.smtp
        return SmtpSender(
            url,
            secret(password_variable(url.service), self.environment),
            ehlo_name=self.settings.contact_domain,
            context=tls_context(self.environment),
        )

    def servers_hash(self, service: str) -> bytes:
        """Changes when a server's URL or its password changes; what a refused login waits for."""
        url = self.settings.mailbox.url if service == "mailbox" else self.settings.smtp
        password = secret(password_variable(url.service), self.environment) or ""
        return self.keyring.hash("login", f"{url}\x00{password}")


def tls_context(environment: Mapping[str, str]) -> ssl.SSLContext:
    """Certificates are always checked; SSL_CERT_FILE may name more authorities (a private one, a test's)."""
    context = ssl.create_default_context()
    if extra := environment.get("SSL_CERT_FILE"):
        context.load_verify_locations(extra)
    return context


def open_program(
    folder: Path, environment: Mapping[str, str] | None = None, clock: Clock = utc_now, *, seed: int | None = None
) -> Program:
    """Read the campaign in ``folder``. Raises SettingsError, KeyProblem or DatabaseProblem."""
    environment = os.environ if environment is None else environment
    settings = load(folder, environment)
    keyring = read_key(settings.key_file, campaign=folder)
    db = Database(open_engine(settings.database_url, folder), keyring)
    renderer = TemplateRenderer(
        folders=[folder / "templates", resources.templates()],
        contact=settings.contact,
        sender_name=settings.sender,
        occasion=settings.occasion,
    )
    desk = Desk(settings, renderer, keyring)
    return Program(settings, keyring, db, desk, clock, environment, random.Random(seed))
