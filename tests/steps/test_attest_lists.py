"""A list of those who said yes elsewhere: pending entries with the file as evidence; what they ended is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.errors import Refused
from outreach.letters.queue import Desk
from outreach.model import Coordinator, Event, OutboxMail, Prospect, Signatory
from outreach.reading.listed import Preview
from outreach.settings import SafetySettings
from outreach.steps import publish, review
from outreach.steps.attest import lists
from outreach.steps.attest.lists import ListFile, Outcome
from outreach.store import signatories, suppressions
from outreach.store.database import Database
from outreach.words import (
    Channel,
    MailKind,
    PrintedLine,
    Proof,
    ProspectStatus,
    RejectReason,
    RevisionStatus,
    Seen,
    SuppressionReason,
    SuppressionScope,
)
from tests import cast
from tests.cast import NOW, clock

S = RevisionStatus
PAPER = (
    "name_fa,name_en,city,contact_person,email\n"
    "شورای زنان,Women's Council,Cologne,Rosa Karimi,\n"
    ",Dockers' Union,Bremen,,\n"
)
SIGNED = NOW - timedelta(days=3)


@pytest.fixture
def desk(db: Database, folder: Path) -> Desk:
    return cast.desk(db, folder)


def a_list(text: str) -> ListFile:
    return ListFile("paper.csv", text.encode(), Channel.PAPER, SIGNED)


def take(db: Database, desk: Desk, text: str = PAPER) -> Preview:
    return lists.run(db, desk, a_list(text), clock, actor="Bea")


def told(preview: Preview) -> list[tuple[int, str, str | None]]:
    return [(row.line, row.outcome, row.reason) for row in preview.rows]


def asked(db: Database) -> list[str | None]:
    with db.reading() as session:
        mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.ASKING).order_by(OutboxMail.id))
        return [mail.recipient for mail in mails]


def approve_all(db: Database, keys: Sequence[str]) -> None:
    review.approve_all(db, keys, clock, actor="Bea")


def test_each_row_becomes_a_pending_entry_whose_evidence_is_the_line_of_the_file(db: Database, desk: Desk) -> None:
    preview = take(db, desk)
    assert (preview.taken, told(preview)) == (2, [(2, "new", None), (3, "new", None)])
    with db.reading() as session:
        first, second = session.scalars(select(Signatory).order_by(Signatory.id))
        assert [row.reference for row in preview.rows] == [first.reference, second.reference]
        revision = first.newest
        assert (revision.status, revision.proof, revision.seen) == (S.PENDING, Proof.ATTESTED, Seen.ATTESTED)
        said = revision.attestation
        assert said is not None
        assert (said.channel, said.spoken_at, said.attested_by) == (Channel.PAPER, SIGNED, "Bea")
        assert said.said == {
            "speaker": "Rosa Karimi",
            "lines": {"fa": "شورای زنان – کلن", "en": "Women's Council – Cologne"},
            "file": "paper.csv",
            "line": 2,
            "sha256": sha256(PAPER.encode()).hexdigest(),
        }
        assert second.newest.attestation is not None and second.newest.attestation.said["speaker"] is None


def test_the_log_names_who_imported_and_who_attests_each_entry(db: Database, desk: Desk) -> None:
    take(db, desk)
    with db.reading() as session:
        events = session.scalars(select(Event).order_by(Event.id)).all()
    assert [(event.action, event.actor, event.reason) for event in events] == [
        ("attested", "Bea", "paper"),
        ("attested", "Bea", "paper"),
        ("imported", "Bea", "2 new"),
    ]


def test_preview_says_the_same_and_changes_nothing(db: Database, desk: Desk) -> None:
    text = PAPER + ",Women's Council,,,\n,,Bonn,,\n"
    planned = lists.plan(db, desk, text.encode())
    with db.reading() as session:
        assert not session.scalars(select(Signatory)).all()
    assert told(planned) == told(take(db, desk, text))
    assert told(planned)[2:] == [
        (4, "known", "the same as line 2"),
        (5, "bad", "it has no name"),
    ]


def test_name_in_a_script_that_is_not_printed_is_a_bad_row(db: Database, desk: Desk) -> None:
    why = "it has no name in a script that this campaign prints"
    assert told(take(db, desk, "name\nΓυναίκες\n")) == [(2, "bad", why)]


def test_second_import_changes_nothing(db: Database, desk: Desk) -> None:
    first, second = take(db, desk), take(db, desk)
    assert [row.outcome for row in second.rows] == [Outcome.KNOWN, Outcome.KNOWN]
    assert [row.reference for row in second.rows] == [row.reference for row in first.rows]


def test_line_too_long_to_be_printed_is_a_bad_row_and_the_others_are_taken(db: Database, desk: Desk) -> None:
    preview = take(db, desk, f"name,city\n{'x' * 100},{'y' * 40}\nGood,\n")
    assert [row.outcome for row in preview.rows] == [Outcome.BAD, Outcome.NEW]


def test_same_name_in_another_city_is_another_entry_with_a_warning(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        other = cast.signatory(session, {"en": PrintedLine("Women's Council", "Vienna")}).reference
    assert told(take(db, desk))[0] == (2, "new", f"possible duplicate of {other}")


@pytest.mark.parametrize("status", [S.WITHDRAWN, S.REJECTED, S.EXPIRED])
def test_what_they_ended_is_left_to_a_person(db: Database, desk: Desk, status: RevisionStatus) -> None:
    reason = RejectReason.NOT_US if status is S.REJECTED else None
    with db.writing() as session:
        row = cast.signatory(session, {"en": PrintedLine("Women's Council")}, status=status, reject_reason=reason)
        reference = row.reference
    [(_, outcome, why), _] = told(take(db, desk))
    assert (outcome, f"{reference} is {status}: signatories add --entry" in (why or "")) == (Outcome.LEFT, True)
    with db.reading() as session:
        assert len(signatories.entry(session, reference).revisions) == 1


def test_entry_that_nobody_has_proven_is_not_proven_by_a_list(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        line = {"en": PrintedLine("Women's Council")}
        row = cast.signatory(session, line, status=S.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO)
        reference = row.reference
    assert told(take(db, desk))[0] == (2, "known", f"{reference} is not proven: signatories attest {reference}")


@pytest.mark.parametrize(
    ("names", "email"),
    [({"en": "Women's Council"}, "other@council.example"), ({"en": "Another name"}, "office@council.example")],
)
def test_who_has_declined_is_left_to_a_person(db: Database, desk: Desk, names: dict[str, str], email: str) -> None:
    with db.writing() as session:
        reference = cast.prospect(session, names, email, status=ProspectStatus.DECLINED, answered_at=NOW).reference
    preview = take(db, desk, "name,email\nWomen's Council,office@council.example\n")
    assert [row.outcome for row in preview.rows] == [Outcome.LEFT]
    assert preview.rows[0].reason == f"{reference} has declined: signatories add, if they have said yes since"


def test_who_was_invited_is_reminded_no_more_and_asked_at_the_address_that_is_known(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        row = cast.prospect(
            session, {"en": "Women's Council"}, "office@council.example", status=ProspectStatus.INVITED, invited_at=NOW
        )
        reference = row.reference
    assert told(take(db, desk))[0] == (2, "new", f"invited as {reference}: its sequence ends")
    with db.reading() as session:
        assert session.scalars(select(Prospect.status)).one() is ProspectStatus.ANSWERED
    assert asked(db) == ["office@council.example"]


def test_one_mail_asks_an_address_about_all_its_lines(db: Database, folder: Path) -> None:
    renderer = cast.FakeRenderer()
    take(db, cast.desk(db, folder, renderer), "name,email\n" + "".join(f"Group {n},a@b.example\n" for n in range(3)))
    [letter] = renderer.letters
    assert (letter.recipient, len(letter.context["entries"])) == ("a@b.example", 3)  # type: ignore[arg-type]  # a list


def test_address_that_is_never_to_be_written_is_not_asked(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        hash_, everything = db.keyring.address_hash("a@b.example"), SuppressionScope.EVERYTHING
        suppressions.suppress(session, hash_, everything, SuppressionReason.COMPLAINED, actor="machine", at=NOW)
    assert told(take(db, desk, "name,email\nGroup,a@b.example\n")) == [
        (2, "new", "its address is not to be written: it is not asked")
    ]
    assert asked(db) == []


def test_unsafe_place_starts_withheld_and_is_not_asked(db: Database, folder: Path) -> None:
    desk = cast.desk(db, folder, safety=SafetySettings(countries=frozenset({"IR"})))
    preview = take(db, desk, "name,country,email\nGroup,Iran,a@b.example\n")
    assert told(preview) == [(2, "new", "withheld: its place is unsafe, by the settings")]
    with db.reading() as session:
        assert session.scalars(select(Signatory)).one().is_withheld
    assert asked(db) == []


# ── the list as a whole ──


def team(db: Database) -> None:
    with db.writing() as session:
        session.add_all(Coordinator(name=name, since=NOW) for name in ("Bea", "Cyrus"))


def test_list_prints_once_a_second_coordinator_has_countersigned_it(db: Database, desk: Desk) -> None:
    team(db)
    approve_all(db, [row.reference or "" for row in take(db, desk).rows])
    drafted = publish.draft(db, desk.settings, clock)
    assert [missing for _, missing in drafted.refused] == [("a second coordinator's countersign",)] * 2
    with db.reading() as session:
        waiting = lists.to_countersign(session, db.keyring, PAPER.encode(), actor="Cyrus")
        keys = [revision.signatory.reference for revision in waiting]
    lists.countersign_all(db, keys, clock, actor="Cyrus")
    assert len(publish.draft(db, desk.settings, clock).published.entries) == 2


@pytest.mark.parametrize(
    ("text", "actor", "why"),
    [
        (PAPER, "Bea", "somebody else has to countersign"),
        (PAPER + "\n", "Cyrus", "was imported from this very file"),
    ],
)
def test_list_is_countersigned_by_nobody_who_imported_it_and_from_no_other_file(
    db: Database, desk: Desk, text: str, actor: str, why: str
) -> None:
    take(db, desk)
    with db.reading() as session, pytest.raises(Refused, match=why):
        lists.to_countersign(session, db.keyring, text.encode(), actor=actor)


def test_countersigned_list_waits_for_nobody(db: Database, desk: Desk) -> None:
    keys = [row.reference or "" for row in take(db, desk).rows]
    lists.countersign_all(db, keys, clock, actor="Cyrus")
    with db.reading() as session, pytest.raises(Refused, match="countersigned already"):
        lists.to_countersign(session, db.keyring, PAPER.encode(), actor="Dara")


def test_what_has_a_warning_or_a_hold_is_not_approved_with_the_rest(db: Database, desk: Desk) -> None:
    with db.writing() as session:
        twin = cast.signatory(session, {"en": PrintedLine("Women's Council", "Vienna")}).reference
    text = PAPER + ",Third,,,\n,Fourth,,,\n"
    preview = take(db, desk, text)
    first, second, third, fourth = (row.reference or "" for row in preview.rows)
    with db.writing() as session:
        review.hold(session, third, "is it them?", clock, actor="Bea")
    with db.reading() as session:
        waiting, left = review.approvable(session, lists.list_hash(db.keyring, text.encode()))
        keys = [revision.signatory.reference for revision in waiting]
    assert (keys, left) == ([second, fourth], {first: f"possible duplicate of {twin}", third: "it is withheld"})
    approve_all(db, keys)
    with db.reading() as session:
        assert [signatories.entry(session, key).newest.status for key in keys] == [S.APPROVED] * 2


def test_file_of_which_nothing_waits_is_refused(db: Database, desk: Desk) -> None:
    approve_all(db, [row.reference or "" for row in take(db, desk).rows])
    with db.reading() as session, pytest.raises(Refused, match="waits for a decision"):
        review.approvable(session, lists.list_hash(db.keyring, PAPER.encode()))
