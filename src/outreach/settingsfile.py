"""Reads ``outreach.toml`` once and checks it; a wrong or misspelt setting is named in one line.

Secrets never stand in the file. They come from the environment: ``NAME`` itself, a file
(``NAME_FILE``) or a command (``NAME_COMMAND``); see ``secret``.
"""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from outreach.errors import SettingsError
from outreach.serverurl import ServerUrl, Service
from outreach.settings import FILE_NAME, AskingSettings, Day, MailboxSettings, SendingSettings, Settings
from outreach.words import HandledMail

_T = TypeVar("_T")


def load(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Read and check the settings of the campaign in ``folder``. Raises SettingsError."""
    path = folder / FILE_NAME
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"There is no {FILE_NAME} in {folder}. "
            "Go to the campaign's folder, name it with -C, or begin one with: outreach init"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsError(f"{path} cannot be read: {problem}") from None
    return _Reader(path, data).settings(folder, environment)


class _Reader:
    """Takes values out of the parsed file by type, and notices what is left over."""

    def __init__(self, path: Path, data: dict[str, Any]) -> None:
        self.path = path
        self.data = data

    def settings(self, folder: Path, environment: Mapping[str, str]) -> Settings:
        campaign = self._table("campaign")
        mailbox = self._table("mailbox")
        smtp = self._url(self._table("smtp"), Service.SMTP)
        sending = self._table("sending")
        asking = self._table("asking")
        keeping = self._table("keeping")
        found = Settings(
            folder=folder,
            slug=self._take(campaign, "campaign", "slug", str),
            contact=self._take(campaign, "campaign", "contact", str),
            team=self._strings(campaign, "campaign", "team"),
            languages=self._strings(campaign, "campaign", "languages"),
            sender=self._take(campaign, "campaign", "sender", str),
            group=self._take(campaign, "campaign", "group", str, ""),
            occasion=self._take(campaign, "campaign", "occasion", dict, {}),
            known_by=self._take(campaign, "campaign", "known_by", str, ""),
            example=self._take(campaign, "campaign", "example", dict, {}),
            database_url=self._take(self._table("database"), "database", "url", str, "sqlite:///outreach.db"),
            key_file=self._key_file(folder, environment),
            mailbox=MailboxSettings(
                url=self._url(mailbox, Service.MAILBOX),
                handled=HandledMail(self._choice(mailbox, "mailbox", "handled", tuple(HandledMail), "leave")),
                move_to=self._take(mailbox, "mailbox", "move_to", str, "outreach"),
                authserv_id=self._take(mailbox, "mailbox", "authserv_id", str, "") or None,
            ),
            smtp=smtp,
            day=self._day(),
            sending=SendingSettings(
                per_run=self._limit(sending, "per_run", 60, smtp),
                per_day=self._limit(sending, "per_day", 200, smtp),
                lease=timedelta(seconds=self._take(sending, "sending", "lease_seconds", int, 900)),
                in_doubt_resend=timedelta(hours=self._take(sending, "sending", "in_doubt_resend_hours", int, 24)),
                give_up=timedelta(days=self._take(sending, "sending", "give_up_days", int, 5)),
                per_address_and_day=self._take(sending, "sending", "per_address_and_day", int, 3),
            ),
            asking=AskingSettings(
                auto=self._choice(asking, "asking", "auto", ("sure", "always", "never"), "sure"),
                remind_after=timedelta(hours=self._take(asking, "asking", "remind_after_hours", int, 24)),
                expire_after=timedelta(days=self._take(asking, "asking", "expire_after_days", int, 30)),
            ),
            remind_after=timedelta(
                days=self._take(self._table("invitation"), "invitation", "remind_after_days", int, 4)
            ),
            keep_mail=timedelta(days=self._take(keeping, "keeping", "mail_days", int, 90)),
            keep_sent=timedelta(days=self._take(keeping, "keeping", "sent_days", int, 30)),
        )
        self._nothing_left()
        if not found.languages:
            raise SettingsError(f"{self.path}: campaign.languages names no language.")
        return found

    def _table(self, name: str) -> dict[str, Any]:
        table = self.data.get(name, {})
        if not isinstance(table, dict):
            raise SettingsError(f"{self.path}: [{name}] must be a table.")
        return table

    def _take(self, table: dict[str, Any], name: str, key: str, kind: type[_T], default: _T | None = None) -> _T:
        value = table.pop(key, default)
        if value is None:
            raise SettingsError(f"{self.path}: {name}.{key} is missing.")
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            raise SettingsError(f"{self.path}: {name}.{key} must be of type {kind.__name__}.")
        return value

    def _strings(self, table: dict[str, Any], name: str, key: str) -> tuple[str, ...]:
        values = self._take(table, name, key, list)
        if not all(isinstance(value, str) for value in values):
            raise SettingsError(f"{self.path}: {name}.{key} must be a list of texts.")
        return tuple(values)

    def _choice(self, table: dict[str, Any], name: str, key: str, choices: tuple[Any, ...], default: Any) -> Any:
        value = table.pop(key, default)
        if value not in choices:
            raise SettingsError(f"{self.path}: {name}.{key} must be one of {', '.join(choices)}.")
        return value

    def _url(self, table: dict[str, Any], service: Service) -> ServerUrl:
        try:
            return ServerUrl.parse(self._take(table, service, "url", str), service)
        except SettingsError as problem:
            raise SettingsError(f"{self.path}: {problem}") from None

    def _limit(self, table: dict[str, Any], key: str, default: int, smtp: ServerUrl) -> int | None:
        """A limit; 0 in the file means none, and on loopback there is none unless it is asked for."""
        value = self._take(table, "sending", key, int, 0 if smtp.is_loopback else default)
        return value if value > 0 else None

    def _key_file(self, folder: Path, environment: Mapping[str, str]) -> Path:
        named = self._take(self._table("key"), "key", "file", str, "")
        if credentials := environment.get("CREDENTIALS_DIRECTORY"):
            candidate = Path(credentials) / "outreach.key"
            if candidate.is_file():
                return candidate
        if override := environment.get("OUTREACH_KEY_FILE"):
            return Path(override)
        if not named:
            raise SettingsError(f"{self.path}: key.file is missing, and OUTREACH_KEY_FILE is not set.")
        return (folder / Path(named).expanduser()).absolute()

    def _day(self) -> Day:
        table = self._table("day")
        zone_name = self._take(table, "day", "zone", str, "UTC")
        try:
            zone = ZoneInfo(zone_name)
        except (ZoneInfoNotFoundError, ValueError):
            raise SettingsError(f"{self.path}: day.zone: there is no time zone {zone_name!r}.") from None
        day = table.pop("date", None)
        deadline = table.pop("deadline", None)
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise SettingsError(f"{self.path}: day.date must be a date, as in date = 2026-09-05.")
        if deadline is not None:
            if not isinstance(deadline, datetime):
                raise SettingsError(f"{self.path}: day.deadline must be a time, as in deadline = 2026-09-03T20:00:00.")
            deadline = (deadline if deadline.tzinfo else deadline.replace(tzinfo=zone)).astimezone(UTC)
        return Day(date=day, deadline=deadline, zone=zone)

    def _nothing_left(self) -> None:
        """A misspelt setting would silently keep its default."""
        for name, table in self.data.items():
            unknown = table if isinstance(table, dict) else {name: table}
            if name not in _TABLES or unknown:
                first = next(iter(unknown), None)
                raise SettingsError(f"{self.path}: there is no setting {name}{f'.{first}' if first else ''}.")


_TABLES: Final = frozenset(
    {"campaign", "mailbox", "smtp", "database", "key", "day", "sending", "asking", "invitation", "keeping"}
)


def secret(name: str, environment: Mapping[str, str]) -> str | None:
    """A secret from ``name``, ``name_FILE`` or ``name_COMMAND``; None where none is set. Raises SettingsError."""
    if value := environment.get(name):
        return value
    if path := environment.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{name}_FILE names {path}, which cannot be read.") from None
    if command := environment.get(f"{name}_COMMAND"):
        try:
            run = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=True)
        except (subprocess.SubprocessError, OSError):
            raise SettingsError(f"The command of {name}_COMMAND failed.") from None
        return run.stdout.rstrip("\r\n")
    return None
