from __future__ import annotations

import socket
from time import monotonic

import pytest

from outreach.conversation import Apart, Conversation, Wait, finish


def heard(line: socket.socket, patience: float) -> Conversation[bytes]:
    line.setblocking(False)
    yield Wait(line, monotonic() + patience)
    return line.recv(100)


def test_a_conversation_goes_on_when_its_line_has_something_to_read() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"250 Ok")
        assert finish(heard(ours, 5)) == b"250 Ok"


def test_a_wait_in_vain_ends_by_a_timeout_that_the_conversation_may_answer() -> None:
    def patient(line: socket.socket) -> Conversation[str]:
        try:
            yield from heard(line, 0.01)
        except TimeoutError:
            return "gave up"
        return "heard"

    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert finish(patient(ours)) == "gave up"
        with pytest.raises(TimeoutError):
            finish(heard(ours, 0.01))


def test_what_work_raises_is_raised_where_it_was_asked_for() -> None:
    def refuse() -> None:
        raise ConnectionRefusedError

    def connecting() -> Conversation[str]:
        try:
            yield Apart(refuse)
        except ConnectionRefusedError:
            return "refused"
        return "connected"

    assert finish(connecting()) == "refused"
