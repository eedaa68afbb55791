"""Puts the pages before a server: the table's rows as routes, the files of ``templates/web/static``, the right host."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from outreach import resources
from outreach.bootstrap import Program
from outreach.web.gate import HEADERS, Gate, is_ours
from outreach.web.render import Pages
from outreach.web.routes import ROWS, Row

_SAYS: Final = {404: "There is no such page.", 405: "That cannot be done here."}


def coordinators_app(program: Program) -> ASGIApp:
    """The ASGI application of one campaign. Raises TemplateProblem."""
    gate = Gate(program, Pages(program))
    routes = [Route(row.path, _endpoint(gate, row), methods=[row.method]) for row in ROWS]
    static = StaticFiles(directory=resources.templates() / "web" / "static")
    app = Starlette(routes=[*routes, Mount("/static", static)], exception_handlers={HTTPException: _not_there})
    return _OurHostOnly(app, program.settings.web.url)


def _endpoint(gate: Gate, row: Row) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await gate.answer(row, request)

    return endpoint


async def _not_there(_: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    return PlainTextResponse(_SAYS.get(status, "That did not work."), status, HEADERS)


class _OurHostOnly:
    """Turns away requests for other names: else a page elsewhere could bind its name to this machine and read along."""

    def __init__(self, app: ASGIApp, url: str) -> None:
        self._app, self._url = app, url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = next((value.decode("latin-1") for key, value in scope["headers"] if key == b"host"), "")
            if not is_ours(host, self._url):
                await PlainTextResponse(f"The pages are at {self._url}.", 421, HEADERS)(scope, receive, send)
                return
        await self._app(scope, receive, send)
