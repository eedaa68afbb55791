"""What is asked of a provider of tokens, and what is taken from it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from outreach.errors import LoginRefused, OutreachError, Refused, ServerUnreachable
from outreach.mail.oauth import Pending, TokenServer
from outreach.providers import GOOGLE, microsoft
from tests.mail.test_tokens import ROSA, server_of
from tests.servers.process import free_port
from tests.servers.tokens import TokenService


def test_a_code_that_was_typed_elsewhere_gives_tokens(tokens: TokenService) -> None:
    server = server_of(tokens)
    code = server.device_code()
    assert (code.code, code.where, code.expires_in) == ("KTPW-3F9X", f"{tokens.url}/link", 900)
    assert server.poll(code) == Pending()
    tokens.pending = 0
    tokens.types_the_code(ROSA)
    grant = server.poll(code)
    assert not isinstance(grant, Pending)
    assert tokens.is_good(ROSA, grant.access)


@pytest.mark.parametrize("error", ["expired_token", "access_denied", "invalid_client"])
def test_a_code_that_is_refused_ends_the_sign_in(tokens: TokenService, error: str) -> None:
    server = server_of(tokens)
    code = server.device_code()
    tokens.answers = [(400, {"error": "slow_down"}), (400, {"error": error})]
    assert server.poll(code) == Pending(slower=5)
    with pytest.raises(LoginRefused, match=error):
        server.poll(code)


def test_the_address_at_which_the_browser_ended_gives_tokens(tokens: TokenService) -> None:
    server = server_of(tokens)
    page = server.page()
    grant = server.exchange(page, f"  {tokens.agrees(ROSA, page.url)}\n")
    assert tokens.is_good(ROSA, grant.access)


def test_an_address_of_another_sign_in_is_not_taken(tokens: TokenService) -> None:
    server = server_of(tokens)
    other, ours = server.page(), server.page()
    with pytest.raises(Refused, match="not the address at which this sign-in ends"):
        server.exchange(ours, tokens.agrees(ROSA, other.url))
    assert tokens.forms == []


def test_who_did_not_agree_gives_nothing(tokens: TokenService) -> None:
    server = server_of(tokens)
    page = server.page()
    with pytest.raises(Refused, match="access_denied"):
        server.exchange(page, f"http://localhost/?error=access_denied&state={page.state}")


def test_a_code_is_worth_nothing_without_the_word_that_only_we_know(tokens: TokenService) -> None:
    server = server_of(tokens)
    page, other = server.page(), server.page()
    stolen = tokens.agrees("eve@elsewhere.example", other.url).replace(other.state, page.state)
    with pytest.raises(LoginRefused, match="invalid_grant"):
        server.exchange(page, stolen)


HOSTILE: list[tuple[int, Any, type[OutreachError]]] = [
    (200, b"<html>Log in to the hotel's network</html>", ServerUnreachable),
    (200, b"[1]", ServerUnreachable),
    (200, b"[" * 90_000, ServerUnreachable),
    (200, b'{"access_token": "' + b"x" * 200_000 + b'"}', ServerUnreachable),
    (200, {"refresh_token": "r"}, ServerUnreachable),
    (200, {"access_token": "a\x01b"}, ServerUnreachable),
    (200, {"access_token": "a\r\nRCPT TO:<x@y.example>"}, ServerUnreachable),
    (200, {"access_token": ["a"]}, ServerUnreachable),
    (307, b"", ServerUnreachable),
    (400, b"", ServerUnreachable),
    (400, {"error": 7}, ServerUnreachable),
    (400, {"error": "temporarily_unavailable"}, ServerUnreachable),
    (500, {"error": "server_error"}, ServerUnreachable),
    (400, {"error": "\x1b[2Jinvalid_grant", "error_description": "\u202etxt"}, LoginRefused),
    (401, {"error": "invalid_client", "error_description": ["x"]}, LoginRefused),
]


@pytest.mark.parametrize(("status", "content", "error"), HOSTILE)
def test_whatever_it_answers_ends_in_one_printable_line(
    tokens: TokenService, status: int, content: Any, error: type[OutreachError]
) -> None:
    tokens.answers = [(status, content)]
    with pytest.raises(error) as raised:
        server_of(tokens).refresh("secret-refresh-token")
    assert str(raised.value).isprintable()
    assert "secret-refresh-token" not in str(raised.value)
    assert len(tokens.forms) == 1  # a redirection is not followed


def test_a_life_that_is_told_as_text_or_as_nonsense_is_understood(tokens: TokenService) -> None:
    answers = [{"access_token": "a", "expires_in": value} for value in ("1800", -5, "soon", 10**30)]
    tokens.answers = [(200, answer) for answer in answers]
    server = server_of(tokens)
    assert [server.refresh("r").expires_in for _ in answers] == [1800, 3600, 3600, 3600]


def test_a_provider_that_is_not_there_may_be_there_later() -> None:
    nowhere = TokenService()
    nowhere.port = free_port()
    with pytest.raises(ServerUnreachable, match="nothing listens on this port"):
        server_of(nowhere).refresh("r")


def test_the_secret_of_an_application_goes_with_every_question(tokens: TokenService) -> None:
    sign_in = server_of(tokens)._sign_in
    TokenServer(sign_in, "c", "s3cret").device_code()
    assert (tokens.forms[0]["client_id"], tokens.forms[0]["client_secret"]) == ("c", "s3cret")


def test_google_is_asked_for_a_token_that_lasts() -> None:
    words = parse_qs(urlsplit(TokenServer(GOOGLE, "c", None).page().url).query)
    assert (words["access_type"], words["prompt"], words["scope"]) == (
        ["offline"],
        ["consent"],
        ["https://mail.google.com/"],
    )


def test_microsoft_is_asked_for_both_servers_and_a_token_that_lasts() -> None:
    found = microsoft("contoso.example")
    assert all(url.startswith("https://login.microsoftonline.com/contoso.example/oauth2/v2.0/")
               for url in (found.token_url, found.device_url, found.authorize_url))  # fmt: skip
    assert {scope.rpartition("/")[2] for scope in found.scope.split()} == {
        "IMAP.AccessAsUser.All",
        "SMTP.Send",
        "offline_access",
    }
