"""Suppressions: known by hash alone, once for each scope, taken back only whole."""

from __future__ import annotations

from outreach.store import suppressions
from outreach.store.database import Database
from outreach.words import SuppressionReason, SuppressionScope
from tests.cast import NOW


def test_address_is_suppressed_once_for_each_scope(db: Database) -> None:
    address = db.keyring.address_hash("a@b.example")
    with db.writing() as session:
        done = [
            suppressions.suppress(session, address, scope, SuppressionReason.COORDINATOR, actor="Bea", at=NOW)
            for scope in (SuppressionScope.INVITATIONS, SuppressionScope.INVITATIONS, SuppressionScope.EVERYTHING)
        ]
    assert done == [True, False, True]
    with db.reading() as session:
        assert suppressions.scopes(session, address) == set(SuppressionScope)


def test_case_and_space_do_not_make_another_address(db: Database) -> None:
    with db.writing() as session:
        suppressions.suppress(
            session,
            db.keyring.address_hash(" A@B.example"),
            SuppressionScope.INVITATIONS,
            SuppressionReason.UNSUBSCRIBED,
            actor="machine",
            at=NOW,
        )
        assert suppressions.scopes(session, db.keyring.address_hash("a@b.EXAMPLE "))


def test_release_takes_every_scope_back(db: Database) -> None:
    address = db.keyring.address_hash("a@b.example")
    with db.writing() as session:
        for scope in SuppressionScope:
            suppressions.suppress(session, address, scope, SuppressionReason.COORDINATOR, actor="Bea", at=NOW)
    with db.writing() as session:
        assert suppressions.release(session, address) == 2
        assert not suppressions.scopes(session, address)
        assert suppressions.release(session, address) == 0
