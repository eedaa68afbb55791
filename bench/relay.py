"""A relay for the benchmarks, in a process of its own: takes every mail at once, or answers each command late.

    python bench/relay.py [--delay SECONDS]

Prints its port, and when its input ends, how many mails and how many different Message-IDs it took.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import dataclass, field

EHLO = b"250-relay.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n"


@dataclass
class Taken:
    """What came in."""

    mails: int = 0
    ids: set[bytes] = field(default_factory=set)


class Connection(asyncio.Protocol):
    """One client. Commands that come at once are answered at once, each group after one ``delay``."""

    def __init__(self, taken: Taken, delay: float) -> None:
        self.taken, self.delay = taken, delay
        self.unread = b""
        self.in_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 relay.example\r\n")

    def data_received(self, data: bytes) -> None:
        self.unread += data
        answers = b"".join(self._answers())
        if answers and self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, answers)
        elif answers:
            self.transport.write(answers)

    def _answers(self) -> list[bytes]:
        found: list[bytes] = []
        while True:
            if self.in_mail:
                body, dot, rest = self.unread.partition(b"\r\n.\r\n")
                if not dot:
                    return found
                self.unread, self.in_mail = rest, False
                self._take(body)
                found.append(b"250 2.0.0 Ok\r\n")
                continue
            line, end, rest = self.unread.partition(b"\r\n")
            if not end:
                return found
            self.unread = rest
            verb = line[:4].upper()
            self.in_mail = verb == b"DATA"
            found.append({b"EHLO": EHLO, b"DATA": b"354 Go on\r\n", b"QUIT": b"221 Bye\r\n"}.get(verb, b"250 Ok\r\n"))

    def _take(self, mail: bytes) -> None:
        self.taken.mails += 1
        _, _, rest = mail.lower().partition(b"message-id:")
        self.taken.ids.add(rest.partition(b"\r\n")[0].strip())


async def serve(delay: float) -> None:
    taken = Taken()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(taken, delay), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(taken.mails, len(taken.ids), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    asyncio.run(serve(parser.parse_args().delay))


if __name__ == "__main__":
    main()
