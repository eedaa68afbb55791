"""When each session last looked at a page, and who looks at which entry: kept by the process, never written down.

A GET writes nothing into the database, yet reading counts as being there.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Final

#: Who has not been heard of for so long does not look at the entry any more; pages tell every ten seconds.
LOOKS_FOR: Final = timedelta(seconds=25)


class Seen:
    """The last look of each session."""

    def __init__(self) -> None:
        self._at: dict[bytes, datetime] = {}
        self._lock = threading.Lock()

    def at(self, session: bytes) -> datetime | None:
        with self._lock:
            return self._at.get(session)

    def note(self, session: bytes, now: datetime) -> None:
        with self._lock:
            self._at[session] = now


class Lookers:
    """Who looks at which entry just now."""

    def __init__(self) -> None:
        self._at: dict[str, dict[str, datetime]] = {}
        self._lock = threading.Lock()

    def note(self, reference: str, name: str, now: datetime) -> list[str]:
        """Somebody looks at it; returns who else does."""
        with self._lock:
            self._at = {
                key: fresh
                for key, lookers in self._at.items()
                if (fresh := {who: at for who, at in lookers.items() if now - at < LOOKS_FOR})
            }
            self._at.setdefault(reference, {})[name] = now
            return sorted(who for who in self._at[reference] if who != name)
