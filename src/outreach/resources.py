"""Where the files that are not code lie: one rule for wheels and checkouts.

A wheel carries ``templates/`` and ``db/`` beside the package's modules (see hatch_build.py); in a
checkout, and so in an editable install, both lie at the top level.
"""

from __future__ import annotations

from pathlib import Path

from outreach.errors import OutreachError

PACKAGE = Path(__file__).parent


def templates(package: Path = PACKAGE) -> Path:
    """The folder of the program's own mail, web and site templates. Raises OutreachError."""
    return _first_of(package / "templates", _checkout(package) / "templates")


def migrations(package: Path = PACKAGE) -> Path:
    """The folder of the Alembic environment and its versions. Raises OutreachError."""
    return _first_of(package / "migrations", _checkout(package) / "db")


def _checkout(package: Path) -> Path:
    return package.parent.parent


def _first_of(*folders: Path) -> Path:
    for folder in folders:
        if folder.is_dir():
            return folder
    raise OutreachError(f"outreach is not completely installed: {folders[0]} is missing. Install it again.")
