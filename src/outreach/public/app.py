"""Puts the public pages before a server: the table's rows as routes, and the one style sheet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach import resources
from outreach.bootstrap import Program
from outreach.public.door import HEADERS, Door
from outreach.public.render import Pages
from outreach.public.routes import ROWS, Row


def public_app(program: Program) -> ASGIApp:
    """The ASGI application of one campaign's public pages. Raises SettingsError where there are none."""
    door = Door(program, Pages(program))

    async def not_there(request: Request, problem: Exception) -> Response:
        return door.nowhere(request, problem.status_code if isinstance(problem, HTTPException) else 500)

    routes = [Route(row.path, _endpoint(door, row), methods=[row.method]) for row in ROWS]
    app = Starlette(
        routes=[*routes, Route("/public.css", _style, methods=["GET"])], exception_handlers={HTTPException: not_there}
    )
    # A redirect to the same address with a slash would be built from what the visitor says our name is.
    app.router.redirect_slashes = False
    return _WithHeaders(app)


def _endpoint(door: Door, row: Row) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await door.answer(row, request)

    return endpoint


async def _style(_: Request) -> Response:
    return FileResponse(resources.templates() / "public" / "public.css", media_type="text/css")


class _WithHeaders:
    """Every answer carries the same headers, whoever made it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, sending)
