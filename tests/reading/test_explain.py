"""The explanation of a reading: it is the same reading, and what it points at is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.reading.explain import Explanation, What, explain, word_spans
from outreach.reading.lexicon import clause_words
from outreach.reading.read import read
from outreach.reading.result import Ours

_CORPUS = Path(__file__).parent.parent / "corpus"
#: Every fourth of the many.
_MESSAGES = [*sorted((_CORPUS / "replies").glob("*.eml")), *sorted((_CORPUS / "own").glob("*.eml"))[::4]]
_HEAD = "From: Rosa Lind <rosa@hamburg.example>\nTo: statement@contact.example\nMessage-ID: <a@hamburg.example>\n"


@pytest.fixture(scope="module")
def explanations() -> list[tuple[Path, Explanation]]:
    return [(message, explain(message.read_bytes(), Ours())) for message in _MESSAGES]


def explained(body: str, *headers: str) -> Explanation:
    lines = "".join(f"{header}\n" for header in headers)
    raw = f"{_HEAD}{lines}Content-Type: text/plain; charset=utf-8\n\n{body}".encode()
    return explain(raw, Ours())


def marked(found: Explanation, what: What) -> dict[str, str]:
    return {found.reading.parts[m.part][m.start : m.end]: m.note for m in found.marks if m.what is what}


def test_an_explanation_holds_the_same_reading_and_marks_what_is_there(
    explanations: list[tuple[Path, Explanation]],
) -> None:
    for message, found in explanations:
        assert found.reading == read(message.read_bytes()), message.stem
        for mark in found.marks:
            assert found.reading.parts[mark.part][mark.start : mark.end].strip(), (message.stem, mark)


def test_the_lowest_confidence_named_is_the_confidence_answered(explanations: list[tuple[Path, Explanation]]) -> None:
    for message, found in explanations:
        assert min(sure for sure, _ in found.confidence) == found.reading.confidence, message.stem


def test_a_cue_is_marked_where_it_stands_and_named_with_language_and_weight() -> None:
    found = explained("We, the Harbour Choir of Oslo, gladly sign the statement.")

    assert marked(found, What.CUE)["sign the statement"] == "signup"
    [said] = found.said
    assert ("sign the statement", "en", "signup", 1.0, None) in [
        (p.written, p.language, p.category, p.weight, p.turned) for p in said.phrases
    ]
    assert said.counts["signup"] == 1.0


def test_a_negation_is_named_with_what_it_makes_of_the_phrase() -> None:
    found = explained("We will not gladly sign the statement.")

    assert "not signup" in marked(found, What.CUE).values()
    assert "decline" in {phrase.turned for said in found.said for phrase in said.phrases}


def test_the_labels_of_a_form_and_the_values_are_marked() -> None:
    found = explained("Organisation: Harbour Choir\nCity: Oslo\nCountry: Norway\nContact person: Rosa Lind\n")

    assert marked(found, What.LABEL) == {
        "Organisation": "name",
        "City": "city",
        "Country": "country",
        "Contact person": "contact",
    }
    assert marked(found, What.VALUE)["Oslo"] == "city"
    assert (0.95, "names: read in form") in found.confidence


def test_a_machine_is_shown_by_its_header() -> None:
    found = explained("Thank you for your mail.", "Auto-Submitted: auto-replied")

    assert found.machine == "auto-submitted"
    assert ("auto-submitted", "auto-replied") in found.headers


def test_the_mail_of_ours_that_is_answered_is_named_with_its_phrases() -> None:
    found = explained("Yes.\n\n> If all is right, answer with yes. Without your answer nothing is printed.\n")

    assert found.context == "asking"
    assert "Without your answer nothing is printed" in marked(found, What.OURS)


@pytest.mark.parametrize(
    "text",
    [
        "we're not, as you know, in it",
        "ما امضا می کنیم، با درود",
        "نمی‌توانیم امضا کنیم (هنوز) ها",
        "…, nothing ,, odd: «x»",
        "",
    ],
)
def test_every_word_of_a_sentence_has_a_place_in_it(text: str) -> None:
    assert len(word_spans(text, clause_words)) == len(clause_words(text))


def test_a_persian_verb_written_apart_is_one_place() -> None:
    text = "ما امضا می کنیم"

    start, end = word_spans(text, clause_words)[2]
    assert text[start:end] == "می کنیم"
