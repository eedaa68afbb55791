"""The pages on a real server of this machine, and two ways to visit them: as plain HTTP, and as a browser does."""

from __future__ import annotations

import html
import http.client
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import uvicorn
from playwright.sync_api import Page
from pyotp import TOTP
from starlette.types import ASGIApp

from outreach.bootstrap import Program
from outreach.model import TeamRole
from outreach.settings import WebSettings
from outreach.steps import access, coordinators
from outreach.web.app import coordinators_app
from outreach.web.gate import SESSION_COOKIE

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    text: str

    @property
    def token(self) -> str:
        """The form token of the page."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.text)
        assert found is not None
        return found[1]

    @property
    def version(self) -> str:
        """What the page had shown, as its forms tell it."""
        found = re.search(r'name="version" value="([^"]*)"', self.text)
        assert found is not None
        return html.unescape(found[1])


@dataclass(slots=True)
class Visitor:
    """Somebody with cookies, and nothing else of a browser."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answered:
        return self.request("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Answered:
        """As a form of our own pages is sent, unless headers say otherwise."""
        sent = {"Origin": self.url, "Content-Type": "application/x-www-form-urlencoded"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", path, urlencode(form), {name: value for name, value in sent.items() if value})

    def send_file(self, path: str, form: Mapping[str, str], data: bytes, name: str = "list.csv") -> Answered:
        """As a form with a file is sent."""
        edge = "----the-edge"
        fields = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in form.items()]
        file = f'name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + data
        parts = [f"--{edge}\r\nContent-Disposition: form-data; ".encode() + part + b"\r\n" for part in (*fields, file)]
        headers = {"Origin": self.url, "Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.request("POST", path, b"".join(parts) + f"--{edge}--\r\n".encode(), headers)

    def request(self, method: str, path: str, body: str | bytes | None, headers: Mapping[str, str]) -> Answered:
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, {**({"Cookie": kept} if kept else {}), **headers})
        answer = connection.getresponse()
        text = answer.read().decode()
        given = dict(header.partition(";")[0].split("=", 1) for header in answer.headers.get_all("Set-Cookie", []))
        self.cookies.update(given)
        connection.close()
        return Answered(answer.status, dict(answer.headers), given, text)


@dataclass(frozen=True, slots=True)
class Site:
    """The running pages of one campaign."""

    program: Program

    @property
    def url(self) -> str:
        return self.program.settings.web.url

    def visitor(self, name: str | None = None) -> Visitor:
        """Somebody at the door, or signed in as a coordinator."""
        return Visitor(self.url, {SESSION_COOKIE: self.token(name)} if name else {})

    def token(self, name: str) -> str:
        """The secret of a new session of theirs."""
        code = self.enrolled(name)
        return access.sign_in(self.program.db, name, PASSWORD, code, self.program.clock, place="127.0.0.1")

    def enrolled(self, name: str) -> str:
        """Take them in by a one-time link; returns a recovery code, which stands for their authenticator once."""
        program = self.program
        with program.db.writing() as session:
            link = access.link(session, program.keyring, name, program.clock, actor="Bea")
        with program.db.writing() as session:
            found = access.enrolment(session, program.keyring, link, program.clock)
            code = TOTP(found.totp).at(program.clock())
            codes = access.enrol(session, program.keyring, link, PASSWORD, code, program.clock)
        return codes[0]

    def enter(self, page: Page, name: str = "Bea") -> None:
        """Sign in as a coordinator, by the form, as they do."""
        code = self.enrolled(name)
        page.goto(f"{self.url}/sign-in")
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=code]", code)
        page.press("[name=code]", "Enter")
        page.wait_for_url(f"{self.url}/")

    def join(self, name: str, role: TeamRole = TeamRole.REVIEWER) -> None:
        with self.program.db.writing() as session:
            coordinators.add(session, name, None, self.program.clock, actor="Bea", role=role)


@contextmanager
def serving(program: Program) -> Iterator[Site]:
    """Serve the pages while the context lasts."""
    with running(coordinators_app(program), program.settings.web):
        yield Site(program)


@contextmanager
def running(app: ASGIApp, web: WebSettings) -> Iterator[None]:
    """A server of an application while the context lasts, as ``serve`` runs it."""
    config = uvicorn.Config(app, host=web.host, port=web.port, log_level="error", access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
