"""Lists page by key: what comes after the last row seen, and how many rows there are in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list by rising id, and how many the whole list has."""

    rows: Sequence[Row]
    total: int


def page(
    session: Session,
    query: Select[Row],
    key: InstrumentedAttribute[int] | ColumnElement[int],
    *,
    after: int,
    limit: int,
) -> Page[Row]:
    """The rows of a query with a key above ``after``, at most ``limit`` of them."""
    counted: Select[Any] = select(func.count()).select_from(query.with_only_columns(key).order_by(None).subquery())
    rows = session.scalars(query.where(key > after).order_by(key).limit(limit)).all()
    return Page(rows, session.scalar(counted) or 0)
