"""A small file that is the old one or the new one, whatever happens meanwhile; its owner's alone."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path


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
