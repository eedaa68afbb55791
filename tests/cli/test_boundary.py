"""What whoever types sees when something goes wrong: one line, an exit code, and no traceback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from outreach import cli
from outreach.errors import Refused
from tests.cli.commands import begin, command, run_process, surroundings, type_

_HERE = __name__
_PROBLEMS = {
    "refused": Refused("No: the rule \x1b[31mforbids\u202e it."),
    "mistake": ValueError("rosa@hamburg.example wrote this"),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
    "file": PermissionError(errno.EACCES, "Permission denied", "list.csv"),
    "stop": KeyboardInterrupt(),
}


@click.command()
@click.argument("which")
def fail(which: str) -> None:
    raise _PROBLEMS[which]


@pytest.fixture(autouse=True)
def failing_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cli.COMMANDS, "fail", (f"{_HERE}:fail", "Fail."))


@pytest.mark.parametrize(
    ("which", "code", "line"),
    [
        ("refused", 1, "outreach: No: the rule \\x1b[31mforbids\\u202e it."),
        ("mistake", 2, "outreach: unexpected: ValueError; run with --debug"),
        ("disk", 1, "outreach: The disk is full; nothing was lost. Make room and try again."),
        ("file", 1, "outreach: list.csv: Permission denied."),
    ],
)
def test_problem_becomes_one_line_and_an_exit_code(which: str, code: int, line: str) -> None:
    result = type_("fail", which)
    assert (result.exit_code, result.stderr.strip(), result.stdout) == (code, line, "")


def test_traceback_is_shown_when_asked_for() -> None:
    result = type_("--debug", "fail", "mistake")
    assert result.exit_code == 2
    assert "Traceback" in result.stderr


def test_ctrl_c_ends_with_130_and_no_word() -> None:
    result = type_("fail", "stop")
    assert (result.exit_code, result.output) == (130, "")


@pytest.mark.slow
def test_ctrl_c_at_a_question_ends_with_130(tmp_path: Path, init_url: str) -> None:
    begun = begin(tmp_path, init_url)
    with subprocess.Popen(
        command("-C", begun.folder, "start"),
        env=surroundings(begun.environment),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr
        os.read(process.stderr.fileno(), 1)  # the question has begun
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert b"Traceback" not in said


@pytest.mark.slow
def test_reader_that_has_gone_is_no_error(tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: Rosa <rosa@hamburg.example>\r\n\r\n" + b"We join.\r\n" * 1000)
    with subprocess.Popen(
        command("parse", "--json", *[mail] * 100), env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_full_disk_is_told_in_one_line_when_output_goes_to_a_file(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command("parse", "--json", tmp_path / "none.eml"),
            check=False,
            env=surroundings(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "disk is full" in done.stderr


@pytest.mark.slow
def test_help_names_every_command_and_loads_none() -> None:
    watched = (
        "import sys; from outreach.cli import outreach\ntry: outreach(['--help'])\nfinally: print(sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched], check=False, env=surroundings(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in cli.COMMANDS.keys() - {"fail"})
    for heavy in ("sqlalchemy", "rich", "alembic", "cryptography"):
        assert f"'{heavy}'" not in done.stdout


def test_unknown_command_is_a_usage_error() -> None:
    assert type_("publsh").exit_code == 2


@pytest.mark.slow
def test_module_is_the_command() -> None:
    done = run_process("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "outreach")
