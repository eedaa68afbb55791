"""The lexicon files are well-formed: a person who speaks the language can edit them, and a slip is named here."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from outreach.reading.lexicon import WEIGHTS, alternatives, lexicon, words

_FILES = sorted(
    (
        entry
        for entry in resources.files("outreach.reading").joinpath("lexicon").iterdir()
        if entry.name.endswith(".toml")
    ),
    key=lambda entry: entry.name,
)


_NAMES = [entry.name for entry in _FILES]

_listed = re.compile(r"\w+").findall

#: What a phrase may say; docs/reading.md tells what each means.
_CATEGORIES = frozenset(
    _listed(
        """signup request withdrawal not_us unsubscribe decline abstain correction confirmation question pending
        conditional polite other auto_reply asking published invitation individual several action no_action undecided
        located named every first yes no nothing same greeting closing told affirmed elsewhere contrast
        otherwise settled partly taken_back"""
    )
)
_NEEDED = frozenset(
    _listed(
        """signup request withdrawal not_us unsubscribe decline correction confirmation question pending conditional
        yes no greeting closing"""
    )
)
_LABELS = frozenset(
    _listed(
        """name persian english otherlang city country where contact role email phone website action date time address
        individual signs note filler former"""
    )
)
_LISTS = frozenset(
    _listed("listed verbs titles weekdays ours nouns connectors heads organs me of_words roles noon stops until back")
)
_KEYS = frozenset(
    _listed(
        """language stopwords negators assent others adverbs negation_follows negation_precedes denying stating
        conjunctions prefixes months jalali_months cues labels lists"""
    )
)
#: Two categories of which no phrase may say both: what one agrees to the other refuses.
_POSITIVE = ("signup", "request", "confirmation", "yes", "affirmed")
_NEGATIVE = ("withdrawal", "unsubscribe", "decline", "abstain", "no", "not_us")
_CONFLICTS = [
    *((yes, no) for yes in _POSITIVE for no in _NEGATIVE),
    ("withdrawal", "unsubscribe"),
    ("withdrawal", "decline"),
    ("unsubscribe", "decline"),
    ("conditional", "signup"),
    ("pending", "signup"),
    ("asking", "published"),
    ("asking", "invitation"),
    ("published", "invitation"),
    ("action", "no_action"),
]


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(next(e for e in _FILES if e.name == name).read_text(encoding="utf-8"))


def _written(groups: dict[str, Any]) -> list[str]:
    return [phrase for group in WEIGHTS for phrase in groups.get(group, ())]


def _normal(phrases: list[str]) -> set[tuple[str, ...]]:
    return {words for phrase in phrases for words in alternatives(phrase)}


@pytest.mark.parametrize("name", _NAMES)
def test_every_phrase_has_words_and_no_stem_is_shorter_than_three_letters(name: str) -> None:
    for groups in _data(name)["cues"].values():
        for phrase in _written(groups):
            assert words(phrase.replace("...", " ")), phrase
            assert all(len(part.rstrip("*")) >= 3 for part in phrase.split() if part.endswith("*")), phrase
            assert not phrase.startswith("...") and not phrase.endswith("..."), phrase


@pytest.mark.parametrize("name", _NAMES)
def test_every_choice_and_label_and_listed_word_has_letters(name: str) -> None:
    data = _data(name)
    phrases = [phrase for groups in data["cues"].values() for phrase in _written(groups)]

    for part in (part for phrase in phrases for part in phrase.split() if part != "..."):
        assert all(words(choice) for choice in part.split("/")), part
    for word in " ".join([*data["labels"].values(), *data.get("lists", {}).values()]).split():
        assert words(word) or word in ("-", "–", "&", "\u200c"), word


@pytest.mark.parametrize("name", _NAMES)
def test_a_file_uses_only_what_the_reading_knows(name: str) -> None:
    data = _data(name)

    assert data.keys() <= _KEYS
    assert data["cues"].keys() <= _CATEGORIES
    assert data["labels"].keys() <= _LABELS
    assert data.get("lists", {}).keys() <= _LISTS
    for category, groups in data["cues"].items():
        assert groups.keys() <= {*WEIGHTS, "negated"}, category
        assert groups.get("negated", "decline") in _CATEGORIES, category


@pytest.mark.parametrize("name", _NAMES)
def test_a_file_has_its_language_its_months_and_the_labels_of_our_form(name: str) -> None:
    data = _data(name)

    assert data["language"] == name.removesuffix(".toml")
    assert len(data["months"]) == 12
    assert {"name", "persian", "english", "city", "country", "contact", "email", "action"} <= data["labels"].keys()


@pytest.mark.parametrize("name", _NAMES)
def test_a_file_can_tell_every_kind_a_person_means(name: str) -> None:
    cues = _data(name)["cues"]

    assert cues.keys() >= _NEEDED
    assert all(_written(cues[category]) for category in cues)


@pytest.mark.parametrize("name", _NAMES)
def test_no_phrase_says_one_thing_and_its_contrary_in_one_language(name: str) -> None:
    said = {category: _normal(_written(groups)) for category, groups in _data(name)["cues"].items()}

    for one, other in _CONFLICTS:
        assert not said.get(one, set()) & said.get(other, set()), (one, other)


@pytest.mark.parametrize("name", _NAMES)
def test_a_phrase_has_one_weight_in_its_category(name: str) -> None:
    for category, groups in _data(name)["cues"].items():
        by_weight = [_normal(groups.get(group, [])) for group in WEIGHTS]
        for number, phrases in enumerate(by_weight):
            assert not phrases & set().union(*by_weight[number + 1 :]), category


@pytest.mark.parametrize("name", _NAMES)
def test_a_file_knows_the_common_words_of_its_language_and_those_that_negate(name: str) -> None:
    data = _data(name)

    assert len(words(data["stopwords"])) >= 15
    # Persian negates inside the verb: those phrases stand under their own kind.
    assert words(data["negators"]) or name == "fa.toml"
    assert words(data["conjunctions"]), "a negation has to end somewhere"


@pytest.mark.parametrize("name", _NAMES)
def test_the_common_words_are_not_those_of_another_language(name: str) -> None:
    mine = set(words(_data(name)["stopwords"]))
    for other in _NAMES:
        if other != name:
            assert not mine <= set(words(_data(other)["stopwords"])), other


def test_the_guide_explains_every_category_label_and_list() -> None:
    guide = (Path(__file__).parent.parent.parent / "docs" / "reading.md").read_text(encoding="utf-8")

    assert [word for word in sorted(_CATEGORIES | _LABELS | _LISTS | _KEYS) if f"`{word}`" not in guide] == []


def test_a_negation_turns_a_phrase_only_within_its_clause() -> None:
    turned = [hit for hit in lexicon().find(words("we do not gladly sign")) if hit.cue.category == "signup"]
    straight = [hit for hit in lexicon().find(["not", ",", "we", "sign"]) if hit.cue.category == "signup"]

    assert all(hit.turned for hit in turned)
    assert straight
    assert not any(hit.turned for hit in straight)


def test_a_persian_verb_is_found_however_its_prefix_is_written() -> None:
    for written in ("امضا می‌کنیم", "امضا می کنیم", "امضا ميكنيم"):
        assert lexicon().says(written, "signup"), written


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("سازمان ما به جمع امضاکنندگان نپیوندد", True),
        ("مایل به امضای این متن نیستیم", True),
        ("نام ما را در کنار امضاکنندگان نیاورید", True),
        ("حمایت خود را از این بیانیه اعلام میکنیم و تجمعی نداریم", False),
        ("این بیانیه را امضا میکنیم اما کار دیگری نمیکنیم", False),
    ],
)
def test_the_verb_that_ends_a_persian_clause_decides_whether_a_phrase_before_it_is_denied(
    text: str, denied: bool
) -> None:
    hits = [hit for hit in lexicon().find(words(text)) if hit.cue.category in ("signup", "request")]

    assert hits
    assert any(hit.turned for hit in hits) is denied


def test_a_phrase_is_known_as_it_is_written_and_as_it_is_spoken() -> None:
    assert words("اگه میخوایم اسممون رو بذارین") == words("اگر می‌خواهیم اسممان را بگذارید")
