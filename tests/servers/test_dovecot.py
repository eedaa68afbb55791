from __future__ import annotations

import imaplib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cast import NOW
from tests.project import ROOT
from tests.servers.certificate import Certificate
from tests.servers.dovecot import Account, Dovecot, program, running_dovecot
from tests.servers.process import listens

MAIL = b"From: Rosa <rosa@hamburg.example>\r\nSubject: We join\r\n\r\nYes.\r\n"


def test_each_account_begins_empty_with_its_special_folders(dovecot: Account) -> None:
    with dovecot.connection() as client:
        assert client.select("INBOX") == ("OK", [b"0"])
        _, folders = client.list()
    listed = b"\n".join(line for line in folders if isinstance(line, bytes))
    assert b"\\Junk" in listed
    assert b"\\Sent" in listed


def test_mail_comes_back_as_it_was_put_in_with_its_day_of_arrival(dovecot: Account) -> None:
    dovecot.append(MAIL, arrived=NOW - timedelta(days=3))
    with dovecot.connection() as client:
        client.select("INBOX", readonly=True)
        _, [answer, *_] = client.uid("FETCH", "1", "(INTERNALDATE BODY.PEEK[])")
    assert isinstance(answer, tuple)
    assert answer[1] == MAIL
    assert b"17-Aug-2026" in answer[0]


def test_wrong_password_is_refused(dovecot: Account) -> None:
    with (
        imaplib.IMAP4(dovecot.host, dovecot.port) as client,
        pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"),
    ):
        client.login(dovecot.user, "wrong")


def test_login_works_over_tls_and_starttls(dovecot: Account) -> None:
    trusted = dovecot.certificate.for_client()
    with imaplib.IMAP4_SSL("localhost", dovecot.tls_port, ssl_context=trusted) as client:
        assert client.login(dovecot.user, dovecot.password)[0] == "OK"
    with imaplib.IMAP4("localhost", dovecot.port) as client:
        client.starttls(trusted)
        assert client.login(dovecot.user, dovecot.password)[0] == "OK"


def test_accounts_do_not_see_each_other(dovecot_server: Dovecot) -> None:
    one, other = dovecot_server.account(), dovecot_server.account()
    one.append(MAIL)
    with other.connection() as client:
        assert client.select("INBOX") == ("OK", [b"0"])


@pytest.mark.slow
def test_stopped_server_leaves_neither_port_nor_folder(certificate: Certificate) -> None:
    with running_dovecot(certificate) as server:
        assert listens(server.port)
    assert not listens(server.port)
    assert not server.folder.exists()


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_missing_dovecot_skips_at_home_and_fails_in_ci(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="install-test-servers"):
        program()


PROGRAM = """
import sys, time
from pathlib import Path
from tempfile import TemporaryDirectory
from tests.servers.certificate import self_signed
from tests.servers.dovecot import Dovecot
folder = Path(sys.argv[1])
server = Dovecot(folder, self_signed(folder.parent))
server.account().append(b"Subject: so that all its processes are up\\r\\n\\r\\n")
print(server.port, flush=True)
time.sleep(60)
"""


@pytest.mark.slow
@pytest.mark.usefixtures("dovecot_server")
def test_server_ends_when_the_tests_are_killed() -> None:
    # Paths of Unix sockets end at 107 octets: pytest's own folders are too deep.
    with (
        TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as folder,
        subprocess.Popen([sys.executable, "-c", PROGRAM, folder], cwd=ROOT, stdout=subprocess.PIPE) as tests,
    ):
        Path(folder).chmod(0o755)
        assert tests.stdout
        port = int(tests.stdout.readline())
        assert not is_free(port)
        os.kill(tests.pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while not is_free(port) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert is_free(port)


def is_free(port: int) -> bool:
    """Found out without connecting, which would give a server that is about to end new work."""
    with suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False
