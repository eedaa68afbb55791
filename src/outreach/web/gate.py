"""Lets requests through to the pages, or not: session, role, origin, form token, size. The only place that checks them.

A POST must come from a page of ours: its Origin is ours, the browser does not call it cross-site, and its form
carries a token that only a page shown to this visitor has (security: OWASP's signed double submit). Every answer says
that it loads nothing from elsewhere, is framed by nobody and is kept by no cache.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from outreach.bootstrap import Program
from outreach.errors import OutreachError
from outreach.steps import access
from outreach.steps.access import NotLetIn
from outreach.visiting import body_of, note_mistake, place_of
from outreach.web.answers import Answer, Framed, Moved, Shown, Told, Visit, Visitor
from outreach.web.render import Pages
from outreach.web.routes import Row
from outreach.web.seen import Lookers, Seen

#: ``__Host-``: this host alone set it, over TLS (or on this machine), for all its paths (RFC 6265bis).
SESSION_COOKIE: Final = "__Host-outreach"
VISITOR_COOKIE: Final = "__Host-outreach-visitor"
LANGUAGE_COOKIE: Final = "__Host-outreach-language"
#: Octets of a form: the longest one holds a pasted mail.
LARGEST_FORM: Final = 200_000
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # No address of ours goes elsewhere; "no-referrer" would also make browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}

#: Of a mail's HTML, which stands in a frame of ours: nothing is loaded, no script runs, no form is sent.
FRAMED: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


class Turned(OutreachError):
    """The request is turned away, with this HTTP status."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a POST."""

    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    is_too_large: bool = False


class Gate:
    """Between the server and the pages of one campaign."""

    def __init__(self, program: Program, pages: Pages) -> None:
        self._program, self._pages, self._seen, self._lookers = program, pages, Seen(), Lookers()
        self._origin = program.settings.web.url

    async def answer(self, row: Row, request: Request) -> Response:
        """Answer one request by its row of the table."""
        sent = await _sent(request) if row.method == "POST" else Sent()
        response = await run_in_threadpool(self._answer, row, request, sent)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _answer(self, row: Row, request: Request, sent: Sent) -> Response:
        try:
            visitor, trouble = self._visitor(request), None
        except OutreachError as problem:  # the database is busy, say: nobody is let in, and everybody is told why
            visitor, trouble = None, problem
        secret = visitor.token if visitor is not None else request.cookies.get(VISITOR_COOKIE, "")
        fresh = "" if secret else secrets.token_urlsafe(32)
        visit = Visit(
            program=self._program,
            visitor=visitor,
            language=self._language(request),
            place=place_of(request, self._program.settings.web),
            at=request.url.path,
            lookers=self._lookers,
            path=request.path_params,
            query=dict(request.query_params),
            form=sent.form,
            files=sent.files,
        )
        try:
            if trouble is not None:
                raise trouble
            if row.method == "POST":
                self._check_origin(request)
                if sent.is_too_large:
                    raise Turned(413, f"That is too much at once: more than {LARGEST_FORM // 1000} kB.")
                if not hmac.compare_digest(self._token(secret or fresh).encode(), sent.form.get("token", "").encode()):
                    raise Turned(403, "This page was open for too long. Go back, load it anew and try again.")
            if row.needs is not None and visitor is None:
                return RedirectResponse("/sign-in", 303)
            if row.needs is not None and visitor is not None and not visitor.role.includes(row.needs):
                raise Turned(403, "Your role only looks on.")
            answer = row.answer(visit)
            response = self._respond(answer, visit, self._token(secret or fresh))
        except Exception as problem:  # noqa: BLE001 - the boundary: whoever looks sees a sentence, the log no mail
            refused = _refused(problem)
            response = self._respond(refused, visit, self._token(secret or fresh))
        if fresh:
            _set_cookie(response, VISITOR_COOKIE, fresh)
        return response

    def _respond(self, answer: Answer, visit: Visit, token: str) -> Response:
        match answer:
            case Shown():
                return self._pages.respond(answer, visit, token)
            case Framed(html):
                return HTMLResponse(html, headers=FRAMED)
            case Told(values):
                return JSONResponse(dict(values))
            case Moved(to, session, language):
                moved = RedirectResponse(to, 303)
                if language is not None:
                    _set_cookie(moved, LANGUAGE_COOKIE, language)
                if session is not None:
                    _set_cookie(moved, SESSION_COOKIE, session)
                if session == "":
                    moved.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
                return moved

    def _visitor(self, request: Request) -> Visitor | None:
        token = request.cookies.get(SESSION_COOKIE, "")
        if not token:
            return None
        now = self._program.clock()
        with self._program.db.reading() as session:
            found = access.signed_in(session, self._program.keyring, token)
            if found is None or found.is_over(now, self._seen.at(found.token_hash)):
                return None
            self._seen.note(found.token_hash, now)
            return Visitor(found.coordinator.name, found.coordinator.role, token)

    def _check_origin(self, request: Request) -> None:
        """Browsers say where a form comes from; what says nothing is no browser and is turned away too."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
        if origin != self._origin or site != "same-origin":
            raise Turned(403, f"This form did not come from {self._origin}, where the pages are served.")

    def _token(self, secret: str) -> str:
        """The form token of a visitor: bound to their session, or to their cookie before they have one."""
        return self._program.keyring.hash("form token", secret).hex()

    def _language(self, request: Request) -> str:
        wanted = [request.cookies.get(LANGUAGE_COOKIE, ""), *request.headers.get("accept-language", "").split(",")]
        known = (one.strip()[:2].lower() for one in wanted)
        return next((one for one in known if one in self._pages.languages), "en")


def _refused(problem: Exception) -> Shown:
    """What was not done, and why; of a mistake of ours only its kind and place, for its text may hold a mail's."""
    match problem:
        case Turned(status=status):
            says = str(problem)
        case NotLetIn():
            status, says = 403, str(problem)
        case OutreachError():
            status, says = 409, str(problem)
        case _:
            note_mistake(problem)
            status, says = 500, f"Something unexpected happened: {type(problem).__name__}."
    return Shown("refused.html", {"says": says}, status)


async def _sent(request: Request) -> Sent:
    """What a form sends, as text or with files."""
    body = await body_of(request, LARGEST_FORM)
    if body is None:
        return Sent(is_too_large=True)
    match request.headers.get("content-type", "").partition(";")[0]:
        case "application/x-www-form-urlencoded":
            return Sent(dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))
        case "multipart/form-data":
            return await _with_files(request.headers, body)
    return Sent()


async def _with_files(headers: Headers, body: bytes) -> Sent:
    """A form with a file, which stays in memory: it is smaller than what Starlette would write to a disk."""

    async def blocks() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        found = await MultiPartParser(headers, blocks(), max_files=1, max_fields=20, max_part_size=LARGEST_FORM).parse()
    except MultiPartException:
        return Sent()
    parts = found.multi_items()
    form = {name: value for name, value in parts if isinstance(value, str)}
    files = {name: await value.read() for name, value in parts if not isinstance(value, str)}
    await found.close()
    return Sent(form, files)


def _set_cookie(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, secure=True, httponly=True, samesite="strict", path="/")


def is_ours(host: str, url: str) -> bool:
    """Whether a Host header names the address the pages are served under (a name that is bound anew does not)."""
    return host.lower() == urlsplit(url).netloc.lower()
