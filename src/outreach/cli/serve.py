"""``outreach serve``: the coordinators' pages."""

from __future__ import annotations

import click
import uvicorn

from outreach.bootstrap import open_program
from outreach.cli.output import place_of, say
from outreach.web.app import coordinators_app


@click.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Serve the coordinators' pages until it is stopped, where [web] of the settings says."""
    program = open_program(place_of(context), via="page")
    web = program.settings.web
    say(f"The pages are at {web.url}")
    # The log of requests would hold one-time links; whoever stands before it sees to forwarded headers, not uvicorn.
    config = uvicorn.Config(
        coordinators_app(program),
        host=web.host,
        port=web.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    try:
        uvicorn.Server(config).run()
    finally:
        program.db.engine.dispose()
