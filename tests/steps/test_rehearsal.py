"""The end of the rehearsal: what it wrote is gone, what came in from others is read again."""

from __future__ import annotations

import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from outreach.errors import Refused
from outreach.letters import answering
from outreach.model import Attestation, Decision, InboundMessage, OutboxMail, Prospect, Relation, Revision, Signatory
from outreach.steps import attest, rehearsal, relate, review
from outreach.steps.attest import Said, paste
from outreach.steps.attest.wish import Given, put_together
from outreach.store import campaign, sending, workers
from outreach.store.database import Database
from outreach.words import Channel, InboundStatus, OutboxStatus, ProspectStatus, RelationKind
from tests import cast
from tests.cast import NOW, FakeRenderer, clock


@pytest.fixture
def rehearsing(db: Database) -> Database:
    with db.writing() as session:
        campaign.the_campaign(session).started_at = None
    return db


def received(db: Database, sender: str, content: bytes) -> int:
    with db.writing() as session:
        row = InboundMessage(
            reference=f"{content.decode():X<4}-2222",
            content_hash=content,
            size=4,
            arrived_at=NOW,
            fetched_at=NOW,
            in_rehearsal=True,
            sender_hash=db.keyring.address_hash(sender),
        )
        row.raw = zlib.compress(content)
        session.add(row)
        row.settle(InboundStatus.HANDLED, None, NOW)
        session.flush()
        return row.id


def test_in_the_rehearsal_all_mail_goes_to_the_team_and_says_for_whom(rehearsing: Database, folder: Path) -> None:
    renderer = FakeRenderer()
    with rehearsing.writing() as session:
        signed = cast.signatory(session)
        answering.asking(session, cast.desk(rehearsing, folder, renderer), [signed.newest], NOW)
    [letter] = renderer.letters
    assert letter.recipient == "bea@team.example"
    assert letter.rehearsal_for == "office@refugees.example"


def test_what_the_rehearsal_wrote_is_deleted_and_no_cause_is_used_up(rehearsing: Database, folder: Path) -> None:
    desk = cast.desk(rehearsing, folder)
    with rehearsing.writing() as session:
        signed = cast.signatory(session)
        answering.asking(session, desk, [signed.newest], NOW)
        invited = cast.prospect(session)
        invited.invite(NOW)
    ended = rehearsal.end(rehearsing, desk, clock, actor="Bea")
    assert (ended.mails, ended.signatories) == (1, 1)
    with rehearsing.reading() as session:
        for table in (OutboxMail, Signatory, Revision):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        kept = session.scalars(select(Prospect)).one()
        assert (kept.status, kept.invited_at) == (ProspectStatus.LISTED, None)


def test_calls_and_decisions_of_the_rehearsal_are_gone_and_what_was_pasted_is_not_read_as_a_mail(
    rehearsing: Database, folder: Path
) -> None:
    desk = cast.desk(rehearsing, folder)
    with rehearsing.writing() as session:
        understood = paste.understand(desk, "We sign.\nName: Independent Women\nCity: Vienna")
        message = paste.keep(session, desk, understood, NOW, clock, actor="Bea")
        wish = put_together(session, desk, Given(email="a@w.example"), understood, message)
        said = Said(Channel.MESSENGER, "Ada", NOW)
        entry = attest.take(session, desk, wish, said, clock, actor="Bea").revision.signatory
        review.ask(session, desk, entry.reference, lambda: NOW + timedelta(hours=1), actor="Bea")
        other = cast.signatory(session)
        relate.relate(session, other.reference, RelationKind.MEMBER_OF, entry.reference, clock, actor="Bea")
        relate.merge(session, desk, other.reference, entry.reference, clock, actor="Bea")
    ended = rehearsal.end(rehearsing, desk, clock, actor="Bea")
    assert (ended.signatories, ended.messages_to_read_again) == (2, 0)
    with rehearsing.reading() as session:
        for table in (Attestation, Decision, Relation, Revision, Signatory):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalars(select(InboundMessage)).one().status is InboundStatus.IGNORED


def test_mail_of_others_is_read_again_and_the_teams_own_is_left_alone(rehearsing: Database, folder: Path) -> None:
    stranger = received(rehearsing, "rosa@refugees.example", b"ROSA")
    team = received(rehearsing, "bea@team.example", b"TEAM")
    ended = rehearsal.end(rehearsing, cast.desk(rehearsing, folder), clock, actor="Bea")
    assert ended.messages_to_read_again == 1
    with rehearsing.reading() as session:
        assert session.get_one(InboundMessage, stranger).status is InboundStatus.FETCHED
        assert session.get_one(InboundMessage, team).status is InboundStatus.IGNORED


def test_nothing_ends_while_a_step_runs_on_any_machine(rehearsing: Database, folder: Path) -> None:
    with rehearsing.writing() as session:
        workers.take(session, "intake", "berlin 7 ab", NOW)
        cast.mail(session)
    with pytest.raises(Refused, match=r"The step intake is under way \(berlin 7 ab\)"):
        rehearsal.end(rehearsing, cast.desk(rehearsing, folder), clock, actor="Bea")
    with rehearsing.writing() as session:
        assert session.scalar(select(func.count(OutboxMail.id))) == 1
        workers.release(session, "berlin 7 ab")
    assert rehearsal.end(rehearsing, cast.desk(rehearsing, folder), clock, actor="Bea").mails == 1


def test_nothing_ends_while_a_mail_is_in_anybodys_hands(rehearsing: Database, folder: Path) -> None:
    with rehearsing.writing() as session:
        cast.mail(session)
        [claim] = sending.claim(session, NOW, owner="berlin 7 ab", lease=timedelta(minutes=10), limit=1)
    with pytest.raises(Refused, match=r"The step dispatch is under way \(berlin 7 ab\)"):
        rehearsal.end(rehearsing, cast.desk(rehearsing, folder), clock, actor="Bea")
    with rehearsing.writing() as session:
        sending.move(session, claim, OutboxStatus.QUEUED)
    assert rehearsal.end(rehearsing, cast.desk(rehearsing, folder), clock, actor="Bea").mails == 1


def test_a_poller_that_rests_and_a_process_that_died_hold_nothing_up(rehearsing: Database, folder: Path) -> None:
    with rehearsing.writing() as session:
        workers.take(session, "fetch", "berlin 7 ab", NOW)
        workers.rest(session, "berlin 7 ab", "fetch")
        workers.take(session, "intake", "oslo 8 cd", NOW - workers.LEASE)
        cast.mail(session)
        sending.claim(session, NOW, owner="oslo 8 cd", lease=timedelta(hours=-1), limit=1)
    assert rehearsal.end(rehearsing, cast.desk(rehearsing, folder), clock, actor="Bea").mails == 1


def test_a_campaign_starts_only_once(rehearsing: Database, folder: Path) -> None:
    desk = cast.desk(rehearsing, folder)
    rehearsal.end(rehearsing, desk, clock, actor="Bea")
    with pytest.raises(Refused, match="started already"):
        rehearsal.end(rehearsing, desk, clock, actor="Bea")
