from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.commands import Begun, begin
from tests.servers.dovecot import Account
from tests.servers.sink import Sink

#: A crontab program with one crontab, a file beside it; it says the same as Debian's.
CRONTAB = """#!/bin/sh
cd "$(dirname "$0")"
case "$1" in
    -l) cat table 2>/dev/null || { echo "no crontab for bea" >&2; exit 1; } ;;
    -) cat >table ;;
esac
"""
OTHERS = "MAILTO=bea@team.example\n# keep this\n0 4 * * * /usr/bin/backup --to '100\\% safe'\n"


class Machine:
    """A campaign on real servers, and a machine with cron."""

    def __init__(self, begun: Begun, place: Path) -> None:
        place.mkdir()
        self.program = place / "crontab"
        self.program.write_text(CRONTAB)
        self.program.chmod(0o755)
        self.table = place / "table"
        password = place.parent / "the mailbox's password"
        password.write_text(begun.environment["OUTREACH_MAILBOX_PASSWORD"] + "\n")
        self.password = password
        self.begun = begun.with_environment(
            PATH=f"{place}:{os.environ['PATH']}",
            OUTREACH_MAILBOX_PASSWORD="",
            OUTREACH_MAILBOX_PASSWORD_FILE=str(password),
        )

    def cron(self, *words: str) -> Result:
        return self.begun.type_("cron", *words)

    def lines(self) -> list[str]:
        return self.table.read_text().splitlines()

    def is_run_by_cron(self) -> subprocess.CompletedProcess[str]:
        """Run the last line as cron does: ``%`` without its backslash, by a shell that was told nothing."""
        command = self.lines()[-1].removeprefix("*/5 * * * * ").replace(r"\%", "%")
        words = ["env", "-i", "/bin/sh", "-c", command]
        return subprocess.run(words, cwd="/", capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def machine(tmp_path: Path, dovecot: Account, sink: Sink, init_url: str) -> Machine:
    place = tmp_path / "100 % ours"
    place.mkdir()
    begun = begin(place, init_url, mailbox=dovecot.url, smtp=f"smtp://127.0.0.1:{sink.port}", password=dovecot.password)
    return Machine(begun, tmp_path / "bin")


@pytest.mark.slow
def test_line_that_was_installed_does_the_work_where_nothing_is_set(machine: Machine) -> None:
    machine.table.write_text(OTHERS)
    assert machine.cron("--install").exit_code == 0
    done = machine.is_run_by_cron()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "never been fetched" not in machine.begun.type_("status").stderr


@pytest.mark.slow
def test_all_other_lines_stay(machine: Machine) -> None:
    machine.table.write_text(OTHERS)
    machine.cron("--install")
    assert machine.table.read_text().startswith(OTHERS)
    machine.cron("--remove")
    assert machine.table.read_text() == OTHERS


@pytest.mark.slow
def test_a_second_installation_of_the_line_changes_nothing(machine: Machine) -> None:
    machine.cron("--install")
    once = machine.table.read_text()
    assert machine.cron("--install").exit_code == 0
    assert machine.table.read_text() == once


@pytest.mark.slow
def test_line_of_another_campaign_stays(machine: Machine) -> None:
    other = "*/5 * * * * /usr/bin/outreach -C /srv/other run # outreach cron: other"
    machine.table.write_text(f"{other}\n")
    machine.cron("--install")
    assert machine.lines()[0] == other
    machine.cron("--remove")
    assert machine.lines() == [other]


def test_without_a_wish_the_line_is_shown_and_nothing_written(machine: Machine) -> None:
    result = machine.cron()
    assert result.exit_code == 0
    assert result.stdout.startswith("*/5 * * * * ")
    assert str(machine.begun.folder).replace("%", r"\%") in result.stdout
    assert not machine.table.exists()


def test_line_names_the_passwords_file_and_never_the_password(machine: Machine) -> None:
    shown = machine.cron().stdout
    assert f"OUTREACH_MAILBOX_PASSWORD_FILE={shlex.quote(str(machine.password))}" in shown
    assert machine.password.read_text().strip() not in shown


def test_password_that_stands_in_the_environment_alone_is_refused(machine: Machine) -> None:
    machine.begun = machine.begun.with_environment(
        OUTREACH_MAILBOX_PASSWORD="sesame-open", OUTREACH_MAILBOX_PASSWORD_FILE=""
    )
    result = machine.cron("--install")
    assert result.exit_code == 1
    assert "name that in OUTREACH_MAILBOX_PASSWORD_FILE" in result.stderr
    assert "sesame-open" not in result.output
    assert not machine.table.exists()


@pytest.mark.slow
def test_nothing_is_written_when_the_line_would_fail_under_cron(machine: Machine) -> None:
    machine.password.write_text("wrong\n")
    result = machine.cron("--install")
    assert result.exit_code == 1
    assert "as cron would run it, it fails" in result.stderr
    assert "refused" in result.stderr
    assert not machine.table.exists()


@pytest.mark.slow
def test_crontab_that_cannot_be_read_is_never_written_over(machine: Machine) -> None:
    machine.table.write_text(OTHERS)
    machine.program.write_text(CRONTAB.replace("-l) ", "-l) echo 'you are not allowed' >&2; exit 1;; -x) "))
    result = machine.cron("--install")
    assert result.exit_code == 1
    assert "Your crontab cannot be read: you are not allowed" in result.stderr
    assert machine.table.read_text() == OTHERS


def test_removing_where_there_is_no_line_says_so_and_writes_nothing(machine: Machine) -> None:
    result = machine.cron("--remove")
    assert (result.exit_code, result.stdout) == (0, "There is no such line in your crontab.\n")
    assert not machine.table.exists()


def test_machine_without_cron_is_told_of_the_worker(machine: Machine) -> None:
    machine.begun = machine.begun.with_environment(PATH=str(machine.table.parent.parent))
    assert "There is no cron here" in machine.cron("--remove").stderr
