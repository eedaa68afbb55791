"""Retiring: what was promised to be deleted is deleted, and nothing sooner."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from outreach.model import Attempt, EventPayload, InboundMessage, OutboxMail, Prospect, Relation, Signatory
from outreach.steps import retire
from outreach.store import chain, log
from outreach.store.database import Database
from outreach.words import Channel, HoldKind, InboundStatus, OutboxStatus, Proof, RelationKind, Report
from tests import cast
from tests.cast import NOW

LONG_AFTER = NOW + timedelta(days=120)


def run(db: Database, folder: Path, now: datetime) -> Report:
    return retire.run(db, cast.settings(folder), lambda: now)


def message(db: Database, status: InboundStatus) -> None:
    with db.writing() as session:
        row = InboundMessage(
            reference=f"AAAA-{status[:4].upper():X<4}",
            content_hash=status.encode(),
            size=4,
            arrived_at=NOW,
            fetched_at=NOW,
        )
        row.raw = zlib.compress(b"mail")
        row.reading = {"kind": "signup"}
        session.add(row)
        if status is not InboundStatus.FETCHED:
            row.settle(status, None, NOW)


def test_raw_mail_is_erased_ninety_days_after_the_end(db: Database, folder: Path) -> None:
    message(db, InboundStatus.HANDLED)
    assert "messages erased" not in run(db, folder, NOW + timedelta(days=100)).counts
    assert run(db, folder, LONG_AFTER).counts["messages erased"] == 1
    with db.reading() as session:
        row = session.scalars(select(InboundMessage)).one()
        assert (row.raw, row.reading) == (None, {})


def test_what_waits_for_a_person_is_kept(db: Database, folder: Path) -> None:
    for status in (InboundStatus.FETCHED, InboundStatus.OPEN, InboundStatus.SET_ASIDE):
        message(db, status)
    assert "messages erased" not in run(db, folder, LONG_AFTER).counts


def test_contacts_are_erased_after_the_end_and_printed_lines_are_kept(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.signatory(session)
        cast.prospect(session)
        sent = cast.mail(session, status=OutboxStatus.SENT, settled_at=NOW)
        attempt = Attempt(mail_id=sent.id, at=NOW, outcome="accepted")
        attempt.reply = "250 <office@refugees.example> ok"
        session.add(attempt)
    assert run(db, folder, NOW + timedelta(days=100)).counts == {"mails erased": 1}
    assert run(db, folder, LONG_AFTER).counts == {"contacts erased": 3}
    with db.reading() as session:
        signed = session.scalars(select(Signatory)).one()
        assert (signed.contact, signed.contact_hash) == ({}, None)
        assert signed.newest.printed_lines == cast.BERLIN
        invited = session.scalars(select(Prospect)).one()
        assert (invited.email, invited.email_hash, invited.details) == (None, None, {})
        mail = session.scalars(select(OutboxMail)).one()
        assert (mail.recipient, mail.content) == (None, None)
        assert session.scalars(select(Attempt)).one().reply is None


def test_what_the_log_said_in_their_words_is_erased_and_its_chain_stays_whole(db: Database, folder: Path) -> None:
    with db.writing() as session:
        log.note(session, NOW, actor="Bea", action="approved", about=cast.signatory(session))
        chain.link_all(session)
        assert session.scalars(select(EventPayload)).one().content["said"]["lines"]["en"] == str(cast.BERLIN["en"])
    run(db, folder, LONG_AFTER)
    with db.reading() as session:
        assert session.scalars(select(EventPayload)).all() == []
        assert chain.verify(session) == chain.Whole(chain.head(session), 0)


def test_who_said_yes_by_phone_is_forgotten_as_well(db: Database, folder: Path) -> None:
    with db.writing() as session:
        row = cast.signatory(session, email=None, proof=Proof.NONE)
        row.contact = {}
        row.newest.attest(NOW, by="Bea", channel=Channel.PHONE, spoken_at=NOW, speaker="Rosa Karimi")
        row.hold(HoldKind.WITHHELD, by="Bea", at=NOW, reason="Rosa is afraid")
        relation = Relation(signatory=row, kind=RelationKind.NOT_BESIDE, placed_by="Bea", placed_at=NOW)
        relation.note = "Rosa's brother"
        session.add(relation)
    assert run(db, folder, LONG_AFTER).counts == {"contacts erased": 1}
    assert run(db, folder, LONG_AFTER).counts == {}
    with db.reading() as session:
        row = session.scalars(select(Signatory)).one()
        attestation = row.newest.attestation
        assert attestation is not None
        assert (row.contact, attestation.said, row.holds[0].reason) == ({}, {}, None)
        assert session.scalars(select(Relation)).one().note is None


def test_a_second_pass_finds_nothing_left(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.signatory(session)
        cast.prospect(session)
    run(db, folder, LONG_AFTER)
    assert run(db, folder, LONG_AFTER).counts == {}


def test_content_of_a_mail_that_is_not_settled_is_kept(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.mail(session, status=OutboxStatus.IN_DOUBT)
    assert run(db, folder, NOW + timedelta(days=60)).counts == {}


def test_what_the_log_says_of_somebody_already_forgotten_is_erased_as_well(db: Database, folder: Path) -> None:
    with db.writing() as session:
        cast.signatory(session)
    run(db, folder, LONG_AFTER)
    with db.writing() as session:
        log.note(session, LONG_AFTER, actor="Bea", action="withdrawn", about=session.scalars(select(Signatory)).one())
    assert run(db, folder, LONG_AFTER).counts == {"contacts erased": 1}
    with db.reading() as session:
        assert session.scalars(select(EventPayload)).all() == []
