"""The campaign in figures: the funnel, signatories over time, by country and language, and the pace of review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime, time, timedelta
from itertools import accumulate
from math import ceil
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from sqlalchemy.orm import Session

from outreach.store import figures, origins, tallies
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
        from_where = origins.kept(session)
        took = figures.decision_times(session)
        return Shown(
            "campaign.html",
            {
                "funnel": list(zip(STEPS, astuple(figures.funnel(session)), strict=True)),
                "days": over_time(session, visit.program.settings.day.zone),
                "countries": _most((names.territories.get(code or "", code), n) for (code, _), n in from_where.items()),
                "tongues": _most(
                    (names.languages.get(tag.partition("-")[0], tag), n) for (_, tag), n in from_where.items()
                ),
                "decided": len(took),
                "median": timedelta(seconds=median(one.total_seconds() for one in took)) if took else None,
            },
        )


def over_time(session: Session, zone: ZoneInfo) -> list[dict[str, Any]]:
    """For each day, or for every few days: how many came, and how many there are then."""
    if (lasted := figures.first_and_last(session)) is None:
        return []
    first, last = (moment.astimezone(zone).date() for moment in lasted)
    step = timedelta(days=ceil(((last - first).days + 1) / COLUMNS))
    days = [first]
    while days[-1] <= last:
        days.append(days[-1] + step)
    counts = tallies.arrivals(session, [datetime.combine(day, time(), zone) for day in days])
    totals = accumulate(counts)
    return [
        {"day": day.isoformat(), "new": new, "total": total}
        for day, new, total in zip(days, counts, totals, strict=False)
    ]


def _most(found: Iterable[tuple[str | None, int]]) -> list[tuple[str | None, int]]:
    """The most frequent first; None is what is not known, and what is beyond the named ones."""
    counted: Counter[str | None] = Counter()
    for name, count in found:
        counted[name] += count
    unknown = counted.pop(None, 0)
    rows: list[tuple[str | None, int]] = [*counted.most_common(_NAMED)]
    rest = unknown + counted.total() - sum(count for _, count in rows)
    return [*rows, (None, rest)] if rest else rows
