"""Before anybody is invited a coordinator sees the invitation in their own mail program, in each language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from outreach.errors import Refused
from outreach.model import Coordinator, OutboxMail, Prospect
from outreach.ports import Failed, Fault, Phase
from outreach.steps import sample
from outreach.store.database import Database
from outreach.words import ProspectStatus
from tests import cast
from tests.cast import clock
from tests.fakes import FakeSender


@pytest.fixture
def relay() -> FakeSender:
    return FakeSender()


def listed(db: Database, *languages: str) -> None:
    with db.writing() as session:
        for number, language in enumerate(languages):
            cast.prospect(session, {"en": f"Office {number}"}, f"office{number}@a.example", language=language)


def send(db: Database, folder: Path, relay: FakeSender, **changes: Any) -> tuple[str, int]:
    cast.write_statement(folder)
    return sample.send(db, cast.desk(db, folder, **changes), lambda _: relay, clock, actor="Bea")


def test_one_in_each_language_goes_to_the_coordinator_and_to_nobody_else(
    db: Database, folder: Path, relay: FakeSender
) -> None:
    listed(db, "en", "fa", "en")
    with db.writing() as session:
        bea = Coordinator(name="Bea", since=cast.NOW)
        bea.email = "bea@home.example"
        session.add(bea)
    renderer = cast.FakeRenderer()
    cast.write_statement(folder)
    sample.send(db, cast.desk(db, folder, renderer), lambda _: relay, clock, actor="Bea")
    assert [recipient for recipient, _ in relay.sent] == ["bea@home.example"] * 2
    shown = [(letter.language, letter.context["name"]) for letter in renderer.letters]
    assert shown == [("fa", "Office 1"), ("en", "Office 0")]


def test_nothing_is_queued_and_nobody_is_invited_by_it(db: Database, folder: Path, relay: FakeSender) -> None:
    listed(db, "en")
    assert send(db, folder, relay) == ("bea@team.example", 2)
    with db.reading() as session:
        assert session.scalar(select(func.count(OutboxMail.id))) == 0
        assert session.scalars(select(Prospect.status)).all() == [ProspectStatus.LISTED]


def test_where_nobody_knows_whose_address_it_is_nothing_is_sent(db: Database, folder: Path, relay: FakeSender) -> None:
    listed(db, "en")
    with pytest.raises(Refused, match="coordinators address"):
        send(db, folder, relay, team=("a@team.example", "b@team.example"))
    assert relay.sent == []


def test_without_anybody_to_be_invited_there_is_nothing_to_show(db: Database, folder: Path, relay: FakeSender) -> None:
    with pytest.raises(Refused, match="Nobody is left"):
        send(db, folder, relay)


def test_what_the_relay_says_is_told(db: Database, folder: Path) -> None:
    listed(db, "en")
    refusing = FakeSender([Failed(550, "5.7.1", "550 5.7.1 not you", Phase.ENVELOPE, Fault.POLICY)])
    with pytest.raises(Refused, match="550 5.7.1 not you"):
        send(db, folder, refusing)
