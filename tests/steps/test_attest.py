"""A yes that no mail brought: attested by one coordinator, countersigned by another, or proven by mail after all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import Coordinator, Event, InboundMessage, Prospect, Signatory
from outreach.reading.lines import Typed
from outreach.steps import attest, publish, review
from outreach.steps.attest import Attested, Said, paste
from outreach.steps.attest.wish import Given, put_together
from outreach.store.database import Database
from outreach.words import (
    Channel,
    HoldKind,
    InboundStatus,
    MailKind,
    PrintedLine,
    Proof,
    ProspectStatus,
    RevisionStatus,
    Seen,
)
from tests import cast
from tests.cast import BERLIN, NOW, clock

S = RevisionStatus
CALL = Said(Channel.PHONE, "Rosa Karimi", NOW - timedelta(minutes=10))
COUNCIL = Typed({"fa": "شورای زنان", "en": "Women's Council"}, {"": "Cologne"}, {"": "Germany"})
LETTER = "Hello, we sign.\nName: Independent Women\nCity: Vienna\nPhone: +43 1 234567\nEmail: office@women.example\n"


@pytest.fixture
def desk(db: Database, folder: Path) -> Desk:
    return cast.desk(db, folder)


def take(session: Session, desk: Desk, said: Said = CALL, text: str | None = None, **given: Any) -> Attested:
    understood = paste.understand(desk, text) if text is not None else None
    message = paste.keep(session, desk, understood, said.at, clock, actor="Bea") if understood else None
    wish = put_together(session, desk, Given(**given), understood, message)
    return attest.take(session, desk, wish, said, clock, actor="Bea")


def team(session: Session, *names: str) -> None:
    session.add_all(Coordinator(name=name, since=NOW) for name in names)
    session.flush()


def texts(taken: Attested) -> dict[str, str]:
    return {language: str(line) for language, line in taken.revision.printed_lines.items()}


def actions(session: Session) -> list[tuple[str, str, str | None]]:
    session.flush()
    rows = session.scalars(select(Event).order_by(Event.id))
    return [(event.action, event.subject.partition(" ")[0], event.reason) for event in rows]


# ── typed ──


def test_call_makes_a_pending_entry_in_the_name_of_who_attested(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        revision = take(session, desk, line=COUNCIL, phone="+49 221 1").revision
        assert (revision.status, revision.proof, revision.seen) == (S.PENDING, Proof.ATTESTED, Seen.ATTESTED)
        said = revision.attestation
        assert said is not None
        assert (said.channel, said.spoken_at, said.attested_by) == (Channel.PHONE, CALL.at, "Bea")
        assert said.said["speaker"] == "Rosa Karimi"
        assert revision.signatory.contact == {"phone": "+49 221 1"}
        assert actions(session) == [("attested", "signatory", "phone")]


def test_place_is_carried_into_the_other_script(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        assert texts(take(session, desk, line=COUNCIL)) == {
            "fa": "شورای زنان – کلن – آلمان",
            "en": "Women's Council – Cologne – Germany",
        }


@pytest.mark.parametrize(
    ("line", "said", "why"),
    [
        (Typed(), CALL, "no name in a script"),
        (Typed({"": "Γυναίκες"}), CALL, "no name in a script"),
        (Typed({"en": "x" * 200}), CALL, "longer than"),
        (COUNCIL, Said(Channel.PHONE, " \u202e ", NOW), "who spoke"),
        (COUNCIL, Said(Channel.PHONE, "Rosa", NOW + timedelta(hours=1)), "in the future"),
    ],
)
def test_what_cannot_be_attested_is_refused(db: Database, desk: Desk, line: Typed, said: Said, why: str) -> None:
    with db.writing() as session, pytest.raises(Refused, match=why):
        take(session, desk, said, line=line)


def test_known_address_is_asked_as_well_and_nobody_else_is(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        asking = take(session, desk, line=COUNCIL, email="office@council.example").asking
        assert asking is not None
        assert (asking.kind, asking.recipient) == (MailKind.ASKING, "office@council.example")
        assert take(session, desk, line=Typed({"en": "Other Council"})).asking is None


def test_asking_says_that_it_was_not_a_mail_that_told_us(db: Database, folder: Path) -> None:
    renderer = cast.FakeRenderer()
    with db.writing() as session:
        take(session, cast.desk(db, folder, renderer), line=COUNCIL, email="office@council.example", language="en")
    assert (renderer.letters[0].context["spoken_on"], renderer.letters[0].context["asked_on"]) == (
        "Thursday, 20 August 2026",
        "",
    )


def test_invited_organisation_needs_no_typing_and_is_reminded_no_more(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        invited = cast.prospect(session, status=ProspectStatus.INVITED, details={"city": "Berlin"})
        taken = take(session, desk, prospect=invited.reference.lower())
        assert texts(taken) == {language: str(line) for language, line in BERLIN.items()}
        assert taken.answered == (invited,)
        assert (invited.status, taken.revision.signatory.prospect_id) == (ProspectStatus.ANSWERED, invited.id)
        assert taken.revision.signatory.contact["email"] == "office@refugees.example"


def test_sequence_ends_for_whoever_has_the_same_name(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        named = cast.prospect(session, {"fa": "شورای زنان"}, "a@council.example", status=ProspectStatus.INVITED)
        other = cast.prospect(session, {"fa": "شورای دیگر"}, "b@council.example", status=ProspectStatus.INVITED)
        assert take(session, desk, line=COUNCIL).answered == (named,)
        assert other.status is ProspectStatus.INVITED


def test_address_of_several_organisations_ends_no_sequence_of_the_others(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        for name in ("One", "Two"):
            cast.prospect(session, {"en": name}, "both@b.example", status=ProspectStatus.INVITED)
        assert take(session, desk, line=COUNCIL, email="both@b.example").answered == ()
        assert {row.status for row in session.scalars(select(Prospect))} == {ProspectStatus.INVITED}


def test_same_name_is_a_warning_and_never_the_same_entry(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        other = cast.signatory(session, {"en": PrintedLine("Women's Council")})
        taken = take(session, desk, line=COUNCIL)
        assert taken.revision.signatory is not other
        assert taken.revision.details["warnings"] == [f"possible duplicate of {other.reference}"]


# ── an entry that is there ──


def test_unanswered_entry_is_attested_and_can_then_be_approved(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.UNCONFIRMED, proof=Proof.NONE, seen=Seen.SHOWN)
        attest.attest(session, desk, row.reference, CALL, clock, actor="Bea")
        assert (row.newest.status, row.newest.proof) == (S.PENDING, Proof.ATTESTED)
        assert review.approve(session, row.reference, clock, actor="Bea").status is S.APPROVED


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status": S.REJECTED}, "is rejected: take their yes with signatories add"),
        ({"status": S.WITHDRAWN}, "is withdrawn"),
        ({"status": S.PENDING}, "proven it by mail"),
    ],
)
def test_entry_that_waits_for_no_word_is_not_attested(
    db: Database, desk: Desk, values: dict[str, Any], why: str
) -> None:
    with db.writing() as session:
        row = cast.signatory(session, **values)
        with pytest.raises(Refused, match=why):
            attest.attest(session, desk, row.reference, CALL, clock, actor="Bea")


def test_correction_by_phone_leaves_what_prints_until_it_is_approved(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.APPROVED)
        taken = take(session, desk, entry=row.reference, line=Typed(city={"en": "Cologne"}))
        assert [revision.status for revision in row.revisions] == [S.APPROVED, S.PENDING]
        assert texts(taken)["en"] == "Iranian political refugees center – Cologne"
        review.approve(session, row.reference, clock, actor="Bea")
        assert [revision.status for revision in row.revisions] == [S.REPLACED, S.APPROVED]


@pytest.mark.parametrize("status", [S.REJECTED, S.EXPIRED, S.WITHDRAWN])
def test_organisation_that_comes_back_gets_a_new_revision_beside_its_history(
    db: Database, desk: Desk, status: RevisionStatus
) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=status, decided_at=NOW)
        taken = take(session, desk, entry=row.reference)
        assert taken.revision.details["warnings"] == [f"comes back: {status} on 2026-08-20"]
        assert [(revision.number, revision.status) for revision in row.revisions] == [(1, status), (2, S.PENDING)]


@pytest.mark.parametrize(("status", "why"), [(S.MERGED, "was merged"), (S.PENDING, "the line of .* already")])
def test_entry_that_says_the_same_already_is_not_doubled(
    db: Database, desk: Desk, status: RevisionStatus, why: str
) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=status)
        with pytest.raises(Refused, match=why):
            take(session, desk, entry=row.reference)


# ── a second word ──


def test_attested_line_of_a_team_prints_only_once_it_is_countersigned(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        team(session, "Bea", "Cyrus")
        revision = take(session, desk, line=COUNCIL).revision
        reference = revision.signatory.reference
        review.approve(session, reference, clock, actor="Bea")
        lacking = publish.what_lacks(session, desk.settings, revision, NOW)
        assert lacking == ("a second coordinator's countersign",)
        with pytest.raises(Refused, match="Bea has attested"):
            attest.countersign(session, reference, clock, actor="Bea")
        attest.countersign(session, reference, clock, actor="Cyrus")
        assert publish.what_lacks(session, desk.settings, revision, NOW) == ()
        with pytest.raises(Refused, match="countersigned already"):
            attest.countersign(session, reference, clock, actor="Cyrus")
        assert actions(session)[-1] == ("countersigned", "signatory", "revision 1")


def test_only_coordinator_there_is_attests_alone(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        team(session, "Bea")
        revision = take(session, desk, line=COUNCIL).revision
        review.approve(session, revision.signatory.reference, clock, actor="Bea")
        assert publish.what_lacks(session, desk.settings, revision, NOW) == ()
        assert attest.is_single(session)
        team(session, "Cyrus")
        assert publish.what_lacks(session, desk.settings, revision, NOW) == ("a second coordinator's countersign",)


def test_yes_by_mail_takes_the_place_of_the_second_word(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        team(session, "Bea", "Cyrus")
        revision = take(session, desk, line=COUNCIL, email="office@council.example").revision
        revision.confirm(NOW, proof=Proof.MAILBOX)
        review.approve(session, revision.signatory.reference, clock, actor="Bea")
        assert publish.what_lacks(session, desk.settings, revision, NOW) == ()


def test_what_nobody_attested_is_not_countersigned(db: Database) -> None:
    with db.writing() as session, pytest.raises(Refused, match="Nobody has attested"):
        attest.countersign(session, cast.signatory(session).reference, clock, actor="Cyrus")


def test_held_entry_is_attested_without_a_mail(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.signatory(session, status=S.EXPIRED)
        row.hold(HoldKind.WITHHELD, by="Bea", at=NOW, reason="")
        assert take(session, desk, entry=row.reference).asking is None


# ── pasted ──


def test_pasted_message_is_read_as_a_mail_and_kept_like_one(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        taken = take(session, desk, Said(Channel.MESSENGER, "Ada", NOW), LETTER)
        assert texts(taken) == {"en": "Independent Women – Vienna"}
        assert taken.revision.signatory.contact == {"email": "office@women.example", "phone": "+43 1 234567"}
        assert taken.revision.details["evidence"]["names.en"]["part"] == "new"
        message = session.scalars(select(InboundMessage)).one()
        assert (message.status, message.reason) == (InboundStatus.HANDLED, "pasted by a coordinator")
        assert taken.revision.message_id == message.id


def test_what_is_typed_beside_a_pasted_message_goes_before(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        taken = take(session, desk, text=LETTER, line=Typed({"fa": "زنان مستقل"}, {"": "Graz"}), email="new@w.example")
        assert texts(taken) == {"fa": "زنان مستقل – گراتس", "en": "Independent Women – Graz"}
        assert taken.revision.signatory.contact["email"] == "new@w.example"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("  \n", "nothing in what was pasted"),
        ("Please take our name off the list. We withdraw.", "read as a withdrawal"),
        ("x" * 100_001, "at most"),
        ("Name: One Council\nCity: Graz\n\nName: Two Council\nCity: Wien\n\nWe sign.", "names 2 organisations"),
    ],
)
def test_pasted_text_that_is_no_yes_of_one_organisation_is_refused(desk: Desk, text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        paste.understand(desk, text)


def test_same_words_may_come_from_two_organisations(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        for name in ("One Council", "Two Council"):
            take(session, desk, text="Yes, we sign.", line=Typed({"en": name}))
        assert len(session.scalars(select(Signatory)).all()) == 2


def test_nothing_of_a_call_lies_readable(db: Database, desk: Desk, folder: Path) -> None:
    with db.writing() as session:
        take(session, desk, text=LETTER, email="quiet@council.example")
    kept = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    for words in ("Rosa Karimi", "Independent Women", "quiet@council", "234567"):
        assert words.encode() not in kept
