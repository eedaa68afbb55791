"""What organisations are told of decisions and of print: once, kindly, and not before it can be undone no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.letters import telling
from outreach.letters.queue import Desk
from outreach.model import OutboxMail, Revision, Signatory
from outreach.site import writers
from outreach.steps import dispatch, followup, publish, relate, review
from outreach.store.database import Database
from outreach.words import (
    HoldKind,
    Individuals,
    MailKind,
    OutboxStatus,
    PrintedLine,
    Proof,
    RejectReason,
    RevisionStatus,
)
from tests import cast
from tests.cast import NOW, FakeRenderer, clock

S = RevisionStatus
AFTER_THE_DAY = NOW + timedelta(days=60)


@pytest.fixture
def renderer() -> FakeRenderer:
    return FakeRenderer()


@pytest.fixture
def desk(db: Database, folder: Path, renderer: FakeRenderer) -> Desk:
    cast.write_statement(folder)
    return cast.desk(db, folder, renderer)


def put(db: Database, **values: object) -> str:
    with db.writing() as session:
        return cast.signatory(session, **values).reference  # type: ignore[arg-type]  # the builder's keywords


def wave(db: Database, desk: Desk, folder: Path) -> None:
    drafted = publish.draft(db, desk.settings, clock)
    publish.publish(db, desk.settings, drafted, folder / "out", writers(desk.settings), clock, actor="Bea")


def mails(db: Database) -> list[MailKind]:
    with db.reading() as session:
        return list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))


def the_mail(db: Database) -> OutboxMail:
    with db.reading() as session:
        mail = session.scalars(select(OutboxMail)).one()
        session.expunge(mail)
        return mail


# ── online ──


def test_each_signatory_is_told_once_that_its_line_is_online(db: Database, desk: Desk, folder: Path) -> None:
    put(db, status=S.APPROVED)
    assert followup.run(db, desk, clock).counts == {}
    wave(db, desk, folder)
    assert followup.run(db, desk, clock).counts == {"told online": 1}
    wave(db, desk, folder)
    assert followup.run(db, desk, clock).counts == {}
    assert mails(db) == [MailKind.ONLINE]


def test_one_mail_tells_of_all_lines_of_an_address(
    db: Database, desk: Desk, folder: Path, renderer: FakeRenderer
) -> None:
    put(db, status=S.APPROVED)
    put(db, status=S.APPROVED, lines={"en": PrintedLine("Second council")})
    wave(db, desk, folder)
    followup.run(db, desk, clock)
    [letter] = renderer.letters
    assert isinstance(entries := letter.context["entries"], list) and len(entries) == 2


def test_the_news_still_leaves_after_the_day(db: Database, desk: Desk, folder: Path) -> None:
    put(db, status=S.APPROVED)
    wave(db, desk, folder)
    followup.run(db, desk, lambda: AFTER_THE_DAY)
    with db.reading() as session:
        mail = session.scalars(select(OutboxMail)).one()
        assert dispatch.why_not(session, desk, mail, AFTER_THE_DAY) is None


def test_the_news_waits_behind_everything_that_is_waited_for(db: Database, desk: Desk, folder: Path) -> None:
    put(db, status=S.APPROVED)
    wave(db, desk, folder)
    put(db, status=S.UNCONFIRMED, proof=Proof.NONE, email="new@council.example")
    followup.run(db, desk, clock)
    with db.reading() as session:
        order = session.scalars(select(OutboxMail).order_by(OutboxMail.priority)).all()
        assert [mail.kind for mail in order] == [MailKind.ASKING, MailKind.ONLINE]


@pytest.mark.parametrize("what", ["withdrawn", "held"])
def test_the_news_is_not_sent_when_it_is_not_true_any_more(db: Database, desk: Desk, folder: Path, what: str) -> None:
    reference = put(db, status=S.APPROVED)
    wave(db, desk, folder)
    followup.run(db, desk, clock)
    with db.writing() as session:
        signatory = session.scalars(select(Signatory).where(Signatory.reference == reference)).one()
        if what == "withdrawn":
            signatory.withdraw(NOW, by="machine")
        else:
            signatory.hold(HoldKind.HIDDEN, by="machine", at=NOW, reason="")
    with db.reading() as session:
        assert dispatch.why_not(session, desk, session.scalars(select(OutboxMail)).one(), NOW) is not None


def test_the_news_waits_for_a_day_on_which_the_address_has_room(db: Database, desk: Desk, folder: Path) -> None:
    put(db, status=S.APPROVED)
    wave(db, desk, folder)
    with db.writing() as session:
        for _ in range(3):
            cast.mail(session)
    assert followup.run(db, desk, clock).counts == {}
    assert followup.run(db, desk, lambda: NOW + timedelta(days=2)).counts == {"told online": 1}


# ── decisions ──


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (RejectReason.NOT_AN_ORGANISATION, MailKind.REJECTED),
        (RejectReason.NOT_AUTHORISED, MailKind.REJECTED),
        (RejectReason.NOT_A_SIGN_UP, MailKind.REJECTED),
        (RejectReason.UNKNOWN_ORGANISATION, MailKind.REJECTED),
        (RejectReason.AGAINST_THE_STATEMENT, MailKind.REJECTED),
        (RejectReason.DUPLICATE, MailKind.DUPLICATE),
    ],
)
def test_whoever_is_rejected_is_told_why_after_ten_minutes(
    db: Database, desk: Desk, reason: RejectReason, kind: MailKind
) -> None:
    reference = put(db)
    with db.writing() as session:
        review.reject(session, desk, reference, reason, clock, actor="Bea")
    mail = the_mail(db)
    assert (mail.kind, mail.next_attempt_at) == (kind, NOW + timedelta(minutes=10))


@pytest.mark.parametrize("reason", sorted(telling.NOT_TOLD))
def test_nobody_is_told_of_spam_and_of_what_was_not_theirs(db: Database, desk: Desk, reason: RejectReason) -> None:
    reference = put(db)
    with db.writing() as session:
        review.reject(session, desk, reference, reason, clock, actor="Bea")
    assert mails(db) == []


def test_a_rejection_that_is_undone_is_never_told(db: Database, desk: Desk) -> None:
    reference = put(db)
    with db.writing() as session:
        review.reject(session, desk, reference, RejectReason.NOT_AUTHORISED, clock, actor="Bea")
        review.undo(session, reference, clock, actor="Bea")
    assert the_mail(db).status is OutboxStatus.CANCELLED


def test_a_rejection_may_be_silent(db: Database, desk: Desk) -> None:
    reference = put(db)
    with db.writing() as session:
        review.reject(session, desk, reference, RejectReason.NOT_AUTHORISED, clock, actor="Bea", tell=False)
    assert mails(db) == []


def test_who_signed_a_second_time_from_elsewhere_is_told_without_the_other_entry(
    db: Database, desk: Desk, renderer: FakeRenderer
) -> None:
    stays, gone = put(db), put(db, email="second@refugees.example")
    with db.writing() as session:
        relate.merge(session, desk, gone, stays, clock, actor="Bea")
    mail = the_mail(db)
    assert (mail.kind, mail.next_attempt_at) == (MailKind.DUPLICATE, NOW + timedelta(minutes=10))
    assert renderer.letters[0].recipient == "second@refugees.example"
    assert renderer.letters[0].context["entries"] == []


def test_a_forged_second_entry_is_merged_in_silence(db: Database, desk: Desk) -> None:
    stays = put(db)
    gone = put(db, email="forged@refugees.example", status=S.UNCONFIRMED, proof=Proof.NONE)
    with db.writing() as session:
        relate.merge(session, desk, gone, stays, clock, actor="Bea")
    assert mails(db) == []


# ── people ──


def test_people_are_printed_in_files_of_their_own_if_the_settings_say_so(db: Database, folder: Path) -> None:
    cast.write_statement(folder)
    desk = cast.desk(db, folder, individuals=Individuals.SEPARATE_LIST)
    put(db, status=S.APPROVED)
    person = put(db, status=S.APPROVED, lines={"en": PrintedLine("Rosa Doe")}, email="rosa@elsewhere.example")
    with db.writing() as session:
        session.scalars(select(Signatory).where(Signatory.reference == person)).one().individual = True
    wave(db, desk, folder)
    assert "Rosa Doe" not in (folder / "out" / "signatories.txt").read_text(encoding="utf-8")
    assert (folder / "out" / "individuals.txt").read_text(encoding="utf-8") == "Rosa Doe\n"
    with db.reading() as session:
        assert len(session.scalars(select(Revision)).all()) == 2
