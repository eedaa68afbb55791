"""Holds, over all entries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.model import Hold
from outreach.words import HoldKind


def placed_since(session: Session, kind: HoldKind, since: datetime) -> int:
    """How many holds of a kind were placed since a time, lifted meanwhile or not."""
    return session.scalar(select(func.count()).where(Hold.kind == kind, Hold.placed_at >= since)) or 0
