"""Every edge case of ``edge_cases`` and ``edge_cases_of_machines`` comes out as it must, and always alike."""

from __future__ import annotations

import pytest

from outreach.reading.limits import Unreadable
from outreach.reading.read import read
from outreach.words import Kind
from tests.reading import edge_cases, edge_cases_of_machines
from tests.reading.edge_cases import EdgeCase

_CASES = (*edge_cases.CASES, *edge_cases_of_machines.CASES)
#: What is no matter of one message: tests/mail and tests/steps hold these.
_ELSEWHERE = frozenset({39, 40, 41, 42, 43, 47})


@pytest.mark.parametrize("case", _CASES, ids=[f"{case.number}-{case.what[:40]}" for case in _CASES])
def test_a_message_that_is_known_to_break_processors_is_read_as_it_must_be(case: EdgeCase) -> None:
    reading = read(case.raw)

    assert reading.kind is case.kind
    if case.names:
        assert [" ".join(name.split()) for signup in reading.signups for name in signup.names.values()] == [*case.names]
    assert case.new in reading.parts["new"]
    assert not case.not_new or case.not_new not in reading.parts["new"]
    assert case.person is None or bool(reading.needs_human) is case.person
    assert (tuple(reading.bounce.recipients) if reading.bounce else ()) == tuple(case.recipients)
    assert case.may_be_answered is None or reading.clues.may_be_answered is case.may_be_answered


def test_a_message_of_no_bytes_is_refused_as_unreadable() -> None:
    with pytest.raises(Unreadable):
        read(b"")


def test_each_case_has_a_row_or_its_place_elsewhere() -> None:
    assert {case.number for case in _CASES} | _ELSEWHERE == set(range(1, 49))


@pytest.mark.parametrize("case", _CASES, ids=[f"{case.number}-{case.what[:40]}" for case in _CASES])
def test_reading_a_message_again_says_the_same_and_ends_in_one_kind(case: EdgeCase) -> None:
    once, again = read(case.raw), read(case.raw)

    assert once == again
    assert isinstance(once.kind, Kind)
    assert 0 <= once.confidence <= 1
