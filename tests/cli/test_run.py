from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select, update

from outreach import passes
from outreach.bootstrap import Program, open_program
from outreach.model import InboundMessage, Lease, OutboxMail
from outreach.passes import StepElsewhere, StepFailed, one_pass, only_one
from outreach.store import workers
from outreach.words import InboundStatus, OutboxStatus, Report
from tests import cast
from tests.cli.commands import Begun, begin, on_terminal
from tests.servers.databases import SQLITE
from tests.servers.dovecot import Account, Dovecot
from tests.servers.sink import Sink

MAIL = b"From: Rosa <rosa@hamburg.example>\r\nSubject: Hello\r\nMessage-ID: <1@hamburg.example>\r\n\r\nWho are you?\r\n"


@contextmanager
def program_of(begun: Begun) -> Iterator[Program]:
    program = open_program(begun.folder, begun.environment)
    yield program
    program.db.engine.dispose()


def messages(begun: Begun) -> list[InboundStatus]:
    with program_of(begun) as program, program.db.reading() as session:
        return list(session.scalars(select(InboundMessage.status)))


def queue_a_mail(begun: Begun) -> None:
    with program_of(begun) as program, program.db.writing() as session:
        cast.mail(session, recipient="bea@team.example")


def mail_statuses(begun: Begun) -> list[OutboxStatus]:
    with program_of(begun) as program, program.db.reading() as session:
        return list(session.scalars(select(OutboxMail.status)))


@pytest.fixture
def begun(tmp_path: Path, dovecot: Account, sink: Sink, init_url: str) -> Begun:
    """A campaign on real servers."""
    smtp = f"smtp://127.0.0.1:{sink.port}"
    return begin(tmp_path, init_url, mailbox=dovecot.url, smtp=smtp, password=dovecot.password)


