"""Relations between entries: what holds of one, and the conditions that an approval or a wave touches."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.model import Relation, Signatory
from outreach.words import RelationKind

_holds = Relation.ended_at.is_(None)


def of(session: Session, signatory: Signatory) -> Sequence[Relation]:
    """What holds between this entry and others, from either side."""
    either = or_(Relation.signatory_id == signatory.id, Relation.other_id == signatory.id)
    return session.scalars(select(Relation).where(either, _holds).order_by(Relation.id)).all()


def with_kind(session: Session, signatory: Signatory, kind: RelationKind, other: Signatory | None) -> Relation | None:
    """The relation of this kind that holds between two entries."""
    other_id = other.id if other is not None else None
    query = select(Relation).where(
        Relation.signatory_id == signatory.id, Relation.other_id == other_id, Relation.kind == kind, _holds
    )
    return session.scalar(query.limit(1))


def conditions(session: Session, ids: Collection[int]) -> list[Relation]:
    """The conditions of these entries that they touch together: each names another of them, or somebody in words."""
    query = select(Relation).where(
        Relation.kind == RelationKind.NOT_BESIDE, _holds, or_(Relation.other_id.is_(None), Relation.other_id.in_(ids))
    )
    return [found for found in session.scalars(query.order_by(Relation.id)) if found.signatory_id in ids]


def merged_into(session: Session, signatory: Signatory) -> Sequence[Signatory]:
    """The entries that turned out to be this one."""
    query = select(Signatory).where(Signatory.merged_into_id == signatory.id)
    return session.scalars(query.order_by(Signatory.id)).all()
