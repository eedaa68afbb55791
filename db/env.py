"""The Alembic environment. The program hands the connection over; there is no ini file."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from outreach.model import Base
from outreach.model.base import ByValue, SealedBytes, UtcDateTime


def render_item(kind: str, item: Any, _: AutogenContext) -> str | bool:
    """Write plain types into new migrations, so that they do not change with the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, SealedBytes):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, ByValue):
        return "sa.String(32)"
    return False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=render_item,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
