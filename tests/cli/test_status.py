"""`status`: whether anybody is at work, how each step went, and what waits."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from outreach.bootstrap import Program
from outreach.store import campaign as campaigns
from outreach.store import workers
from outreach.words import MailKind, RevisionStatus
from tests import cast
from tests.cli.commands import Begun


def went(
    program: Program, step: str, *, ago: timedelta = timedelta(), failures: int = 0, refused: bool = False
) -> None:
    with program.db.writing() as session:
        state = campaigns.step_state(session, step)
        state.succeed(program.clock() - ago)
        for _ in range(failures):
            state.fail(program.clock(), "mail.example: no answer", refused_hash=b"x" if refused else None)


def document(begun: Begun) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(begun.type_("status", "--json").stdout)
    return found


def test_all_is_well_when_mail_was_fetched_lately(started: Begun, program: Program) -> None:
    went(program, "fetch")
    result = started.type_("status")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "No worker is resident" in result.stdout


def test_it_says_that_nobody_is_at_work(started: Begun, program: Program) -> None:
    assert "No mail has ever been fetched" in started.type_("status").stderr
    went(program, "fetch", ago=timedelta(hours=3))
    result = started.type_("status")
    assert result.exit_code == 1
    assert "neither cron nor a worker is at work" in result.stderr


def test_a_hiccup_is_no_warning_and_the_third_in_a_row_is_one(started: Begun, program: Program) -> None:
    went(program, "fetch")
    went(program, "dispatch", failures=2)
    assert started.type_("status").exit_code == 0
    went(program, "dispatch", failures=3)
    assert "dispatch has not worked since" in started.type_("status").stderr


def test_a_refused_password_is_a_warning_at_once(started: Begun, program: Program) -> None:
    went(program, "fetch", failures=1, refused=True)
    assert "fetch has not worked since" in started.type_("status").stderr


def test_a_worker_is_shown_with_its_last_heartbeat(started: Begun, program: Program) -> None:
    went(program, "fetch")
    now = program.clock()
    with program.db.writing() as session:
        workers.beat(session, "here 1", now)
        workers.beat(session, "there 2", now - timedelta(minutes=10))
    shown = {worker["worker"]: worker["silent"] for worker in document(started)["workers"]}
    assert shown == {"here 1": False, "there 2": True}


def test_what_waits_is_counted(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        cast.mail(session, kind=MailKind.RECEIPT)
        cast.signatory(session, status=RevisionStatus.PENDING)
    waiting = document(started)["waiting"]
    assert (waiting["mails to be sent"], waiting["sign-ups to review"], waiting["mails in doubt"]) == (1, 1, 0)


def test_it_says_how_many_hours_are_left_until_the_deadline(started: Begun) -> None:
    at = datetime.now(UTC) + timedelta(hours=31, minutes=1)
    started.replace_setting("# deadline = 2026-09-03T20:00:00", f"deadline = {at:%Y-%m-%dT%H:%M:%S}")
    assert "freedom: started, 31 h left until the deadline" in started.type_("status").stdout


@pytest.mark.parametrize(("hours", "said"), [(3, "3 h"), (71, "71 h"), (99, "4 days 3 h")])
def test_it_says_for_how_long_the_oldest_has_waited(hours: int, said: str, started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        for age in (hours, 1):
            cast.signatory(session, at=program.clock() - timedelta(hours=age))
    assert f"2 sign-ups to review, the oldest for {said}" in started.type_("status").stdout
    assert document(started)["oldest"] == {"sign-ups to review": said}
