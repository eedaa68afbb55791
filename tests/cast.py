"""The fixed cast of the tests: the hour in which every story plays, and its clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

NOW: Final = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)


def clock() -> datetime:
    """A ``ports.Clock`` that stands still."""
    return NOW
