"""From a sign-up to what would be printed."""

from __future__ import annotations

from outreach.reading.lines import corrected, printed_lines, script_of
from outreach.reading.result import Signup
from outreach.words import Evidence, Lines, PrintedLine

LANGUAGES = ("fa", "en")
NEW = "شورای نمونه، استکهلم، سوئد"
PARTS = {"new": NEW}


def evidence_of(text: str) -> Evidence:
    start = NEW.index(text)
    return Evidence("new", start, start + len(text))


def test_each_language_gets_the_name_that_was_written_for_it() -> None:
    signup = Signup(names={"fa": "شورای نمونه", "en": "Sample Council"})
    assert printed_lines(signup, LANGUAGES, {}) == {
        "fa": PrintedLine("شورای نمونه"),
        "en": PrintedLine("Sample Council"),
    }


def test_a_german_name_is_printed_in_the_latin_line_when_there_is_no_english_one() -> None:
    lines = printed_lines(Signup(names={"de": "Beispielkomitee"}), LANGUAGES, {})
    assert lines == {"en": PrintedLine("Beispielkomitee")}


def test_a_language_without_a_name_in_its_script_has_no_line() -> None:
    assert "fa" not in printed_lines(Signup(names={"en": "Sample Council"}), LANGUAGES, {})


def test_a_city_is_printed_as_written_and_carried_over_into_the_other_script() -> None:
    signup = Signup(names={"fa": "شورای نمونه", "en": "Sample Council"}, city="استکهلم")
    lines = printed_lines(signup, LANGUAGES, {})
    assert lines["fa"].city == "استکهلم"
    assert lines["en"].city == "Stockholm"


def test_a_country_that_was_written_is_printed_in_both_scripts() -> None:
    signup = Signup(
        names={"fa": "شورای نمونه", "en": "Sample Council"}, country="SE", evidence={"country": evidence_of("سوئد")}
    )
    lines = printed_lines(signup, LANGUAGES, PARTS)
    assert lines["fa"].country == "سوئد"
    assert lines["en"].country == "Sweden"


def test_a_country_that_only_follows_from_the_city_is_not_printed() -> None:
    signup = Signup(
        names={"fa": "شورای نمونه"}, city="استکهلم", country="SE", evidence={"country": evidence_of("استکهلم")}
    )
    assert printed_lines(signup, LANGUAGES, PARTS)["fa"] == PrintedLine("شورای نمونه", "استکهلم", None)


def test_a_correction_changes_only_what_it_names() -> None:
    before: Lines = {"fa": PrintedLine("شورای نمونه", "برلین"), "en": PrintedLine("Sample Council", "Berlin")}
    after = corrected(before, Signup(names={"en": "Sample Council of Berlin"}), LANGUAGES, {})
    assert after["fa"] == before["fa"]
    assert after["en"] == PrintedLine("Sample Council of Berlin", "Berlin")


def test_a_corrected_city_is_corrected_in_both_scripts() -> None:
    before: Lines = {"fa": PrintedLine("شورای نمونه", "برلین"), "en": PrintedLine("Sample Council", "Berlin")}
    after = corrected(before, Signup(city="Hamburg"), LANGUAGES, {})
    assert after["en"].city == "Hamburg"
    assert after["fa"].city == "هامبورگ"


def test_persian_is_printed_in_arabic_script_and_unknown_languages_in_latin() -> None:
    assert script_of("fa") == "Arab"
    assert script_of("ckb-IQ") == "Arab"
    assert script_of("sv") == "Latn"
