"""One table of ``outreach.toml``: its values by type, each wrong one named. ``settingsfile`` knows which there are."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from email_validator import EmailNotValidError, validate_email

from outreach.errors import SettingsError


class Table:
    """Gives values out by type, and remembers which were asked for. ``where`` (the file) begins every message."""

    def __init__(self, where: str, name: str, values: object) -> None:
        if not isinstance(values, dict):
            raise SettingsError(f"{where}: [{name}] must be a table.")
        self.where, self.name, self.values = where, name, dict(values)
        self.asked: list[str] = []

    def wrong(self, key: str, says: str) -> SettingsError:
        return SettingsError(f"{self.where}: {self.name}.{key} {says}.")

    def take(self, key: str, default: object = None) -> Any:
        self.asked.append(key)
        value = self.values.pop(key, default)
        if value is None:
            close = get_close_matches(key, self.values, 1)
            raise self.wrong(key, f"is missing; is it written {close[0]}?" if close else "is missing")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self.take(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "must be a text in quotes")
        if not value.isprintable():
            raise self.wrong(key, "must be one line of printable characters")
        return value.strip()

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        values = self.take(key, default)
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.wrong(key, 'must be a list of texts, as in ["one", "other"]')
        if not values and default is None:
            raise self.wrong(key, "must name at least one")
        return tuple(values)

    def by_language(self, key: str) -> dict[str, str]:
        values = self.take(key, {})
        if not isinstance(values, dict) or not all(isinstance(v, str) and v.isprintable() for v in values.values()):
            raise self.wrong(key, 'must be a line of text for each language, as in { en = "…", fa = "…" }')
        return values

    def table(self, key: str) -> Table:
        """A table within this one; empty where there is none."""
        return Table(self.where, f"{self.name}.{key}", self.take(key, {}))

    def number(self, key: str, default: int, *, least: int = 1, most: int = 100_000) -> int:
        value = self.take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, f"must be a whole number from {least} to {most}")
        return value

    def flag(self, key: str) -> bool:
        """Yes or no; no is the default."""
        value = self.take(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def choice(self, key: str, choices: Sequence[str]) -> Any:
        """One of the choices, of which the first is the default."""
        value = self.take(key, choices[0])
        if value not in choices:
            raise self.wrong(key, f"must be one of {', '.join(choices)}")
        return value

    def address(self, key: str, value: str) -> str:
        try:
            # Not asked whether it exists; test domains and local ones are fine.
            found = validate_email(value, allow_smtputf8=False, check_deliverability=False, globally_deliverable=False)
        except EmailNotValidError as problem:
            raise self.wrong(key, f"{value!r} is no mail address: {str(problem).rstrip('.')}") from None
        return found.ascii_email or value

    def nothing_left(self) -> None:
        """A misspelt setting would silently keep its default."""
        for key in self.values:
            close = get_close_matches(key, self.asked, 1)
            hint = f" Is {close[0]} meant?" if close else ""
            raise SettingsError(f"{self.where}: there is no setting {self.name}.{key}.{hint}")
