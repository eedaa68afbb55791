"""Quiet hours: by the clock of the country where an organisation is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach.quiet import ends, zones_of
from outreach.settings import QuietHours

NIGHT = QuietHours(21, 8)


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [(NIGHT, {21, 22, 23, 0, 7}), (QuietHours(0, 6), {0, 5}), (QuietHours(12, 14), {12, 13})],
)
def test_quiet_hours_may_reach_into_the_next_day(hours: QuietHours, quiet: set[int]) -> None:
    assert {hour for hour in (0, 5, 7, 8, 12, 13, 14, 20, 21, 22, 23) if hours.hold(hour)} >= quiet
    assert not hours.hold(hours.end)


@pytest.mark.parametrize(
    ("country", "at", "until"),
    [
        ("DE", "2026-08-20T20:30", "2026-08-21T06:00"),  # 22:30 in Berlin, until 8
        ("DE", "2026-08-20T12:00", None),
        ("IR", "2026-08-20T02:00", "2026-08-20T04:30"),  # 5:30 in Tehran, half an hour beside the others
        ("US", "2026-08-20T14:00", "2026-08-20T18:00"),  # 10 in New York, 4 in Honolulu
    ],
)
def test_a_night_ends_when_it_is_day_in_all_of_a_country(country: str, at: str, until: str | None) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
    assert ends(NIGHT, zones_of(country), moment) == expected


def test_a_country_without_a_common_day_is_not_waited_for() -> None:
    around = [ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")]
    noon = datetime(2026, 8, 20, 12, tzinfo=UTC)
    assert all(ends(NIGHT, around, noon + timedelta(hours=hour)) is None for hour in range(24))


def test_an_unknown_country_has_no_zones() -> None:
    assert zones_of("XX") == zones_of("") == frozenset()
