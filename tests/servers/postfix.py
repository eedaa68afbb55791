"""A real Postfix as the campaign's relay, in a folder of its own, beside any system service. Needs root.

It delivers into a Maildir what is for ``HERE``, hands what is for ``GONE`` to a server that knows nobody and reports
that to the sender, finds no server for ``LATER`` and reports the delay, and refuses every other domain.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.servers.process import free_port, listens, start, stop
from tests.servers.sink import Phase, Sink, running_sink

HERE: Final = ("contact.example", "refugees.example")
GONE: Final = "gone.example"
LATER: Final = "later.example"
PATIENCE: Final = 20.0  # seconds until it must listen, or have delivered

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = {here}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:./
virtual_transport = maildir
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
virtual_minimum_uid = 1
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = reject_unauth_destination
relay_domains = {gone}, {later}
transport_maps = texthash:{folder}/transport
smtp_dns_support_level = disabled
delay_warning_time = 1s
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
notify_classes =
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
maildir unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One relay. It takes mail from this machine only."""

    def __init__(self, folder: Path, next_hop: Sink) -> None:
        self.folder = folder
        self.port = free_port()
        self._prepare(next_hop.port)
        self._process = start([program(), "-c", str(folder), "start-fg"])
        self._wait(lambda: listens(self.port))

    def delivered(self, address: str, count: int = 1) -> list[bytes]:
        """The mails that came for an address of ``HERE``, in the order of arrival; waits for so many."""
        self._wait(lambda: len(self._for(address)) >= count)
        return self._for(address)

    def log(self) -> str:
        """What the server has to say, for the message of a failed test."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else "(no log)"

    def stop(self) -> None:
        subprocess.run([program(), "-c", str(self.folder), "stop"], check=False, capture_output=True)
        stop(self._process)

    def _for(self, address: str) -> list[bytes]:
        """All share one Maildir; whose a mail is stands in Delivered-To."""
        files = sorted((self.folder / "mail").glob("new/*"), key=lambda file: file.stat().st_mtime_ns)
        mails = [file.read_bytes() for file in files]
        return [mail for mail in mails if f"Delivered-To: {address}\n".encode() in mail]

    def _prepare(self, next_hop: int) -> None:
        self.folder.chmod(0o755)
        for name in ("spool", "data", "mail"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix", "postfix")
        shutil.chown(self.folder / "mail", "nobody", "nogroup")
        mailbox = (self.folder / "mail").stat()
        values = {
            "folder": self.folder,
            "here": ", ".join(HERE),
            "gone": GONE,
            "later": LATER,
            "user": mailbox.st_uid,
            "group": mailbox.st_gid,
        }
        next_hops = {GONE: next_hop, LATER: free_port()}
        (self.folder / "transport").write_text(
            "".join(f"{domain} smtp:[127.0.0.1]:{port}\n" for domain, port in next_hops.items())
        )
        (self.folder / "main.cf").write_text(MAIN.format(**values))
        (self.folder / "master.cf").write_text(MASTER.format(port=self.port))

    def _wait(self, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_done():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"postfix did not do it:\n{self.log()}")
            time.sleep(0.02)


def program() -> str:
    """Where Postfix is; without one, or without root, the test is skipped, or fails with CI=true."""
    program = shutil.which("postfix", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
    if program and os.geteuid() == 0:
        return program
    missing = "postfix is not installed, or this is not root (scripts/install-test-servers says how)"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def running_postfix() -> Iterator[Postfix]:
    """A relay for one purpose. Its folder has a short name: paths of Unix sockets end at 107 octets."""
    with (
        running_sink(Sink()) as next_hop,
        tempfile.TemporaryDirectory(prefix="postfix-", ignore_cleanup_errors=True) as folder,
    ):
        next_hop.answer(Phase.RCPT, "550 5.1.1 No such user here")
        server = Postfix(Path(folder), next_hop)
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    """A relay that has delivered nothing yet."""
    with running_postfix() as server:
        yield server
