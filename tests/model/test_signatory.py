"""The states of a revision: every move that is legal, and every one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from outreach.errors import IllegalMove
from outreach.model import Revision, Signatory
from outreach.steps.publish import shown_long_enough
from outreach.store.database import Database
from outreach.words import Channel, HoldKind, Proof, RejectReason, RevisionStatus, Seen
from tests import cast
from tests.cast import BERLIN, NOW

S = RevisionStatus

#: What can be done to a revision, and what it becomes from each status; where nothing stands it is refused.
MOVES: dict[str, tuple[Callable[[Revision], object], dict[RevisionStatus, RevisionStatus]]] = {
    "confirm": (
        lambda r: r.confirm(NOW, proof=Proof.MAILBOX),
        {S.UNCONFIRMED: S.PENDING, S.PENDING: S.PENDING, S.NEEDS_INFO: S.NEEDS_INFO, S.APPROVED: S.APPROVED},
    ),
    "attest": (
        lambda r: r.attest(NOW, by="Bea", channel=Channel.PHONE, spoken_at=NOW, speaker="Rosa"),
        {S.UNCONFIRMED: S.PENDING, S.PENDING: S.PENDING, S.NEEDS_INFO: S.PENDING, S.APPROVED: S.APPROVED},
    ),
    "approve": (lambda r: r.approve(NOW, by="Bea"), {S.PENDING: S.APPROVED}),
    "reject": (
        lambda r: r.reject(NOW, by="Bea", reason=RejectReason.SPAM),
        {S.UNCONFIRMED: S.REJECTED, S.PENDING: S.REJECTED, S.NEEDS_INFO: S.REJECTED},
    ),
    "expire": (lambda r: r.expire(NOW), {S.UNCONFIRMED: S.EXPIRED}),
    "withdraw": (
        lambda r: r.withdraw(NOW, by="machine"),
        dict.fromkeys((S.UNCONFIRMED, S.PENDING, S.NEEDS_INFO, S.APPROVED), S.WITHDRAWN),
    ),
    "replace": (
        lambda r: r.replace(NOW),
        dict.fromkeys((S.UNCONFIRMED, S.PENDING, S.NEEDS_INFO, S.APPROVED), S.REPLACED),
    ),
    "merge": (
        lambda r: r.merge(NOW, by="Bea"),
        dict.fromkeys((S.UNCONFIRMED, S.PENDING, S.NEEDS_INFO, S.APPROVED), S.MERGED),
    ),
    # These two say what was done, and never move anything else.
    "need_info": (lambda r: r.need_info(NOW, by="Bea"), {s: S.NEEDS_INFO if s is S.PENDING else s for s in S}),
    "answer": (lambda r: r.answer(), {s: S.PENDING if s is S.NEEDS_INFO else s for s in S}),
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("move", MOVES)
def test_revision_moves_only_where_it_may(db: Database, status: RevisionStatus, move: str) -> None:
    act, allowed = MOVES[move]
    with db.writing() as session:
        revision = cast.signatory(session, status=status).newest
        if status in allowed:
            act(revision)
            assert revision.status is allowed[status]
        else:
            with pytest.raises(IllegalMove):
                act(revision)
            assert revision.status is status


def two_revisions(session_of: Signatory, status: RevisionStatus) -> Revision:
    return session_of.revise(lines=BERLIN, at=NOW, status=status)


@pytest.mark.parametrize(
    ("older", "afterwards"),
    [
        (S.UNCONFIRMED, S.REPLACED),
        (S.PENDING, S.REPLACED),
        (S.NEEDS_INFO, S.REPLACED),
        (S.APPROVED, S.APPROVED),
        (S.WITHDRAWN, S.WITHDRAWN),
        (S.REJECTED, S.REJECTED),
    ],
)
def test_proven_revision_takes_the_place_of_what_is_open_and_leaves_what_prints(
    db: Database, older: RevisionStatus, afterwards: RevisionStatus
) -> None:
    with db.writing() as session:
        signatory = cast.signatory(session, status=older)
        two_revisions(signatory, S.PENDING).supersede(NOW)
        assert [revision.status for revision in signatory.revisions] == [afterwards, S.PENDING]


def test_approved_revision_takes_the_place_of_the_one_that_printed(db: Database) -> None:
    with db.writing() as session:
        signatory = cast.signatory(session, status=S.APPROVED)
        newer = two_revisions(signatory, S.PENDING)
        assert signatory.standing is signatory.revisions[0]
        newer.approve(NOW, by="Bea")
        assert [revision.status for revision in signatory.revisions] == [S.REPLACED, S.APPROVED]
        assert signatory.standing is newer


def test_withdrawal_ends_everything_that_is_open_or_printed(db: Database) -> None:
    with db.writing() as session:
        signatory = cast.signatory(session, status=S.REJECTED)
        for status in (S.APPROVED, S.PENDING, S.UNCONFIRMED):
            two_revisions(signatory, status)
        signatory.withdraw(NOW, by="machine")
        assert [revision.status for revision in signatory.revisions] == [S.REJECTED, *[S.WITHDRAWN] * 3]
        assert signatory.standing is None


def test_weaker_proof_never_replaces_a_stronger_one(db: Database) -> None:
    with db.writing() as session:
        revision = cast.signatory(session, proof=Proof.DOMAIN).newest
        revision.confirm(NOW, proof=Proof.MAILBOX)
        assert (revision.proof, revision.seen) == (Proof.DOMAIN, Seen.CONFIRMED)


def test_confirmation_that_proves_nothing_leaves_what_was_proven(db: Database) -> None:
    with db.writing() as session:
        revision = cast.signatory(session, proof=Proof.MAILBOX).newest
        revision.confirm(NOW, proof=Proof.NONE)
        assert revision.proof is Proof.MAILBOX


def test_same_hold_twice_is_one_hold_and_lifting_leaves_the_others(db: Database) -> None:
    with db.writing() as session:
        signatory = cast.signatory(session)
        for kind in (HoldKind.HIDDEN, HoldKind.HIDDEN, HoldKind.DISPUTED):
            signatory.hold(kind, by="machine", at=NOW, reason="")
        assert [hold.kind for hold in signatory.open_holds] == [HoldKind.HIDDEN, HoldKind.DISPUTED]
        signatory.lift(HoldKind.HIDDEN, by="Bea", at=NOW)
        assert [hold.kind for hold in signatory.open_holds] == [HoldKind.DISPUTED]
        assert (signatory.holds[0].lifted_by, signatory.holds[0].lifted_at) == ("Bea", NOW)


@contextmanager
def attested(db: Database, **values: Any) -> Iterator[Revision]:
    with db.writing() as session:
        revision = cast.signatory(session, **{"proof": Proof.NONE, "seen": Seen.NO, **values}).newest
        revision.attest(NOW, by="Bea", channel=Channel.PHONE, spoken_at=NOW, speaker="Rosa")
        yield revision


def test_attestation_keeps_the_line_that_was_read_back_and_who_said_yes(db: Database) -> None:
    with attested(db) as revision:
        assert (revision.proof, revision.seen, revision.rests_on_one_word) == (Proof.ATTESTED, Seen.ATTESTED, True)
        assert revision.attestation is not None
        assert revision.attestation.said == {
            "speaker": "Rosa",
            "lines": {language: str(line) for language, line in BERLIN.items()},
        }


def test_second_word_makes_an_attestation_whole_and_comes_from_somebody_else(db: Database) -> None:
    with attested(db) as revision:
        said = revision.attestation
        assert said is not None
        with pytest.raises(IllegalMove):
            said.countersign(NOW, by="Bea")
        said.countersign(NOW, by="Cyrus")
        assert not revision.rests_on_one_word
        with pytest.raises(IllegalMove):
            said.countersign(NOW, by="Dara")


def test_yes_by_mail_makes_an_attestation_superfluous(db: Database) -> None:
    with attested(db) as revision:
        revision.confirm(NOW, proof=Proof.MAILBOX)
        assert (revision.proof, revision.seen, revision.rests_on_one_word) == (Proof.MAILBOX, Seen.CONFIRMED, False)


def test_word_of_a_coordinator_takes_nothing_from_what_the_organisation_proved(db: Database) -> None:
    with attested(db, proof=Proof.DOMAIN, seen=Seen.CONFIRMED) as revision:
        assert (revision.proof, revision.seen) == (Proof.DOMAIN, Seen.CONFIRMED)


def test_line_is_attested_once(db: Database) -> None:
    with attested(db) as revision, pytest.raises(IllegalMove):
        revision.attest(NOW, by="Cyrus", channel=Channel.PAPER, spoken_at=NOW, speaker="Rosa")


def test_who_spoke_is_erased_with_the_contact(db: Database) -> None:
    with attested(db) as revision:
        revision.signatory.erase_contact()
        assert revision.attestation is not None
        assert (revision.attestation.said, revision.attestation.attested_by) == ({}, "Bea")


HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("sent", "deadline", "needed"),
    [
        (NOW, None, 48 * HOURS),
        (NOW, NOW + 400 * HOURS, 48 * HOURS),
        (NOW, NOW + 40 * HOURS, 10 * HOURS),
        (NOW, NOW - HOURS, 48 * HOURS),
    ],
    ids=["no deadline", "far", "near", "over"],
)
def test_shown_line_waits_two_days_or_a_quarter_of_the_time_left(
    sent: datetime, deadline: datetime | None, needed: timedelta
) -> None:
    assert not shown_long_enough(sent, sent + needed - timedelta(seconds=1), deadline)
    assert shown_long_enough(sent, sent + needed, deadline)


def test_line_in_a_mail_that_never_left_was_not_shown() -> None:
    assert not shown_long_enough(None, NOW, None)
