"""Small files, their owner's alone: whole or not there, the old one or the new one, whatever happens meanwhile."""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

from outreach.errors import KeyProblem


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside, force it to disk, and put it in place. Raises OSError, and then the old one is whole."""
    new = path.with_name(f"{path.name}.new")
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # one at a time, of all threads and processes
        with suppress(FileNotFoundError):
            new.unlink()  # of a process that died
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        os.fsync(folder)
    finally:
        os.close(folder)


def new_file(path: Path, content: bytes) -> None:
    """Make a file, and its folder where there is none. Raises FileExistsError: it never overwrites one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_private(path: Path) -> bytes:
    """What is in a file that nobody but its owner may read. Raises KeyProblem where others can, or OSError."""
    mode, content = path.stat().st_mode, path.read_bytes()
    if stat.S_IMODE(mode) & 0o077:
        raise KeyProblem(f"Others can read {path}. Type: chmod 600 {path}")
    return content
