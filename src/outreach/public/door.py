"""Lets requests in to the public pages: bounded, in a language, and whatever goes wrong ends in a quiet sentence.

There is nothing to steal here that a cookie or a session would carry, so neither exists: what a POST may do rests on
the token in its path alone. Every answer says that it loads nothing, is framed by nobody, tells nobody where the
visitor came from, and is kept by no cache.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from outreach.bootstrap import Program
from outreach.errors import OutreachError, SettingsError
from outreach.public.answers import Shown, Visit
from outreach.public.render import Pages
from outreach.public.routes import Row
from outreach.visiting import body_of, note_mistake, place_of

#: Octets of a form, and how many fields: the longest one is the form to sign.
LARGEST_FORM: Final = 20_000
MOST_FIELDS: Final = 50
#: In the one form that comes in parts: mail programs may send it so (RFC 8058, 3.2).
_ONE_CLICK: Final = re.compile(
    rb'name="?List-Unsubscribe"?[^\r\n]{0,100}(?:\r\n[^\r\n]{1,200}){0,4}\r\n\r\nOne-Click\r\n', re.IGNORECASE
)
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Door:
    """Between the server and the public pages of one campaign."""

    def __init__(self, program: Program, pages: Pages) -> None:
        if program.settings.public is None:
            raise SettingsError("There are no public pages: [public] in the settings names no address.")
        self._program, self._pages, self._web = program, pages, program.settings.public

    async def answer(self, row: Row, request: Request) -> Response:
        """Answer one request by its row of the table."""
        body = (await body_of(request, LARGEST_FORM) or b"") if row.method == "POST" else b""
        return await run_in_threadpool(self._answer, row, request, _fields(request, body))

    def _answer(self, row: Row, request: Request, form: Mapping[str, str]) -> Response:
        visit = Visit(
            program=self._program,
            language=self._language(request),
            chosen=self._pages.offered(form.get("language") or request.query_params.get("language")),
            place=place_of(request, self._web),
            path=request.path_params,
            form=form,
        )
        try:
            return self._pages.respond(row.answer(visit), visit)
        except OutreachError:  # the database is busy, say
            return self._pages.respond(Shown("sorry.html", status=503), visit)
        except Exception as problem:  # noqa: BLE001 - the boundary: whoever looks sees a sentence, the log no mail
            note_mistake(problem)
            return self._pages.respond(Shown("sorry.html", status=500), visit)

    def nowhere(self, request: Request, status: int) -> Response:
        """What an address that is none of ours, or a method that is not for it, is answered with."""
        visit = Visit(program=self._program, language=self._language(request), chosen=None, place="")
        return self._pages.respond(Shown("quiet.html", status=status), visit)

    def _language(self, request: Request) -> str:
        wanted = [one.partition(";")[0] for one in request.headers.get("accept-language", "").split(",")]
        found = (self._pages.offered(one) for one in wanted)
        return next((one for one in found if one is not None), self._pages.languages[0])


def _fields(request: Request, body: bytes) -> dict[str, str]:
    """The fields of a form as browsers send it, or the one click of a mail program; none of anything else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return {"List-Unsubscribe": "One-Click"} if _ONE_CLICK.search(body) else {}
    if kind != "application/x-www-form-urlencoded":
        return {}
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}
