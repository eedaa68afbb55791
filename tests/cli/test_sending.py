"""``outbox status``, ``pause`` and ``resume``: how the sending goes, in numbers that add up."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from outreach.bootstrap import Program, open_program
from outreach.letters import inviting
from outreach.model import OutboxMail
from outreach.store import buckets
from outreach.store.buckets import Bucket
from outreach.words import OutboxStatus
from tests import cast
from tests.cast import NOW
from tests.cli.commands import Begun, begin, put_statement
from tests.servers.sink import Sink


def queued(program: Program, *emails: str) -> None:
    """An invitation to each, through the one way in which mails are queued."""
    with program.db.writing() as session:
        for email in emails:
            listed = cast.prospect(session, {"en": f"Office of {email}"}, email)
            inviting.invitation(session, program.desk, [listed], NOW)


def sending(started: Begun, exit_code: int = 0) -> dict[str, Any]:
    result = started.type_("outbox", "status", "--json")
    assert result.exit_code == exit_code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_every_mail_ever_queued_stands_in_one_status(started: Begun, program: Program) -> None:
    queued(program, "a@a.example", "b@b.example")
    with program.db.writing() as session:
        session.get_one(OutboxMail, 1).cancel(NOW, "x")
    found = sending(started)
    assert set(found["mails"]) == {status.value for status in OutboxStatus}
    assert {status: count for status, count in found["mails"].items() if count} == {"queued": 1, "cancelled": 1}
    assert (found["there"], found["ever_queued"]) == (2, 2)


def test_a_lost_mail_shows_and_is_an_error(started: Begun, program: Program) -> None:
    queued(program, "a@a.example")
    with program.db.writing() as session:
        cast.mail(session)
    assert sending(started, exit_code=1)["warnings"] == ["The mails do not add up: 1 were ever queued, 2 are there."]


_PAUSE = ("outbox", "pause", "--domain", "mail.example", "--until", "2099-01-01 10:00")


def test_what_is_held_up_shows_with_why_and_until_when(started: Begun) -> None:
    assert started.type_(*_PAUSE, "--reason", "they  ask for it").exit_code == 0
    [halt] = sending(started)["held_up"]
    assert halt["note"] == "they ask for it"
    assert "(coordinator: they ask for it, by Bea)" in started.type_("outbox", "status").output
    assert (halt["what"], halt["why"], halt["by"]) == ("mail to mail.example", "coordinator", "Bea")
    assert halt["until"].startswith("2099-01-01T10:00")


def test_what_waits_for_a_person_is_a_warning_until_it_is_resumed(started: Begun) -> None:
    assert started.type_("outbox", "pause", "--sequence").exit_code == 0
    assert "invitations and reminders held up" in sending(started, exit_code=1)["warnings"][0]
    shown = started.type_("outbox", "status")
    assert "Held up: invitations and reminders, until it is resumed" in shown.output
    assert started.type_("outbox", "resume").exit_code == 0
    assert sending(started)["held_up"] == []
    assert "Nothing is held up" in started.type_("outbox", "resume").output


def test_limits_show_with_what_has_left_and_what_is_kept(started: Begun, program: Program) -> None:
    started.replace_setting("[sending]\n", "[sending]\nper_day = 8\n")
    queued(program, *(f"office@a{number}.example" for number in range(20)))
    with program.db.writing() as session:
        buckets.spend(session, [Bucket("relay day", timedelta(days=1), 8, "main")], 2, program.clock())
    found = sending(started)
    assert found["limits"] == [
        {"relay": "main", "within": "day", "limit": 8, "sent": 2, "by_hand": 0, "kept_for_answers": 2}
    ]
    assert found["sequence"]["waiting"] == 20
    assert found["sequence"]["limited_by"] == "the relay's limit of 8 a day, a quarter being kept"
    shown = started.type_("outbox", "status").output
    assert "Sent in the last day: 2 of 8 (2 of them kept for answers)." in shown
    assert "20 invitation(s) and reminder(s) will have left by" in shown


def test_invite_says_before_the_count_is_typed_when_it_will_be_done_and_how_many_are_late(
    started: Begun, program: Program
) -> None:
    deadline = program.clock() + timedelta(hours=1, minutes=30)
    started.replace_setting("[sending]\n", "[sending]\nper_day = 4\n")
    started.replace_setting("[day]\n", f"[day]\ndeadline = {deadline.isoformat()}\n")
    with program.db.writing() as session:
        for number in range(5):
            cast.prospect(session, {"en": f"Office {number}"}, f"office@a{number}.example")
    result = started.type_("invite", typed="no\n")
    assert "5 invitation(s) and reminder(s) will have left by" in result.output
    assert "2 of them would be too late" in result.output
    assert sending(started)["ever_queued"] == 0


def test_to_me_sends_one_in_each_language_now_and_queues_nothing(
    tmp_path: Path, new_database_url: str, sink: Sink
) -> None:
    campaign = begin(tmp_path, database=new_database_url, smtp=f"smtp://127.0.0.1:{sink.port}")
    put_statement(campaign)
    opened = open_program(campaign.folder, campaign.environment)
    with opened.db.writing() as session:
        cast.prospect(session)
    opened.db.engine.dispose()
    result = campaign.type_("invite", "--to-me")
    assert (result.exit_code, "Sent 2 invitation(s) to bea@team.example" in result.output) == (0, True), result.output
    assert [mail.recipients for mail in sink.mails] == [("bea@team.example",)] * 2
    assert sending(campaign)["ever_queued"] == 0


def test_one_thing_is_held_up_at_a_time(started: Begun) -> None:
    assert started.type_("outbox", "pause", "--sequence", "--domain", "a.example").exit_code == 2


def test_one_relay_of_two_is_paused_and_both_are_shown(started: Begun) -> None:
    text = started.settings_file.read_text(encoding="utf-8")
    second = '[[smtp]]\nname = "reserve"\nurl = "smtp://127.0.0.1:2"\nper_hour = 40\n\n[oauth]\n'
    started.settings_file.write_text(text.replace("[smtp]\n", "[[smtp]]\n").replace("[oauth]\n", second, 1), "utf-8")
    assert started.type_("outbox", "pause", "--relay", "main", "--until", "2099-01-01 10:00").exit_code == 0
    first, reserve = sending(started)["relays"]
    assert (first["takes_new"], first["paused"]["why"]) == (False, "coordinator")
    assert (reserve["takes_new"], reserve["per_hour"], reserve["paused"]) == (True, 30, None)
    shown = started.type_("outbox", "status").output
    assert "Relay main (127.0.0.1:1): paused until 2099-01-01 10:00" in shown
    assert "Relay reserve (127.0.0.1:2): 30 an hour, limited by: the relay's limit of 40 an hour" in shown
    assert "Held up: all mail by main" in shown
    assert started.type_("outbox", "resume", "--relay", "reserve").exit_code == 1
    assert started.type_("outbox", "resume", "--relay", "main").exit_code == 0
    assert started.type_("outbox", "pause", "--relay", "third").exit_code == 1
