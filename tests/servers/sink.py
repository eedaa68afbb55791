"""An SMTP relay on loopback that keeps what it accepts, and refuses, waits or breaks off when told to.

In a test: the fixture ``sink``. As a process of its own, for tests that kill the sender:
``python -m tests.servers.sink --port 0 --log FILE`` prints its port and writes a line for each mail.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificate import Certificate
from tests.servers.process import start, stop


class Phase(StrEnum):
    """Where in a transaction the sink can be told to act, before it would do its usual."""

    CONNECT = "connect"  #: instead of the greeting
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  #: instead of 354: no octet of the mail has left the sender
    BODY = "body"  #: in the middle of the mail, after 354 (only ``drop``)
    DOT = "dot"  #: the whole mail has come and is not accepted
    REPLY = "reply"  #: the mail is accepted and kept; only the answer changes


class Tls(StrEnum):
    """How the sink secures connections."""

    NONE = "none"
    STARTTLS = "starttls"  #: offered and required
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class Mail:
    """One accepted mail: its envelope, its octets with CRLF line ends, and when it was accepted (UTC)."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    at: datetime

    @property
    def message_id(self) -> str | None:
        value = BytesHeaderParser().parsebytes(self.content)["Message-ID"]
        return str(value).strip() if value is not None else None


@dataclass(frozen=True, slots=True)
class Bearer:
    """What somebody logged in with, by token."""

    user: str
    token: str


@dataclass(slots=True)
class Rule:
    """What to do at a phase: wait, then break off or answer, if either is given."""

    phase: Phase
    wait: float = 0  #: seconds
    drop: bool = False
    reply: str | None = None
    times: int | None = None  #: None: every time
    recipient: str | None = None  #: None: whoever it is for


class Sink:
    """The rules of a sink and what it has accepted. Rules are asked in the order in which they were given."""

    def __init__(
        self,
        log: Path | None = None,
        credentials: tuple[str, str] | None = None,
        is_good: Callable[[str, str], bool] | None = None,
    ) -> None:
        self.mails: list[Mail] = []
        self.connections = 0
        self.credentials = credentials  #: user and password; without any, nobody has to log in
        self.is_good = (
            is_good  #: whether a token is this user's, asked at each mail; then everybody has to log in by one
        )
        self.unanswered = 0  #: refused tokens whose challenge got another answer than the empty one
        self.port = 0  #: known once it runs
        self._rules: list[Rule] = []
        self._log = log

    def answer(self, phase: Phase, reply: str, *, times: int | None = None, recipient: str | None = None) -> None:
        """Answer with this line, for example ``451 4.7.1 Greylisted``, instead of the usual one."""
        self._rules.append(Rule(phase, reply=reply, times=times, recipient=recipient))

    def drop(self, phase: Phase, *, times: int | None = None, recipient: str | None = None) -> None:
        """Close the connection without a word."""
        self._rules.append(Rule(phase, drop=True, times=times, recipient=recipient))

    def delay(self, phase: Phase, seconds: float, *, times: int | None = None, recipient: str | None = None) -> None:
        """Let the sender wait, then do the usual."""
        self._rules.append(Rule(phase, wait=seconds, times=times, recipient=recipient))

    def relent(self) -> None:
        """Forget all rules."""
        self._rules.clear()

    def rule(self, phase: Phase, recipients: list[str]) -> Rule | None:
        """The first rule that fits; it is used up by one."""
        for rule in self._rules:
            if rule.phase is phase and rule.times != 0 and (rule.recipient is None or rule.recipient in recipients):
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None

    def accept(self, mail: Mail) -> None:
        """Keep a mail. On disk before this returns, so before the sender hears of it."""
        if self._log:
            line = {"message_id": mail.message_id, "recipients": mail.recipients, "at": mail.at.isoformat()}
            with self._log.open("a") as log:
                log.write(json.dumps(line) + "\n")
                log.flush()
                os.fsync(log.fileno())
        self.mails.append(mail)

    async def listen(
        self, port: int = 0, tls: Tls = Tls.NONE, certificate: Certificate | None = None
    ) -> asyncio.Server:
        """Serve in the running event loop, on 127.0.0.1."""
        context = certificate.for_server() if certificate and tls is not Tls.NONE else None
        starttls = context if tls is Tls.STARTTLS else None
        server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self, starttls), "127.0.0.1", port, ssl=context if tls is Tls.IMPLICIT else None
        )
        self.port = server.sockets[0].getsockname()[1]
        return server