def test_run_fetches_and_sends_and_is_silent_without_a_terminal(begun: Begun, dovecot: Account, sink: Sink) -> None:
    dovecot.append(MAIL.replace(b"\r\n\r\n", b"\r\nAuto-Submitted: auto-replied\r\n\r\n"))
    queue_a_mail(begun)
    done = begun.run_process("run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(messages(begun)) == 1
    assert (len(sink.mails), mail_statuses(begun)) == (1, [OutboxStatus.SENT])


def test_second_run_finds_nothing_to_do(begun: Begun, dovecot: Account, sink: Sink) -> None:
    dovecot.append(MAIL)
    queue_a_mail(begun)
    begun.type_("run")
    assert begun.type_("run").exit_code == 0
    assert (len(messages(begun)), len(sink.mails)) == (1, 1)


def test_run_says_on_standard_error_what_a_person_must_act_on(begun: Begun, dovecot: Account) -> None:
    dovecot.append(MAIL)
    result = begun.type_("run")
    assert result.exit_code == 0
    assert "1 message(s) need a person: outreach messages list --status open" in result.stderr


@pytest.mark.slow
def test_run_says_on_a_terminal_what_each_step_did(begun: Begun, dovecot: Account) -> None:
    dovecot.append(MAIL)
    code, shown = on_terminal("-C", begun.folder, "run", environment=begun.environment)
    assert code == 0
    lines = {line.split()[0]: line for line in shown.splitlines() if line.strip()}
    assert "1 new" in lines["fetch"]
    assert "nothing to do" in lines["followup"]


def test_unreachable_inbox_stops_only_its_own_step(tmp_path: Path, init_url: str, sink: Sink) -> None:
    begun = begin(tmp_path, init_url, smtp=f"smtp://127.0.0.1:{sink.port}")
    begun.replace_setting("patience = 3", "patience = 1")
    queue_a_mail(begun)
    result = begun.type_("run")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("fetch: 127.0.0.1:1: nothing listens on this port")
    assert len(sink.mails) == 1


def test_unreachable_relay_stops_only_its_own_step_and_loses_nothing(
    tmp_path: Path, init_url: str, dovecot: Account
) -> None:
    begun = begin(tmp_path, init_url, mailbox=dovecot.url, password=dovecot.password)
    begun.replace_setting("patience = 3", "patience = 1")
    dovecot.append(MAIL)
    queue_a_mail(begun)
    result = begun.type_("run")
    assert result.exit_code == 1
    assert "dispatch: 127.0.0.1:1: nothing listens on this port" in result.stderr
    assert len(messages(begun)) == 1
    assert InboundStatus.FETCHED not in messages(begun)
    assert mail_statuses(begun) == [OutboxStatus.QUEUED]


def test_a_server_that_fails_is_told_from_the_third_time_in_a_row_on(
    tmp_path: Path, init_url: str, dovecot: Account
) -> None:
    begun = begin(tmp_path, init_url, mailbox=dovecot.url, password=dovecot.password)
    queue_a_mail(begun)
    assert [begun.type_("run").exit_code for _ in range(4)] == [0, 0, 1, 1]


def test_a_step_that_worked_meanwhile_is_counted_from_the_beginning(
    tmp_path: Path, init_url: str, dovecot: Account, sink: Sink
) -> None:
    begun = begin(tmp_path, init_url, mailbox=dovecot.url, password=dovecot.password)
    queue_a_mail(begun)
    assert [begun.type_("run").exit_code for _ in range(2)] == [0, 0]
    begun.replace_setting("smtp://127.0.0.1:1", f"smtp://127.0.0.1:{sink.port}")
    with program_of(begun) as program, program.db.writing() as session:
        session.execute(update(OutboxMail).values(next_attempt_at=program.clock()))
    begun.type_("run")
    begun.replace_setting(f"smtp://127.0.0.1:{sink.port}", "smtp://127.0.0.1:1")
    queue_a_mail(begun)
    assert begun.type_("run").exit_code == 0


@pytest.mark.slow
def test_a_server_that_fails_is_told_at_once_on_a_terminal(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    code, shown = on_terminal("-C", begun.folder, "run", environment=begun.environment)
    assert code == 1
    assert "nothing listens on this port" in shown


def test_steps_that_another_machine_is_at_are_left_to_it(begun: Begun, dovecot: Account, sink: Sink) -> None:
    dovecot.append(MAIL)
    queue_a_mail(begun)
    with program_of(begun) as program:
        for step in ("fetch", "intake", "followup", "link", "retire"):
            with program.db.writing() as session:
                assert workers.take(session, step, "another machine", program.clock())
        ended = {result.step: type(result) for result in one_pass(program)}
        assert ended == {
            **dict.fromkeys(("fetch", "intake", "followup", "link", "retire"), StepElsewhere),
            "dispatch": Report,
        }
    assert (messages(begun), len(sink.mails)) == ([], 1)


def test_a_pass_gives_back_what_it_alone_was_allowed(begun: Begun) -> None:
    begun.type_("run")
    with program_of(begun) as program, program.db.reading() as session:
        assert session.scalars(select(Lease)).all() == []


def test_steps_come_in_the_order_of_the_flow_whatever_fails(tmp_path: Path, init_url: str) -> None:
    with program_of(begin(tmp_path, init_url)) as program:
        steps = [(result.step, isinstance(result, StepFailed)) for result in one_pass(program)]
    assert steps == [
        ("fetch", True),
        ("intake", False),
        ("followup", False),
        ("dispatch", False),
        ("link", False),
        ("retire", False),
    ]


def logins(server: Dovecot, account: Account) -> tuple[int, int]:
    """How often this user was refused and let in, as the server itself tells it."""
    lines = [line for line in server.log().splitlines() if f"user=<{account.user}>" in line]
    return sum("auth failed" in line for line in lines), sum("Login:" in line for line in lines)


def test_refused_password_is_not_tried_again_until_it_changes(
    begun: Begun, dovecot: Account, dovecot_server: Dovecot
) -> None:
    wrong = begun.with_environment(OUTREACH_MAILBOX_PASSWORD="wrong")
    first, second = wrong.type_("run"), wrong.type_("run")
    assert (first.exit_code, second.exit_code) == (1, 1)
    assert "refused the login" in first.stderr
    assert "Change the settings or the password" in second.stderr
    assert logins(dovecot_server, dovecot) == (1, 0)
    assert begun.type_("run").exit_code == 0
    assert logins(dovecot_server, dovecot) == (1, 1)


def test_refused_password_stops_no_other_step(begun: Begun, sink: Sink) -> None:
    queue_a_mail(begun)
    assert begun.with_environment(OUTREACH_MAILBOX_PASSWORD="wrong").type_("run").exit_code == 1
    assert len(sink.mails) == 1


@pytest.mark.parametrize("how", ["FILE", "COMMAND"])
def test_password_may_come_from_a_file_or_a_command(how: str, begun: Begun, dovecot: Account, tmp_path: Path) -> None:
    dovecot.append(MAIL)
    file = tmp_path / "password"
    file.write_text(f"{dovecot.password}\n")
    value = str(file) if how == "FILE" else f"cat {file}"
    environment = {**begun.environment, f"OUTREACH_MAILBOX_PASSWORD_{how}": value}
    del environment["OUTREACH_MAILBOX_PASSWORD"]
    assert Begun(begun.folder, environment).type_("run").exit_code == 0
    assert len(messages(begun)) == 1


def test_missing_password_is_told_and_nothing_is_tried(begun: Begun, dovecot: Account, dovecot_server: Dovecot) -> None:
    result = begun.with_environment(OUTREACH_MAILBOX_PASSWORD="").type_("run")
    assert result.exit_code == 1
    assert "fetch: There is no password for the mailbox. Put the password into" in result.stderr
    assert logins(dovecot_server, dovecot) == (0, 0)


def test_second_run_beside_the_first_does_nothing_and_is_no_error(begun: Begun, dovecot: Account) -> None:
    dovecot.append(MAIL)
    with only_one(begun.folder) as alone:
        assert alone
        done = begun.type_("run")
    assert (done.exit_code, done.output) == (0, "")
    assert messages(begun) == []


@pytest.mark.slow
def test_second_run_beside_the_first_says_so_on_a_terminal(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    with only_one(begun.folder):
        code, shown = on_terminal("-C", begun.folder, "run", environment=begun.environment)
    assert code == 0
    assert "Another run is under way" in shown


def test_lock_is_free_again_after_a_run(begun: Begun) -> None:
    begun.type_("run")
    with only_one(begun.folder) as alone:
        assert alone


def test_mistake_of_the_program_in_one_step_keeps_no_other_from_its_work(
    begun: Begun, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Program) -> Report:
        raise ZeroDivisionError("rosa@hamburg.example")

    steps = tuple(replace(step, run=broken) if step.name == "intake" else step for step in passes.STEPS)
    monkeypatch.setattr(passes, "STEPS", steps)
    queue_a_mail(begun)
    result = begun.type_("run")
    assert (result.exit_code, len(sink.mails)) == (1, 1)
    assert result.stderr == "intake: unexpected: ZeroDivisionError; run with --debug\n"


def test_full_disk_loses_nothing_and_is_one_line(tmp_path: Path, dovecot: Account) -> None:
    begun = begin(tmp_path, SQLITE, mailbox=dovecot.url, password=dovecot.password)  # PRAGMA says how large it may grow
    dovecot.append(MAIL + base64.encodebytes(os.urandom(300_000)))

    def no_room(connection: object, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]  # sqlite3's
        connection.execute(f"PRAGMA max_page_count={pages + 2}")  # type: ignore[attr-defined]

    event.listen(Engine, "connect", no_room)
    try:
        result = begun.type_("run")
    finally:
        event.remove(Engine, "connect", no_room)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "The disk is full; nothing was lost" in result.stderr
    assert messages(begun) == []
    assert begun.type_("run").exit_code == 0
    assert len(messages(begun)) == 1


def test_locked_database_is_one_line(begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.store.database.BUSY_TIMEOUT_MS", 50)
    with program_of(begun) as program, program.db.writing() as session:
        session.execute(select(func.count()).select_from(OutboxMail))
        result = begun.type_("run")
    assert result.exit_code == 1
    assert "The database is busy: another process has held it for too long. Try again." in result.stderr
