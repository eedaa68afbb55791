"""Many conversations in one thread: none waits for another, and none is forgotten."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from queue import SimpleQueue
from time import monotonic

import pytest

from outreach.conversation import Apart, Conversation, Wait
from outreach.steps.dispatch.talker import Talk, Talker

End = str | BaseException


@pytest.fixture
def ends() -> SimpleQueue[End]:
    return SimpleQueue()


@pytest.fixture
def lines() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Pairs of ours and theirs."""
    with ExitStack() as opened:
        pairs = [socket.socketpair() for _ in range(5)]
        for line in (line for pair in pairs for line in pair):
            opened.enter_context(line)
            line.setblocking(False)
        yield pairs


def heard(line: socket.socket, patience: float = 10) -> Conversation[str]:
    yield Wait(line, monotonic() + patience)
    return line.recv(100).decode()


def done_by(work: threading.Event) -> Conversation[str]:
    yield Apart(lambda: work.wait(10))
    return "worked"


def begin(talker: Talker[str], ends: SimpleQueue[End], *conversations: Conversation[str]) -> None:
    for conversation in conversations:
        talker.begin(Talk(conversation, ends.put, ends.put))


def test_each_goes_on_when_its_own_line_has_something(
    ends: SimpleQueue[End], lines: list[tuple[socket.socket, socket.socket]]
) -> None:
    with Talker[str]() as talker:
        begin(talker, ends, *(heard(ours) for ours, _ in lines))
        for number in (3, 0, 4, 1, 2):
            lines[number][1].send(str(number).encode())
            assert ends.get(timeout=10) == str(number)


def test_a_line_is_waited_for_again_and_again(
    ends: SimpleQueue[End], lines: list[tuple[socket.socket, socket.socket]]
) -> None:
    ours, theirs = lines[0]

    def long() -> Conversation[str]:
        said = ""
        for _ in range(3):
            said += yield from heard(ours)
            ours.send(b"more")
        return said

    with Talker[str]() as talker:
        begin(talker, ends, long())
        for octets in (b"a", b"b", b"c"):
            theirs.send(octets)
            theirs.settimeout(10)
            assert theirs.recv(100) == b"more"
        assert ends.get(timeout=10) == "abc"


def test_who_waits_in_vain_is_told_and_the_others_wait_on(
    ends: SimpleQueue[End], lines: list[tuple[socket.socket, socket.socket]]
) -> None:
    (mute, _), (ours, theirs), *_ = lines
    with Talker[str]() as talker:
        begin(talker, ends, heard(ours), heard(mute, patience=0.05))
        assert isinstance(ends.get(timeout=10), TimeoutError)
        theirs.send(b"late")
        assert ends.get(timeout=10) == "late"


def test_work_apart_keeps_nobody_waiting(
    ends: SimpleQueue[End], lines: list[tuple[socket.socket, socket.socket]]
) -> None:
    ours, theirs = lines[0]
    slow = threading.Event()
    with Talker[str]() as talker:
        begin(talker, ends, done_by(slow), heard(ours))
        theirs.send(b"quick")
        assert ends.get(timeout=10) == "quick"
        slow.set()
        assert ends.get(timeout=10) == "worked"


def test_a_mistake_in_one_is_told_and_breaks_no_other(
    ends: SimpleQueue[End], lines: list[tuple[socket.socket, socket.socket]]
) -> None:
    ours, theirs = lines[0]

    def mistaken() -> Conversation[str]:
        yield Wait(lines[1][0], monotonic())
        raise AssertionError("not reached")

    def closed() -> Conversation[str]:
        with socket.socket() as gone:
            pass
        yield Wait(gone, monotonic() + 10)
        raise AssertionError("not reached")

    with Talker[str]() as talker:
        begin(talker, ends, heard(ours), mistaken(), closed())
        assert {type(ends.get(timeout=10)) for _ in range(2)} == {TimeoutError, ValueError}
        theirs.send(b"well")
        assert ends.get(timeout=10) == "well"


def test_leaving_waits_until_all_have_ended(ends: SimpleQueue[End]) -> None:
    works = [threading.Event() for _ in range(3)]
    with Talker[str]() as talker:
        begin(talker, ends, *map(done_by, works))
        for work in works:
            threading.Timer(0.05, work.set).start()
    assert [ends.get_nowait() for _ in works] == ["worked"] * 3


def test_nothing_is_open_after_it() -> None:
    threads = threading.active_count()
    for _ in range(20):
        with Talker[str]():
            pass
    assert threading.active_count() == threads
