"""`serve`: the pages of a real process, which ends when it is told to."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection

from tests.cli.commands import Begun, command, surroundings
from tests.servers.process import free_port


def _status(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


@contextmanager
def _served(begun: Begun, port: int, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A process that serves pages while the context lasts, and is told to end then."""
    words = command("-C", begun.folder, "serve", *options)
    with subprocess.Popen(words, env=surroundings(begun.environment), stdout=subprocess.PIPE, text=True) as process:
        try:
            status = None
            while status is None:
                assert process.poll() is None
                with suppress(ConnectionRefusedError):
                    status = _status(port, "/")
                time.sleep(0.05)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def test_pages_are_served_until_the_process_is_told_to_end(begun: Begun) -> None:
    port = free_port()
    begun.replace_setting("port = 8321", f"port = {port}")
    linked = begun.type_("coordinators", "link", "Bea")
    link = re.search(rf"http://127\.0\.0\.1:{port}(/welcome/\S+)", linked.stdout)
    assert link is not None, linked.output
    with _served(begun, port) as process:
        assert _status(port, "/sign-in") == 200
        assert _status(port, link[1]) == 200
        assert _status(port, "/queue") == 303
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    assert said == f"The pages are at http://127.0.0.1:{port}\n"
    assert process.returncode in (0, -signal.SIGTERM)


def test_public_pages_are_served_apart_from_the_coordinators(begun: Begun) -> None:
    port = free_port()
    begun.replace_setting("[public]", f'[public]\nurl = "http://127.0.0.1:{port}"\nport = {port}')
    # What signs our mails is not given to it, nor any password.
    begun.replace_setting('selector = ""', 'selector = "outreach"\nkey = "/nowhere/dkim.pem"')
    with _served(begun, port, "--public"):
        assert _status(port, "/") == 200
        assert _status(port, "/sign-in") == _status(port, "/queue") == 404


def test_public_pages_without_an_address_are_refused(begun: Begun) -> None:
    said = begun.type_("serve", "--public")
    assert said.exit_code == 1
    assert "write their address into outreach.toml" in said.output
