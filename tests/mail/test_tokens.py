"""How tokens are kept and refreshed: sealed, one at a time, and never forgotten before the next is on disk."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from outreach.errors import KeyProblem, LoginRefused, ServerUnreachable
from outreach.mail.oauth import Grant, TokenServer
from outreach.mail.tokens import AccessTokens, Login, LoginFile
from outreach.providers import SignIn
from outreach.sealing import Keyring
from tests.cast import NOW
from tests.servers.tokens import CLIENT, SCOPE, TokenService

ROSA = "rosa@campaign.example"


def server_of(tokens: TokenService) -> TokenServer:
    sign_in = SignIn(f"{tokens.url}/token", SCOPE, frozenset(), f"{tokens.url}/device", f"{tokens.url}/authorize")
    return TokenServer(sign_in, CLIENT, None, timeout=5)


class Signed:
    """Somebody has signed in at noon; ``now`` moves by hand."""

    def __init__(self, path: Path, tokens: TokenService) -> None:
        self.now = NOW
        self.tokens = tokens
        self.file = LoginFile(path / "login.sealed", Keyring.from_secret(b"k" * 32), CLIENT)
        given = tokens.give(ROSA)
        grant = Grant(given["access_token"], given["refresh_token"], given["expires_in"], None)
        self.file.write(Login.granted(grant, NOW))

    def clock(self) -> datetime:
        return self.now

    def access(self) -> AccessTokens:
        """As each process makes one for itself."""
        return AccessTokens(self.file, server_of(self.tokens), self.clock)


@pytest.fixture
def signed(tmp_path: Path, tokens: TokenService) -> Signed:
    return Signed(tmp_path, tokens)


def test_a_token_is_used_again_until_shortly_before_it_expires(signed: Signed) -> None:
    first = signed.access().current()
    signed.now += timedelta(minutes=54)
    assert signed.access().current() == first
    assert signed.tokens.refreshes == 0
    signed.now += timedelta(minutes=2)
    assert signed.access().current() != first
    assert signed.tokens.refreshes == 1


def test_the_new_refresh_token_is_used_the_next_time(signed: Signed) -> None:
    for _ in range(3):
        signed.now += timedelta(hours=1)
        assert signed.tokens.is_good(ROSA, signed.access().current())
    assert len({form["refresh_token"] for form in signed.tokens.forms}) == 3


def test_of_many_that_find_the_token_expired_one_refreshes_it(signed: Signed) -> None:
    signed.now += timedelta(hours=1)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(signed.access().current())) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found)), signed.tokens.refreshes) == (12, 1, 1)


def test_of_many_whose_token_was_refused_one_refreshes_it(signed: Signed) -> None:
    refused = signed.access().current()
    signed.tokens.expire()
    assert len({signed.access().renewed(refused) for _ in range(4)}) == 1
    assert signed.tokens.refreshes == 1


def test_a_new_refresh_token_that_cannot_be_kept_hands_out_nothing_and_leaves_the_old_file(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signed.file.path.read_bytes()
    signed.now += timedelta(hours=1)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        signed.access().current()
    assert signed.file.path.read_bytes() == before


def test_what_a_process_left_that_died_while_it_wrote_stands_in_nobodys_way(signed: Signed) -> None:
    signed.file.path.with_name("login.sealed.new").write_bytes(b"half")
    signed.now += timedelta(hours=1)
    assert signed.tokens.is_good(ROSA, signed.access().current())
    assert [path.name for path in sorted(signed.file.path.parent.iterdir())] == [".login.sealed.lock", "login.sealed"]


@pytest.mark.parametrize("answer", [(503, b"<html>Sorry</html>"), (429, {"error": "slow_down"}), (200, b"{")])
def test_while_the_provider_is_away_a_token_that_is_not_over_yet_will_do(
    signed: Signed, answer: tuple[int, bytes]
) -> None:
    first = signed.access().current()
    signed.now += timedelta(minutes=57)
    signed.tokens.answers = [answer, answer]
    assert signed.access().current() == first
    signed.now += timedelta(minutes=4)
    with pytest.raises(ServerUnreachable, match=r"^127\.0\.0\.1"):
        signed.access().current()


def test_a_refused_refresh_names_the_command_to_run(signed: Signed) -> None:
    signed.tokens.revoke()
    signed.now += timedelta(hours=1)
    with pytest.raises(LoginRefused, match=r"no tokens any more .*AADSTS70000: not good.*Type: outreach login"):
        signed.access().current()


def test_no_token_stands_readable_in_the_file_and_others_may_not_read_it(signed: Signed) -> None:
    kept, octets = signed.file.read(), signed.file.path.read_bytes()
    assert kept.access.encode() not in octets and kept.refresh.encode() not in octets
    assert signed.file.path.stat().st_mode & 0o777 == 0o600
    signed.file.path.chmod(0o640)
    with pytest.raises(KeyProblem, match="chmod 600"):
        signed.file.read()


def other_key(path: Path) -> LoginFile:
    return LoginFile(path, Keyring.from_secret(b"x" * 32), CLIENT)


def other_application(path: Path) -> LoginFile:
    return LoginFile(path, Keyring.from_secret(b"k" * 32), "another")


@pytest.mark.parametrize("other", [other_key, other_application])
def test_a_login_of_another_key_or_application_is_none(signed: Signed, other: Callable[[Path], LoginFile]) -> None:
    with pytest.raises(LoginRefused, match="outreach login"):
        other(signed.file.path).read()


def test_where_nobody_has_signed_in_it_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(LoginRefused, match=r"Nobody has signed in.*outreach login"):
        other_key(tmp_path / "login.sealed").read()


def test_a_sign_in_without_a_refresh_token_is_none() -> None:
    with pytest.raises(LoginRefused, match="an hour only"):
        Login.granted(Grant("a", None, 3600, None), NOW)


def test_a_provider_that_keeps_its_refresh_token_need_not_say_it_again() -> None:
    login = Login.granted(Grant("a", "r", 3600, None), NOW)
    assert login.refreshed(Grant("b", None, 3600, None), NOW).refresh == "r"
