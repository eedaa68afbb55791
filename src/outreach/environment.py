"""Secrets come from the environment: ``NAME`` itself, a file (``NAME_FILE``) or a command (``NAME_COMMAND``)."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from outreach.errors import SettingsError

#: Ends of the variables that only say where a secret is.
DETOURS: Final = ("_FILE", "_COMMAND")


def secret(name: str, environment: Mapping[str, str]) -> str | None:
    """A secret from ``name``, ``name_FILE`` or ``name_COMMAND``; None where none is set. Raises SettingsError."""
    if value := environment.get(name):
        return value
    if path := environment.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{name}_FILE names {path}, which cannot be read.") from None
    if command := environment.get(f"{name}_COMMAND"):
        try:
            run = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=True)
        except (subprocess.SubprocessError, OSError, UnicodeDecodeError):
            raise SettingsError(f"The command of {name}_COMMAND failed.") from None
        return run.stdout.rstrip("\r\n")
    return None
