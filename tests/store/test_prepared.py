from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update

from outreach.errors import SealBroken
from outreach.model import Attempt, Tally
from outreach.model.tally import Counted
from outreach.store.database import Database
from outreach.store.prepared import Prepared
from tests.cast import NOW

ADD = Prepared(insert(Tally).inline(), ("counted", "slot", "count"))
MORE = Prepared(
    update(Tally)
    .where(Tally.__table__.c.slot == bindparam("at"), Tally.__table__.c.count != 0)
    .values(count=Tally.__table__.c.count + bindparam("more"))
)
SLOTS = [NOW + timedelta(hours=hours) for hours in range(3)]


def counts(db: Database) -> list[int]:
    with db.reading() as session:
        return list(session.scalars(select(Tally.count).order_by(Tally.slot)))


def fill(db: Database) -> None:
    with db.writing() as session:
        rows = [{"slot": slot, "count": count} for count, slot in enumerate(SLOTS)]
        assert ADD.run(session.connection(), rows, counted=Counted.SIGNED) == 3


def test_each_row_has_its_own_values_and_those_of_all(db: Database) -> None:
    fill(db)
    with db.reading() as session:
        found = session.scalars(select(Tally).order_by(Tally.slot)).all()
    assert [(row.counted, row.slot, row.count) for row in found] == [
        (Counted.SIGNED, slot, count) for count, slot in enumerate(SLOTS)
    ]


def test_it_says_how_many_rows_it_touched(db: Database) -> None:
    fill(db)
    with db.writing() as session:
        assert MORE.run(session.connection(), [{"at": slot} for slot in SLOTS], more=10) == 2
        assert MORE.run(session.connection(), [], more=10) == 0
    assert counts(db) == [0, 11, 12]


def test_the_rules_of_the_types_hold(db: Database) -> None:
    fill(db)
    elsewhere = SLOTS[2].astimezone(timezone(timedelta(hours=3, minutes=30)))
    with db.writing() as session:
        assert MORE.run(session.connection(), [{"at": elsewhere, "more": 1}]) == 1
    assert counts(db) == [0, 1, 3]
    with pytest.raises(ValueError, match="without zone"), db.writing() as session:
        MORE.run(session.connection(), [{"at": SLOTS[0].replace(tzinfo=None), "more": 1}])


def test_what_is_not_sealed_is_not_written(db: Database) -> None:
    columns = ("ref", "mail_id", "at", "outcome", "reply_sealed")
    add = Prepared(insert(Attempt).inline(), columns)
    row = {"ref": "a", "mail_id": 1, "at": NOW, "outcome": "accepted", "reply_sealed": b"250 Ok"}
    with pytest.raises(SealBroken), db.writing() as session:
        add.run(session.connection(), [row])
