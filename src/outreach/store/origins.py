"""How many approved entries come from which country, in which language: kept as decisions are made, not counted.

Where an entry is from stands in sealed rows only: with the times that lie open beside it, the one entry of a country
would be known. So there is no column to count by: the counts are kept, sealed, in the campaign's own row, and a page
opens one value, however many entries there are. They change in the transaction that changes an entry.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from outreach.model import Campaign, Revision
from outreach.model.base import KEYRING
from outreach.reading import places
from outreach.words import RevisionStatus

#: Country (ISO 3166-1; None: not known) and language (BCP 47) of an approved entry.
Origin = tuple[str | None, str]


def kept(session: Session) -> Counter[Origin]:
    """The counts of all approved entries."""
    campaign = session.scalar(select(Campaign))
    return _read(campaign.origins) if campaign is not None else Counter()


def of(revision: Revision) -> Origin:
    """Where an entry is from: as it was understood, else as its line names the country."""
    named = (places.country(line.country) for line in revision.printed_lines.values() if line.country)
    return revision.details.get("country_code") or next(filter(None, named), None), revision.signatory.language


@event.listens_for(Session, "before_flush", insert=True)  # before the values are sealed
def _keep(session: Session, *_: object) -> None:
    if KEYRING not in session.info:
        return
    change: Counter[Origin] = Counter()
    for row in (*session.new, *session.dirty):
        if isinstance(row, Revision) and (step := _step(row)):
            change[of(row)] += step
    if change and (campaign := _campaign(session)) is not None:
        counts = _read(campaign.origins)
        counts.update(change)
        campaign.origins = {f"{country or ''} {tongue}": n for (country, tongue), n in counts.items() if n}


def _step(revision: Revision) -> int:
    """1 when it is approved by this flush, -1 when it is not any more."""
    history = inspect(revision).attrs.status.history
    was = history.deleted[0] if history.deleted else None
    is_new = was is None and not history.unchanged
    return ((revision.status is RevisionStatus.APPROVED) - (was is RevisionStatus.APPROVED)) if was or is_new else 0


def _campaign(session: Session) -> Campaign | None:
    founded = next((row for row in session.new if isinstance(row, Campaign)), None)
    return founded or session.scalar(select(Campaign))


def _read(counts: dict[str, Any]) -> Counter[Origin]:
    split = ((key.partition(" "), count) for key, count in counts.items())
    return Counter({(country or None, tongue): count for (country, _, tongue), count in split})
