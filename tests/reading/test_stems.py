from __future__ import annotations

import pytest

from outreach.reading.stems import Stems

KNOWN = Stems(["publi", "pub", "print"])


@pytest.mark.parametrize("word", ["publish", "pubs", "printed", "print"])
def test_a_word_is_known_by_its_beginning(word: str) -> None:
    assert KNOWN.begin(word)


@pytest.mark.parametrize("word", ["prim", "pu", "reprint", "", "p"])
def test_a_word_that_begins_otherwise_is_not_known(word: str) -> None:
    assert not KNOWN.begin(word)


def test_one_word_of_several_is_enough() -> None:
    assert KNOWN.begin_any(["we", "published"])
    assert not KNOWN.begin_any(["we", "sign"])


def test_a_beginning_of_one_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        Stems(["p"])
