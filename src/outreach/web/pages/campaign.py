"""The campaign in figures: the funnel, signatories over time, by country and language, and the pace of review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale

from outreach.store import figures
from outreach.web.answers import Answer, Shown, Visit

#: A chart over time has at most so many columns; where there are more days, a column stands for several.
COLUMNS: Final = 60
#: The steps of the funnel, in the order of its fields.
STEPS: Final = ("invited", "answered", "signed", "confirmed by them", "approved by us", "printed")
#: Of countries and languages so many are named; the rest is one row.
_NAMED: Final = 25


def page(visit: Visit) -> Answer:
    names = Locale.parse(visit.language)
    with visit.program.db.reading() as session:
        origins = list(figures.origins(session))
        took = figures.decision_times(session)
        return Shown(
            "campaign.html",
            {
                "funnel": list(zip(STEPS, astuple(figures.funnel(session)), strict=True)),
                "days": over_time(figures.arrivals(session), visit.program.settings.day.zone),
                "countries": _most(names.territories.get(code or "", code) for code, _ in origins),
                "tongues": _most(names.languages.get(tag.partition("-")[0], tag) for _, tag in origins),
                "decided": len(took),
                "median": timedelta(seconds=median(one.total_seconds() for one in took)) if took else None,
            },
        )


def over_time(arrivals: Sequence[datetime], zone: ZoneInfo) -> list[dict[str, Any]]:
    """For each day, or for every few days: how many came, and how many there are then."""
    came = Counter(moment.astimezone(zone).date() for moment in arrivals)
    if not came:
        return []
    first, total = min(came), 0
    step = ceil(((max(came) - first).days + 1) / COLUMNS)
    rows = []
    for start in range(0, (max(came) - first).days + 1, step):
        days: list[date] = [first + timedelta(days=start + at) for at in range(step)]
        new = sum(came[day] for day in days)
        total += new
        rows.append({"day": days[0].isoformat(), "new": new, "total": total})
    return rows


def _most(found: Iterable[str | None]) -> list[tuple[str | None, int]]:
    """The most frequent first; None is what is not known, and what is beyond the named ones."""
    counted = Counter(found)
    unknown = counted.pop(None, 0)
    rows: list[tuple[str | None, int]] = [*counted.most_common(_NAMED)]
    rest = unknown + counted.total() - sum(count for _, count in rows)
    return [*rows, (None, rest)] if rest else rows
