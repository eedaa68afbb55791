"""A name server on loopback that knows the TXT records it is told, and says of every other name that there is none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest


class NameServer:
    """Answers by UDP; ``records`` holds the texts of each name, ``silent`` makes it refuse to serve."""

    def __init__(self, listener: socket.socket) -> None:
        self.records: dict[str, list[str]] = {}
        self.silent = False
        self._listener = listener

    def serve(self) -> None:
        while (asked := self._listener.recvfrom(4096))[0]:  # an empty packet ends it
            question, visitor = asked
            self._listener.sendto(self._answer(question), visitor)

    def _answer(self, question: bytes) -> bytes:
        query = dns.message.from_wire(question)
        answer = dns.message.make_response(query)
        name = query.question[0].name
        texts = self.records.get(name.to_text(omit_final_dot=True), [])
        if self.silent:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif not texts:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            # A string holds 255 octets at most (RFC 1035, 3.3).
            rows = [" ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255)) for text in texts]
            answer.answer.append(dns.rrset.from_text_list(name, 300, "IN", "TXT", rows))
        return answer.to_wire()


@pytest.fixture
def nameserver(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """The only name server that the program asks during the test."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        server = NameServer(listener)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], listener.getsockname()[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        yield server
        listener.sendto(b"", listener.getsockname())
        thread.join()
