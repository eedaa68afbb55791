"""Waves: what has been published, as the manifests say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from outreach.model import Hold, Revision, Signatory, Wave, WaveLine
from outreach.store.chain import Head
from outreach.words import RevisionStatus


def last(session: Session) -> Wave | None:
    """The newest wave."""
    return session.scalar(select(Wave).order_by(Wave.number.desc()).limit(1))


def printed(session: Session) -> list[dict[str, str]]:
    """The lines of the newest wave by language, in the order of printing: what anybody can read on the page."""
    wave = last(session)
    document: dict[str, Any] = json.loads(wave.manifest) if wave is not None else {}
    found: list[dict[str, str]] = document.get("lines", [])
    return found


def count_printed(session: Session) -> int:
    """How many lines the newest wave has: their places are counted from 0 without a gap."""
    newest = select(func.max(Wave.number)).scalar_subquery()
    place = session.scalar(select(func.max(WaveLine.position)).where(WaveLine.wave_number == newest))
    return place + 1 if place is not None else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A signatory of a wave who still stands there: the lines by language, as they were printed."""

    lines: dict[str, str]
    individual: bool


def standing(session: Session, wave: Wave) -> list[Standing]:
    """The signatories of a wave, in their order, without those that have withdrawn or are held since.

    A line that was corrected stands as it was printed until the next wave: anything newer has not been published.
    """
    later = aliased(Revision)
    withdrawn = exists().where(
        later.signatory_id == Revision.signatory_id,
        later.number >= Revision.number,
        later.status == RevisionStatus.WITHDRAWN,
    )
    held = exists().where(Hold.signatory_id == Revision.signatory_id, Hold.lifted_at.is_(None))
    query = (
        select(WaveLine.position, Signatory.individual)
        .join(Revision, Revision.id == WaveLine.revision_id)
        .join(Signatory, Signatory.id == Revision.signatory_id)
        .where(WaveLine.wave_number == wave.number, ~withdrawn, ~held)
        .order_by(WaveLine.position)
    )
    lines: list[dict[str, str]] = json.loads(wave.manifest)["lines"]
    return [Standing(lines[row.position], row.individual) for row in session.execute(query)]


def changed(session: Session) -> int:
    """How many lines of the newest wave stand no more as they are printed: corrected, withdrawn, merged, or held."""
    wave = last(session)
    if wave is None:
        return 0
    held = exists().where(Hold.signatory_id == Revision.signatory_id, Hold.lifted_at.is_(None))
    query = (
        select(func.count())
        .select_from(WaveLine)
        .join(Revision, Revision.id == WaveLine.revision_id)
        .where(WaveLine.wave_number == wave.number, or_(Revision.status != RevisionStatus.APPROVED, held))
    )
    return session.scalar(query) or 0


def ids_to_announce(session: Session, limit: int = 1_000) -> list[int]:
    """Revisions in the newest wave whose signatories were never told that they are in the published list."""
    wave = last(session)
    if wave is None:
        return []
    query = (
        select(Revision.id)
        .join(WaveLine, WaveLine.revision_id == Revision.id)
        .join(Signatory, Signatory.id == Revision.signatory_id)
        .where(
            WaveLine.wave_number == wave.number,
            Signatory.announced_at.is_(None),
            Signatory.contact_hash.is_not(None),
        )
        .order_by(WaveLine.position)
        .limit(limit)
    )
    return list(session.scalars(query))


def log_heads(session: Session) -> list[Head]:
    """The heads of the log that the manifests carry: where its chain stood at each wave."""
    manifests = session.scalars(select(Wave.manifest).order_by(Wave.number))
    return [Head.parse(head) for manifest in manifests if (head := json.loads(manifest).get("log")) is not None]


def places(session: Session, wave: Wave | None) -> dict[int, int]:
    """Where each signatory (by id) stands in a wave."""
    if wave is None:
        return {}
    query = (
        select(Revision.signatory_id, WaveLine.position)
        .join(WaveLine, WaveLine.revision_id == Revision.id)
        .where(WaveLine.wave_number == wave.number)
    )
    return {signatory_id: position for signatory_id, position in session.execute(query)}
