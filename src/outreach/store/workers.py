"""Who is at work: heartbeats of resident workers, and leases on what only one of them may do at a time.

A lease runs out by itself, so a worker that died holds nobody up for long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from outreach.model import Lease, Worker

#: A lease is renewed every half minute while it is used; two missed renewals are forgiven.
LEASE: Final = timedelta(minutes=2)
#: A worker that was not seen for so long is gone.
GONE: Final = timedelta(days=1)


def take(session: Session, name: str, owner: str, now: datetime) -> bool:
    """Take or renew a lease; False while somebody else holds it."""
    taken = session.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.owner == owner, Lease.until <= now))
        .values(owner=owner, until=now + LEASE, is_at_work=True)
        .returning(Lease.name)
        .execution_options(synchronize_session=False)
    )
    if taken.first() is not None:
        return True
    if session.get(Lease, name) is not None:
        return False
    session.add(Lease(name=name, owner=owner, until=now + LEASE))
    return True


def rest(session: Session, owner: str, name: str) -> None:
    """Keep a lease for the next time: its step has ended."""
    session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.owner == owner)
        .values(is_at_work=False)
        .execution_options(synchronize_session=False)
    )


def under_way(session: Session, now: datetime) -> Lease | None:
    """The lease of a step that somebody runs now; the first by name."""
    return session.scalars(select(Lease).where(Lease.is_at_work, Lease.until > now).order_by(Lease.name)).first()


def renew_all(session: Session, owner: str, now: datetime) -> None:
    """Hold on to what this process holds already."""
    session.execute(
        update(Lease)
        .where(Lease.owner == owner, Lease.until > now)
        .values(until=now + LEASE)
        .execution_options(synchronize_session=False)
    )


def release(session: Session, owner: str, name: str | None = None) -> None:
    """Give one lease back, or all of them."""
    query = delete(Lease).where(Lease.owner == owner)
    session.execute(query if name is None else query.where(Lease.name == name))


def beat(session: Session, name: str, now: datetime) -> None:
    """Say that a worker lives; one that was not seen for long is forgotten."""
    worker = session.get(Worker, name)
    if worker is None:
        session.add(Worker(name=name, started_at=now, seen_at=now))
    else:
        worker.seen_at = now
    session.execute(delete(Worker).where(Worker.seen_at < now - GONE))


def leave(session: Session, name: str) -> None:
    """A worker has ended; what it held is free."""
    release(session, name)
    session.execute(delete(Worker).where(Worker.name == name))


def listed(session: Session) -> Sequence[Worker]:
    """The workers that were seen within a day, the one that began first before the others."""
    return session.scalars(select(Worker).order_by(Worker.started_at)).all()
