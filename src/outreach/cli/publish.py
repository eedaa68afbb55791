"""``outreach publish``: writes the next wave, and says what the print rule keeps back."""

from __future__ import annotations

from pathlib import Path

import click

from outreach import site
from outreach.cli.output import actor_option, campaign_of, json_option, print_json, say, warn
from outreach.dossier import as_texts
from outreach.steps import publish as publishing
from outreach.steps.publish import Draft


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where to write.")
@click.option("--errata", is_flag=True, help="Only what is printed already, corrected or taken off; nobody new.")
@click.option("--dry-run", is_flag=True, help="Say what would be printed, and write nothing.")
@json_option
@actor_option
@click.pass_context
def publish(
    context: click.Context, folder: Path | None, errata: bool, dry_run: bool, as_json: bool, actor: str
) -> None:
    """Write the next wave: the list as HTML, text, CSV and JSON, and its manifest.

    Entries that are approved but may not be printed yet are named with all that they lack. With --errata a
    correction or a withdrawal is shown at once, while those who are new wait for the next list.
    """
    program = campaign_of(context)
    if folder is None and not dry_run:
        raise click.UsageError("Say where to write: --to DIR; or only look: --dry-run.")
    drafted = publishing.draft(program.db, program.settings, program.clock, errata=errata)
    if not as_json:
        _tell(drafted)
    written: list[str] = []
    if folder is not None and not dry_run:
        writers = site.writers(program.settings)
        publishing.publish(program.db, program.settings, drafted, folder, writers, program.clock, actor=actor)
        written = sorted([*writers, "manifest.json"])
    if as_json:
        print_json(_as_document(drafted, folder, written))
    elif written:
        say(f"Wave {drafted.published.wave} is written to {folder}: {', '.join(written)}.")


def _tell(drafted: Draft) -> None:
    listed = drafted.published
    for number, entry in enumerate(listed.entries, 1):
        lines = [str(entry.lines[language]) for language in listed.languages if language in entry.lines]
        say(f"{number:>4}  {entry.reference}  " + f"\n{'':17}".join(lines))
    say(f"Wave {listed.wave}: {len(listed.entries)} printed, {len(drafted.refused)} refused.")
    for condition in drafted.conditions:
        warn(f"A condition is touched: {condition}.")
    for reference, missing in drafted.refused:
        warn(f"{reference} is not printed; it lacks: {'; '.join(missing)}.")


def _as_document(drafted: Draft, folder: Path | None, written: list[str]) -> dict[str, object]:
    listed = drafted.published
    return {
        "wave": listed.wave,
        "published_at": listed.published_at if written else None,
        "folder": str(folder) if written else None,
        "files": written,
        "total": len(listed.entries),
        "items": [{"reference": entry.reference, "lines": as_texts(entry.lines)} for entry in listed.entries],
        "conditions": list(drafted.conditions),
        "refused": [{"reference": reference, "lacks": missing} for reference, missing in drafted.refused],
    }
