"""``outreach cron``: the line with which cron does the work; tried as cron would run it before it is written."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from outreach.cli.output import place_of, say
from outreach.environment import DETOURS
from outreach.errors import Refused
from outreach.settings import Settings
from outreach.settingsfile import load

EVERY: Final = "*/5 * * * *"
#: Of what a check finds, these hang on the environment in which it runs.
_SURROUNDINGS: Final = frozenset({"settings", "key", "database", "mailbox", "smtp"})
#: What ``crontab -l`` says where there is none yet: Debian's and cronie's, and busybox's.
_NO_CRONTAB: Final = re.compile(r"no crontab for|can't open '\S+': No such file")


@click.command()
@click.option("--install", "wish", flag_value="install", help="Try the line as cron would run it, then write it.")
@click.option("--remove", "wish", flag_value="remove", help="Take the line out again.")
@click.pass_context
def cron(context: click.Context, wish: str | None) -> None:
    """Print the line that lets cron do the work; write it into your crontab, or take it out.

    The line needs nothing of its surroundings: paths are absolute, and it names the files or commands that hold the
    passwords (OUTREACH_..._FILE, OUTREACH_..._COMMAND) as they are set now. All other lines of the crontab stay. What
    needs a person is mailed by cron, where it can; outreach status shows it too.
    """
    folder = place_of(context).absolute()
    settings = load(folder, os.environ)
    if wish == "remove":
        had, kept = _parted(_crontab(), settings.slug)
        if had:
            _write_crontab(kept)
        say("The line was taken out of your crontab." if had else "There is no such line in your crontab.")
        return
    command = command_line(settings, os.environ)
    if wish is None:
        say(line(settings, command))
        return
    say("Trying it as cron would run it …")
    _try(command)
    had, kept = _parted(_crontab(), settings.slug)
    written = line(settings, command)
    if had != [written]:
        _write_crontab([*kept, written])
    say("From now on cron does the work, every five minutes. In your crontab stands:")
    say(written)


def line(settings: Settings, command: str) -> str:
    """The line of a crontab, where ``%`` would end the command (crontab(5))."""
    return f"{EVERY} {command} run {_mark(settings.slug)}".replace("%", r"\%")


def command_line(settings: Settings, environment: Mapping[str, str]) -> str:
    """How a shell that knows nothing calls this very installation for this campaign; the command itself is missing.

    Raises Refused where a password would have to stand in it.
    """
    for name in settings.passwords:
        if environment.get(name) and not any(environment.get(name + detour) for detour in DETOURS):
            raise Refused(
                f"Cron knows nothing of {name}, and a crontab is no place for a password: put it into a file of your "
                f"own (chmod 600), and name that in {name}_FILE."
            )
    words = [*own_command(), "-C", str(settings.folder.absolute())]
    text = " ".join([*_passed_on(environment), shlex.join(words)])
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise Refused("A path with a line break or another control character cannot stand in a crontab.")
    return text


def own_command() -> list[str]:
    """How cron, which knows no PATH of ours, calls this very installation."""
    called = Path(sys.argv[0])
    return [str(called.absolute())] if called.name == "outreach" else [sys.executable, "-m", "outreach"]


def _passed_on(environment: Mapping[str, str]) -> list[str]:
    """The variables that say where secrets are; never a secret itself."""
    passed = []
    for name, value in sorted(environment.items()):
        if value and (name == "PGPASSFILE" or (name.startswith("OUTREACH_") and name.endswith(DETOURS))):
            is_path = name.endswith("FILE")
            passed.append(f"{name}={shlex.quote(str(Path(value).absolute()) if is_path else value)}")
    return passed


def _try(command: str) -> None:
    """Look, as cron would, at what hangs on the environment. Raises Refused with all that is wrong."""
    # POSIX, crontab: HOME, LOGNAME, SHELL and PATH are set, and nothing else; what needs no PATH is right with any.
    bare = {"HOME": str(Path.home())}
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} check --json"], check=False, env=bare, cwd="/", capture_output=True, text=True
    )
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["checks"]
    except (ValueError, KeyError):
        last = done.stderr.strip().rpartition("\n")[2]
        raise Refused(f"Nothing was written: cron could not run it. {last}") from None
    wrong = [f"{f['check']}: {f['text']}" for f in found if f["status"] == "failed" and f["check"] in _SURROUNDINGS]
    if wrong:
        raise Refused(f"Nothing was written; as cron would run it, it fails. {'; '.join(wrong)}")


def _mark(slug: str) -> str:
    """What the line is known by; the shell takes it for a comment."""
    return f"# outreach cron: {slug}"


def _parted(lines: list[str], slug: str) -> tuple[list[str], list[str]]:
    """Our lines, and all others."""
    ours = [line for line in lines if line.endswith(_mark(slug))]
    return ours, [line for line in lines if line not in ours]


def _crontab() -> list[str]:
    done = _run_crontab("-l")
    if done.returncode == 0:
        return done.stdout.splitlines()
    if _NO_CRONTAB.search(done.stderr):
        return []
    raise Refused(f"Your crontab cannot be read: {done.stderr.strip()}")


def _write_crontab(lines: list[str]) -> None:
    done = _run_crontab("-", text="".join(f"{line}\n" for line in lines))
    if done.returncode != 0:
        raise Refused(f"Your crontab was not changed: {done.stderr.strip()}")


def _run_crontab(word: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    if (program := shutil.which("crontab")) is None:
        raise Refused("There is no cron here (no crontab program). Install it, or run outreach worker instead.")
    surroundings = {**os.environ, "LC_ALL": "C"}  # so that its words are known
    words = [program, word]
    return subprocess.run(words, check=False, input=text, capture_output=True, text=True, env=surroundings)
