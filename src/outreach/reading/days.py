"""The days that a mail itself tells: the year of its Date header, and the day of the action we asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_tz
from functools import cached_property
from itertools import chain
from typing import Final

from outreach.reading import reply
from outreach.reading.dates import find_date
from outreach.reading.labels import read_line
from outreach.reading.message import Message

_DIGIT = re.compile(r"\d")
_COLONS: Final = (":", "：")


class Days:
    """What a mail says of days, worked out when a date is read in it: most mails name none."""

    def __init__(self, message: Message, quoted: str) -> None:
        self._message = message
        self._quoted = quoted

    @cached_property
    def year(self) -> int | None:
        """The year of the mail's Date, for dates that are said without one."""
        try:
            parsed = parsedate_tz(self._message.headers.get("date")[:100])
        except (ValueError, IndexError, TypeError, OverflowError):  # hostile dates
            return None
        return parsed[0] if parsed and 2000 <= parsed[0] <= 2100 else None

    @cached_property
    def asked_about(self) -> date | None:
        """The day we asked about: the date in our subject or in the label of our form."""
        for text in chain([self._message.subject], self._labels()):
            if found := find_date(text[:300], self.year):
                return found.value
        return None

    def _labels(self) -> Iterator[str]:
        """The labels of our form that ask about an action, where they hold a figure."""
        for line in self._quoted.split("\n")[:120]:
            if line.rstrip().endswith(_COLONS) and _DIGIT.search(line):
                found = read_line(reply.unquoted(line))
                if found and found.label.kind == "action":
                    yield found.text
