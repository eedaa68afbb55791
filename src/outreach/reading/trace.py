"""What a reading was concluded from, noted while it is read. References to what is there anyway: it costs nothing.

``explain`` makes sense of it; nothing else looks at it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from outreach.reading.headers import Headers
from outreach.reading.machine import Sign
from outreach.reading.source import Found, Source
from outreach.reading.verdict import Verdict
from outreach.reading.weighing import Context, Weighed


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a mail that a person wrote was read from."""

    part: str  #: that was read: new or forwarded
    context: Context
    weighed: Weighed
    source: Source
    find: Callable[[], Found]
    verdict: Verdict

    @property
    def found(self) -> Found:
        """The sign-ups, also where the kind wants none."""
        return self.find()


@dataclass(slots=True)
class Trace:
    """``machine`` is None where no header speaks of a machine, ``grounds`` where a machine wrote."""

    headers: Headers | None = None
    machine: Sign | None = None
    grounds: Grounds | None = None
