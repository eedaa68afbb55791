"""The relays of ``outreach.toml``: one ``[smtp]``, or several ``[[smtp]]`` in the order in which they are used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from outreach.errors import SettingsError
from outreach.providers import Limits, limits_of, presets
from outreach.relay import MAIN, Relay
from outreach.serverurl import ServerUrl, Service
from outreach.settingsservers import dkim, oauth
from outreach.settingstable import Table

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,19}")
_LIMITS: Final = ("per_day", "per_hour", "per_minute")


@dataclass(frozen=True, slots=True)
class RelayReader:
    """What reading a relay needs beside its table; ``sending`` holds what is said for all of them."""

    folder: Path
    environment: Mapping[str, str]
    contact: str
    sending: Mapping[str, Any]

    def relays(self, tables: Sequence[Table]) -> tuple[Relay, ...]:
        """All of them, each with a name and a server of its own. Raises SettingsError."""
        found: list[Relay] = []
        for table in tables:
            relay = self._relay(table, alone=len(tables) == 1)
            for other in found:
                if other.name == relay.name:
                    hint = 'give each a name of its own, as name = "reserve"'
                    raise table.wrong("name", f"is {relay.name}, as that of another relay: {hint}")
                if other.url == relay.url:
                    raise table.wrong("url", f"is that of {other.name} already: one login is one relay")
            found.append(relay)
        return tuple(found)

    def _relay(self, table: Table, *, alone: bool) -> Relay:
        url, name = server_url(table, Service.SMTP), table.text("name", MAIN)
        if not _NAME.fullmatch(name):
            raise table.wrong("name", "must be at most 20 small letters, digits and hyphens, beginning with a letter")
        preset, known = table.text("preset", ""), presets()
        if preset and preset not in known:
            raise table.wrong("preset", f"is {preset!r}, and must be one of {', '.join(known)}")
        url = replace(url, name="" if name == MAIN else name)
        has_own = bool(preset) or any(key in table.values for key in _LIMITS)
        limits = self._limits(table, url, known[preset] if preset else limits_of(url))
        connections = table.number("connections", 0, least=0, most=20)
        own_dkim, own_oauth = table.table("dkim"), table.table("oauth")
        handed = f"dkim-{name}.pem"
        found = Relay(
            url=url,
            name=name,
            limits=None if alone and not has_own else limits,
            connections=connections or None,
            dkim=dkim(own_dkim, self.folder, self.environment, self.contact, handed),
            oauth=oauth(own_oauth),
        )
        for part in (own_dkim, own_oauth):
            part.nothing_left()
        return found

    def _limits(self, table: Table, url: ServerUrl, known: Limits) -> Limits:
        """What the relay says itself, else what [sending] says, else what is known; 0 means none."""
        numbers = []
        for key in _LIMITS:
            default = self.sending.get(key, getattr(known, key) or 0)
            numbers.append(table.number(key, default, least=0) or None)
        return Limits(*numbers)


def server_url(table: Table, service: Service) -> ServerUrl:
    """The server that a table names. Raises SettingsError."""
    try:
        return ServerUrl.parse(table.text("url"), service)
    except SettingsError as problem:
        raise (
            problem if str(problem).startswith(table.where) else SettingsError(f"{table.where}: {problem}")
        ) from None
