"""A real Dovecot 2.3 in a folder of its own, as root or as anybody, beside any system service."""

from __future__ import annotations

import grp
import imaplib
import itertools
import os
import pwd
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from tests.servers.certificate import Certificate
from tests.servers.process import free_port, listens, start, stop
from tests.servers.tokens import TokenService

PASSWORD: Final = "correct-horse"
PATIENCE: Final = 20.0  # seconds until it must listen

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
listen = 127.0.0.1
protocols = imap
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_uid = {mail}
mail_gid = {mail_group}

ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
mail_max_userip_connections = 50
mail_fsync = never

mail_location = maildir:~/Maildir
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  # These two are there once a test has made them.
  mailbox Archiv {{
    special_use = \\Archive
  }}
  mailbox "Alle Nachrichten" {{
    special_use = \\All
  }}
}}
{by_token}
passdb {{
  driver = static
  mechanisms = plain
  args = password={password}
}}
userdb {{
  driver = static
  args = home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  # No waiting after wrong passwords: all tests come from one address.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

BY_TOKEN = """
auth_mechanisms = plain xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One user with a mailbox of its own: INBOX, Junk and Sent, all empty at first."""

    port: int  #: IMAP, with STARTTLS and with plain login
    tls_port: int  #: IMAP over TLS
    user: str
    password: str
    home: Path  #: holds Maildir/, with Dovecot's own dovecot-uidlist in each folder
    certificate: Certificate
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"imap://{self.user}@{self.host}:{self.port}/INBOX"

    @contextmanager
    def connection(self) -> Iterator[imaplib.IMAP4]:
        """A logged-in client of the standard library, to prepare and to look at the mailbox."""
        with imaplib.IMAP4(self.host, self.port, timeout=10) as client:
            client.login(self.user, self.password)
            yield client

    def create(self, folder: str) -> None:
        """Make a folder: ``Archiv`` and ``Alle Nachrichten`` get their marks (RFC 6154)."""
        with self.connection() as client:
            status, answer = client.create(f'"{folder}"')
            assert status == "OK", answer

    def move(self, source: str, target: str) -> None:
        """Move every mail of a folder into another one."""
        with self.connection() as client:
            client.select(f'"{source}"')
            client.copy("1:*", f'"{target}"')
            client.store("1:*", "+FLAGS", r"\Deleted")
            client.expunge()

    def append(self, *mails: bytes, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        """Put mails into a folder, with ``arrived`` as INTERNALDATE. Lone LF become CRLF on the way."""
        with self.connection() as client:
            for raw in mails:
                status, answer = client.append(f'"{folder}"', "", arrived or "", raw)
                assert status == "OK", answer


class Dovecot:
    """One server process. It lets every user in who knows its one password, or by token where it knows whom to ask."""

    def __init__(self, folder: Path, certificate: Certificate, token_info: str | None = None) -> None:
        self.folder = folder
        self.token_info = token_info
        self.certificate = certificate
        self.port, self.tls_port = free_port(), free_port()
        self._numbers = itertools.count(1)
        self._write_configuration()
        self.begin()

    def begin(self) -> None:
        """Start the server, or start it again at the same ports, with all mail that was there."""
        self._process = start([program(), "-F", "-c", str(self.folder / "dovecot.conf")])
        self._wait_until_it_listens()

    def account(self) -> Account:
        """A user that nobody has used before."""
        user = f"contact{next(self._numbers)}@campaign.example"
        home = self.folder / "mail" / user
        return Account(self.port, self.tls_port, user, PASSWORD, home, self.certificate)

    def log(self) -> str:
        """What the server has to say, for the message of a failed test."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else "(no log)"

    def stop(self) -> None:
        stop(self._process)

    def _write_configuration(self) -> None:
        # As root, Dovecot drops to users of its own, who must be able to enter the folder.
        as_root = os.geteuid() == 0
        self.folder.chmod(0o755)
        for source, name in ((self.certificate.file, "certificate.pem"), (self.certificate.key, "key.pem")):
            shutil.copy(source, self.folder / name)
        (self.folder / "mail").mkdir()
        (self.folder / "mail").chmod(0o777)
        me, my_group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        values = {
            "folder": self.folder,
            "port": self.port,
            "tls_port": self.tls_port,
            "password": PASSWORD,
            "internal": "dovecot" if as_root else me,
            "internal_group": "dovecot" if as_root else my_group,
            "login": "dovenull" if as_root else me,
            "mail": "nobody" if as_root else me,
            "mail_group": "nogroup" if as_root else my_group,
        }
        by_token = ""
        if self.token_info:
            by_token = BY_TOKEN.format(folder=self.folder)
            asked = f"tokeninfo_url = {self.token_info}?access_token=\nusername_attribute = email\n"
            (self.folder / "oauth2.conf").write_text(asked)
        (self.folder / "dovecot.conf").write_text(CONFIGURATION.format(**values, by_token=by_token))

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not (listens(self.port) and listens(self.tls_port)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"dovecot did not start:\n{self.log()}")
            time.sleep(0.02)


def program() -> str:
    """Where Dovecot is; without one the test is skipped, or fails with CI=true."""
    # Debian keeps it in a folder that is not on everybody's PATH.
    program = shutil.which("dovecot", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/local/sbin"]))
    if program:
        return program
    missing = "dovecot is not installed (scripts/install-test-servers says how)"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def running_dovecot(certificate: Certificate, token_info: str | None = None) -> Iterator[Dovecot]:
    """A server for one purpose. Its folder has a short name: paths of Unix sockets end at 107 octets."""
    with tempfile.TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as folder:
        server = Dovecot(Path(folder), certificate, token_info)
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def dovecot_server(certificate: Certificate) -> Iterator[Dovecot]:
    with running_dovecot(certificate) as server:
        yield server


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Account:
    """An empty mailbox on a real server."""
    return dovecot_server.account()


@pytest.fixture(scope="session")
def dovecot_by_token_server(certificate: Certificate, token_server: TokenService) -> Iterator[Dovecot]:
    with running_dovecot(certificate, f"{token_server.url}/tokeninfo") as server:
        yield server


@pytest.fixture
def dovecot_by_token(dovecot_by_token_server: Dovecot) -> Account:
    """An empty mailbox on a real server that asks the ``tokens`` whose a token is."""
    return dovecot_by_token_server.account()
