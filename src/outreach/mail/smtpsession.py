"""One SMTP connection, secured and logged in: smtplib's commands, with deadlines and without guesses.

Making it ready waits where it is called; what is said about a mail are conversations.
"""

from __future__ import annotations

import base64
import contextlib
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from outreach.conversation import Conversation, finish
from outreach.errors import ServerUnreachable
from outreach.mail.imaplogin import xoauth2
from outreach.mail.reasons import in_clear, login_refused, token_refused, unreachable, why
from outreach.mail.replies import Reply
from outreach.mail.smtpwire import ConnectionLost, TlsWire, Wire
from outreach.mail.tls import may_be_plain
from outreach.ports import Secret, Tokens
from outreach.serverurl import ServerUrl

_BLOCK: Final = 65536


class CannotConnect(ServerUnreachable):
    """No connection came about at all: the port may be blocked or closed."""


@dataclass(frozen=True, slots=True)
class Command:
    """A line to be said, and the codes of the replies with which the conversation goes on."""

    verb: str
    arguments: str = ""
    wanted: tuple[int, ...] = (250,)

    @property
    def line(self) -> str:
        """Raises ValueError for what would be two commands."""
        line = f"{self.verb} {self.arguments}" if self.arguments else self.verb
        if not line.isprintable():
            raise ValueError("a command holds a control character")
        return line


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait: RFC 5321, 4.5.3.2. Each is for a whole reply, or for one block of the mail."""

    connect: float = 30
    command: float = 300
    block: float = 180
    #: For the reply to the final dot. Giving up sooner makes doubts: the mail may be on its way.
    end: float = 600
    quit: float = 5


class SmtpSession:
    """A connection that is ready for mail. ``transactions`` counts the mails begun on it."""

    def __init__(self, url: ServerUrl, wire: Wire, timeouts: Timeouts) -> None:
        self.url = url
        self.transactions = 0
        #: What EHLO has offered, in capitals, with parameters (STARTTLS too, although it is gone after TLS).
        self.extensions: dict[str, str] = {}
        self._wire = wire
        self._timeouts = timeouts

    @classmethod
    def open(
        cls, url: ServerUrl, secret: Secret | None, *, ehlo_name: str, timeouts: Timeouts, context: ssl.SSLContext
    ) -> SmtpSession:
        """Connect, secure and log in. Raises CannotConnect, ServerUnreachable or LoginRefused."""
        wire = _connected(url, ehlo_name, timeouts, context)
        wire.command_encoding = "utf-8"
        session = cls(url, wire, timeouts)
        try:
            session._hello()
            session._secure(context)
            if url.user:
                session._log_in(secret or "")
            wire.no_longer_waits()
        except ConnectionLost as lost:
            raise unreachable(url, str(lost)) from lost
        except BaseException:
            session.close()
            raise
        return session

    def converse(self, commands: Sequence[Command]) -> Conversation[list[Reply]]:
        """The replies up to the first that is not wanted; the last is of the last command if all went well.

        Where the server allows it (RFC 2920) all are said at once: one round trip instead of one for each. A server
        that refuses sender or recipient and then waits for the mail is given an empty one, which goes to nobody.
        Raises ConnectionLost when no refusal was heard before.
        """
        if "PIPELINING" not in self.extensions:
            return (yield from self._one_by_one(commands))
        replies: list[Reply] = []
        refused: int | None = None
        try:
            yield from self._say(*(command.line for command in commands))
            for command in commands:
                replies.append((yield from self._wire.hear(self._timeouts.command)))
                if refused is None and replies[-1].code not in command.wanted:
                    refused = len(replies)
            if refused is not None and replies[-1].code == 354:
                yield from self._request(".")
        except ConnectionLost:
            if refused is None:
                raise
        return replies[:refused]

    def send_body(self, body: bytes) -> Conversation[Reply]:
        """Everything up to the final dot, and the reply to it. ConnectionLost here leaves the mail in doubt."""
        if self._wire.has_unread():
            raise self._wire.lost("out of step")
        is_whole = yield from self._send_blocks(body)
        reply = yield from self._wire.hear(self._timeouts.end)
        if reply.code < 400 and not is_whole:
            raise self._wire.lost("a yes to half a mail")
        return reply

    def reset(self) -> Conversation[Reply]:
        """Forget the mail that was begun (RFC 5321, 4.1.1.5). Raises ConnectionLost."""
        return self._request("RSET")

    def quit(self) -> None:
        """Take leave and close; the server's answer does not matter. Waits for it here."""
        patience = self._timeouts.quit
        with contextlib.suppress(ConnectionLost):
            finish(self._request("QUIT", patience))
        self.close()

    def close(self) -> None:
        self._wire.close()

    def _one_by_one(self, commands: Sequence[Command]) -> Conversation[list[Reply]]:
        replies: list[Reply] = []
        for command in commands:
            replies.append((yield from self._request(command.line)))
            if replies[-1].code not in command.wanted:
                break
        return replies

    def _request(self, line: str, patience: float | None = None) -> Conversation[Reply]:
        yield from self._say(line, patience=patience)
        return (yield from self._wire.hear(patience or self._timeouts.command))

    def _say(self, *lines: str, patience: float | None = None) -> Conversation[None]:
        try:
            yield from self._wire.say(("\r\n".join(lines) + "\r\n").encode(), patience or self._timeouts.command)
        except OSError as problem:
            raise self._wire.lost(problem) from problem

    def _send_blocks(self, body: bytes) -> Conversation[bool]:
        """Whether all of it could be sent. A server that refuses in the middle says why: its reply counts."""
        try:
            for start in range(0, len(body), _BLOCK):
                yield from self._wire.say(body[start : start + _BLOCK], self._timeouts.block)
        except TimeoutError as late:
            raise self._wire.lost(late) from late
        except OSError:
            return False
        return True

    def _command(self, verb: str, arguments: str = "") -> Reply:
        """One command and its reply, while the connection is made ready. Raises ConnectionLost."""
        self._wire.patience = self._timeouts.command
        try:
            return _reply(*self._wire.docmd(verb, arguments))
        except OSError as problem:
            raise self._wire.lost(problem) from problem

    def _hello(self) -> None:
        self._wire.patience = self._timeouts.command
        try:
            reply = _reply(*self._wire.ehlo())
        except OSError as problem:
            raise self._wire.lost(problem) from problem
        if reply.code != 250:
            raise unreachable(self.url, f"does not greet back: {reply.line}")
        self.extensions |= {name.upper(): value for name, value in self._wire.esmtp_features.items()}

    def _secure(self, context: ssl.SSLContext) -> None:
        if self.url.is_implicit_tls:
            return
        if "STARTTLS" not in self.extensions:
            if may_be_plain(self.url):
                return
            raise in_clear(self.url)
        try:
            self._wire.starttls(context=context)
        except OSError as problem:
            raise self._wire.lost(problem) from problem
        if self._wire.has_unread():
            # Said before TLS to be heard after it (CVE-2011-0411, the client's side).
            raise self._wire.lost("spoke out of turn while TLS began")
        # RFC 3207, 4.2: what was offered in clear may have been tampered with.
        self.extensions = {"STARTTLS": ""}
        self._hello()

    def _log_in(self, secret: Secret) -> None:
        if isinstance(secret, str):
            refused, reply = login_refused, self._authenticate(self.url.user, secret)
        else:
            refused, reply = token_refused, self._authenticate_by_token(secret)
        if 500 <= reply.code < 600:
            raise refused(self.url, reply.line)
        if reply.code != 235:
            raise unreachable(self.url, f"cannot log anyone in now: {reply.line}")

    def _authenticate_by_token(self, tokens: Tokens) -> Reply:
        if "XOAUTH2" not in self.extensions.get("AUTH", "").upper().split():
            raise token_refused(self.url, "takes no tokens (XOAUTH2)")
        reply = self._xoauth2(token := tokens.current())
        # Revoked, or our clock is wrong: one more try with a new one, and no more.
        return self._xoauth2(tokens.renewed(token)) if 500 <= reply.code < 600 else reply

    def _xoauth2(self, token: str) -> Reply:
        reply = self._command("AUTH", "XOAUTH2 " + _base64(xoauth2(self.url.user, token)))
        # A refusal comes as a challenge that wants an empty answer; only then the server says no.
        return self._command("") if reply.code == 334 else reply

    def _authenticate(self, user: str, password: str) -> Reply:
        mechanisms = self.extensions.get("AUTH", "").upper().split()
        # By hand: smtplib takes ASCII passwords only, and after a refusal tries again until the account is locked.
        if "PLAIN" in mechanisms:
            return self._command("AUTH", "PLAIN " + _base64(f"\0{user}\0{password}"))
        if "LOGIN" in mechanisms:
            reply = self._command("AUTH", "LOGIN")
            for answer in (user, password):
                if reply.code != 334:
                    return reply
                reply = self._command(_base64(answer))
            return reply
        if mechanisms:
            raise login_refused(self.url, f"takes only {' '.join(mechanisms)}, no passwords")
        raise unreachable(self.url, "offers no way to log in here (is it the right port? Mail programs use 465 or 587)")


def _connected(url: ServerUrl, ehlo_name: str, timeouts: Timeouts, context: ssl.SSLContext) -> Wire:
    patience, name = timeouts.connect, ehlo_name
    try:
        if url.is_implicit_tls:
            return TlsWire(url.host, url.port, local_hostname=name, timeout=patience, context=context)
        return Wire(url.host, url.port, local_hostname=name, timeout=patience)
    except smtplib.SMTPConnectError as problem:
        raise unreachable(url, f"turns us away: {why(problem)}") from problem
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as problem:
        raise CannotConnect(str(unreachable(url, problem))) from problem
    except (ssl.SSLError, socket.gaierror) as problem:
        raise unreachable(url, problem) from problem
    except OSError as problem:
        raise CannotConnect(str(unreachable(url, problem))) from problem


def _reply(code: int, text: bytes) -> Reply:
    return Reply(code, text.decode("utf-8", "replace"))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
