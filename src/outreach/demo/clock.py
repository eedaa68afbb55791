"""The story's clock: stands still until the story moves it on, so that days pass in seconds and always alike."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


class StoryClock:
    """A ``ports.Clock`` that only goes forward. ``start`` is aware."""

    def __init__(self, start: datetime, zone: ZoneInfo) -> None:
        self._now = self._start = start
        self._zone = zone

    def __call__(self) -> datetime:
        return self._now

    def tick(self) -> datetime:
        """Some minutes pass."""
        self._now += timedelta(minutes=7)
        return self._now

    def move_to(self, *, days: int, hour: int) -> None:
        """On to an hour of the local day that comes ``days`` after the first; never back."""
        day = self._start.astimezone(self._zone).date() + timedelta(days=days)
        moment = datetime.combine(day, time(hour), self._zone).astimezone(self._start.tzinfo)
        if moment < self._now:
            raise ValueError("the story's clock only goes forward")
        self._now = moment

    @property
    def in_words(self) -> str:
        return f"{self._now.astimezone(self._zone):%A, %-d %B %Y, %H:%M}"
