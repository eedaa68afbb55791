"""Invitations: one for each address, by a person's act, and none to who has answered or wants no mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import resources
from outreach.errors import Refused, TemplateProblem
from outreach.letters.queue import Desk
from outreach.mail.render import TemplateRenderer
from outreach.model import Coordinator, Event, MailProspect, OutboxMail, Prospect
from outreach.ports import Letter
from outreach.settings import Day
from outreach.steps import followup, invite
from outreach.steps.dispatch import guard
from outreach.store import suppressions
from outreach.store.database import Database
from outreach.words import (
    MailKind,
    OutboxStatus,
    ProspectStatus,
    RejectReason,
    RevisionStatus,
    SuppressionReason,
    SuppressionScope,
)
from tests import cast
from tests.cast import BERLIN, NOW, clock


@pytest.fixture
def desk(db: Database, folder: Path) -> Desk:
    cast.write_statement(folder)
    return cast.desk(db, folder)


@pytest.fixture
def real_desk(db: Database, folder: Path) -> Desk:
    """With the letters that are really sent."""
    cast.write_statement(folder)
    renderer = TemplateRenderer(
        folders=[resources.templates()],
        contact="statement@contact.example",
        sender_name="Bea",
        occasion={"en": "joint statement 5 September"},
    )
    return Desk(cast.settings(folder), renderer, db.keyring)


def letter(db: Database, desk: Desk, **details: str) -> tuple[str, str, str]:
    """From, first and last paragraph of our own words in the invitation to one organisation."""
    with db.writing() as session:
        cast.prospect(session, {"en": "Choir"}, "a@b.example", details=details)
    example = invite.plan(db, desk, clock).example
    assert example is not None
    mail = message_from_bytes(example, policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    paragraphs = body.get_content().replace("\r\n", "\n").split("\n\n")
    return str(mail["From"]), paragraphs[0], next(text for text in paragraphs if ", for the coordinating" in text)


def test_letter_greets_and_closes_as_the_list_says_and_its_coordinator_signs(db: Database, real_desk: Desk) -> None:
    with db.writing() as session:
        session.add(Coordinator(name="Mina Rahimi", since=NOW))
    words = {"greeting": "Dear comrades,", "sender": "Mina Rahimi", "sign_off": "In solidarity"}
    sender, first, last = letter(db, real_desk, **words)
    assert sender.replace('"', "").startswith("Mina Rahimi, joint statement 5 September <")
    assert (first, last) == ("Dear comrades,", "In solidarity\nMina Rahimi, for the coordinating group")


def test_whoever_has_left_the_team_signs_no_letter(db: Database, real_desk: Desk) -> None:
    with db.writing() as session:
        session.add(Coordinator(name="Mina Rahimi", since=NOW, revoked_at=NOW))
    sender, _, last = letter(db, real_desk, sender="Mina Rahimi")
    assert sender.replace('"', "").startswith("Bea, ")
    assert last == "Bea, for the coordinating group"


def listed(db: Database, *addresses: str | None) -> None:
    with db.writing() as session:
        for number, address in enumerate(addresses):
            cast.prospect(session, {"en": f"Committee {number}"}, address)


def go(db: Database, desk: Desk, first: int | None = None) -> invite.Invited:
    return invite.run(db, desk, invite.plan(db, desk, clock, first=first), clock, actor="Bea")


def suppress(session: Session, db: Database, address: str) -> None:
    suppressions.suppress(
        session,
        db.keyring.address_hash(address),
        SuppressionScope.INVITATIONS,
        SuppressionReason.UNSUBSCRIBED,
        actor="machine",
        at=NOW,
    )


def test_one_mail_names_all_organisations_of_an_address(db: Database, desk: Desk) -> None:
    listed(db, "a@b.example", "c@d.example", "A@b.example", None)
    assert go(db, desk) == invite.Invited(mails=2, organisations=3)
    with db.reading() as session:
        mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert [(mail.recipient, mail.status) for mail in mails] == [
            ("a@b.example", OutboxStatus.QUEUED),
            ("c@d.example", OutboxStatus.QUEUED),
        ]
        named = session.execute(select(MailProspect.mail_id, MailProspect.prospect_id)).all()
        assert sorted(tuple(row) for row in named) == [(mails[0].id, 1), (mails[0].id, 3), (mails[1].id, 2)]
        assert [prospect.status for prospect in session.scalars(select(Prospect).order_by(Prospect.id))] == [
            *[ProspectStatus.INVITED] * 3,
            ProspectStatus.LISTED,
        ]
        assert [event.action for event in session.scalars(select(Event))] == ["invited"] * 3


def test_nobody_is_invited_twice(db: Database, desk: Desk) -> None:
    listed(db, "a@b.example")
    planned = invite.plan(db, desk, clock)
    assert invite.run(db, desk, planned, clock, actor="Bea").mails == 1
    assert invite.run(db, desk, planned, clock, actor="Bea").mails == 0
    assert invite.plan(db, desk, clock).mails == 0


def test_first_takes_so_many_mails_in_the_order_of_the_list(db: Database, desk: Desk) -> None:
    listed(db, "z@b.example", "y@b.example", "x@b.example")
    assert go(db, desk, first=2).mails == 2
    with db.reading() as session:
        assert [mail.recipient for mail in session.scalars(select(OutboxMail).order_by(OutboxMail.id))] == [
            "z@b.example",
            "y@b.example",
        ]


def test_plan_queues_nothing_and_shows_an_example(db: Database, desk: Desk) -> None:
    listed(db, "a@b.example")
    planned = invite.plan(db, desk, clock)
    assert planned.example is not None and planned.example.startswith(b"To: a@b.example")
    with db.reading() as session:
        assert not session.scalars(select(OutboxMail)).all()


def test_address_that_wants_no_mail_is_left_out_and_counted(db: Database, desk: Desk) -> None:
    listed(db, "a@b.example", "c@d.example")
    with db.writing() as session:
        suppress(session, db, "a@b.example")
    planned = invite.plan(db, desk, clock)
    assert (planned.mails, planned.suppressed) == (1, 1)


def answered(session: Session, db: Database) -> None:
    cast.prospect(session, {"en": "Old"}, "a@b.example", status=ProspectStatus.DECLINED, answered_at=NOW)


def signed(session: Session, db: Database) -> None:
    cast.signatory(session, email="a@b.example")


@pytest.mark.parametrize("happened", [answered, signed])
def test_address_that_has_answered_is_left_out_and_counted(
    db: Database, desk: Desk, happened: Callable[[Session, Database], None]
) -> None:
    listed(db, "a@b.example")
    with db.writing() as session:
        happened(session, db)
    planned = invite.plan(db, desk, clock)
    assert (planned.mails, planned.answered) == (0, 1)


@pytest.mark.parametrize("happened", [answered, signed, lambda session, db: suppress(session, db, "a@b.example")])
def test_what_happened_after_the_plan_counts(
    db: Database, desk: Desk, happened: Callable[[Session, Database], None]
) -> None:
    listed(db, "a@b.example", "c@d.example")
    planned = invite.plan(db, desk, clock)
    with db.writing() as session:
        happened(session, db)
    assert invite.run(db, desk, planned, clock, actor="Bea").mails == 1


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fa", None, "The statement is missing in fa"),
        ("en", "", "statement/en.md is still the placeholder"),
        ("en", "# TODO\n", "still the placeholder"),
        ("en", "<!-- Replace this -->", "still the placeholder"),
    ],
)
def test_nobody_is_invited_without_a_statement(
    db: Database, desk: Desk, folder: Path, language: str, text: str | None, said: str
) -> None:
    path = folder / "statement" / f"{language}.md"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(Refused, match=said):
        invite.plan(db, desk, clock)


def test_nobody_is_invited_once_the_day_has_passed(db: Database, folder: Path) -> None:
    cast.write_statement(folder)
    desk = cast.desk(db, folder, day=Day(date=(NOW - timedelta(days=2)).date()))
    listed(db, "a@b.example")
    with pytest.raises(Refused, match="The day has passed"):
        go(db, desk)


class Choosy(cast.FakeRenderer):
    """Cannot write to one address."""

    def compose(self, letter: Letter) -> bytes:
        if letter.recipient == "bad@b.example":
            raise TemplateProblem("an address of this mail is not one plain ASCII address")
        return super().compose(letter)


def test_mail_that_cannot_be_written_is_named_and_stops_no_other(db: Database, folder: Path) -> None:
    cast.write_statement(folder)
    desk = cast.desk(db, folder, Choosy())
    listed(db, "a@b.example", "bad@b.example", "c@d.example")
    done = go(db, desk)
    with db.reading() as session:
        bad = session.get_one(Prospect, 2)
        assert (bad.status, done.mails) == (ProspectStatus.LISTED, 2)
        assert done.failed == ((bad.reference, "an address of this mail is not one plain ASCII address"),)


@pytest.mark.parametrize(("language", "wish"), [("fa", "آزادی آنان"), ("en", "We ask for their freedom.")])
def test_real_invitation_says_who_is_invited_and_to_what(db: Database, folder: Path, language: str, wish: str) -> None:
    cast.write_statement(folder)
    settings = cast.settings(folder)
    renderer = TemplateRenderer(
        folders=[folder / "templates", resources.templates()],
        contact=settings.contact,
        sender_name=settings.sender,
        occasion=settings.occasion,
    )
    with db.writing() as session:
        cast.prospect(session, language=language, details={"contact_person": "Ada", "personal_line": "Since 1990."})
    planned = invite.plan(db, Desk(settings, renderer, db.keyring), clock)
    assert planned.example is not None
    shown = message_from_bytes(planned.example, policy=default)
    text = shown.get_body(("plain",))
    assert text is not None
    for words in (BERLIN[language].name, "Since 1990.", wish):
        assert words in text.get_content()
    assert shown["To"] == "office@refugees.example"


# ── a second invitation ──

LATER = NOW + timedelta(days=6)


def ended(db: Database, status: ProspectStatus = ProspectStatus.INVITED, **values: Any) -> str:
    """An organisation that was invited, reminded and said nothing, unless ``values`` say otherwise."""
    with db.writing() as session:
        row = cast.prospect(session, status=status, **{"invited_at": NOW, "reminded_at": NOW, **values})
        return row.reference


def again(db: Database, desk: Desk, reference: str, at: datetime = LATER) -> None:
    invite.run_again(db, desk, reference, "their board has met", lambda: at, actor="Bea")


def test_organisation_whose_sequence_ended_is_invited_again_with_a_cause_of_its_own(db: Database, desk: Desk) -> None:
    listed(db, "a@b.example")
    go(db, desk)
    with db.writing() as session:
        first = session.scalars(select(Prospect)).one()
        first.remind(NOW)
        reference = first.reference
    again(db, desk, reference)
    with db.reading() as session:
        mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert [(mail.kind, mail.recipient) for mail in mails] == [(MailKind.INVITATION, "a@b.example")] * 2
        assert [link.mail_id for link in session.scalars(select(MailProspect))] == [mail.id for mail in mails]


def test_second_invitation_is_logged_its_reason_is_kept_sealed_and_no_reminder_follows(
    db: Database, desk: Desk
) -> None:
    again(db, desk, ended(db, ProspectStatus.ANSWERED, reminded_at=None, answered_at=NOW))
    with db.reading() as session:
        event = session.scalars(select(Event).where(Event.action == "invited again")).one()
        assert (event.actor, event.reason) == ("Bea", None)
        prospect = session.scalars(select(Prospect)).one()
        assert (prospect.status, prospect.invited_at) == (ProspectStatus.INVITED, LATER)
        assert prospect.details["notes"][0]["text"] == "invited again: their board has met"
    assert followup.run(db, desk, lambda: LATER + timedelta(days=5)).counts == {}


def test_second_invitation_passes_what_is_checked_when_it_is_sent(db: Database, desk: Desk) -> None:
    again(db, desk, ended(db, ProspectStatus.ANSWERED, answered_at=NOW))
    with db.reading() as session:
        mail = session.scalars(select(OutboxMail)).one()
        assert guard.why_not(session, desk, mail, LATER) is None


def test_third_invitation_waits_as_long_as_a_reminder(db: Database, desk: Desk) -> None:
    reference = ended(db)
    again(db, desk, reference)
    with pytest.raises(Refused, match="not ended yet"):
        again(db, desk, reference, LATER + timedelta(hours=1))


@pytest.mark.parametrize(
    ("status", "values", "why"),
    [
        (ProspectStatus.LISTED, {"invited_at": None}, "never invited"),
        (ProspectStatus.INVITED, {"reminded_at": None}, "not ended yet"),
        (ProspectStatus.DECLINED, {}, "has declined"),
        (ProspectStatus.INVITED, {"email": None}, "no address"),
    ],
)
def test_who_has_declined_or_is_still_in_the_sequence_is_not_invited_again(
    db: Database, desk: Desk, status: ProspectStatus, values: dict[str, Any], why: str
) -> None:
    reference = ended(db, status, **values)
    with pytest.raises(Refused, match=why):
        again(db, desk, reference)


@pytest.mark.parametrize("scope", SuppressionScope)
def test_a_suppression_is_never_overridden(db: Database, desk: Desk, scope: SuppressionScope) -> None:
    reference = ended(db)
    with db.writing() as session:
        hash_ = db.keyring.address_hash("office@refugees.example")
        suppressions.suppress(session, hash_, scope, SuppressionReason.UNSUBSCRIBED, actor="machine", at=NOW)
    with pytest.raises(Refused, match="not to be written"):
        again(db, desk, reference)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"status": RevisionStatus.PENDING}, "is pending"),
        ({"status": RevisionStatus.APPROVED}, "is approved"),
        ({"status": RevisionStatus.WITHDRAWN}, "ended its entry"),
        ({"status": RevisionStatus.REJECTED, "reject_reason": RejectReason.NOT_US}, "ended its entry"),
    ],
)
def test_who_has_signed_or_left_is_not_invited_again(db: Database, desk: Desk, entry: dict[str, Any], why: str) -> None:
    reference = ended(db, ProspectStatus.ANSWERED)
    with db.writing() as session:
        cast.signatory(session, **entry)
    with pytest.raises(Refused, match=why):
        again(db, desk, reference)


@pytest.mark.parametrize("status", [RevisionStatus.EXPIRED, RevisionStatus.REJECTED])
def test_whose_entry_expired_or_was_rejected_may_be_invited_again(
    db: Database, desk: Desk, status: RevisionStatus
) -> None:
    reason = RejectReason.NOT_AUTHORISED if status is RevisionStatus.REJECTED else None
    reference = ended(db, ProspectStatus.ANSWERED)
    with db.writing() as session:
        cast.signatory(session, status=status, reject_reason=reason)
    again(db, desk, reference)
    with db.reading() as session:
        assert session.scalars(select(OutboxMail.kind)).all() == [MailKind.INVITATION]
