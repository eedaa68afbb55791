"""The only wiring: settings, key, database, templates and mail servers put together into one Program."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from outreach import resources
from outreach.environment import secret
from outreach.errors import DatabaseProblem, OutreachError, SettingsError
from outreach.letters.queue import Desk
from outreach.mail.dkim import Signer, read_signer
from outreach.mail.doorbell import ImapDoorbell
from outreach.mail.imap import ImapMailbox
from outreach.mail.oauth import TokenServer
from outreach.mail.render import TemplateRenderer
from outreach.mail.smtp import SmtpSender
from outreach.mail.tokens import AccessTokens, LoginFile
from outreach.ports import Clock, Doorbell, Mailbox, MailSender, Role, Secret
from outreach.relay import OAuthSettings, Relay
from outreach.sealing import Keyring, read_key
from outreach.serverurl import ServerUrl, password_advice
from outreach.settings import MailboxSettings, Settings
from outreach.settingsfile import load
from outreach.store import migrate
from outreach.store.database import Database, open_engine


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Program:
    """Everything one campaign's commands and steps need. Connects to nothing by itself.

    ``name`` tells this process from every other one that works for the campaign.
    """

    settings: Settings
    keyring: Keyring
    db: Database
    desk: Desk
    clock: Clock
    environment: Mapping[str, str]
    jitter: random.Random
    name: str

    def mailbox(self) -> Mailbox:
        """A connection to the contact inbox, to be entered. Raises SettingsError without a password."""
        settings = self.settings.mailbox
        return ImapMailbox(
            settings.url,
            self.secret_of(settings.url) or "",
            clock=self.clock,
            handled=settings.handled,
            move_to=settings.move_to,
            named=named_folders(settings),
        )

    def doorbell(self) -> Doorbell:
        """A connection that tells when mail comes, to be entered. Raises SettingsError without a password."""
        url = self.settings.mailbox.url
        return ImapDoorbell(url, self.secret_of(url) or "")

    def sender(self, relay: Relay) -> MailSender:
        """A session with a relay, to be entered. Raises SettingsError without a password."""
        return SmtpSender(relay.url, self.secret_of(relay.url), ehlo_name=self.settings.contact_domain)

    def servers_hash(self, service: str) -> bytes:
        """Changes when a server's URL or its password changes, or somebody signs in; what a refused login waits for."""
        urls = [relay.url for relay in self.settings.relays] if service == "smtp" else [self.settings.mailbox.url]
        return self.keyring.hash("login", "\x00".join(part for url in urls for part in (str(url), self._way_in(url))))

    def _way_in(self, url: ServerUrl) -> str:
        if self.settings.is_by_token(url):
            return signed_in(url, self.settings, self.keyring)
        return password_of(url, self.environment) or ""

    def secret_of(self, url: ServerUrl) -> Secret | None:
        """What a server wants to see. Raises SettingsError where there is none."""
        return secret_of(url, self.settings, self.environment, self.keyring, self.clock)


def named_folders(settings: MailboxSettings) -> Mapping[Role, str]:
    """The folders whose names stand in the settings."""
    named = {Role.JUNK: settings.junk, Role.SENT: settings.sent, Role.ARCHIVE: settings.archive}
    return {role: name for role, name in named.items() if name}


def process_name() -> str:
    """Host, process and a random end: containers share process ids, and ids are used again."""
    return f"{os.uname().nodename[:32]} {os.getpid()} {secrets.token_hex(4)}"


def secret_of(
    url: ServerUrl, settings: Settings, environment: Mapping[str, str], keyring: Keyring | None, clock: Clock = utc_now
) -> Secret | None:
    """A server's password, or the tokens that stand in for it; None where nobody logs in. Raises SettingsError."""
    if (oauth := settings.oauth_for(url)) is None:
        return password_of(url, environment)
    if keyring is None:
        raise SettingsError("The login lies sealed, and opens with the campaign's key alone.")
    file = settings.login_file(settings.relay_at(url))
    return AccessTokens(LoginFile(file, keyring, oauth.client_id), token_server(oauth, environment), clock)


def token_server(oauth: OAuthSettings, environment: Mapping[str, str]) -> TokenServer:
    """Where tokens are given out. Google wants to see the application's secret, which everybody who has it knows."""
    return TokenServer(oauth.sign_in, oauth.client_id, secret("OUTREACH_OAUTH_CLIENT_SECRET", environment))


def signed_in(url: ServerUrl, settings: Settings, keyring: Keyring) -> str:
    """Which sign-in at a server is in force; "" where there is none."""
    oauth = settings.oauth_for(url)
    assert oauth is not None
    try:
        return LoginFile(settings.login_file(settings.relay_at(url)), keyring, oauth.client_id).read().ref
    except OutreachError:
        return ""


def password_of(url: ServerUrl, environment: Mapping[str, str]) -> str | None:
    """The password of a server; None where nobody logs in. Raises SettingsError when there is none."""
    if not url.user:
        return None
    found = secret(url.password_variable, environment)
    if not found:
        what = " ".join(filter(None, (url.service, url.name)))
        raise SettingsError(f"There is no password for the {what}. {password_advice(url.password_variable)}")
    return found


def open_database(settings: Settings) -> Engine:
    """The engine of a database that is there and at the current version. Raises DatabaseProblem."""
    engine = existing_database(settings)
    try:
        migrate.require_head(engine)
    except DatabaseProblem:
        engine.dispose()  # nobody gets it who could
        raise
    return engine


def existing_database(settings: Settings) -> Engine:
    """The engine of a database that is there, at whatever version. SQLite alone would make an empty one."""
    engine = open_engine(settings.database_url, settings.folder)
    file = engine.url.database
    if engine.url.get_backend_name() == "sqlite" and file and not Path(file).is_file():
        raise DatabaseProblem(f"There is no database at {file}. Put it back there, from the last backup if need be.")
    return engine


def open_program(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    clock: Clock = utc_now,
    *,
    via: str | None = None,
    seed: int | None = None,
    signs: bool = True,
) -> Program:
    """Read the campaign in ``folder``; ``via`` is how people act. Raises an OutreachError that says what is wrong.

    Who sends no mail does not have to be given the key that ``signs`` it.
    """
    environment = os.environ if environment is None else environment
    settings = load(folder, environment)
    keyring = read_key(settings.key_file, campaign=folder)
    signers = signers_of(settings) if signs else {}
    return wire(settings, keyring, open_database(settings), environment, clock, via=via, seed=seed, signers=signers)


def signers_of(settings: Settings) -> dict[str, Signer]:
    """Who signs what leaves by each relay, by its name. Raises KeyProblem."""
    keys = {relay.name: relay.dkim or settings.dkim for relay in settings.relays}
    return {name: read_signer(dkim, campaign=settings.folder) for name, dkim in keys.items() if dkim is not None}


def wire(
    settings: Settings,
    keyring: Keyring,
    engine: Engine,
    environment: Mapping[str, str],
    clock: Clock = utc_now,
    *,
    via: str | None = None,
    seed: int | None = None,
    signers: Mapping[str, Signer] | None = None,
) -> Program:
    """Put together what has been read and opened."""
    renderer = TemplateRenderer(
        folders=[settings.folder / "templates", resources.templates()],
        contact=settings.contact,
        sender_name=settings.sender,
        occasion=settings.occasion,
        signers=signers,
    )
    desk = Desk(settings, renderer, keyring)
    return Program(
        settings,
        keyring,
        Database(engine, keyring, via=via),
        desk,
        clock,
        environment,
        random.Random(seed),
        process_name(),
    )
