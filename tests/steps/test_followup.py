"""Following up: the unproven are asked once and reminded once, the invited reminded once, the silent expire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.errors import TemplateProblem
from outreach.letters import inviting
from outreach.model import InboundMessage, OutboxMail, Prospect, Signatory
from outreach.ports import Letter
from outreach.settings import AskingSettings, Day, SendingSettings
from outreach.steps import followup
from outreach.steps.dispatch import guard
from outreach.store import pauses, prospects, suppressions
from outreach.store.database import Database
from outreach.words import (
    AuthResult,
    Kind,
    Lines,
    MailKind,
    OutboxStatus,
    PauseReason,
    PrintedLine,
    Proof,
    ProspectStatus,
    RejectReason,
    Report,
    RevisionStatus,
    Seen,
    SuppressionReason,
    SuppressionScope,
)
from tests import cast
from tests.cast import NOW, FakeRenderer
from tests.steps.story import sent

NO_DAY = Day()
UNPROVEN: dict[str, Any] = {"status": RevisionStatus.UNCONFIRMED, "proof": Proof.NONE, "seen": Seen.NO}


def run(
    db: Database, folder: Path, now: datetime = NOW, renderer: FakeRenderer | None = None, **changes: Any
) -> Report:
    return followup.run(db, cast.desk(db, folder, renderer, **changes), lambda: now)


def put(db: Database, **values: Any) -> str:
    with db.writing() as session:
        return cast.signatory(session, **{**UNPROVEN, **values}).reference


def kinds(db: Database) -> list[MailKind]:
    with db.reading() as session:
        return list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))


def newest(db: Database, reference: str) -> RevisionStatus:
    with db.reading() as session:
        return session.scalars(select(Signatory).where(Signatory.reference == reference)).one().newest.status


def test_the_unproven_are_asked_once(db: Database, folder: Path) -> None:
    put(db)
    assert run(db, folder).counts == {"asked": 1}
    assert run(db, folder, NOW + timedelta(hours=1)).counts == {}
    assert kinds(db) == [MailKind.ASKING]


def test_one_mail_asks_about_all_lines_of_an_address_numbered(db: Database, folder: Path) -> None:
    put(db)
    put(db, lines={"en": PrintedLine("Second council", "Vienna")})
    renderer = FakeRenderer()
    run(db, folder, renderer=renderer)
    [letter] = renderer.letters
    entries = letter.context["entries"]
    assert isinstance(entries, list)
    assert [entry["number"] for entry in entries] == [1, 2]
    assert entries[1]["lines"] == ["Second council – Vienna"]
    assert letter.context["several"] is True


def test_a_new_line_is_asked_about_beside_those_asked_a_day_ago_and_not_beside_later_ones(
    db: Database, folder: Path
) -> None:
    put(db)
    run(db, folder, day=NO_DAY, asking=AskingSettings(remind_after=timedelta(days=9)))
    put(db, lines={"en": PrintedLine("Second council")})
    renderer = FakeRenderer()
    run(db, folder, NOW + timedelta(hours=20), renderer, asking=AskingSettings(remind_after=timedelta(days=9)))
    put(db, lines={"en": PrintedLine("Third council")})
    run(
        db,
        folder,
        NOW + timedelta(hours=30),
        renderer,
        day=NO_DAY,
        asking=AskingSettings(remind_after=timedelta(days=9)),
    )
    second, third = renderer.letters
    assert [len(entries) for letter in (second, third) if isinstance(entries := letter.context["entries"], list)] == [
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("lines", "email"),
    [(cast.BERLIN, "other@elsewhere.example"), ({"en": PrintedLine("Another council")}, "office@refugees.example")],
)
def test_who_said_not_us_is_not_asked_again_about_the_name_or_under_the_address(
    db: Database, folder: Path, lines: Lines, email: str
) -> None:
    put(db, status=RevisionStatus.REJECTED, reject_reason=RejectReason.NOT_US)
    put(db, lines=lines, email=email)
    assert run(db, folder).counts == {}


def test_a_mail_that_cannot_be_written_stops_nobody_elses_and_is_left_to_a_person(db: Database, folder: Path) -> None:
    class Strict(FakeRenderer):
        def compose(self, letter: Letter) -> bytes:
            if letter.recipient == "bad@refugees.example":
                raise TemplateProblem("no envelope takes this address")
            return super().compose(letter)

    put(db, email="bad@refugees.example")
    put(db, email="good@refugees.example")
    report = run(db, folder, renderer=Strict())
    assert report.counts == {"asked": 1}
    assert report.attention == ("1 mail(s) could not be written: look at the entries in the queue.",)
    again = run(db, folder, renderer=Strict())
    assert (again.counts, again.attention) == ({}, ())


def test_pending_without_proof_is_asked_too(db: Database, folder: Path) -> None:
    put(db, status=RevisionStatus.PENDING)
    assert run(db, folder).counts == {"asked": 1}


def test_what_is_proven_is_not_asked(db: Database, folder: Path) -> None:
    put(db, status=RevisionStatus.PENDING, proof=Proof.MAILBOX)
    assert run(db, folder).counts == {}


@pytest.mark.parametrize(
    ("auto", "confidence", "asked"),
    [("sure", 0.9, 1), ("sure", 0.89, 0), ("always", 0.1, 1), ("never", 1.0, 0)],
)
def test_below_the_threshold_a_human_looks_first(
    db: Database, folder: Path, auto: Any, confidence: float, asked: int
) -> None:
    put(db, confidence=confidence)
    assert run(db, folder, asking=AskingSettings(auto=auto)).counts.get("asked", 0) == asked


@pytest.mark.parametrize(
    "name",
    ["Buy at https://spam.example", "Write to x@spam.example", "Call +44 20 7946 0958", "long " * 30],
)
def test_a_name_that_could_be_an_advertisement_is_never_mailed_by_machine(
    db: Database, folder: Path, name: str
) -> None:
    put(db, lines={"en": PrintedLine(name)})
    assert run(db, folder, asking=AskingSettings(auto="always")).counts == {}


def test_what_a_person_must_look_at_first_is_not_asked(db: Database, folder: Path) -> None:
    put(db, details={"needs_human": ["forwarded"]})
    assert run(db, folder).counts == {}


def test_an_asking_without_answer_is_reminded_once_after_a_day(db: Database, folder: Path) -> None:
    put(db)
    run(db, folder, day=NO_DAY)
    assert run(db, folder, NOW + timedelta(hours=23), day=NO_DAY).counts == {}
    assert run(db, folder, NOW + timedelta(hours=25), day=NO_DAY).counts == {"asked again": 1}
    assert run(db, folder, NOW + timedelta(days=3), day=NO_DAY).counts == {}
    assert kinds(db) == [MailKind.ASKING, MailKind.ASKING_REMINDER]


def test_near_the_deadline_the_reminder_comes_sooner_but_not_before_six_hours(db: Database, folder: Path) -> None:
    put(db)
    near = Day(deadline=NOW + timedelta(hours=30))
    run(db, folder, day=near)
    assert run(db, folder, NOW + timedelta(hours=5), day=near).counts == {}
    assert run(db, folder, NOW + timedelta(hours=7), day=near).counts == {"asked again": 1}


def wrote(
    db: Database, auth: AuthResult, kind: Kind = Kind.SIGNUP, *, answering: str | None = None, by_us: bool = False
) -> None:
    """A mail from the office lies here; or one that says so. ``answering``: to whom the mail went that it answers."""
    with db.writing() as session:
        # Sent long ago: it takes nothing from today's allowance.
        ours = cast.mail(session, answering, status=OutboxStatus.CANCELLED) if answering else None
        session.add(
            InboundMessage(
                reference="AAAA-AAAA",
                content_hash=b"x",
                size=1,
                arrived_at=NOW,
                fetched_at=NOW,
                kind=kind,
                auth_result=auth,
                sender_hash=db.keyring.address_hash("office@refugees.example"),
                answers_id=ours.id if ours is not None else None,
                sent_by_us=by_us,
            )
        )


def asked_in_a_day(db: Database, folder: Path, **sending: Any) -> int:
    before = len(kinds(db))
    for number in range(5):
        put(db, lines={"en": PrintedLine(f"Council {number}")})
        run(db, folder, NOW + timedelta(minutes=number), sending=SendingSettings(**sending))
    return len(kinds(db)) - before


def test_an_address_that_has_written_gets_no_more_than_three_machine_mails_a_day(db: Database, folder: Path) -> None:
    wrote(db, AuthResult.PASS)
    assert asked_in_a_day(db, folder) == 3
    assert run(db, folder, NOW + timedelta(hours=25), day=NO_DAY).counts["asked"] == 1


def test_an_address_that_never_wrote_gets_no_more_than_two(db: Database, folder: Path) -> None:
    assert asked_in_a_day(db, folder) == 2


def test_the_limit_for_strangers_never_lets_more_through_than_the_one_for_all(db: Database, folder: Path) -> None:
    assert asked_in_a_day(db, folder, per_address_and_day=1, per_stranger_and_day=4) == 1


@pytest.mark.parametrize(
    ("message", "most"),
    [
        ({"auth": AuthResult.NONE, "answering": "office@refugees.example"}, 3),
        ({"auth": AuthResult.NONE, "answering": "other@elsewhere.example"}, 2),
        ({"auth": AuthResult.FAIL, "answering": "office@refugees.example"}, 2),
        ({"auth": AuthResult.NONE}, 2),
        ({"auth": AuthResult.UNKNOWN}, 2),
        ({"auth": AuthResult.PASS, "kind": Kind.AUTO_REPLY}, 2),
        ({"auth": AuthResult.PASS, "by_us": True}, 2),
    ],
)
def test_having_written_has_to_be_proven(db: Database, folder: Path, message: dict[str, Any], most: int) -> None:
    wrote(db, **message)
    assert asked_in_a_day(db, folder) == most


def test_an_address_that_must_never_be_written_is_not_asked(db: Database, folder: Path) -> None:
    put(db)
    with db.writing() as session:
        suppressions.suppress(
            session,
            db.keyring.address_hash("office@refugees.example"),
            SuppressionScope.EVERYTHING,
            SuppressionReason.COMPLAINED,
            actor="machine",
            at=NOW,
        )
    assert run(db, folder).counts == {}


def test_what_nobody_confirms_expires(db: Database, folder: Path) -> None:
    reference = put(db)
    run(db, folder, day=NO_DAY)
    run(db, folder, NOW + timedelta(days=29), day=NO_DAY)
    assert newest(db, reference) is RevisionStatus.UNCONFIRMED
    run(db, folder, NOW + timedelta(days=31), day=NO_DAY)
    assert newest(db, reference) is RevisionStatus.EXPIRED


def test_at_the_deadline_what_was_asked_and_not_answered_expires(db: Database, folder: Path) -> None:
    reference = put(db)
    run(db, folder)
    run(db, folder, datetime(2026, 9, 3, 18, 1, tzinfo=UTC))
    assert newest(db, reference) is RevisionStatus.EXPIRED


def test_nothing_is_asked_once_the_day_has_passed(db: Database, folder: Path) -> None:
    put(db)
    assert run(db, folder, datetime(2026, 9, 6, 12, 0, tzinfo=UTC)).counts == {}


def invite(db: Database, folder: Path, **values: Any) -> None:
    with db.writing() as session:
        invited = cast.prospect(session, **values)
        sent(inviting.invitation(session, cast.desk(db, folder), [invited], NOW), NOW)
        invited.invite(NOW)


def test_the_invited_are_reminded_once_in_the_thread_of_the_invitation(db: Database, folder: Path) -> None:
    cast.write_statement(folder)
    invite(db, folder)
    renderer = FakeRenderer()
    assert run(db, folder, NOW + timedelta(days=3), day=NO_DAY).counts == {}
    assert run(db, folder, NOW + timedelta(days=5), renderer, day=NO_DAY).counts == {"reminded": 1}
    assert run(db, folder, NOW + timedelta(days=20), day=NO_DAY).counts == {}
    with db.reading() as session:
        invitation = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.INVITATION)).one()
        assert renderer.letters[0].in_reply_to == invitation.message_id


@pytest.mark.parametrize(
    ("status", "sending_at", "reminded"),
    [
        (OutboxStatus.QUEUED, None, False),
        (OutboxStatus.DEFERRED, NOW, False),
        (OutboxStatus.IN_DOUBT, NOW, False),
        (OutboxStatus.FAILED, NOW, False),
        (OutboxStatus.CANCELLED, None, False),
        (OutboxStatus.SENT, NOW + timedelta(days=4), False),
        (OutboxStatus.SENT, NOW, True),
    ],
)
def test_nobody_is_reminded_of_an_invitation_that_has_not_left_long_enough_ago(
    db: Database, folder: Path, status: OutboxStatus, sending_at: datetime | None, reminded: bool
) -> None:
    cast.write_statement(folder)
    invite(db, folder)
    with db.writing() as session:
        invitation = session.scalars(select(OutboxMail)).one()
        invitation.status, invitation.sending_at = status, sending_at
    assert run(db, folder, NOW + timedelta(days=5), day=NO_DAY).counts == ({"reminded": 1} if reminded else {})


def test_a_reminder_stays_in_the_thread_when_one_of_two_organisations_has_answered(db: Database, folder: Path) -> None:
    cast.write_statement(folder)
    with db.writing() as session:
        both = [cast.prospect(session, {"en": name}, "office@a.example") for name in ("One", "Two")]
        own_id = sent(inviting.invitation(session, cast.desk(db, folder), both, NOW), NOW)
        for one in both:
            one.invite(NOW)
        both[0].answer(NOW)
    renderer = FakeRenderer()
    assert run(db, folder, NOW + timedelta(days=5), renderer, day=NO_DAY).counts == {"reminded": 1}
    [letter] = renderer.letters
    assert (letter.in_reply_to, letter.references) == (own_id, (own_id,))
    assert letter.context["organisations"] == ["Two"]


def test_who_has_answered_is_not_reminded(db: Database, folder: Path) -> None:
    cast.write_statement(folder)
    invite(db, folder)
    with db.writing() as session:
        from_office = prospects.with_address(session, db.keyring.address_hash("office@refugees.example"))
        from_office[0].answer(NOW)
    assert run(db, folder, NOW + timedelta(days=5)).counts == {}


def test_who_has_unsubscribed_is_not_reminded(db: Database, folder: Path) -> None:
    cast.write_statement(folder)
    invite(db, folder)
    with db.writing() as session:
        suppressions.suppress(
            session,
            db.keyring.address_hash("office@refugees.example"),
            SuppressionScope.INVITATIONS,
            SuppressionReason.UNSUBSCRIBED,
            actor="machine",
            at=NOW,
        )
    assert run(db, folder, NOW + timedelta(days=5), day=NO_DAY).counts == {}


HOUR = timedelta(hours=1)
CLOSES = NOW + timedelta(days=6)
CALLED: dict[str, Any] = {"day": Day(deadline=CLOSES), "last_call": 31 * HOUR, "remind_after": timedelta(days=90)}


def put_invited(db: Database, **values: Any) -> None:
    with db.writing() as session:
        cast.prospect(session, status=ProspectStatus.INVITED, invited_at=NOW, **values)


def test_a_last_call_goes_once_to_the_invited_when_the_list_is_about_to_close(db: Database, folder: Path) -> None:
    with db.writing() as session:
        organisation = cast.prospect(session)
        invitation = inviting.invitation(session, cast.desk(db, folder), [organisation], NOW)
        own_id = sent(invitation, NOW)
        organisation.invite(NOW)
        organisation.remind(NOW + timedelta(days=2))
    renderer = FakeRenderer()
    assert run(db, folder, CLOSES - 32 * HOUR, renderer, **CALLED).counts == {}
    assert run(db, folder, CLOSES - 31 * HOUR, renderer, **CALLED).counts == {"called": 1}
    assert run(db, folder, CLOSES - 2 * HOUR, renderer, **CALLED).counts == {}
    [letter] = renderer.letters
    assert (letter.kind, letter.in_reply_to, letter.context["only_reminder"]) == (MailKind.LAST_CALL, own_id, False)
    with db.reading() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.LAST_CALL)).one()
        assert mail.not_after == CLOSES


def test_nobody_is_called_unless_the_settings_ask_for_it(db: Database, folder: Path) -> None:
    put_invited(db, reminded_at=NOW)
    assert run(db, folder, CLOSES - HOUR, **{**CALLED, "last_call": timedelta()}).counts == {}


def test_nobody_is_called_once_the_deadline_has_passed_or_where_there_is_none(db: Database, folder: Path) -> None:
    put_invited(db)
    assert run(db, folder, CLOSES, **CALLED).counts == {}
    assert run(db, folder, CLOSES - HOUR, **{**CALLED, "day": NO_DAY}).counts == {}


def test_who_was_written_to_within_twelve_hours_is_not_called_yet(db: Database, folder: Path) -> None:
    put_invited(db, reminded_at=CLOSES - 31 * HOUR)
    assert run(db, folder, CLOSES - 20 * HOUR, **CALLED).counts == {}
    assert run(db, folder, CLOSES - 18 * HOUR, **CALLED).counts == {"called": 1}


def test_after_a_last_call_no_reminder_follows(db: Database, folder: Path) -> None:
    put_invited(db)
    soon = {**CALLED, "remind_after": timedelta(days=4)}
    assert run(db, folder, CLOSES - 30 * HOUR, **soon).counts == {"called": 1}
    assert run(db, folder, CLOSES - HOUR, **soon).counts == {}


def test_who_has_answered_unsubscribed_or_been_written_to_by_hand_is_not_called(db: Database, folder: Path) -> None:
    with db.writing() as session:
        hashed = cast.keyring_of(session).address_hash
        answered = cast.prospect(session, {"en": "A"}, "a@a.example", status=ProspectStatus.INVITED, invited_at=NOW)
        answered.answer(NOW)
        for name in ("b", "c"):
            cast.prospect(session, {"en": name}, f"{name}@b.example", status=ProspectStatus.INVITED, invited_at=NOW)
        suppressions.suppress(
            session,
            hashed("b@b.example"),
            SuppressionScope.INVITATIONS,
            SuppressionReason.UNSUBSCRIBED,
            actor="Bea",
            at=NOW,
        )
        pauses.pause(session, hashed("c@b.example"), PauseReason.BY_HAND, until=None, actor="Bea", at=NOW)
    assert run(db, folder, CLOSES - 20 * HOUR, **CALLED).counts == {}


def test_an_answer_stops_a_last_call_that_is_queued_already(db: Database, folder: Path) -> None:
    put_invited(db)
    run(db, folder, CLOSES - 20 * HOUR, **CALLED)
    with db.writing() as session:
        session.scalars(select(Prospect)).one().answer(CLOSES - 19 * HOUR)
        mail = session.scalars(select(OutboxMail)).one()
        desk = cast.desk(db, folder, **CALLED)
        assert guard.why_not(session, desk, mail, CLOSES - 18 * HOUR) == "they have answered"
