from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.cli.escape import safe, safe_json, safe_lines
from outreach.words import Kind
from tests.cast import NOW

#: What a terminal, or the eye, would obey.
VECTORS = [
    "\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;https://a.example\x1b\\", "\x1b]52;c;aGk=\x07", "\x1bP+q\x1b\\", "\x1b[6n",
    "\x9b31m", "\x9d52;c;x\x9c", "\x90x\x9c", "\x85", "\x00", "\x07", "\x08\x08", "\x0b", "\x0c", "\x0e", "\x0f", "\r",
    "\x7f", "\u202e", "\u202d", "\u202a", "\u202b", "\u202c", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", 
    "\u200f", "\u061c", "\u2028", "\u2029", "\ufeff", "\u00ad", "\U000e0041", "\ud800", "\u180e",
]  # fmt: skip


def steers(text: str) -> bool:
    return any(
        unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for char in text if char not in "\u200c\u200d"
    )


@pytest.mark.parametrize("vector", VECTORS, ids=ascii)
def test_nothing_that_steers_a_terminal_is_printed(vector: str) -> None:
    text = f"a{vector}b"
    assert not steers(safe(text))
    assert not steers(safe_lines(text).replace("\n", ""))
    assert not steers(safe_json({"name": text, text: 1}).replace("\n", ""))


@pytest.mark.parametrize("vector", VECTORS, ids=ascii)
def test_json_still_says_what_it_said(vector: str) -> None:
    assert json.loads(safe_json([f"a{vector}b"])) == [f"a{vector}b"]


@pytest.mark.parametrize("text", ["کانون پناهندگانِ سیاسی", "می‌خواهیم", "Köln – 東京", "👩‍👧", "plain"])
def test_honest_text_is_printed_as_it_is(text: str) -> None:
    assert safe(text) == text
    assert text in safe_json([text])


@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "L", "Zl", "So"])))
def test_whatever_the_text_json_keeps_it_and_one_line_stays_one(text: str) -> None:
    document = safe_json({"text": text}, indent=None)
    assert json.loads(document) == {"text": text}
    assert not steers(document)
    assert not steers(safe(text))


def test_lines_stay_lines_and_tabs_become_spaces() -> None:
    assert safe_lines("a\r\nb\tc\x1b\nd") == "a\nb   c\\x1b\nd"


def test_json_writes_words_and_times_as_texts() -> None:
    assert json.loads(safe_json({"kind": Kind.SIGNUP, "at": NOW})) == {
        "kind": "signup",
        "at": "2026-08-20T12:00:00+00:00",
    }


def test_json_refuses_what_it_has_no_word_for() -> None:
    with pytest.raises(TypeError, match="bytes"):
        safe_json({"raw": b"secret"})
