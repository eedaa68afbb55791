"""Leases and heartbeats: what one process alone may do, until it dies."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from outreach.model import Lease, Worker
from outreach.store import workers
from outreach.store.database import Database
from tests.cast import NOW


def take(db: Database, owner: str, later: timedelta = timedelta(), name: str = "fetch") -> bool:
    with db.writing() as session:
        return workers.take(session, name, owner, NOW + later)


def test_a_lease_is_held_by_one_alone(db: Database) -> None:
    assert take(db, "first")
    assert not take(db, "second")
    assert take(db, "second", name="retire")


def test_whoever_holds_a_lease_may_take_it_again_and_holds_it_longer(db: Database) -> None:
    assert take(db, "first")
    assert take(db, "first", workers.LEASE / 2)
    assert not take(db, "second", workers.LEASE)


def test_the_lease_of_a_dead_process_runs_out(db: Database) -> None:
    assert take(db, "first")
    assert take(db, "second", workers.LEASE)
    assert not take(db, "first", workers.LEASE)


def test_a_heartbeat_keeps_what_is_held_and_revives_nothing_that_ran_out(db: Database) -> None:
    take(db, "first")
    with db.writing() as session:
        workers.renew_all(session, "first", NOW + workers.LEASE / 2)
    assert not take(db, "second", workers.LEASE)
    with db.writing() as session:
        workers.renew_all(session, "first", NOW + 3 * workers.LEASE)
    assert take(db, "second", 3 * workers.LEASE)


def test_a_lease_that_is_given_back_is_free_at_once(db: Database) -> None:
    take(db, "first")
    take(db, "first", name="retire")
    with db.writing() as session:
        workers.release(session, "second")
        workers.release(session, "first", "retire")
    assert take(db, "second", name="retire")
    assert not take(db, "second")


def test_a_step_is_under_way_until_it_rests_or_its_process_is_dead(db: Database) -> None:
    take(db, "first")
    with db.writing() as session:
        lease = workers.under_way(session, NOW)
        assert lease is not None and (lease.name, lease.owner) == ("fetch", "first")
        assert workers.under_way(session, NOW + workers.LEASE) is None
        workers.rest(session, "second", "fetch")
        assert workers.under_way(session, NOW) is not None
        workers.rest(session, "first", "fetch")
        assert workers.under_way(session, NOW) is None
    assert not take(db, "second")
    assert take(db, "first")
    with db.reading() as session:
        assert workers.under_way(session, NOW) is not None


def test_a_worker_that_ends_leaves_neither_lease_nor_heartbeat(db: Database) -> None:
    take(db, "first")
    with db.writing() as session:
        workers.beat(session, "first", NOW)
        workers.beat(session, "second", NOW)
        workers.leave(session, "first")
    with db.reading() as session:
        assert session.scalars(select(Lease)).all() == []
        assert session.scalars(select(Worker.name)).all() == ["second"]


def test_a_worker_that_was_not_seen_for_long_is_forgotten(db: Database) -> None:
    with db.writing() as session:
        workers.beat(session, "dead", NOW)
        workers.beat(session, "alive", NOW + workers.GONE + timedelta(seconds=1))
        assert [worker.name for worker in workers.listed(session)] == ["alive"]
