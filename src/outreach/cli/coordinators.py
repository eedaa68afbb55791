"""``outreach coordinators``: who may decide, in whose name ``--as`` may act, and who may open the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from outreach.addresses import valid_address
from outreach.bootstrap import Program
from outreach.cli.output import actor_option, campaign_of, json_option, print_list, say
from outreach.errors import Refused
from outreach.model import Coordinator, TeamRole
from outreach.settings import Settings
from outreach.steps import access
from outreach.steps import coordinators as team
from outreach.store import coordinators as stored

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _role_option(default: TeamRole | None = None) -> Callable[[_Command], _Command]:
    """``--role``: parameter ``role``."""
    return click.option(
        "--role",
        type=click.Choice([str(role) for role in TeamRole]),
        required=default is None,
        default=default and str(default),
        show_default=default is not None,
        help="viewer: looks on. reviewer: decides. admin: also says who the coordinators are.",
    )


@click.group()
def coordinators() -> None:
    """List, add and revoke those who decide; say where they write from, and let them into the pages."""


@coordinators.command("list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List the coordinators, also those who are none any more: their decisions stand in the log."""
    program = campaign_of(context)
    with program.db.reading() as session:
        items = [_item(row, program.settings.day.zone) for row in stored.everybody(session)]
    print_list(items, ("name", "role", "email", "since", "revoked_at"), as_json=as_json, total=len(items))


@coordinators.command("add")
@click.argument("name")
@click.option("--email", metavar="ADDRESS", help="From which they forward sign-ups; kept sealed.")
@_role_option(default=TeamRole.REVIEWER)
@actor_option
@click.pass_context
def add(context: click.Context, name: str, email: str | None, role: str, actor: str) -> None:
    """Register NAME: from now on --as NAME decides. Prints a link with which they open the pages for the first time."""
    program = campaign_of(context)
    address = _address(program, email)
    with program.db.writing() as session:
        added = team.add(session, name, address, program.clock, actor=actor, role=TeamRole(role))
        session.flush()
        said = f"{added.name} is a coordinator."
        token = access.link(session, program.keyring, added.name, program.clock, actor=actor)
    say(said)
    _say_link(program.settings, token)


@coordinators.command("link")
@click.argument("name")
@actor_option
@click.pass_context
def link(context: click.Context, name: str, actor: str) -> None:
    """Print a one-time link with which NAME chooses a password and an authenticator, for the first time or anew."""
    program = campaign_of(context)
    with program.db.writing() as session:
        token = access.link(session, program.keyring, name, program.clock, actor=actor)
    _say_link(program.settings, token)


@coordinators.command("role")
@click.argument("name")
@_role_option()
@actor_option
@click.pass_context
def role(context: click.Context, name: str, role: str, actor: str) -> None:
    """Say what NAME may do: look on, review, or also say who the coordinators are."""
    program = campaign_of(context)
    with program.db.writing() as session:
        said = f"{team.set_role(session, name, TeamRole(role), program.clock, actor=actor).name} is {role} now."
    say(said)


@coordinators.command("address")
@click.argument("name")
@click.argument("email", metavar="[ADDRESS]", required=False)
@actor_option
@click.pass_context
def address(context: click.Context, name: str, email: str | None, actor: str) -> None:
    """Say that NAME writes from ADDRESS, or from none. Sign-ups forwarded from there are taken as attested by NAME."""
    program = campaign_of(context)
    address = _address(program, email)
    with program.db.writing() as session:
        found = team.write_from(session, name, address, program.clock, actor=actor)
        said = f"{found.name} writes from {address}." if address else f"{found.name} has no address any more."
    say(said)


@coordinators.command("revoke")
@click.argument("name")
@actor_option
@click.pass_context
def revoke(context: click.Context, name: str, actor: str) -> None:
    """End NAME's right to decide. What they have decided stays as it is; the last one cannot be revoked."""
    program = campaign_of(context)
    with program.db.writing() as session:
        said = f"{team.revoke(session, name, program.clock, actor=actor).name} decides nothing any more."
    say(said)


def _address(program: Program, typed: str | None) -> str | None:
    """An address of theirs alone: what comes from the campaign's own is nobody's."""
    if typed is None:
        return None
    address = valid_address(typed)
    if address.lower() in program.settings.own_addresses:
        raise Refused("That is the campaign's own address: it does not say which of you has written.")
    return address


def _item(row: Coordinator, zone: ZoneInfo) -> dict[str, object]:
    return {
        "name": row.name,
        "role": row.role,
        "email": row.email,
        "since": row.since.astimezone(zone),
        "revoked_at": row.revoked_at.astimezone(zone) if row.revoked_at else None,
    }


def _say_link(settings: Settings, token: str) -> None:
    say(f"Their link, good once and for a day: {settings.web.url}/welcome/{token}")
    say("Hand it over where nobody else reads along; outreach serve must be running to open it.")
