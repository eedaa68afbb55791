"""What stands against mails that are about to leave: one answer for a whole batch, and only about those asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach.model.throttle import HaltCause, HaltScope
from outreach.store import halts, obstacles, pauses, suppressions
from outreach.store.database import Database
from outreach.words import PauseReason, ProspectStatus, SuppressionReason, SuppressionScope
from tests import cast
from tests.cast import NOW

SOON = NOW + timedelta(hours=1)
OURS, OTHERS = b"a" * 32, b"b" * 32


@pytest.mark.parametrize("address", [OURS, OTHERS])
def test_only_what_is_known_of_the_addresses_asked_about_stands_against_them(db: Database, address: bytes) -> None:
    with db.writing() as session:
        suppressions.suppress(
            session, OURS, SuppressionScope.INVITATIONS, SuppressionReason.UNSUBSCRIBED, actor="machine", at=NOW
        )
        pauses.pause(session, OURS, PauseReason.ABSENT, until=SOON, actor="machine", at=NOW)
        found = obstacles.against(session, [address], [], NOW)
    ours = address == OURS
    assert found.suppressed == ({OURS: frozenset({SuppressionScope.INVITATIONS})} if ours else {})
    assert found.paused == ({OURS: [pauses.Held(PauseReason.ABSENT, SOON, NOW)]} if ours else {})


def test_what_is_over_stands_against_nothing(db: Database) -> None:
    with db.writing() as session:
        pauses.pause(session, OURS, PauseReason.ABSENT, until=NOW, actor="machine", at=NOW)
        halts.place(session, HaltScope.SEQUENCE, HaltCause.FAILURES, until=SOON, at=NOW, actor="machine")
        now, later = (obstacles.against(session, [OURS], [], at) for at in (NOW, SOON))
    assert (now.paused, now.halted) == ({}, [halts.Key(HaltScope.SEQUENCE)])
    assert later.halted == []


def test_a_mail_invites_until_all_that_it_names_have_answered(db: Database) -> None:
    with db.writing() as session:
        mails = []
        for states in ([ProspectStatus.INVITED, ProspectStatus.ANSWERED], [ProspectStatus.DECLINED]):
            mail = cast.mail(session)
            for state in states:
                session.add(cast.invites(mail, cast.prospect(session, {"en": state}, status=state)))
            mails.append(mail.id)
        session.flush()
        assert obstacles.against(session, [], mails, NOW).inviting == {mails[0]}
        assert obstacles.against(session, [], [], NOW).inviting == frozenset()
