"""The kept counts agree with the rows, whatever happens to them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.errors import IllegalMove
from outreach.model import Prospect, Signatory, Tally
from outreach.model.tally import Counted
from outreach.steps import rehearsal, relate, review
from outreach.store import campaign, prospects, tallies
from outreach.store.database import Database
from outreach.words import PrintedLine, ProspectStatus, RevisionStatus, Seen
from tests import cast


def counts(session: Session) -> tuple[int, ...]:
    return tuple(tallies.total(session, what) for what in Counted)


def counted(session: Session) -> tuple[int, ...]:
    """By opening every row."""
    listed = session.scalars(select(Prospect)).all()
    alone = [one for one in session.scalars(select(Signatory)) if one.merged_into_id is None]
    said = [one for one in alone if any(row.seen in (Seen.CONFIRMED, Seen.ATTESTED) for row in one.revisions)]
    return (
        sum(one.invited_at is not None for one in listed),
        sum(one.answered_at is not None for one in listed),
        len(alone),
        len(said),
    )


def test_counts_follow_invitations_answers_and_entries(db: Database) -> None:
    with db.writing() as session:
        invited, silent = (cast.prospect(session, {"en": name}, f"a@{name}.example") for name in ("one", "two"))
        for one in (invited, silent):
            one.invite(cast.NOW)
        invited.answer(cast.NOW)
        silent.invite_again(cast.NOW)
        cast.prospect(session, {"en": "three"}, None, status=ProspectStatus.ANSWERED, answered_at=cast.NOW)
        cast.signatory(session, seen=Seen.NO)
        cast.signatory(session, email="b@b.example", seen=Seen.SHOWN)
        cast.signatory(session, email="c@c.example", seen=Seen.CONFIRMED)
    with db.reading() as session:
        assert counts(session) == counted(session) == (2, 2, 3, 1)


def test_the_invited_of_one_statement_are_counted_unless_one_of_them_is_listed_no_more(db: Database) -> None:
    with db.writing() as session:
        listed = [cast.prospect(session, {"en": name}, f"a@{name}.example") for name in ("one", "two")]
        answered = cast.prospect(session, {"en": "three"}, "a@three.example")
        answered.answer(cast.NOW)
        session.flush()
        prospects.invite_all(session, listed, cast.NOW)
    with db.reading() as session:
        assert counts(session) == counted(session) == (2, 1, 0, 0)
        assert [row.status for row in session.scalars(select(Prospect).order_by(Prospect.id))] == [
            ProspectStatus.INVITED,
            ProspectStatus.INVITED,
            ProspectStatus.ANSWERED,
        ]
    with db.writing() as session, pytest.raises(IllegalMove):
        prospects.invite_all(session, session.scalars(select(Prospect)).all(), cast.NOW)


def test_yes_is_counted_once_for_an_entry_however_often_it_is_said(db: Database) -> None:
    with db.writing() as session:
        entry = cast.signatory(session, status=RevisionStatus.UNCONFIRMED, seen=Seen.NO)
        session.flush()
        assert counts(session) == counted(session) == (0, 0, 1, 0)
        entry.newest.seen = Seen.CONFIRMED
        session.flush()
        entry.revise(
            lines={"en": PrintedLine("Refugees")}, at=cast.NOW, status=RevisionStatus.PENDING, seen=Seen.ATTESTED
        )
        session.flush()
        assert counts(session) == counted(session) == (0, 0, 1, 1)
        for revision in entry.revisions:
            revision.seen = Seen.NO
    with db.reading() as session:
        assert counts(session) == counted(session) == (0, 0, 1, 0)


def test_entry_that_is_merged_is_counted_no_more_until_that_is_taken_back(db: Database) -> None:
    desk = cast.desk(db, Path("/campaigns/freedom"))
    with db.writing() as session:
        stays, goes = (cast.signatory(session, email=f"a@{name}.example").reference for name in ("one", "two"))
    with db.writing() as session:
        relate.merge(session, desk, goes, stays, cast.clock, actor="Bea")
    with db.reading() as session:
        assert counts(session) == counted(session) == (0, 0, 1, 1)
    with db.writing() as session:
        review.undo(session, goes, cast.clock, actor="Bea")
    with db.reading() as session:
        assert counts(session) == counted(session) == (0, 0, 2, 2)


def test_what_is_thrown_away_is_not_counted(db: Database) -> None:
    with db.trying() as session:
        cast.signatory(session)
        session.flush()
        assert counts(session)[2] == 1
    with db.reading() as session:
        assert counts(session) == (0, 0, 0, 0)


def test_arrivals_lie_between_the_moments_they_came_at(db: Database) -> None:
    quarter = timedelta(minutes=15)
    with db.writing() as session:
        for at, minutes in enumerate((-1, 0, 14, 15, 29)):
            cast.signatory(session, email=f"a@c{at}.example", at=cast.NOW + timedelta(minutes=minutes))
    with db.reading() as session:
        edges = [cast.NOW + quarter * at for at in (-1, 0, 1, 2, 3)]
        assert tallies.arrivals(session, edges) == [1, 2, 2, 0]


def test_end_of_the_rehearsal_leaves_nothing_counted(db: Database) -> None:
    desk = cast.desk(db, Path("/campaigns/freedom"))
    with db.writing() as session:
        campaign.the_campaign(session).started_at = None
        cast.prospect(session).invite(cast.NOW)
        cast.signatory(session)
    rehearsal.end(db, desk, cast.clock, actor="Bea")
    with db.reading() as session:
        assert counts(session) == counted(session) == (0, 0, 0, 0)
        assert session.scalars(select(Tally)).all() == []
