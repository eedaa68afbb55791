"""Starts server processes so that none outlives the tests, however those end."""

from __future__ import annotations

import os
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


def start(command: Sequence[str], output: IO[bytes] | int | None = None) -> subprocess.Popen[bytes]:
    """Run a command as leader of its own process group; it gets SIGTERM when we die."""
    setpriv = shutil.which("setpriv")
    prefix = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
    return subprocess.Popen(
        [*prefix, *command],
        cwd=TOP,
        stdin=subprocess.DEVNULL,
        stdout=output,
        start_new_session=True,
    )


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
    """A TCP port of 127.0.0.1 that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def listens(port: int) -> bool:
    """Whether something accepts connections at this port of 127.0.0.1."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
