"""Quiet hours: when people sleep where an organisation is. Used by dispatch for invitations and reminders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

from outreach.settings import QuietHours

_QUARTER: Final = timedelta(minutes=15)


@cache
def zones_of(country: str) -> frozenset[ZoneInfo]:
    """The time zones of a country (ISO 3166-1 alpha-2), by CLDR; none of one that it does not know."""
    found = set()
    for name, territory in get_global("zone_territories").items():
        if territory == country.upper():
            try:
                found.add(ZoneInfo(name))
            except (ZoneInfoNotFoundError, ValueError):  # CLDR knows zones that this system's tables lack
                continue
    return frozenset(found)


def ends(hours: QuietHours, zones: Collection[ZoneInfo], now: datetime) -> datetime | None:
    """When it is day in all of the zones, to a quarter of an hour; None if it is now, or never will be."""
    if not _is_night(hours, zones, now):
        return None
    begin = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    later = (begin + _QUARTER * number for number in range(1, 24 * 4 + 1))
    return next((moment for moment in later if not _is_night(hours, zones, moment)), None)


def _is_night(hours: QuietHours, zones: Collection[ZoneInfo], moment: datetime) -> bool:
    return any(hours.hold(moment.astimezone(zone).hour) for zone in zones)
