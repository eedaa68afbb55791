"""Reads ``outreach.toml`` once and checks it; a wrong or misspelt setting is named in one line.

Secrets never stand in the file, but in the environment; see ``environment``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from outreach.errors import SettingsError
from outreach.providers import limits_of
from outreach.relay import Relay
from outreach.serverurl import ServerUrl, Service
from outreach.settings import (
    FILE_NAME,
    AskingSettings,
    Day,
    MailboxSettings,
    QuietHours,
    SafetySettings,
    ScheduleSettings,
    SendingSettings,
    Settings,
)
from outreach.settingsrelays import RelayReader, server_url
from outreach.settingsservers import DOMAIN, credential, dkim, oauth, public, web
from outreach.settingstable import Table
from outreach.words import HandledMail, Individuals

_SLUG: Final = re.compile(r"[a-z0-9-]{2,40}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def load(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Read and check the settings of the campaign in ``folder``. Raises SettingsError."""
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(
            f"There is no {FILE_NAME} in {folder}. "
            "Go to the campaign's folder, name it with -C, or begin one with: outreach init"
        ) from None
    except OSError as problem:
        raise SettingsError(f"{path} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not written in UTF-8.") from None
    return parse(text, folder, environment, where=str(path))


def parse(text: str, folder: Path, environment: Mapping[str, str], *, where: str) -> Settings:
    """Check the text of a settings file; ``where`` begins every message. Raises SettingsError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise SettingsError(f"{where} is not valid TOML: {problem}.") from None
    return _Reader(where, data).settings(folder, environment)


class _Reader:
    """Knows which settings there are; the only place that does."""

    def __init__(self, where: str, data: dict[str, Any]) -> None:
        self.where = where
        self.data = data
        self.sections: dict[str, Table] = {}

    def settings(self, folder: Path, environment: Mapping[str, str]) -> Settings:
        campaign, mailbox, sending = self._section("campaign"), self._section("mailbox"), self._section("sending")
        asking, keeping = self._section("asking"), self._section("keeping")
        invitation = self._section("invitation")
        slug = _matching(campaign, "slug", _SLUG, "2 to 40 small letters, digits and hyphens")
        contact = campaign.address("contact", campaign.text("contact"))
        relays = self._relays(folder, environment, contact)
        found = Settings(
            folder=folder,
            slug=slug,
            contact=contact,
            team=tuple(campaign.address("team", address) for address in campaign.texts("team")),
            languages=_languages(campaign),
            sender=campaign.text("sender"),
            group=campaign.text("group", ""),
            occasion=campaign.by_language("occasion"),
            known_by=campaign.text("known_by", ""),
            example=campaign.by_language("example"),
            database_url=self._database(),
            key_file=self._key_file(folder, environment),
            mailbox=MailboxSettings(
                url=self._url(mailbox, Service.MAILBOX),
                handled=HandledMail(mailbox.choice("handled", tuple(HandledMail))),
                move_to=mailbox.text("move_to", "outreach"),
                authserv_id=mailbox.text("authserv_id", "") or None,
                own_list_ids=frozenset(name.strip("<>").lower() for name in mailbox.texts("own_list_ids", [])),
                junk=mailbox.text("junk", "") or None,
                sent=mailbox.text("sent", "") or None,
                archive=mailbox.text("archive", "") or None,
                beacon=mailbox.text("beacon", "") or "outreach",
            ),
            relays=relays,
            day=self._day(),
            sending=_sending(sending, relays[0]),
            asking=AskingSettings(
                auto=asking.choice("auto", ("sure", "always", "never")),
                remind_after=timedelta(hours=asking.number("remind_after_hours", 24)),
                expire_after=timedelta(days=asking.number("expire_after_days", 30)),
            ),
            safety=self._safety(),
            web=web(self._section("web")),
            public=public(self._section("public")),
            dkim=dkim(self._section("dkim"), folder, environment, contact),
            oauth=oauth(self._section("oauth")),
            individuals=Individuals(campaign.choice("individuals", tuple(Individuals))),
            remind_after=timedelta(days=invitation.number("remind_after_days", 4)),
            last_call=timedelta(hours=invitation.number("last_call_hours", 0, least=0, most=168)),
            schedule=self._schedule(),
            keep_mail=timedelta(days=keeping.number("mail_days", 90)),
            keep_sent=timedelta(days=keeping.number("sent_days", 30)),
        )
        self._nothing_left()
        return found

    def _section(self, name: str) -> Table:
        if name not in self.sections:
            self.sections[name] = Table(self.where, name, self.data.get(name, {}))
        return self.sections[name]

    def _relays(self, folder: Path, environment: Mapping[str, str], contact: str) -> tuple[Relay, ...]:
        """One table [smtp], or several [[smtp]] in the order in which they are used."""
        found = self.data.get("smtp", {})
        if not isinstance(found, list):
            tables = [self._section("smtp")]
        else:
            self.sections["smtp"] = Table(self.where, "smtp", {})
            for number, values in enumerate(found, 1):
                self.sections[f"smtp {number}"] = Table(self.where, f"smtp ({number})", values)
            tables = [self.sections[f"smtp {number}"] for number in range(1, len(found) + 1)]
        reader = RelayReader(folder, environment, contact, self._section("sending").values)
        return reader.relays(tables)

    def _url(self, section: Table, service: Service) -> ServerUrl:
        return server_url(section, service)

    def _database(self) -> str:
        section = self._section("database")
        text = section.text("url", "sqlite:///outreach.db")
        # The database's own library reads the rest of the URL, when it is opened.
        if ":" in urlsplit(text).netloc.rpartition("@")[0]:
            raise section.wrong("url", "holds a password, which does not belong into this file")
        return text

    def _key_file(self, folder: Path, environment: Mapping[str, str]) -> Path:
        section = self._section("key")
        named = section.text("file", "")
        if handed_over := credential(environment, "outreach.key"):
            return handed_over
        if override := environment.get("OUTREACH_KEY_FILE"):
            return Path(override).absolute()
        if not named:
            raise section.wrong("file", "is missing, and OUTREACH_KEY_FILE is not set")
        return (folder / Path(named).expanduser()).absolute()

    def _day(self) -> Day:
        section = self._section("day")
        name = section.text("zone", "UTC")
        try:
            zone = ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # not found, not a name, the name of a folder
            raise section.wrong("zone", f"{name!r} is no time zone; write one as Europe/Berlin") from None
        day, deadline = section.values.pop("date", None), section.values.pop("deadline", None)
        section.asked += ["date", "deadline"]
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise section.wrong("date", "must be a date without quotes, as in date = 2026-09-05")
        if deadline is not None:
            if not isinstance(deadline, datetime):
                raise section.wrong("deadline", "must be a time without quotes, as in deadline = 2026-09-03T20:00:00")
            deadline = (deadline if deadline.tzinfo else deadline.replace(tzinfo=zone)).astimezone(UTC)
        return Day(date=day, deadline=deadline, zone=zone)

    def _schedule(self) -> ScheduleSettings:
        """``passes`` knows which steps there are; here every number is taken."""
        section = self._section("schedule")
        patience = section.number("patience", 3, most=1000)
        every = {key: timedelta(seconds=section.number(key, 1, most=86_400)) for key in list(section.values)}
        return ScheduleSettings(every=every, patience=patience)

    def _safety(self) -> SafetySettings:
        section = self._section("safety")
        countries, domains = section.texts("countries", []), section.texts("domains", [])
        for country in countries:
            if not _COUNTRY.fullmatch(country):
                raise section.wrong("countries", f"{country!r} is no country code, as IR and TR are")
        for domain in domains:
            if not DOMAIN.fullmatch(domain):
                raise section.wrong("domains", f"{domain!r} is no domain in small letters, as ir and mail.example are")
        return SafetySettings(countries=frozenset(countries), domains=frozenset(domains))

    def _nothing_left(self) -> None:
        for name in self.data.keys() - self.sections.keys():
            close = get_close_matches(name, self.sections, 1)
            raise SettingsError(
                f"{self.where}: there is no table [{name}]." + (f" Is {close[0]} meant?" if close else "")
            )
        for section in self.sections.values():
            section.nothing_left()


def _matching(section: Table, key: str, pattern: re.Pattern[str], must: str) -> str:
    value = section.text(key)
    if not pattern.fullmatch(value):
        raise section.wrong(key, f"must be {must}")
    return value


def _languages(section: Table) -> tuple[str, ...]:
    """The languages name files, so nothing but language tags will do."""
    languages = section.texts("languages")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise section.wrong("languages", f"{language!r} is no language tag, as fa, en and de are")
    if len(set(languages)) < len(languages):
        raise section.wrong("languages", "names a language twice")
    return languages


def _sending(section: Table, first: Relay) -> SendingSettings:
    """What is not said about limits is what the provider allows, as far as one knows (``providers``)."""
    smtp = first.url
    known = first.limits or limits_of(smtp)
    return SendingSettings(
        per_run=_limit(section, "per_run", 60, smtp),
        per_day=_limit(section, "per_day", known.per_day or 0, smtp),
        per_hour=_limit(section, "per_hour", known.per_hour or 0, smtp),
        per_minute=_limit(section, "per_minute", known.per_minute or 0, smtp),
        per_destination_hour=_limit(section, "per_destination_hour", 100, smtp),
        ramp_up=_limit(section, "ramp_up", 50, smtp),
        quiet=_quiet(section, smtp),
        lease=timedelta(seconds=section.number("lease_seconds", 900, least=60)),
        in_doubt_resend=timedelta(hours=section.number("in_doubt_resend_hours", 24)),
        give_up=timedelta(days=section.number("give_up_days", 5)),
        per_address_and_day=section.number("per_address_and_day", 3),
        per_stranger_and_day=section.number("per_stranger_and_day", 2),
        connections=section.number("connections", 1, most=20),
    )


def _quiet(section: Table, smtp: ServerUrl) -> QuietHours | None:
    """The same hour twice means none, which is the default on loopback."""
    begin = section.number("quiet_from", 0 if smtp.is_loopback else 21, least=0, most=23)
    end = section.number("quiet_until", 0 if smtp.is_loopback else 8, least=0, most=23)
    return QuietHours(begin, end) if begin != end else None


def _limit(section: Table, key: str, default: int, smtp: ServerUrl) -> int | None:
    """A limit; 0 in the file means none, and on loopback there is none unless it is asked for."""
    return section.number(key, 0 if smtp.is_loopback else default, least=0) or None
