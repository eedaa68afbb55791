"""Holds: what each keeps back, what ends it, and that what comes from an unsafe place starts withheld."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.errors import IllegalMove, Refused
from outreach.letters.queue import Desk
from outreach.letters.safety import is_unsafe_entry, is_unsafe_prospect, is_withheld
from outreach.model import Event, OutboxMail
from outreach.settings import SafetySettings
from outreach.steps import attest, dispatch, followup, importing, invite, pause, publish, review
from outreach.steps.attest import Said
from outreach.steps.attest.wish import Yes
from outreach.store.database import Database
from outreach.words import Channel, HoldKind, PrintedLine, Proof, ProspectStatus, RevisionStatus, Seen
from tests import cast
from tests.cast import NOW, clock

S, H = RevisionStatus, HoldKind
HOUR = timedelta(hours=1)
TEHRAN = {"en": PrintedLine("Teachers' Union", "Tehran", "Iran")}


@pytest.fixture
def renderer() -> cast.FakeRenderer:
    return cast.FakeRenderer()


@pytest.fixture
def desk(db: Database, folder: Path, renderer: cast.FakeRenderer) -> Desk:
    """A campaign that calls Iran, and all addresses below .ir, unsafe."""
    plain = cast.desk(db, folder, renderer)
    safety = SafetySettings(countries=frozenset({"IR"}), domains=frozenset({"ir", "state.example"}))
    return replace(plain, settings=replace(plain.settings, safety=safety))


# ── kinds ──


@pytest.mark.parametrize("kind", [H.WITHHELD, H.HIDDEN, H.DISPUTED, H.OBJECTED])
def test_every_hold_keeps_from_print_and_from_machine_mail_until_it_is_lifted(
    db: Database, desk: Desk, kind: HoldKind
) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.APPROVED)
        review.hold(session, row.reference, "why", clock, actor="Bea", kind=kind)
        assert publish.what_lacks(session, desk.settings, row.newest, NOW) == (f"hold: {kind}",)
        assert row.is_silent
        with pytest.raises(Refused, match=f"is {kind} already"):
            review.hold(session, row.reference, "why", clock, actor="Bea", kind=kind)
        review.lift(session, row.reference, kind, clock, actor="Cyrus")
        assert publish.what_lacks(session, desk.settings, row.newest, NOW) == ()


def test_embargo_ends_at_its_hour_by_itself_and_stops_no_mail(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.APPROVED)
        review.hold(session, row.reference, "board", clock, actor="Bea", kind=H.EMBARGO, until=NOW + HOUR)
        assert not row.is_silent
        just_before = NOW + HOUR - timedelta(seconds=1)
        assert publish.what_lacks(session, desk.settings, row.newest, just_before) == ("hold: embargo",)
        assert publish.what_lacks(session, desk.settings, row.newest, NOW + HOUR) == ()
    assert followup.run(db, desk, lambda: just_before).counts == {}
    assert followup.run(db, desk, lambda: NOW + HOUR).counts == {"embargoes ended": 1}
    assert followup.run(db, desk, lambda: NOW + HOUR).counts == {}
    with db.reading() as session:
        last = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert last is not None
        assert (last.actor, last.action, last.reason) == ("machine", "lifted", "embargo")


@pytest.mark.parametrize(
    ("kind", "until", "why"),
    [
        (H.EMBARGO, None, "say until when"),
        (H.WITHHELD, NOW + HOUR, "ends at a time"),
        (H.EMBARGO, NOW, "has passed"),
    ],
)
def test_only_an_embargo_ends_at_a_time_to_come(db: Database, kind: HoldKind, until: object, why: str) -> None:
    with db.writing() as session:
        row = cast.signatory(session)
        with pytest.raises(Refused, match=why):
            review.hold(session, row.reference, "", clock, actor="Bea", kind=kind, until=until)  # type: ignore[arg-type]


def test_held_entry_is_asked_once_it_is_lifted(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO)
        row.hold(H.DISPUTED, by="machine", at=NOW, reason="")
        reference = row.reference
    assert followup.run(db, desk, clock).counts == {}
    with db.writing() as session:
        review.lift(session, reference, H.DISPUTED, clock, actor="Bea")
    assert followup.run(db, desk, clock).counts == {"asked": 1}


# ── unsafe places ──


@pytest.mark.parametrize(
    ("country", "address", "unsafe"),
    [
        ("IR", None, True),
        (None, "a@union.ir", True),
        (None, "a@mail.state.example", True),
        (None, "A@STATE.EXAMPLE", True),
        ("DE", "a@fir.example", False),
        (None, "a@notstate.example", False),
        (None, None, False),
    ],
)
def test_place_is_unsafe_by_its_country_or_by_a_domain_above_the_address(
    desk: Desk, country: str | None, address: str | None, unsafe: bool
) -> None:
    assert desk.settings.safety.is_unsafe(country=country, address=address) is unsafe


def test_entry_is_unsafe_by_the_country_it_writes(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        assert is_unsafe_entry(desk, cast.signatory(session, TEHRAN).newest)
        assert is_unsafe_entry(desk, cast.signatory(session, email="a@union.ir").newest)
        assert is_unsafe_entry(desk, cast.signatory(session, details={"country_code": "IR"}).newest)
        assert not is_unsafe_entry(desk, cast.signatory(session).newest)


def test_nothing_goes_to_an_unsafe_place_by_itself_before_it_is_released(
    db: Database, desk: Desk, renderer: cast.FakeRenderer
) -> None:
    with db.writing() as session:
        row = cast.signatory(session, TEHRAN, status=S.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO)
        row.hold(H.WITHHELD, by="machine", at=NOW, reason="unsafe")
        reference = row.reference
    followup.run(db, desk, clock)
    assert renderer.letters == []
    with db.writing() as session:
        review.lift(session, reference, H.WITHHELD, clock, actor="Bea")
    followup.run(db, desk, clock)
    assert [letter.context["neutral"] for letter in renderer.letters] == [True]
    with db.reading() as session:
        mail = session.scalars(select(OutboxMail)).one()
        assert dispatch.why_not(session, desk, mail, NOW) is None


def test_yes_by_phone_from_an_unsafe_place_is_withheld_and_not_asked_by_mail(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        yes = Yes(lines=TEHRAN, language="en", contact={"email": "a@union.example"})
        taken = attest.take(session, desk, yes, Said(Channel.PHONE, "Rosa", NOW), clock, actor="Bea")
        assert ([hold.kind for hold in taken.revision.signatory.open_holds], taken.asking) == ([H.WITHHELD], None)


def test_what_a_person_has_released_is_not_withheld_again(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        said = Said(Channel.PHONE, "Rosa", NOW)
        row = attest.take(session, desk, Yes(lines=TEHRAN, language="en"), said, clock, actor="Bea").revision.signatory
        review.lift(session, row.reference, H.WITHHELD, clock, actor="Bea")
        lines = {"en": PrintedLine("Teachers' Union of Iran", "Tehran", "Iran")}
        attest.take(session, desk, Yes(lines=lines, language="en", entry=row), said, clock, actor="Bea")
        assert row.open_holds == []


def test_organisation_in_an_unsafe_place_is_invited_only_once_it_is_released(
    db: Database, desk: Desk, renderer: cast.FakeRenderer
) -> None:
    cast.write_statement(desk.settings.folder)
    with db.writing() as session:
        row = cast.prospect(session, details={"country": "ایران"})
        reference = row.reference
        assert (is_unsafe_prospect(desk, row), is_withheld(desk, row)) == (True, True)
    planned = invite.plan(db, desk, clock)
    assert (planned.mails, planned.withheld) == (0, 1)
    pause.release(db, reference, clock, actor="Bea")
    with pytest.raises(Refused, match="released already"):
        pause.release(db, reference, clock, actor="Bea")
    planned = invite.plan(db, desk, clock)
    assert (planned.mails, planned.withheld) == (1, 0)
    invite.run(db, desk, planned, clock, actor="Bea")
    assert [letter.context["neutral"] for letter in renderer.letters] == [True, True]


def test_invited_organisation_whose_place_became_unsafe_is_not_reminded(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        cast.prospect(session, email="a@union.ir", status=ProspectStatus.INVITED, invited_at=NOW - timedelta(days=9))
    assert followup.run(db, desk, clock).counts == {}


def test_import_names_what_it_will_withhold(db: Database, desk: Desk) -> None:
    preview = importing.plan(db, desk, b"name_en,email\nTeachers,a@union.ir\nWriters,a@writers.example\n", clock)
    assert [row.reason for row in preview.rows] == ["withheld: its place is unsafe, by the settings", None]


def test_release_is_done_once(db: Database) -> None:
    with db.writing() as session:
        row = cast.prospect(session)
        row.release(NOW)
        with pytest.raises(IllegalMove):
            row.release(NOW)
