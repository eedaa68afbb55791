"""Who may decide: added and revoked by each other, never the last one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import IllegalMove, Refused
from outreach.model import Coordinator, Event, TeamRole
from outreach.steps import coordinators
from outreach.store.database import Database
from tests.cast import NOW, clock


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    with db.writing() as session:
        coordinators.first(session, "Bea", "bea@team.example", clock)
        yield session


def test_only_one_acts_without_being_named_and_several_do_not(session: Session) -> None:
    assert coordinators.acting(session, None) == "Bea"
    coordinators.add(session, "Cyrus", None, clock, actor="Bea", role=TeamRole.ADMIN)
    with pytest.raises(Refused, match='--as "Bea" or --as "Cyrus"'):
        coordinators.acting(session, None)
    coordinators.revoke(session, "Bea", clock, actor="Cyrus")
    assert coordinators.acting(session, None) == "Cyrus"


def test_last_coordinator_cannot_be_revoked(session: Session) -> None:
    with pytest.raises(Refused, match="Bea is the last coordinator"):
        coordinators.revoke(session, "Bea", clock, actor="Bea")


def test_name_belongs_to_one_person(session: Session) -> None:
    with pytest.raises(Refused, match="Bea is a coordinator already"):
        coordinators.add(session, " BEA ", None, clock, actor="Bea")


def test_who_was_revoked_comes_back_under_the_same_name(session: Session) -> None:
    coordinators.add(session, "Cyrus", "cy@team.example", clock, actor="Bea")
    coordinators.revoke(session, "Cyrus", clock, actor="Bea")
    with pytest.raises(Refused, match="Cyrus is no coordinator"):
        coordinators.revoke(session, "Cyrus", clock, actor="Bea")
    coordinators.add(session, "cyrus", "new@team.example", clock, actor="Bea")
    rows = session.scalars(select(Coordinator).order_by(Coordinator.id)).all()
    assert [(row.name, row.email, row.is_active) for row in rows] == [
        ("Bea", "bea@team.example", True),
        ("Cyrus", "new@team.example", True),
    ]
    actions = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert list(actions) == ["registered", "registered", "revoked", "returned"]


def test_active_coordinator_does_not_come_back_and_a_revoked_one_does_not_leave(session: Session) -> None:
    row = coordinators.add(session, "Cyrus", None, clock, actor="Bea")
    with pytest.raises(IllegalMove):
        row.return_(NOW, None)
    row.revoke(NOW)
    with pytest.raises(IllegalMove):
        row.revoke(NOW)


def test_machine_is_nobodys_name(session: Session) -> None:
    with pytest.raises(Refused, match="the program itself"):
        coordinators.add(session, "Machine", None, clock, actor="Bea")


def test_who_looks_on_decides_nothing(session: Session) -> None:
    coordinators.add(session, "Dana", None, clock, actor="Bea", role=TeamRole.VIEWER)
    with pytest.raises(Refused, match="Dana looks on"):
        coordinators.acting(session, "Dana")


def test_only_an_admin_says_who_the_coordinators_are(session: Session) -> None:
    coordinators.add(session, "Cyrus", None, clock, actor="Bea")
    with pytest.raises(Refused, match="Cyrus is none"):
        coordinators.add(session, "Dana", None, clock, actor="Cyrus")
    with pytest.raises(Refused, match="Cyrus is none"):
        coordinators.revoke(session, "Bea", clock, actor="Cyrus")
    with pytest.raises(Refused, match="Cyrus is none"):
        coordinators.set_role(session, "Cyrus", TeamRole.ADMIN, clock, actor="Cyrus")


def test_last_admin_stays_one(session: Session) -> None:
    coordinators.add(session, "Cyrus", None, clock, actor="Bea")
    with pytest.raises(Refused, match="Bea is the last admin"):
        coordinators.revoke(session, "Bea", clock, actor="Bea")
    with pytest.raises(Refused, match="Bea is the last admin"):
        coordinators.set_role(session, "Bea", TeamRole.REVIEWER, clock, actor="Bea")
    coordinators.set_role(session, "Cyrus", TeamRole.ADMIN, clock, actor="Bea")
    assert coordinators.set_role(session, "Bea", TeamRole.VIEWER, clock, actor="Bea").role is TeamRole.VIEWER
