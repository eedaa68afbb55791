"""The days that a mail itself tells: the year of its Date header, and the day of the action we asked about."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_tz
from itertools import chain

from outreach.reading import reply
from outreach.reading.dates import find_date
from outreach.reading.labels import read_line
from outreach.reading.message import Message

_DIGIT = re.compile(r"\d")


def day_asked_about(subject: str, quoted: str, year: int | None) -> date | None:
    """The day we asked about: the date in our subject or in the label of our form."""
    lines = (
        read_line(reply.unquoted(line))
        for line in quoted.split("\n")[:120]
        if (":" in line or "：" in line) and line.rstrip().endswith((":", "：")) and _DIGIT.search(line)
    )
    for text in chain([subject], (line.text for line in lines if line and line.label.kind == "action")):
        if found := find_date(text[:300], year):
            return found.value
    return None


def year_of(message: Message) -> int | None:
    """The year of the mail's Date, for dates that are said without one."""
    try:
        parsed = parsedate_tz(message.headers.get("date")[:100])
    except (ValueError, IndexError, TypeError, OverflowError):  # hostile dates
        return None
    return parsed[0] if parsed and 2000 <= parsed[0] <= 2100 else None
