"""How a list is taken in: every row is told, the count has to be typed, and what was done is told again.

Shared by ``prospects import`` and ``signatories import``, and by what is done to all entries of one file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import click

from outreach.cli.output import confirm_by_typing, print_json, say, warn
from outreach.dossier import as_texts
from outreach.errors import Refused
from outreach.model import Revision
from outreach.reading.listed import Preview

_Command = TypeVar("_Command", bound=Callable[..., Any])

a_file = click.Path(path_type=Path, exists=True, dir_okay=False)


def list_option(command: _Command) -> _Command:
    """``--list``: parameter ``file``, whose entries are all meant, in place of one reference."""
    help_ = "All that signatories import took from this very file."
    return click.option("--list", "file", type=a_file, metavar="FILE", help=help_)(command)


def carry_out(
    plan: Callable[[], Preview],
    run: Callable[[], Preview],
    tell: Callable[[Preview, bool], None],
    what: Callable[[int], str],
    *,
    outcomes: type[StrEnum],
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> Preview:
    """Show what each row would do, have the count typed, import. ``tell`` gets True for what only would be done."""
    preview = plan() if dry_run or not yes else None
    if not dry_run:
        if preview is not None and preview.taken:
            if not as_json:
                tell(preview, True)
            confirm_by_typing(str(preview.taken), yes=yes, what=what(preview.taken))
        preview = run()
    assert preview is not None
    if as_json:
        print_json(_as_document(preview, outcomes))
    else:
        tell(preview, dry_run)
    return preview


def tell_rows(preview: Preview, bad: StrEnum, *, would: bool) -> None:
    """Every row before it is taken; afterwards only those that a person should look at."""
    for row in preview.rows:
        if not would and row.outcome is not bad and row.reason is None:
            continue
        told = f"line {row.line}: {row.outcome.replace('_', ' ')}" + (f": {row.name}" if row.name else "")
        (warn if row.outcome is bad else say)(f"{told} ({row.reason})" if row.reason else told)
    if preview.ignored_columns:
        warn(f"Columns that mean nothing here are left out: {', '.join(preview.ignored_columns)}")


def confirm_all(revisions: Sequence[Revision], left: Mapping[str, str], *, yes: bool, what: str) -> None:
    """Show the line of each entry, and those that are left out with the reason; their count has to be typed."""
    for revision in revisions:
        say(f"{revision.signatory.reference}  {' / '.join(as_texts(revision.printed_lines).values())}")
    for reference, reason in left.items():
        warn(f"{reference} is left out: {reason}.")
    if not revisions:
        raise Refused("Nothing of this list is left to be done at once.")
    confirm_by_typing(str(len(revisions)), yes=yes, what=f"{len(revisions)} {what}")


def require_one(reference: str | None, file: Path | None) -> None:
    """One entry, or all of a list."""
    if (reference is None) == (file is None):
        raise Refused("Name one entry, or a whole list with --list FILE.")


def _as_document(preview: Preview, outcomes: type[StrEnum]) -> dict[str, object]:
    items = [
        {"line": row.line, "outcome": row.outcome, "name": row.name, "reason": row.reason, "reference": row.reference}
        for row in preview.rows
    ]
    return {
        "total": len(items),
        "counts": {outcome: preview.counts.get(outcome, 0) for outcome in outcomes},
        "ignored_columns": preview.ignored_columns,
        "items": items,
    }
