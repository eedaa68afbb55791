"""A provider of tokens on loopback: gives them out, tells Dovecot whose they are, and takes them back when told to.

Strict where providers differ: a refresh token is good once, and the new one comes with the answer.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

CLIENT: Final = "7d8f1b52-campaign"
SCOPE: Final = "imap smtp"

#: A status, and what stands in the answer: JSON unless it is bytes.
Answer = tuple[int, Mapping[str, Any] | bytes]


class TokenService:
    """What has been given out and to whom, and what comes next. Used by several threads under one lock."""

    def __init__(self) -> None:
        self.port = 0
        self.begin()

    def begin(self) -> None:
        """As new: nothing is given out yet."""
        self.lifetime = 3600  #: seconds, of the access tokens to come
        self.refresh_lifetime: int | None = None
        self.forms: list[dict[str, str]] = []  #: what was asked for tokens, oldest first
        self.answers: list[Answer] = []  #: instead of the usual, each once
        self.pending = 0  #: so often nobody has typed the code yet
        self._access: dict[str, str] = {}
        self._refresh: dict[str, str] = {}
        self._codes: dict[str, tuple[str | None, str]] = {}
        self._devices: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def refreshes(self) -> int:
        return sum(form.get("grant_type") == "refresh_token" for form in self.forms)

    def toml(self, *more: str) -> str:
        """The table that lets a campaign use these tokens, for servers on loopback."""
        lines = ["[oauth]", 'provider = "other"', f'client_id = "{CLIENT}"', f'token_url = "{self.url}/token"']
        lines += [f'device_url = "{self.url}/device"', f'authorize_url = "{self.url}/authorize"']
        return "\n".join([*lines, f'scope = "{SCOPE}"', 'hosts = ["127.0.0.1"]', *more, ""])

    def give(self, user: str) -> dict[str, Any]:
        """Tokens for somebody who has signed in."""
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._access[access], self._refresh[refresh] = user, user
        given = {"access_token": access, "refresh_token": refresh, "expires_in": self.lifetime, "token_type": "Bearer"}
        return given if self.refresh_lifetime is None else {**given, "refresh_token_expires_in": self.refresh_lifetime}

    def types_the_code(self, user: str) -> None:
        """Whoever asks for a device code from now on finds that this user has typed it."""
        self._devices["*"] = user

    def agrees(self, user: str, url: str) -> str:
        """Where the browser of somebody ends who opens this page and agrees."""
        words = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(12)
        self._codes[code] = (user, words["code_challenge"])
        return f"{words['redirect_uri']}/?state={words['state']}&code={code}"

    def expire(self) -> None:
        """No access token that was given out is good any more."""
        self._access.clear()

    def revoke(self) -> None:
        """Nor is any refresh token: the password was changed, or an administrator ended all sessions."""
        self._refresh.clear()

    def is_good(self, user: str, token: str) -> bool:
        return self._access.get(token) == user

    def answer(self, path: str, form: dict[str, str]) -> Answer:
        with self._lock:
            if path == "/tokeninfo":
                user = self._access.get(form["access_token"])
                return (200, {"email": user}) if user else (400, {"error": "invalid_token"})
            self.forms.append(form)
            if self.answers:
                return self.answers.pop(0)
            if path == "/device":
                return 200, {"device_code": "d-1", "user_code": "KTPW-3F9X", "verification_uri": f"{self.url}/link",
                             "interval": 0, "expires_in": 900}  # fmt: skip
            return self._token(form)

    def _token(self, form: dict[str, str]) -> Answer:
        refused = (400, {"error": "invalid_grant", "error_description": "AADSTS70000: not good any more.\r\nTrace 7"})
        match form:
            case {"grant_type": "refresh_token", "refresh_token": token}:
                user = self._refresh.pop(token, None)
                return (200, self.give(user)) if user else refused
            case {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}:
                user, challenge = self._codes.pop(code, (None, ""))
                hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
                return (200, self.give(user)) if user and hashed == challenge else refused
            case {"device_code": "d-1"} if self.pending == 0 and "*" in self._devices:
                return 200, self.give(self._devices["*"])
        self.pending -= 1
        return 400, {"error": "authorization_pending"}


@contextmanager
def running_service() -> Iterator[TokenService]:
    service = TokenService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._give(service.answer(self.path, {name: values[0] for name, values in parse_qs(text).items()}))

        def do_GET(self) -> None:
            found = urlsplit(self.path)
            words = {name: values[0] for name, values in parse_qs(found.query).items()}
            self._give(service.answer(found.path, words))

        def _give(self, answer: Answer) -> None:
            status, content = answer
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            if status in (301, 307, 308):
                self.send_header("Location", f"{service.url}/elsewhere")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Tests are silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def token_server() -> Iterator[TokenService]:
    """The one that Dovecot asks."""
    with running_service() as service:
        yield service


@pytest.fixture
def tokens(token_server: TokenService) -> TokenService:
    """The same with nothing given out yet."""
    token_server.begin()
    return token_server
