"""``outreach login`` and what follows from it: check, run, cron and move, on servers that take tokens alone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from outreach.bootstrap import utc_now
from outreach.cli import login
from outreach.cli.checks import State
from outreach.cli.login import wait_for
from outreach.errors import Refused, ServerUnreachable
from outreach.mail.oauth import DeviceCode, Grant, Pending, TokenServer
from outreach.mail.tokens import LoginFile
from outreach.providers import GOOGLE
from outreach.relay import OAuthSettings
from outreach.sealing import read_key
from outreach.serverurl import ServerUrl, Service
from outreach.settingsfile import load
from outreach.words import OutboxStatus
from tests.cli.commands import Begun, begin, command, surroundings
from tests.cli.test_check import found
from tests.cli.test_run import mail_statuses, queue_a_mail
from tests.mail.test_tokens import server_of
from tests.servers.databases import SQLITE
from tests.servers.dovecot import Account
from tests.servers.sink import Sink, running_sink
from tests.servers.tokens import CLIENT, TokenService


@pytest.fixture
def relay(tokens: TokenService) -> Iterator[Sink]:
    """A relay that takes the same tokens as the mailbox."""
    with running_sink(Sink(is_good=tokens.is_good)) as sink:
        yield sink


@pytest.fixture
def begun(tmp_path: Path, dovecot_by_token: Account, relay: Sink, tokens: TokenService) -> Begun:
    """A campaign that knows no password, and that nobody has signed in to yet."""
    smtp = f"smtp://{dovecot_by_token.user}@127.0.0.1:{relay.port}"
    begun = begin(tmp_path, SQLITE, mailbox=dovecot_by_token.url, smtp=smtp, password="")
    text = begun.settings_file.read_text(encoding="utf-8")
    before, _, after = text.partition("[oauth]\n")
    begun.settings_file.write_text(f"{before}{tokens.toml()}\n[dkim]{after.partition('[dkim]')[2]}", encoding="utf-8")
    return begun


@pytest.fixture
def signed_in(begun: Begun, tokens: TokenService, dovecot_by_token: Account) -> Begun:
    tokens.types_the_code(dovecot_by_token.user)
    assert begun.type_("login").exit_code == 0
    return begun


def login_file(begun: Begun) -> LoginFile:
    settings = load(begun.folder, begun.environment)
    return LoginFile(settings.login_file(), read_key(settings.key_file, campaign=begun.folder), CLIENT)


def shift(begun: Begun, back: timedelta) -> None:
    """As if that much time had gone by since the last refresh."""
    file = login_file(begun)
    login = file.read()
    file.write(type(login)(login.ref, login.refresh, login.access, login.expires_at - back, login.signed_in_at, None))


def test_a_code_is_shown_and_what_is_got_for_it_opens_both_servers(
    begun: Begun, tokens: TokenService, dovecot_by_token: Account
) -> None:
    tokens.types_the_code(dovecot_by_token.user)
    result = begun.type_("login")
    assert f"Open {tokens.url}/link" in result.stdout and "KTPW-3F9X" in result.stdout
    report = found(begun)
    assert [report[check][0][0] for check in ("login", "mailbox", "smtp")] == ["ok", "ok", "ok"]


def test_a_pasted_address_does_as_well(begun: Begun, tokens: TokenService, dovecot_by_token: Account) -> None:
    words = command("-C", begun.folder, "login", "--paste")
    with subprocess.Popen(
        words, env=surroundings(begun.environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        page = next(line.strip() for line in process.stdout if line.startswith(tokens.url))
        process.stdin.write(tokens.agrees(dovecot_by_token.user, page) + "\n")
        process.stdin.close()
        assert "Signed in" in process.stdout.read()
    assert found(begun)["login"][0][0] == "ok"


def test_an_address_of_another_sign_in_leaves_nothing_behind(
    begun: Begun, tokens: TokenService, dovecot_by_token: Account
) -> None:
    other = server_of(tokens).page().url
    wrong = begun.type_("login", "--paste", typed=tokens.agrees(dovecot_by_token.user, other))
    assert (wrong.exit_code, wrong.stderr.startswith("outreach: That is not the address")) == (1, True)
    assert not (begun.folder / "login.sealed").exists()


def test_nothing_that_was_got_is_shown_or_lies_readable(signed_in: Begun) -> None:
    kept = login_file(signed_in).read()
    shown = signed_in.type_("login").output + signed_in.type_("check").output + signed_in.run_process("run").stderr
    files = b"".join(path.read_bytes() for path in signed_in.folder.rglob("*") if path.is_file())
    for secret in (kept.access, kept.refresh, login_file(signed_in).read().refresh):
        assert secret not in shown
        assert secret.encode() not in files


def test_who_has_not_signed_in_is_told_the_command(begun: Begun) -> None:
    [(status, text)] = found(begun)["login"]
    assert (status, text) == ("failed", "Nobody has signed in to the mailbox from here. Type: outreach login")


def test_login_without_a_provider_says_what_to_set(begun: Begun) -> None:
    begun.replace_setting('provider = "other"', 'provider = ""')
    assert "put provider and client_id into [oauth]" in begun.type_("login").stderr


def test_a_run_refreshes_what_has_expired_and_sends(signed_in: Begun, tokens: TokenService, relay: Sink) -> None:
    queue_a_mail(signed_in)
    shift(signed_in, timedelta(hours=1))
    tokens.expire()
    assert signed_in.type_("run").exit_code == 0
    assert (len(relay.mails), tokens.refreshes) == (1, 1)


def test_a_refused_refresh_stops_with_the_command_and_neither_loses_nor_doubles_a_mail(
    signed_in: Begun, tokens: TokenService, relay: Sink
) -> None:
    queue_a_mail(signed_in)
    shift(signed_in, timedelta(hours=1))
    tokens.revoke()
    first = signed_in.type_("run")
    assert first.exit_code == 1
    assert first.stderr.count("Type: outreach login") == 2  # fetch and dispatch
    asked = len(tokens.forms)
    assert signed_in.type_("run").exit_code == 1
    assert len(tokens.forms) == asked  # a refusal is not repeated
    assert (mail_statuses(signed_in), relay.mails) == ([OutboxStatus.QUEUED], [])
    assert signed_in.type_("login").exit_code == 0
    assert signed_in.type_("run").exit_code == 0
    assert signed_in.type_("run").exit_code == 0
    assert (mail_statuses(signed_in), len(relay.mails)) == ([OutboxStatus.SENT], 1)


def test_a_provider_that_is_away_is_tried_again(signed_in: Begun, tokens: TokenService, relay: Sink) -> None:
    queue_a_mail(signed_in)
    shift(signed_in, timedelta(hours=1))
    tokens.answers = [(503, b"")] * 2
    assert signed_in.type_("run").exit_code == 0  # the first failure is nobody's business
    assert mail_statuses(signed_in) == [OutboxStatus.QUEUED]
    assert signed_in.type_("run").exit_code == 0
    assert len(relay.mails) == 1


def test_a_login_that_ends_is_told_before(begun: Begun, tokens: TokenService, dovecot_by_token: Account) -> None:
    tokens.refresh_lifetime = 604_799
    tokens.types_the_code(dovecot_by_token.user)
    begun.type_("login")
    status, text = found(begun)["login"][1]
    ends = (utc_now() + timedelta(days=7)).strftime("%Y-%m-%d")
    assert status == "note" and text.startswith(f"This login ends on {ends}")


def test_googles_seven_days_are_told_where_google_does_not_say_when_a_login_ends(signed_in: Begun) -> None:
    settings = load(signed_in.folder, signed_in.environment)
    url = ServerUrl.parse("imaps://us@imap.gmail.com", Service.MAILBOX)
    oauth = OAuthSettings(provider="google", client_id=CLIENT, sign_in=GOOGLE)
    with_google = replace(settings, oauth=oauth, mailbox=replace(settings.mailbox, url=url))
    findings = list(login.found(with_google, read_key(settings.key_file, campaign=signed_in.folder)))
    assert [finding.state for finding in findings] == [State.OK, State.NOTE]
    assert "seven days after it began" in findings[1].text and "in production" in findings[1].text


def test_tokens_that_no_server_takes_are_told(begun: Begun) -> None:
    begun.replace_setting('hosts = ["127.0.0.1"]', 'hosts = ["mail.example"]')
    [(status, text)] = found(begun)["login"]
    assert status == "note" and "passwords are used" in text
    assert "There is no password for the mailbox" in found(begun)["mailbox"][0][1]


def test_neither_cron_nor_a_parcel_wants_a_password(signed_in: Begun) -> None:
    line = signed_in.type_("cron").stdout
    assert "PASSWORD" not in line and line.startswith("*/5")


# --- waiting for a person ---


class Slow(TokenServer):
    """A provider that answers as told, and the time that passes while one waits for it."""

    def __init__(self, *answers: Grant | Pending | ServerUnreachable) -> None:
        super().__init__(GOOGLE, CLIENT, None)
        self.answers = list(answers)
        self.waited: list[float] = []

    def poll(self, code: DeviceCode) -> Grant | Pending:
        answer = self.answers.pop(0) if self.answers else Pending()
        if isinstance(answer, ServerUnreachable):
            raise answer
        return answer

    def wait(self) -> Grant:
        code = DeviceCode("d", "KTPW-3F9X", "https://login.example", 5, 900)
        return wait_for(self, code, self.waited.append, lambda: sum(self.waited))


def test_one_asks_more_slowly_when_told_so_or_when_nobody_answers() -> None:
    grant = Grant("a", "r", 3600, None)
    server = Slow(Pending(), Pending(slower=5), ServerUnreachable("away"), grant)
    assert server.wait() is grant
    assert server.waited == [5, 5, 10, 20]


def test_nobody_is_waited_for_longer_than_the_code_is_good() -> None:
    server = Slow()
    with pytest.raises(Refused, match="in time"):
        server.wait()
    assert sum(server.waited) == 900
