"""A line written anew, against the line that was asked about."""

from __future__ import annotations

import pytest

from outreach.reading.rewritten import rewritten
from outreach.words import Lines, PrintedLine

BEFORE: Lines = {
    "fa": PrintedLine("کانون پناهندگان سیاسی ایران", "برلین"),
    "en": PrintedLine("Iranian political refugees center", "Berlin"),
}


def after(text: str) -> dict[str, str] | None:
    lines = rewritten(text, BEFORE, ("fa", "en"))
    return None if lines is None else {language: str(line) for language, line in lines.items()}


def test_a_new_spelling_changes_its_own_script_only() -> None:
    assert after("Iranian Political Refugees Centre – Berlin") == {
        "fa": "کانون پناهندگان سیاسی ایران – برلین",
        "en": "Iranian Political Refugees Centre – Berlin",
    }


def test_a_new_city_is_carried_over_into_the_other_script() -> None:
    assert after("Iranian political refugees center – Hamburg") == {
        "fa": "کانون پناهندگان سیاسی ایران – هامبورگ",
        "en": "Iranian political refugees center – Hamburg",
    }


def test_a_country_may_be_added() -> None:
    lines = after("Iranian political refugees center – Berlin – Germany")
    assert lines is not None and lines["en"] == "Iranian political refugees center – Berlin – Germany"


def test_both_scripts_may_be_written_anew() -> None:
    lines = after("کانون پناهندگان سیاسی ایرانی – برلین\nIranian Political Refugees Centre – Berlin")
    assert lines is not None and next(iter(lines.values())).startswith("کانون پناهندگان سیاسی ایرانی")


def test_the_same_line_is_the_same() -> None:
    assert rewritten("Iranian political refugees center – Berlin.", BEFORE, ("fa", "en")) == BEFORE


@pytest.mark.parametrize(
    "text",
    [
        "Dockers' Union – Hamburg",
        "Who asked you for that?",
        "Iranian political refugees center – https://evil.example",
        "Iranian political refugees center – Berlin – Germany – Europe",
        "Иранский центр политических беженцев – Берлин",
        "Iranian political refugees center – Berlin – Nowhereland",
    ],
)
def test_what_is_not_clearly_the_same_organisation_is_no_new_wording(text: str) -> None:
    assert after(text) is None
