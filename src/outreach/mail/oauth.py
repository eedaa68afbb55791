"""Asks a provider for tokens over HTTPS: the device flow (RFC 8628), a pasted redirect, and the refresh (RFC 6749).

Used by ``tokens`` and ``cli.login``. docs/decisions/0002 says why no library does it.
"""

from __future__ import annotations

import json
import re
import secrets
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from outreach.errors import LoginRefused, Refused, ServerUnreachable
from outreach.mail.reasons import one_line, why
from outreach.providers import SignIn

SIGN_IN: Final = "Type: outreach login"

#: Octets; an answer is a few thousand.
_MOST: Final = 100_000
#: What may stand in a SASL answer and a form (RFC 6750, 2.1, and a little more).
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,16000}")
_LATER: Final = frozenset({"temporarily_unavailable", "server_error"})
#: Seconds: the interval that holds where none is said, and what slow_down adds to it (RFC 8628, 3.2 and 3.5).
_INTERVAL: Final = 5


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token server gives. Seconds are from now on; ``refresh`` is None where the old one stays good."""

    access: str
    refresh: str | None
    expires_in: int
    refresh_expires_in: int | None


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """The code that a person types on the page ``where``; ``interval`` and ``expires_in`` in seconds."""

    secret: str
    code: str
    where: str
    interval: int
    expires_in: int


@dataclass(frozen=True, slots=True)
class Pending:
    """Nobody has typed the code yet; ``slower``: so many seconds are to be added to the interval."""

    slower: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """The page on which a person agrees, and what shows that the answer belongs to it (RFC 7636)."""

    url: str
    state: str
    verifier: str


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """Whoever asks for our secrets elsewhere gets none."""


class TokenServer:
    """A provider's places, asked for one application. ``timeout`` in seconds."""

    def __init__(self, sign_in: SignIn, client_id: str, client_secret: str | None, *, timeout: float = 30) -> None:
        self._sign_in = sign_in
        self._client = {"client_id": client_id, **({"client_secret": client_secret} if client_secret else {})}
        self._timeout = timeout
        self._opener = build_opener(_NoRedirect, HTTPSHandler(context=ssl.create_default_context()))

    def refresh(self, token: str) -> Grant:
        """New tokens for a refresh token. Raises LoginRefused where it is not good any more, or ServerUnreachable."""
        answer = self._ask(self._sign_in.token_url, {"grant_type": "refresh_token", "refresh_token": token})
        if "error" in answer:
            raise self._refused(answer)
        return self._grant(answer)

    def device_code(self) -> DeviceCode:
        """Begin to sign in on another device. Raises LoginRefused or ServerUnreachable."""
        answer = self._ask(self._sign_in.device_url, {"scope": self._sign_in.scope})
        if "error" in answer:
            raise self._refused(answer)
        return DeviceCode(
            self._token(answer, "device_code"),
            one_line(str(answer.get("user_code", "")), 40),
            one_line(str(answer.get("verification_uri", "")), 200),
            _number(answer, "interval", _INTERVAL),
            _number(answer, "expires_in", 900),
        )

    def poll(self, code: DeviceCode) -> Grant | Pending:
        """Whether somebody has typed the code. Raises LoginRefused or ServerUnreachable."""
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": code.secret}
        answer = self._ask(self._sign_in.token_url, form)
        match answer.get("error"):
            case "authorization_pending":
                return Pending()
            case "slow_down":
                return Pending(_INTERVAL)
            case None:
                return self._grant(answer)
        raise self._refused(answer)

    def page(self) -> Page:
        """The page on which a person agrees."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        words = {
            "client_id": self._client["client_id"],
            "response_type": "code",
            "redirect_uri": self._sign_in.redirect,
            "scope": self._sign_in.scope,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **dict(self._sign_in.extra),
        }
        return Page(f"{self._sign_in.authorize_url}?{urlencode(words)}", state, verifier)

    def exchange(self, page: Page, address: str) -> Grant:
        """Tokens for the address at which the browser ended. Raises Refused, LoginRefused or ServerUnreachable."""
        found = {name: values[0] for name, values in parse_qs(urlsplit(address.strip()).query).items()}
        if not secrets.compare_digest(found.get("state", "").encode(), page.state.encode()):
            raise Refused("That is not the address at which this sign-in ends. Copy all of it from the browser's bar.")
        if "code" not in found:
            raise Refused(f"Nobody agreed there: {one_line(found.get('error', 'no code in the address'))}.")
        form = {
            "grant_type": "authorization_code",
            "code": found["code"],
            "redirect_uri": self._sign_in.redirect,
            "code_verifier": page.verifier,
        }
        answer = self._ask(self._sign_in.token_url, form)
        if "error" in answer:
            raise self._refused(answer)
        return self._grant(answer)

    def _ask(self, url: str, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer, be it an error that the protocol knows. Raises ServerUnreachable for all others."""
        host = urlsplit(url).hostname
        request = Request(url, urlencode({**self._client, **form}).encode(), {"Accept": "application/json"})
        try:
            try:
                with self._opener.open(request, timeout=self._timeout) as response:
                    status, raw = response.status, response.read(_MOST)
            except HTTPError as problem:
                with problem:
                    status, raw = problem.code, problem.read(_MOST)
        except (OSError, HTTPException) as problem:
            reason = problem.reason if isinstance(problem, URLError) else problem
            raise ServerUnreachable(
                f"{host}: {why(reason) if isinstance(reason, Exception) else one_line(str(reason))}"
            ) from problem
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            answer = None
        is_known = status == 200 or (400 <= status < 500 and status != 429)
        if not isinstance(answer, dict) or not is_known or answer.get("error") in _LATER:
            raise ServerUnreachable(f"{host} gives out no tokens now ({status}).")
        if status != 200 and not isinstance(answer.get("error"), str):
            raise ServerUnreachable(f"{host} gives out no tokens now ({status}).")
        return answer

    def _refused(self, answer: Mapping[str, Any]) -> LoginRefused:
        host = urlsplit(self._sign_in.token_url).hostname
        said = one_line(f"{answer['error']}: {answer.get('error_description') or 'no reason given'}", 200)
        return LoginRefused(f"{host} gives us no tokens any more (“{said}”). {SIGN_IN}")

    def _grant(self, answer: Mapping[str, Any]) -> Grant:
        refresh = self._token(answer, "refresh_token") if answer.get("refresh_token") else None
        ends = _number(answer, "refresh_token_expires_in", 0) or None
        return Grant(self._token(answer, "access_token"), refresh, _number(answer, "expires_in", 3600), ends)

    def _token(self, answer: Mapping[str, Any], name: str) -> str:
        value = answer.get(name)
        if not isinstance(value, str) or not _TOKEN.fullmatch(value):
            raise ServerUnreachable(f"{urlsplit(self._sign_in.token_url).hostname}: its answer holds no {name}.")
        return value


def _number(answer: Mapping[str, Any], name: str, default: int) -> int:
    """A number of seconds; some servers write it as text."""
    value = str(answer.get(name, ""))
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default
