"""``outreach db``: brings the database to the current version, or says whether it is there."""

from __future__ import annotations

import os

import click

from outreach.bootstrap import existing_database
from outreach.cli.output import place_of, say
from outreach.errors import DatabaseProblem
from outreach.settingsfile import load
from outreach.store import migrate


@click.group()
def db() -> None:
    """Bring the database to the current version, or check it."""


@db.command()
@click.pass_context
def upgrade(context: click.Context) -> None:
    """Run the migrations that are missing: all of them, or none."""
    engine = existing_database(load(place_of(context), os.environ))
    context.call_on_close(engine.dispose)
    before = migrate.current(engine)
    migrate.upgrade(engine)
    after = migrate.current(engine)
    say(f"The database was at version {before or 'none'} and is at {after} now." if before != after else _CURRENT)


@db.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Say whether the database is whole and at the current version; exit 1 if not."""
    engine = existing_database(load(place_of(context), os.environ))
    context.call_on_close(engine.dispose)
    migrate.require_head(engine)
    if damage := migrate.damage(engine):
        raise DatabaseProblem(f"The database is damaged ({damage}). Restore it from the last backup.")
    if differences := migrate.differences(engine):
        raise DatabaseProblem(f"The database differs from what the program expects: {differences[0]}")
    say(_CURRENT)


_CURRENT = "The database is whole and at the current version."
