"""The lexicon files are well-formed: a person who speaks the language can edit them, and a slip is named here."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from outreach.reading.lexicon import WEIGHTS, lexicon, words

_FILES = sorted(
    (
        entry
        for entry in resources.files("outreach.reading").joinpath("lexicon").iterdir()
        if entry.name.endswith(".toml")
    ),
    key=lambda entry: entry.name,
)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(next(e for e in _FILES if e.name == name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [entry.name for entry in _FILES])
def test_every_phrase_has_words_and_no_stem_is_shorter_than_three_letters(name: str) -> None:
    for groups in _data(name)["cues"].values():
        for phrase in (p for group in WEIGHTS for p in groups.get(group, ())):
            assert words(phrase.replace("...", " ")), phrase
            assert all(len(part.rstrip("*")) >= 3 for part in phrase.split() if part.endswith("*")), phrase


@pytest.mark.parametrize("name", [entry.name for entry in _FILES])
def test_a_file_has_its_language_its_months_and_the_labels_of_our_form(name: str) -> None:
    data = _data(name)

    assert data["language"] == name.removesuffix(".toml")
    assert len(data["months"]) == 12
    assert {"name", "persian", "english", "city", "country", "contact", "email", "action"} <= data["labels"].keys()


@pytest.mark.parametrize("name", [entry.name for entry in _FILES])
def test_a_file_can_tell_every_kind_a_person_means(name: str) -> None:
    kinds = {
        "signup",
        "request",
        "withdrawal",
        "unsubscribe",
        "decline",
        "correction",
        "confirmation",
        "question",
        "pending",
    }

    assert kinds <= _data(name)["cues"].keys()


def test_a_negation_turns_a_phrase_only_within_its_clause() -> None:
    turned = [hit for hit in lexicon().find(words("we do not gladly sign")) if hit.cue.category == "signup"]
    straight = [hit for hit in lexicon().find(["not", ",", "we", "sign"]) if hit.cue.category == "signup"]

    assert all(hit.turned for hit in turned)
    assert straight
    assert not any(hit.turned for hit in straight)


def test_a_persian_verb_is_found_however_its_prefix_is_written() -> None:
    for written in ("امضا می‌کنیم", "امضا می کنیم", "امضا ميكنيم"):
        assert lexicon().says(written, "signup"), written
