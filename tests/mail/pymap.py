"""pymap with its dict backend, the IMAP server of the demo: no keywords of one's own, LF becomes CRLF."""

from __future__ import annotations

import imaplib
import sys
import time
from collections.abc import Iterator

import pytest

from tests.servers.process import free_port, listens, start, stop

USER, PASSWORD = "contact@campaign.example", "geheim"
_PROGRAM = "import sys; from pymap.main import main; sys.argv[0] = 'pymap'; main()"


@pytest.fixture(scope="module")
def pymap_server() -> Iterator[int]:
    """The port of a server that lives for one module of tests."""
    port = free_port()
    services = [word for name in ("admin", "managesieve") for word in ("--no-service", name)]
    options = [*services, "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    account = ["--demo-user", USER, "--demo-password", PASSWORD]
    process = start([sys.executable, "-c", _PROGRAM, *options, "dict", *account])
    try:
        deadline = time.monotonic() + 20
        while not listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("pymap did not start")
            time.sleep(0.05)
        yield port
    finally:
        stop(process)


@pytest.fixture
def pymap(pymap_server: int) -> imaplib.IMAP4:
    """A logged-in client of a mailbox with an empty INBOX, to prepare and to look at it."""
    client = imaplib.IMAP4("127.0.0.1", pymap_server, timeout=10)
    client.login(USER, PASSWORD)
    client.select("INBOX")
    client.store("1:*", "+FLAGS", r"(\Deleted)")
    client.expunge()
    return client
