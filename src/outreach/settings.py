"""The campaign's settings as typed values, passed down; ``settingsfile`` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from outreach.providers import Limits
from outreach.relay import DkimSettings, OAuthSettings, Relay
from outreach.serverurl import ServerUrl
from outreach.words import HandledMail, Individuals

FILE_NAME: Final = "outreach.toml"
NEAR: Final = timedelta(hours=48)
UTC_ZONE: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The day of action and the deadline; every window ends with them."""

    date: date | None = None
    deadline: datetime | None = None  #: aware; the last moment an answer counts
    zone: ZoneInfo = UTC_ZONE

    def window(self, default: timedelta, now: datetime) -> timedelta:
        """The smaller of a window's default and what is left until answers no longer count, never negative."""
        if self.closes is None:
            return default
        return max(min(default, self.closes - now), timedelta())

    def soon(self, default: timedelta, now: datetime) -> timedelta:
        """A waiting time that shrinks near the deadline: at most a quarter of the time left."""
        if self.closes is None or self.closes <= now:
            return default
        return min(default, (self.closes - now) / 4)

    def is_near(self, now: datetime) -> bool:
        """Whether so little time is left that who needs most of it goes first."""
        return self.closes is not None and timedelta() < self.closes - now <= NEAR

    def bounded(self, moment: datetime) -> datetime:
        """The moment, or the last one at which an answer counts, whichever comes first."""
        return moment if self.closes is None else min(moment, self.closes)

    def is_closed(self, now: datetime) -> bool:
        """Whether no answer counts any more: nobody is asked, invited or reminded for nothing."""
        return self.closes is not None and now >= self.closes

    @property
    def closes(self) -> datetime | None:
        """The last moment at which an answer counts: the deadline, else the end of the day itself."""
        return min((at for at in (self.deadline, self.end) if at is not None), default=None)

    def is_over(self, now: datetime) -> bool:
        """Whether the day has passed: no invitation, reminder or asking leaves any more."""
        return (end := self.end) is not None and now >= end

    @property
    def end(self) -> datetime | None:
        """The end of the day itself, or of the deadline where there is no day."""
        if self.date is not None:
            return datetime.combine(self.date + timedelta(days=1), time(), self.zone).astimezone(UTC)
        return self.deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    url: ServerUrl
    handled: HandledMail = HandledMail.LEAVE
    move_to: str = "outreach"
    authserv_id: str | None = None
    own_list_ids: frozenset[str] = frozenset()  #: List-Id (RFC 2919, lower case) of lists that our address stands for
    #: Names of folders that the server's own marks do not tell (or tell wrongly).
    junk: str | None = None
    sent: str | None = None
    archive: str | None = None
    beacon: str = "outreach"  #: the folder in which it says which installation may send


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one hour (0 to 23) until another, which may lie in the next day."""

    begin: int
    end: int

    def hold(self, hour: int) -> bool:
        """Whether this hour of the day is quiet."""
        if self.begin <= self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingSettings:
    """Limits of the outbox. None: no limit (the default on loopback)."""

    per_run: int | None = 60
    per_day: int | None = 200
    per_hour: int | None = None
    per_minute: int | None = None
    #: To one destination (``providers.destination_of``).
    per_destination_hour: int | None = None
    #: Invitations and reminders of the first day; twice as many each day after.
    ramp_up: int | None = None
    #: No invitation and no reminder leaves in these hours of the organisation's country; not so near the deadline.
    quiet: QuietHours | None = None
    quiet_ends_before: timedelta = timedelta(hours=48)
    lease: timedelta = timedelta(minutes=15)
    in_doubt_resend: timedelta = timedelta(hours=24)
    give_up: timedelta = timedelta(days=5)
    per_address_and_day: int = 3
    per_stranger_and_day: int = 2  #: to an address that has never provably written to us
    #: To the relay at the same time.
    connections: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingSettings:
    """When a machine asks an organisation back, and for how long."""

    auto: Literal["sure", "always", "never"] = "sure"
    sure: float = 0.9
    remind_after: timedelta = timedelta(hours=24)
    expire_after: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSettings:
    """How often the worker runs which step, and how often one may fail before a person is told."""

    every: Mapping[str, timedelta] = field(default_factory=dict)
    patience: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetySettings:
    """Where signing is dangerous: countries (ISO 3166-1 alpha-2) and mail domains, each with all below it."""

    countries: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    @property
    def names_any(self) -> bool:
        return bool(self.countries or self.domains)

    def is_unsafe(self, *, country: str | None, address: str | None) -> bool:
        """Whether what comes from there starts withheld, and gets mails that give nothing away on a locked screen."""
        labels = (address or "").rpartition("@")[2].lower().split(".")
        return country in self.countries or any(".".join(labels[at:]) in self.domains for at in range(len(labels)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Where pages (the coordinators', the public ones) are served, and under which address browsers find them."""

    host: str = "127.0.0.1"
    port: int = 8321
    url: str = "http://127.0.0.1:8321"
    #: A server of the same machine stands before it, speaks TLS and says who the visitor is.
    behind_proxy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One campaign. ``folder`` is where outreach.toml lies."""

    folder: Path
    slug: str
    contact: str
    team: tuple[str, ...]
    languages: tuple[str, ...]
    sender: str
    group: str
    occasion: Mapping[str, str]
    known_by: str
    example: Mapping[str, str]
    database_url: str
    key_file: Path
    mailbox: MailboxSettings
    relays: tuple[Relay, ...]  #: in the order in which they are used
    day: Day = field(default_factory=Day)
    sending: SendingSettings = field(default_factory=SendingSettings)
    asking: AskingSettings = field(default_factory=AskingSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    safety: SafetySettings = field(default_factory=SafetySettings)
    web: WebSettings = field(default_factory=WebSettings)
    public: WebSettings | None = None  #: None: there are no public pages, and no mail names one
    dkim: DkimSettings | None = None
    oauth: OAuthSettings | None = None  #: None: passwords alone, but for relays that have their own
    individuals: Individuals = Individuals.THANK
    remind_after: timedelta = timedelta(days=4)
    #: So long before answers no longer count, those who have not answered are told; zero: never.
    last_call: timedelta = timedelta()
    keep_mail: timedelta = timedelta(days=90)
    keep_sent: timedelta = timedelta(days=30)

    @property
    def contact_domain(self) -> str:
        return self.contact.rpartition("@")[2]

    def login_file(self, relay: Relay | None = None) -> Path:
        """Where what ``outreach login`` has got is kept, sealed; a relay with an [oauth] of its own has its own."""
        own = relay is not None and relay.oauth is not None
        return self.folder / (f"login-{relay.name}.sealed" if relay is not None and own else "login.sealed")

    @property
    def smtp(self) -> ServerUrl:
        """The relay that is used before all others."""
        return self.relays[0].url

    @property
    def servers(self) -> tuple[ServerUrl, ...]:
        """Every mail server: the mailbox, then the relays."""
        return self.mailbox.url, *(relay.url for relay in self.relays)

    @property
    def passwords(self) -> tuple[str, ...]:
        """The environment variables of the passwords that the servers want to see."""
        return tuple(url.password_variable for url in self.servers if url.user and not self.is_by_token(url))

    def relay(self, name: str) -> Relay | None:
        """The relay of a name; None where the settings have none any more."""
        return next((relay for relay in self.relays if relay.name == name), None)

    def limits_of(self, relay: Relay) -> Limits:
        """How much may leave by a relay."""
        return relay.limits or Limits(self.sending.per_day, self.sending.per_hour, self.sending.per_minute)

    def connections_to(self, relay: Relay) -> int:
        """How many connections to a relay there are at the same time."""
        return relay.connections or self.sending.connections

    def counts_by_hand(self, relay: Relay) -> bool:
        """Whether what people send from the mailbox leaves by this relay: it has the same login, or is the first."""
        same = [one.name for one in self.relays if one.url.user == self.mailbox.url.user]
        return relay.name in (same or [self.relays[0].name])

    def relay_at(self, url: ServerUrl) -> Relay | None:
        """The relay with this address; None where it is the mailbox's."""
        return next((relay for relay in self.relays if relay.url == url), None)

    def oauth_for(self, url: ServerUrl) -> OAuthSettings | None:
        """Whose tokens a server is logged in to by; None: by a password, or not at all."""
        relay = self.relay_at(url)
        oauth = (relay.oauth if relay is not None else None) or self.oauth
        return oauth if oauth is not None and oauth.serves(url) else None

    def is_by_token(self, url: ServerUrl) -> bool:
        """Whether a server is logged in to by a token instead of a password."""
        return self.oauth_for(url) is not None

    @property
    def own_addresses(self) -> frozenset[str]:
        """Addresses whose mail is never a sign-up: the contact's, and the mailbox's own where its login is one."""
        login = self.mailbox.url.user.lower()
        return frozenset({self.contact.lower(), *([login] if "@" in login else ())})

    def text_of_statement(self, language: str) -> str | None:
        """The statement in one language, or None where there is no file."""
        path = self.folder / "statement" / f"{language}.md"
        return path.read_text(encoding="utf-8").strip() if path.is_file() else None

    def statement_version(self) -> str:
        """SHA-256 over the statement in all languages of the campaign (hex)."""
        digest = sha256()
        for language in sorted(self.languages):
            text = self.text_of_statement(language) or ""
            digest.update(f"{language}\x00{len(text.encode())}\x00{text}".encode())
        return digest.hexdigest()
