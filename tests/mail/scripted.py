"""Servers that say exactly what a test tells them, and break off where it wants: misbehaviour no real one has."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto

import pytest


class Act(Enum):
    """What a scripted server can do besides talking."""

    CLOSE = auto()
    RESET = auto()  #: close, and make the client's next read or write fail
    STALL = auto()  #: say nothing more until the client gives up


#: An answer: words, an act, or words and then an act.
Answer = bytes | Act | tuple[bytes, Act]
Script = Mapping[str, Answer]


class HungUp(Exception):
    """The conversation is over."""


@dataclass
class Peer:
    """The server's end of one connection."""

    sock: socket.socket
    unread: bytes = b""

    def hear(self) -> bytes:
        """The next line without its end."""
        while b"\n" not in self.unread:
            received = self.sock.recv(65536)
            if not received:
                raise HungUp
            self.unread += received
        line, _, self.unread = self.unread.partition(b"\n")
        return line.rstrip(b"\r")

    def hear_octets(self, count: int) -> bytes:
        while len(self.unread) < count:
            received = self.sock.recv(65536)
            if not received:
                raise HungUp
            self.unread += received
        octets, self.unread = self.unread[:count], self.unread[count:]
        return octets

    def give(self, answer: Answer) -> None:
        match answer:
            case bytes():
                self.sock.sendall(answer)
            case Act():
                self._act(answer)
            case (words, act):
                self.sock.sendall(words)
                self._act(act)

    def _act(self, act: Act) -> None:
        while act is Act.STALL and self.sock.recv(65536):
            pass
        if act is Act.RESET:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise HungUp


@dataclass
class Scripted:
    """A running server: its port, and what it has heard on all connections."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0


def every_host_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let connections to any host name end on loopback, so that code meets servers that are not "localhost"."""
    connect = socket.create_connection

    def create_connection(address: tuple[str, int], timeout: float, *_: object) -> socket.socket:
        return connect(("127.0.0.1", address[1]), timeout)

    monkeypatch.setattr(socket, "create_connection", create_connection)


@contextmanager
def serving(talk: Callable[[Peer, Scripted], None]) -> Iterator[Scripted]:
    """Serve one connection after the other until the block ends."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.02)
        running = Scripted(listener.getsockname()[1])

        def serve() -> None:
            while not over.is_set():
                with suppress(TimeoutError):
                    sock, _ = listener.accept()
                    running.connections += 1
                    sock.settimeout(10)
                    with sock, suppress(HungUp, OSError):
                        talk(Peer(sock), running)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            over.set()
            thread.join()


WELL_BEHAVED: Script = {
    "banner": b"220 relay.example\r\n",
    "EHLO": b"250-relay.example\r\n250-8BITMIME\r\n250 SIZE 100000\r\n",
    "MAIL": b"250 2.1.0 Ok\r\n",
    "RCPT": b"250 2.1.5 Ok\r\n",
    "DATA": b"354 Go on\r\n",
    "body": b"",  #: after the first line of the mail
    ".": b"250 2.0.0 Ok, queued\r\n",
    "RSET": b"250 2.0.0 Ok\r\n",
    "QUIT": b"221 2.0.0 Bye\r\n",
}


def smtp(*scripts: Script) -> Callable[[Peer, Scripted], None]:
    """A relay that differs from a well-behaved one as told, one script a connection; the last one stays."""

    def talk(peer: Peer, running: Scripted) -> None:
        script = {**WELL_BEHAVED, **scripts[min(running.connections, len(scripts)) - 1]}
        peer.give(script["banner"])
        while True:
            line = peer.hear()
            running.heard.append(line)
            verb = line.split(b" ")[0].upper().decode("utf-8", "replace")
            answer = script.get(verb, b"500 5.5.1 What?\r\n")
            peer.give(answer)
            if verb == "DATA" and isinstance(answer, bytes) and answer.startswith(b"354"):
                _take_mail(peer, running, script)

    return talk


def _take_mail(peer: Peer, running: Scripted, script: Script) -> None:
    body = [peer.hear()]
    peer.give(script["body"])
    while body[-1] != b".":
        body.append(peer.hear())
    running.heard.append(b"\r\n".join(body))
    peer.give(script["."])


#: An IMAP answer gets the command's tag and its match.
ImapAnswer = Callable[[bytes, re.Match[bytes]], Answer]
OK = b"OK done\r\n"


def imap(
    answers: Sequence[tuple[bytes, bytes | ImapAnswer]], greeting: Answer = b"* OK ready\r\n"
) -> Callable[[Peer, Scripted], None]:
    """A server with one mail-less folder that answers the first pattern that fits.

    A pattern is matched against the command without its tag. Words are sent with ``{tag}`` filled in.
    """
    usual: list[tuple[bytes, bytes | ImapAnswer]] = [
        (rb"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"),
        (rb"LOGIN .*|NOOP", b"{tag} OK done\r\n"),
        (rb"(SELECT|EXAMINE) .*", b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n{tag} OK done\r\n"),
        (rb"UID SEARCH .*", b"* SEARCH 1 2 3\r\n{tag} OK done\r\n"),
        (rb"LOGOUT", b"* BYE bye\r\n{tag} OK done\r\n"),
    ]

    def talk(peer: Peer, running: Scripted) -> None:
        peer.give(greeting)
        while True:
            line = peer.hear()
            running.heard.append(line)
            tag, _, command = line.partition(b" ")
            for pattern, answer in (*answers, *usual):
                if (found := re.fullmatch(pattern, command)) is not None:
                    peer.give(answer.replace(b"{tag}", tag) if isinstance(answer, bytes) else answer(tag, found))
                    break
            else:
                peer.give(tag + b" BAD what?\r\n")

    return talk
