"""Links the log's new events into its hash chain, in batches: no act has to wait for the one before it."""

from __future__ import annotations

from outreach.store import chain
from outreach.store.database import CHUNK, Database
from outreach.words import Report


def run(db: Database) -> Report:
    """Link every event that is not linked yet."""
    linked = 0
    while not db.is_closing:
        with db.writing() as session:
            new = chain.link(session, CHUNK)
        linked += new
        if new < CHUNK:
            break
    return Report("link", {"linked": linked} if linked else {})
