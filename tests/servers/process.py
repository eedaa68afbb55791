"""Starts server processes so that none outlives the tests, however those end."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

#: Where `python -m tests.…` works.
TOP: Final = Path(__file__).parents[2]
_PORTS: Final = itertools.count(random.SystemRandom().randrange(10_000, 25_000))


def start(
    command: Sequence[str],
    output: IO[bytes] | int | None = None,
    errors: IO[bytes] | int | None = None,
    user: str | None = None,
) -> subprocess.Popen[bytes]:
    """Run a command as leader of its own process group; it gets SIGTERM when we die."""
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    return subprocess.Popen(
        [*prefix, *command] if user is None else [*prefix, *_become(user), *command],
        cwd=TOP,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
    )


def run(command: Sequence[str], user: str | None = None) -> None:
    """Run a command to its end. Raises CalledProcessError."""
    become = [] if user is None else ["setpriv", *_become(user)]
    subprocess.run([*become, *command], check=True, capture_output=True, cwd="/", stdin=subprocess.DEVNULL)


def _become(user: str) -> list[str]:
    """What setpriv needs to start a program as somebody else; only root can."""
    return ["--reuid", user, "--regid", user, "--clear-groups"]


def stop(process: subprocess.Popen[bytes], patience: float = 1) -> None:
    """Ask the whole group to end, then make it. ``patience`` in seconds."""
    for request in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, request)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    if process.stdout:
        process.stdout.close()


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago.

    The system gives ports below 32768 to nobody who asks for any, so none is taken before our server has it; other
    processes of tests that look at the same time begin elsewhere.
    """
    for port in _PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("No port is free.")


def listens(port: int) -> bool:
    """Whether something accepts connections at this port of 127.0.0.1."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
