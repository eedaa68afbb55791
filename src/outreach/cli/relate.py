"""``outreach queue merge`` and ``relate``: two entries that are one organisation, or that belong together."""

from __future__ import annotations

import click

from outreach.cli.output import actor_option, campaign_of, say
from outreach.steps import relate as relating
from outreach.words import RelationKind


@click.command()
@click.argument("reference")
@click.argument("into")
@actor_option
@click.pass_context
def merge(context: click.Context, reference: str, into: str, actor: str) -> None:
    """Say that REFERENCE is the same organisation as INTO, which stays.

    Nothing is deleted: its contact, lines and history are shown with the other. queue undo REFERENCE takes it back
    until the next wave is published.
    """
    program = campaign_of(context)
    with program.db.writing() as session:
        stays = relating.merge(session, program.desk, reference, into, program.clock, actor=actor).reference
    say(f"It is merged into {stays}.")


@click.command()
@click.argument("reference")
@click.argument("kind", type=click.Choice([str(kind) for kind in RelationKind]))
@click.argument("other", required=False)
@click.option("--note", metavar="TEXT", help="Kept sealed. A condition may say in words beside whom they do not sign.")
@click.option("--end", is_flag=True, help="It does not hold any more.")
@actor_option
@click.pass_context
def relate(
    context: click.Context, reference: str, kind: str, other: str | None, note: str | None, end: bool, actor: str
) -> None:
    """Write down how REFERENCE belongs to OTHER; each of them prints by its own yes alone.

    not_beside is a condition: whoever approves or publishes what breaks it is warned.
    """
    program = campaign_of(context)
    with program.db.writing() as session:
        if end:
            relation = relating.end(session, reference, RelationKind(kind), other, program.clock, actor=actor)
        else:
            relation = relating.relate(
                session, reference, RelationKind(kind), other, program.clock, actor=actor, note=note
            )
        said = relation.in_words
    say(f"No longer: {said}." if end else f"{said}.")
