"""Types commands: in this process, as a process of its own, and on a terminal; and begins campaigns."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from outreach.cli import outreach
from tests.project import ROOT


def type_(*words: object, environment: Mapping[str, str] | None = None, typed: str | None = None) -> Result:
    """Run a command line in this process. ``typed`` is standard input."""
    return CliRunner().invoke(outreach, [str(word) for word in words], input=typed, env=dict(environment or {}))


def command(*words: object) -> list[str]:
    """The same command line for a process of its own."""
    return [sys.executable, "-m", "outreach", *(str(word) for word in words)]


def surroundings(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of such a process; none of it belongs to whoever runs the tests."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8", **(environment or {})}


def run_process(
    *words: object, environment: Mapping[str, str] | None = None, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command line as cron does: in a process of its own, without a terminal."""
    return subprocess.run(
        command(*words),
        check=False,
        env=surroundings(environment),
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
    )


def on_terminal(*words: object, environment: Mapping[str, str] | None = None, typed: str = "") -> tuple[int, str]:
    """Run a command line with a terminal as its output (and input); exit code and what the terminal got."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(*words),
        env=surroundings({"TERM": "dumb", **(environment or {})}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        with suppress(OSError):  # Linux ends a terminal with EIO
            while block := os.read(ours, 4096):
                shown += block
    os.close(ours)
    return process.returncode, shown.decode()


@dataclass(frozen=True, slots=True)
class Begun:
    """A campaign that ``init`` has made: its folder, and the environment in which it is used."""

    folder: Path
    environment: dict[str, str]

    @property
    def settings_file(self) -> Path:
        return self.folder / "outreach.toml"

    def type_(self, *words: object, typed: str | None = None) -> Result:
        return type_("-C", self.folder, *words, environment=self.environment, typed=typed)

    def run_process(self, *words: object, typed: str = "") -> subprocess.CompletedProcess[str]:
        return run_process("-C", self.folder, *words, environment=self.environment, typed=typed)

    def with_environment(self, **changes: str) -> Begun:
        return Begun(self.folder, {**self.environment, **changes})

    def join(self, name: str) -> None:
        """Register one more coordinator; ``init`` has registered Bea."""
        result = self.type_("coordinators", "add", name, "--as", "Bea")
        assert result.exit_code == 0, result.output

    def replace_setting(self, old: str, new: str) -> None:
        text = self.settings_file.read_text(encoding="utf-8")
        assert old in text
        self.settings_file.write_text(text.replace(old, new), encoding="utf-8")


def init_words(folder: Path, *more: str) -> list[str]:
    words = ["init", str(folder), "--slug", "freedom", "--contact", "statement@contact.example"]
    return [*words, "--team", "bea@team.example", "--language", "fa", "--language", "en", *more]


def begin(
    place: Path,
    database: str,
    *,
    mailbox: str = "imap://statement@127.0.0.1:1/INBOX",
    smtp: str = "smtp://127.0.0.1:1",
    password: str = "correct-horse",
) -> Begun:
    """A campaign in ``place``/campaign whose servers, unless named, nobody listens on."""
    begun = Begun(
        place / "campaign",
        {
            "HOME": str(place / "home"),
            "XDG_CONFIG_HOME": str(place / "config"),
            "OUTREACH_MAILBOX_PASSWORD": password,
        },
    )
    result = type_(
        *init_words(begun.folder, "--mailbox", mailbox, "--smtp", smtp, "--database", database),
        environment=begun.environment,
    )
    assert result.exit_code == 0, result.output
    return begun


def put_statement(begun: Begun) -> None:
    for language, text in (("en", "# Free them\n\nWe ask for it.\n"), ("fa", "# آزادشان کنید\n\nما می‌خواهیم.\n")):
        (begun.folder / "statement" / f"{language}.md").write_text(text, encoding="utf-8")
