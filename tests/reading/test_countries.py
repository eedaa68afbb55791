"""Where a country was written: only what was written is printed."""

from __future__ import annotations

from outreach.reading.countries import with_country_evidence
from outreach.reading.result import Signup
from outreach.words import Evidence


def where(signup: Signup, text: str) -> str | None:
    """The words that the country's evidence points at."""
    [found] = with_country_evidence((signup,), {"new": text})
    evidence = found.evidence.get("country")
    return text[evidence.start : evidence.end] if evidence else None


def test_a_country_that_was_written_is_pointed_at() -> None:
    text = "We are from Gothenburg, Sweden."
    city = Evidence("new", text.index("Gothenburg"), text.index("Gothenburg") + 10)
    signup = Signup(names={"en": "Sample"}, city="Gothenburg", country="SE", evidence={"city": city})
    assert where(signup, text) == "Sweden"


def test_a_country_that_only_follows_from_the_city_is_not_found_in_other_words() -> None:
    text = "We are from Gothenburg. Best wishes to Germany!"
    city = Evidence("new", text.index("Gothenburg"), text.index("Gothenburg") + 10)
    signup = Signup(names={"en": "Sample"}, city="Gothenburg", country="SE", evidence={"city": city})
    assert where(signup, text) != "Germany"
