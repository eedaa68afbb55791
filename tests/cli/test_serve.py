"""`serve`: the pages of a real process, which ends when it is told to."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from contextlib import suppress
from http.client import HTTPConnection

from tests.cli.commands import Begun, command, surroundings
from tests.web.site import free_port


def _status(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_pages_are_served_until_the_process_is_told_to_end(begun: Begun) -> None:
    port = free_port()
    begun.replace_setting("port = 8321", f"port = {port}")
    linked = begun.type_("coordinators", "link", "Bea")
    link = re.search(rf"http://127\.0\.0\.1:{port}(/welcome/\S+)", linked.stdout)
    assert link is not None, linked.output
    words = command("-C", begun.folder, "serve")
    with subprocess.Popen(words, env=surroundings(begun.environment), stdout=subprocess.PIPE, text=True) as process:
        try:
            status = None
            while status is None:
                assert process.poll() is None
                with suppress(ConnectionRefusedError):
                    status = _status(port, "/sign-in")
                time.sleep(0.05)
            assert status == 200
            assert _status(port, link[1]) == 200
            assert _status(port, "/queue") == 303
        finally:
            process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    assert said == f"The pages are at http://127.0.0.1:{port}\n"
    assert process.returncode in (0, -signal.SIGTERM)