class _Connection(SMTP):
    """One client's connection. Its hooks (``handle_…``) are found by aiosmtpd by their names."""

    def __init__(self, sink: Sink, starttls: ssl.SSLContext | None) -> None:
        self._sink = sink
        super().__init__(
            self,
            hostname="relay.example",
            ident="sink",
            loop=asyncio.get_running_loop(),
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_require_tls=starttls is not None,
            authenticator=self._authenticate_by_credentials,
            auth_exclude_mechanism=["XOAUTH2"] if sink.is_good is None else ["PLAIN", "LOGIN"],
        )

    async def _handle_client(self) -> None:
        self._sink.connections += 1
        if reply := await self._act(Phase.CONNECT):
            await self._say_and_close(reply)
        await super()._handle_client()

    async def handle_AUTH(self, *_: object) -> object:
        return await self._act(Phase.AUTH) or MISSING

    async def auth_XOAUTH2(self, _: object, words: list[str]) -> AuthResult:
        user, bearer, *end = base64.b64decode(words[1]).decode().split("\x01")
        assert end == ["", ""]
        given = Bearer(user.removeprefix("user="), bearer.removeprefix("auth=Bearer "))
        if self._sink.is_good is not None and self._sink.is_good(given.user, given.token):
            return AuthResult(success=True, auth_data=given)
        if await self.challenge_auth('{"status":"401","schemes":"bearer"}') != b"":
            self._sink.unanswered += 1
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(self, _s: object, session: Session, envelope: Envelope, address: str, _o: object) -> str:
        if self._sink.credentials and not session.authenticated:
            return "530 5.7.0 Authentication required"
        given: object = session.auth_data
        is_good = self._sink.is_good
        if is_good and not (isinstance(given, Bearer) and is_good(given.user, given.token)):
            return "530 5.7.57 Client not authenticated to send mail"
        if reply := await self._act(Phase.MAIL):
            return reply
        envelope.mail_from = address
        return "250 2.1.0 Sender ok"

    async def handle_RCPT(self, _s: object, _n: object, envelope: Envelope, address: str, _o: object) -> str:
        if reply := await self._act(Phase.RCPT, address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def smtp_DATA(self, arg: str) -> None:
        assert self.envelope is not None
        recipients = self.envelope.rcpt_tos
        if recipients and (reply := await self._act(Phase.DATA, *recipients)):
            await self.push(reply)
            return
        if recipients and (rule := self._sink.rule(Phase.BODY, recipients)):
            await self.push("354 Go on")
            await self._reader.readuntil(b"\r\n")
            await asyncio.sleep(rule.wait)
            self._break_off()
        await super().smtp_DATA(arg)

    async def handle_DATA(self, _s: object, _n: object, envelope: Envelope) -> str:
        recipients = envelope.rcpt_tos
        if reply := await self._act(Phase.DOT, *recipients):
            return reply
        assert envelope.mail_from is not None
        assert envelope.original_content is not None
        self._sink.accept(Mail(envelope.mail_from, tuple(recipients), envelope.original_content, datetime.now(UTC)))
        return await self._act(Phase.REPLY, *recipients) or "250 2.0.0 Accepted"

    async def _act(self, phase: Phase, *recipients: str) -> str | None:
        """Do as the first fitting rule says; its reply, if it has one."""
        rule = self._sink.rule(phase, list(recipients))
        if rule is None:
            return None
        await asyncio.sleep(rule.wait)
        if rule.drop:
            self._break_off()
        if rule.reply and rule.reply.startswith("421"):
            await self._say_and_close(rule.reply)
        return rule.reply

    async def _say_and_close(self, reply: str) -> None:
        await self.push(reply)
        self._writer.close()
        raise asyncio.CancelledError

    def _break_off(self) -> NoReturn:
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()
        # What aiosmtpd itself raises in its coroutine when a connection is lost.
        raise asyncio.CancelledError

    def _authenticate_by_credentials(
        self, _s: object, _n: object, _e: object, _m: object, given: LoginPassword
    ) -> AuthResult:
        expected = self._sink.credentials
        known = expected is not None and (given.login.decode(), given.password.decode()) == expected
        return AuthResult(success=known, handled=False, auth_data=given)


@contextmanager
def running_sink(sink: Sink, tls: Tls = Tls.NONE, certificate: Certificate | None = None) -> Iterator[Sink]:
    """Run a sink in a thread of its own; afterwards its port is closed and its connections are gone."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sink", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(sink.listen(tls=tls, certificate=certificate), loop).result()
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    connections = asyncio.all_tasks() - {asyncio.current_task()}
    for connection in connections:
        connection.cancel()
    await asyncio.gather(*connections, return_exceptions=True)
    await asyncio.sleep(0)  # the transports close in the loop's next round


@contextmanager
def sink_process(log: Path, *options: str) -> Iterator[int]:
    """Run a sink as a process of its own, and give its port. ``logged`` reads what it accepted."""
    command = [sys.executable, "-m", "tests.servers.sink", "--port", "0", "--log", str(log), *options]
    process = start(command, output=subprocess.PIPE)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        stop(process)


def logged(log: Path) -> list[dict[str, Any]]:
    """The accepted mails, oldest first: ``message_id``, ``recipients``, ``at``."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A relay without login and TLS, as on loopback."""
    with running_sink(Sink()) as running:
        yield running


async def _serve(sink: Sink, port: int) -> None:
    server = await sink.listen(port)
    print(sink.port, flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.servers.sink", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one; it is printed")
    parser.add_argument("--log", type=Path, required=True, help="gets one JSON line for each accepted mail")
    parser.add_argument("--delay", nargs=2, action="append", default=[], metavar=("PHASE", "SECONDS"))
    arguments = parser.parse_args()
    sink = Sink(arguments.log)
    for phase, seconds in arguments.delay:
        sink.delay(Phase(phase), float(seconds))
    asyncio.run(_serve(sink, arguments.port))


if __name__ == "__main__":
    main()
