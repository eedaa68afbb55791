"""The sample campaign: founded as ``outreach init`` does it, then filled in as a coordinator would."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from outreach.ports import Clock
from outreach.settings import FILE_NAME

CONTACT: Final = "contact@campaign.example"
TEAM: Final = "team@campaign.example"
SLUG: Final = "freedom-2026"
LANGUAGES: Final = ("fa", "en")
#: Twelve days before the day of action; nine in the morning in Berlin.
START: Final = datetime(2026, 8, 24, 7, 0, tzinfo=UTC)

_SAMPLE: Final = Path(__file__).parent / "sample"

#: What the coordinator writes into the new outreach.toml, by setting (TOML values).
_SETTINGS: Final = {
    "occasion": '{ fa = "بیانیهٔ مشترک ۱۴ شهریور", en = "joint statement 5 September", '
    'de = "gemeinsame Erklärung 5. September", fr = "déclaration commune 5 septembre" }',
    "known_by": '"Parvin Sohrabi"',
    "example": '{ fa = "کمیتهٔ همبستگی نمونه – زوریخ – سوئیس", '
    'en = "Example Solidarity Committee – Zurich – Switzerland" }',
    "date": "2026-09-05",
    "deadline": "2026-09-03T20:00:00",
    "zone": '"Europe/Berlin"',
    "authserv_id": '"mx.campaign.example"',
}


class Founder(Protocol):
    """Makes a campaign's files, key and database, as ``outreach init`` does."""

    def __call__(
        self,
        *,
        folder: Path,
        slug: str,
        contact: str,
        team: tuple[str, ...],
        languages: tuple[str, ...],
        mailbox: str,
        smtp: str,
        database: str | None,
        sender: str,
        environment: Mapping[str, str],
        clock: Clock,
    ) -> None: ...


def fill_in(folder: Path) -> None:
    """Write the occasion, the day and the deadline into the settings, and put the statement in its place."""
    path = folder / FILE_NAME
    text = path.read_text(encoding="utf-8")
    for setting, value in _SETTINGS.items():
        text = _set(text, setting, value)
    path.write_text(text, encoding="utf-8")
    for source in sorted((_SAMPLE / "statement").glob("*.md")):
        (folder / "statement" / source.name).write_bytes(source.read_bytes())


def prospects() -> bytes:
    """The list of those to be invited."""
    return (_SAMPLE / "prospects.csv").read_bytes()


def _set(text: str, setting: str, value: str) -> str:
    """Change the line of a setting; where it only stands as a comment, take the comment away."""
    for pattern in (rf"(?m)^{setting} = .*$", rf"(?m)^# {setting} = .*$"):
        changed, found = re.subn(pattern, lambda _: f"{setting} = {value}", text, count=1)
        if found:
            return changed
    raise ValueError(f"the settings have no line for {setting}")
