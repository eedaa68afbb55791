"""``outreach serve``: the coordinators' pages, or the public ones; each by a process and on a port of its own."""

from __future__ import annotations

import click
import uvicorn
from starlette.types import ASGIApp

from outreach.bootstrap import Program, open_program
from outreach.cli.output import place_of, say
from outreach.errors import SettingsError
from outreach.public.app import public_app
from outreach.settings import WebSettings
from outreach.web.app import coordinators_app


@click.command()
@click.option(
    "--public", is_flag=True, help="Serve the public pages instead: the list, a form to sign, links of mails."
)
@click.pass_context
def serve(context: click.Context, public: bool) -> None:
    """Serve the coordinators' pages until it is stopped, where [web] of the settings says.

    With --public it is the public pages, where [public] says; nothing of the coordinators' is reachable there.
    """
    program = open_program(place_of(context), via="page", signs=not public)
    try:
        web, app = _public(program) if public else (program.settings.web, coordinators_app(program))
        say(f"The pages are at {web.url}")
        _run(app, web)
    finally:
        program.db.engine.dispose()


def _public(program: Program) -> tuple[WebSettings, ASGIApp]:
    if program.settings.public is None:
        raise SettingsError("There are no public pages: write their address into outreach.toml, as [public] url.")
    return program.settings.public, public_app(program)


def _run(app: ASGIApp, web: WebSettings) -> None:
    # The log of requests would hold one-time links; whoever stands before it sees to forwarded headers, not uvicorn.
    config = uvicorn.Config(
        app,
        host=web.host,
        port=web.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    uvicorn.Server(config).run()
