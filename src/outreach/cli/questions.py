"""``outreach questions``: what organisations and others want to know, who looks after it, and the answers."""

from __future__ import annotations

import sys

import click

from outreach import inbox
from outreach.cli.output import (
    actor_option,
    after_option,
    campaign_of,
    json_option,
    limit_option,
    local_time,
    print_list,
    say,
)
from outreach.model import InboundMessage
from outreach.steps import coordinators
from outreach.steps import questions as asked
from outreach.store import inbound, references


@click.group()
def questions() -> None:
    """List, take over, answer and close the questions that came by mail."""


@questions.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are answered or closed, too.")
@limit_option
@after_option
@json_option
@click.pass_context
def list_(context: click.Context, everything: bool, limit: int, after: str | None, as_json: bool) -> None:
    """List the questions that wait for an answer, the oldest first. messages show REFERENCE shows one in full."""
    program = campaign_of(context)
    with program.db.reading() as session:
        start = references.id_of(session, InboundMessage, after)
        page = inbound.questions(session, only_open=not everything, after=start, limit=limit)
        items = [inbox.question(row, program.settings.day.zone) for row in page.rows]
    columns = ("reference", "state", "owner", "arrived_at", "from", "subject")
    print_list(items, columns, as_json=as_json, total=page.total)


@questions.command("own")
@click.argument("reference")
@click.option("--by", "name", metavar="NAME", help="Another coordinator than you.")
@actor_option
@click.pass_context
def own(context: click.Context, reference: str, name: str | None, actor: str) -> None:
    """Say who looks after a question."""
    program = campaign_of(context)
    with program.db.writing() as session:
        owner = coordinators.acting(session, name) if name else actor
        said = f"{asked.own(session, reference, owner, program.clock, actor=actor).reference} is with {owner}."
    say(said)


@questions.command("answer")
@click.argument("reference")
@click.option("--text", metavar="TEXT", help="The answer; without it, it is read from standard input.")
@actor_option
@click.pass_context
def answer(context: click.Context, reference: str, text: str | None, actor: str) -> None:
    """Answer a question by mail, in its thread, in your own words."""
    program = campaign_of(context)
    words = text if text is not None else sys.stdin.read()
    with program.db.writing() as session:
        mail = asked.answer(session, program.desk, reference, words, program.clock, actor=actor)
        leaves = local_time(mail.next_attempt_at, program.settings.day.zone)
        said = f"The answer {mail.reference} is queued and leaves at {leaves}."
    say(said)


@questions.command("close")
@click.argument("reference")
@actor_option
@click.pass_context
def close(context: click.Context, reference: str, actor: str) -> None:
    """Say that a question needs no answer, or got one another way."""
    program = campaign_of(context)
    with program.db.writing() as session:
        said = f"{asked.close(session, reference, program.clock, actor=actor).reference} is closed."
    say(said)
