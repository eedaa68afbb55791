"""Answers to a mail with several numbered lines, in every language of the lexicon."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.numbered import Answer, numbered_answer
from outreach.reading.shortwords import Word, corrected_line, said_alone, tables


def judged(text: str, count: int = 3) -> str:
    """The verdicts in a row: y, n, w (wrong), l (written anew), - for each line; "?" when nothing is understood."""
    said = numbered_answer(text, count)
    if said is None:
        return "?"
    of = {**dict.fromkeys(said.yes, "y"), **dict.fromkeys(said.no, "n"), **dict.fromkeys(said.wrong, "w")}
    of |= dict.fromkeys(said.lines, "l")
    return "".join(of.get(number, "-") for number in range(1, count + 1))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("1, 3 yes, 2 no", "yny"),
        ("1 yes\n2 no\n3 yes", "yny"),
        ("1: yes; 2: no; 3: yes", "yny"),
        ("Yes to 1 and 3, no to 2", "yny"),
        ("1, 2", "yy-"),
        ("all but 2", "y-y"),
        ("Yes, but not 2", "y-y"),
        ("yes, but 2 is wrong", "ywy"),
        ("2 is not right, 1 and 3 ok", "ywy"),
        ("The second one is right", "-y-"),
        ("1 yes, the rest no", "ynn"),
        ("All of them", "yyy"),
        ("Hello,\n1 yes, 2 no.\nBest regards\nRosa Doe", "yn-"),
        ("1 und 3 ja, 2 nein", "yny"),
        ("alle außer 2", "y-y"),
        ("Die zweite stimmt", "-y-"),
        ("1 oui, 2 et 3 non", "ynn"),
        ("toutes sauf la 2", "y-y"),
        ("۱، ۳ بله، ۲ نه", "yny"),
        ("همه به جز ۲", "y-y"),
        ("دومی درست است", "-y-"),
        ("۲ درست نیست، بقیه درست است", "ywy"),
        ("٢ لا، ١ و ٣ نعم", "yny"),
        ("все кроме 2", "y-y"),
        ("hepsi 2 hariç", "y-y"),
        ("1 ja, 2 nej, 3 ja", "yny"),
        ("1 sí, 2 no", "yn-"),
        ("2: Verein für Asyl – Köln\n1 and 3 yes", "yly"),
    ],
)
def test_what_is_said_about_each_line(text: str, means: str) -> None:
    assert judged(text) == means


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no",
        "7 yes",
        "1 yes 1 no",
        "the first one is ours, the second not",
        "No wait, 1 yes",
        "We sign with 3 members",
        "yes 1 no",
        "all but",
        "",
    ],
)
def test_what_is_not_clear_says_nothing(text: str) -> None:
    assert judged(text) == "?"


def test_a_sentence_about_one_line_that_is_not_understood_leaves_that_line_open() -> None:
    said = numbered_answer("About 3 we have to ask our board. 1 and 2 yes.", 3)
    assert said == Answer(yes=frozenset({1, 2}), whole=False)


def test_a_question_beside_the_answer_is_told() -> None:
    said = numbered_answer("1 yes, 2 no. Who else has signed?", 2)
    assert said is not None and not said.whole


def test_a_line_that_is_judged_and_written_anew_is_neither() -> None:
    said = numbered_answer("1 yes, 2 no\n2: Verein für Asyl – Köln", 2)
    assert said == Answer(yes=frozenset({1}), lines={}, whole=False)


def test_a_line_written_in_both_scripts_is_one_line() -> None:
    said = numbered_answer("1. yes\n2. Verein für Asyl – Köln\nانجمن پناه – کلن", 2)
    assert said is not None
    assert said.lines == {2: "Verein für Asyl – Köln\nانجمن پناه – کلن"}


@given(st.text(alphabet="123۲٣ ,;:.\nyesnojabut بلهنه", max_size=60), st.integers(1, 5))
def test_no_line_is_both_yes_and_no_and_none_lies_beyond_the_mail(text: str, count: int) -> None:
    said = numbered_answer(text, count)
    if said is not None:
        judged = [*said.yes, *said.no, *said.wrong, *said.lines]
        assert len(judged) == len(set(judged))
        assert all(1 <= number <= count for number in judged)


def test_every_language_of_the_lexicon_has_its_short_answers() -> None:
    files = resources.files("outreach.reading").joinpath("lexicon").iterdir()
    assert {file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")} == set(tables())


@pytest.mark.parametrize("language", sorted(tables()))
def test_yes_and_no_by_number_and_each_word_sent_alone_are_understood(language: str) -> None:
    table = tables()[language]
    yes = next(phrase for phrase, sign in table.signs.items() if sign.kind == "yes")
    no = next(phrase for phrase, sign in table.signs.items() if sign.kind == "no")
    assert judged(f"1 {' '.join(yes)}, 2 {' '.join(no)}", 2) == "yn"
    assert set(table.alone.values()) == set(Word)
    for phrase, word in table.alone.items():
        if word is Word.CORRECT:
            assert corrected_line(f"{' '.join(phrase)}: Solidarity Council – Berlin") == "Solidarity Council – Berlin"
        else:
            assert said_alone(" ".join(phrase)) is word


@pytest.mark.parametrize("text", ["Status of the statement is unclear to us", "we will not withdraw", "", "correct"])
def test_a_word_inside_a_sentence_is_no_word_sent_alone(text: str) -> None:
    assert said_alone(text) is None


@pytest.mark.parametrize("text", ["That is correct: we sign", "correct:", "Solidarity Council – Berlin"])
def test_only_the_bare_word_begins_a_correction(text: str) -> None:
    assert corrected_line(text) is None
