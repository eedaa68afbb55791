"""The kept counts of where approved entries are from agree with the entries, whatever is decided."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from outreach.model import Campaign, Revision, Signatory
from outreach.steps import relate, review
from outreach.store import origins
from outreach.store.database import Database
from outreach.words import PrintedLine, RejectReason, RevisionStatus
from tests import cast


def counted(session: Session) -> Counter[origins.Origin]:
    """By opening every approved entry."""
    return Counter(map(origins.of, session.scalars(select(Revision).filter_by(status=RevisionStatus.APPROVED))))


def add(session: Session, number: int, code: str | None = None, language: str = "en") -> Signatory:
    details = {"country_code": code} if code else {}
    return cast.signatory(session, email=f"office@c{number}.example", details=details, language=language)


def test_counts_follow_every_decision(db: Database) -> None:
    desk = cast.desk(db, Path("/campaigns/freedom"))
    with db.writing() as session:
        first, second, third, fourth = (
            add(session, at, code).reference for at, code in enumerate(("DE", "IR", "IR", None))
        )
    for reference in (first, second, third, fourth):
        with db.writing() as session:
            review.approve(session, reference, cast.clock, actor="Bea")
    with db.reading() as session:
        assert origins.kept(session) == {("DE", "en"): 1, ("IR", "en"): 2, (None, "en"): 1}
    with db.writing() as session:
        review.undo(session, first, cast.clock, actor="Bea")
        review.reject(session, desk, first, RejectReason.SPAM, cast.clock, actor="Bea")
        relate.merge(session, desk, second, third, cast.clock, actor="Bea")
        session.scalars(select(Signatory).filter_by(reference=fourth)).one().withdraw(cast.NOW, by="machine")
    with db.reading() as session:
        assert origins.kept(session) == counted(session) == {("IR", "en"): 1}


def test_newer_line_takes_the_place_of_the_one_that_was_counted(db: Database) -> None:
    with db.writing() as session:
        entry = add(session, 1, "DE", language="fa")
        entry.newest.approve(cast.NOW, by="Bea")
        session.flush()
        moved = entry.revise(
            lines={"en": PrintedLine("Refugees", "Paris", "France")}, at=cast.NOW, status=RevisionStatus.PENDING
        )
        session.flush()
        moved.approve(cast.NOW, by="Bea")
    with db.reading() as session:
        assert origins.kept(session) == counted(session) == {("FR", "fa"): 1}


def test_what_is_thrown_away_is_not_counted(db: Database) -> None:
    with db.trying() as session:
        add(session, 1, "DE").newest.approve(cast.NOW, by="Bea")
        session.flush()
    with db.reading() as session:
        assert not origins.kept(session)


def test_no_country_lies_open_in_the_database(db: Database) -> None:
    with db.writing() as session:
        add(session, 1, "IR").newest.approve(cast.NOW, by="Bea")
    with db.reading() as session:
        raw = session.scalar(text("SELECT origins_sealed FROM campaign"))
        assert raw is not None
        assert b"IR" not in bytes(raw)
        assert session.scalar(select(func.count()).select_from(Campaign)) == 1
        assert "country" not in {column.key for column in inspect(Revision).columns}
