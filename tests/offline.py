"""Keeps tests off the network: sockets reach this machine's loopback and nothing else."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import pytest

#: RFC 2606: names that never resolve. Asking for one is a legal way to be "unreachable".
NEVER_RESOLVE = (".example", ".invalid", ".test")


def refuse_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guard name look-ups and connections of this process; a breach fails the test, whatever it catches."""
    for method in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, method, _guarded(getattr(socket.socket, method)))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: bytes | str | None, *args: Any, **kwargs: Any) -> Any:
        _check(host)
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(address[0])
        return connect(self, address)

    return guarded


def _check(host: bytes | str | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name == "localhost":
        return
    if name.lower().rstrip(".").endswith(NEVER_RESOLVE):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if not _is_loopback(name):
        # Not an OSError: code under test would take that for an unreachable server.
        pytest.fail(f"a test reached for {name!r}: only loopback is allowed")


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
