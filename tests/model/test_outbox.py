"""The states of an outgoing mail: every move that is legal, and every one that is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from outreach.errors import IllegalMove
from outreach.model import OutboxMail
from outreach.model.outbox import MOVES
from outreach.store.database import Database
from outreach.words import OutboxStatus
from tests import cast
from tests.cast import NOW

S = OutboxStatus

#: What a person or a step does to a mail, where it leads, and from where it may be done.
ACTS: dict[str, tuple[Callable[[OutboxMail], None], OutboxStatus, frozenset[OutboxStatus]]] = {
    "settle_sent": (lambda mail: mail.settle_sent(NOW), S.SENT, frozenset({S.SENDING, S.IN_DOUBT})),
    "bounce": (lambda mail: mail.bounce(NOW), S.BOUNCED, frozenset({S.SENT, S.IN_DOUBT})),
    "cancel": (lambda mail: mail.cancel(NOW, "why"), S.CANCELLED, frozenset({S.QUEUED, S.DEFERRED, S.CLAIMED})),
    "fail": (
        lambda mail: mail.fail(NOW, "why"),
        S.FAILED,
        frozenset({S.DEFERRED, S.CLAIMED, S.SENDING, S.IN_DOUBT}),
    ),
    "requeue": (lambda mail: mail.requeue(NOW, "why"), S.QUEUED, frozenset({S.CLAIMED, S.IN_DOUBT, S.FAILED})),
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("act", ACTS)
def test_mail_moves_only_where_it_may(db: Database, act: str, status: OutboxStatus) -> None:
    do, to, allowed = ACTS[act]
    with db.writing() as session:
        mail = cast.mail(session, status=status)
        if status in allowed:
            do(mail)
            assert mail.status is to
        else:
            with pytest.raises(IllegalMove, match=f"mail cannot go from {status} to {to}"):
                do(mail)
            assert mail.status is status


def test_settled_mail_says_when_and_a_mail_queued_again_does_not(db: Database) -> None:
    with db.writing() as session:
        mail = cast.mail(session, status=S.IN_DOUBT)
        mail.fail(NOW, "a coordinator says so")
        assert (mail.settled_at, mail.reason) == (NOW, "a coordinator says so")
        mail.requeue(NOW, "once more")
        assert (mail.settled_at, mail.next_attempt_at, mail.reason) == (None, NOW, "once more")


def test_nothing_that_has_ended_for_good_moves_again() -> None:
    assert [status for status in S if not MOVES[status]] == [S.CANCELLED, S.BOUNCED]


def test_what_may_have_left_never_goes_back_to_the_queue_but_through_doubt_or_failure() -> None:
    assert {status for status in S if S.QUEUED in MOVES[status]} == {S.CLAIMED, S.IN_DOUBT, S.FAILED}
