"""The queue narrowed by what is chosen: seen, taken off by one link, kept through the cases and for acts on several."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from outreach.web.gate import LANGUAGE_COOKIE
from outreach.words import PrintedLine, RevisionStatus
from tests import cast
from tests.web.site import Answered, Site
from tests.web.test_bulk import approved, form_of

#: What acts do to the rows is tried on both databases by the tests of the steps, what is found by those of the store.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def entries(site: Site) -> dict[str, str]:
    """Entries by the country they are from; their references."""
    found = {}
    with site.program.db.writing() as session:
        for number, (code, language) in enumerate((("DE", "de"), ("IR", "fa"), ("SE", "en"))):
            row = cast.signatory(
                session,
                {"en": PrintedLine(f"Committee of {code}", "B")},
                f"office@c{number}.example",
                at=cast.NOW - timedelta(days=2 * number),
                language=language,
                details={"country_code": code, "warnings": ["hidden text"] if code == "IR" else []},
                status=RevisionStatus.UNCONFIRMED if code == "SE" else RevisionStatus.PENDING,
            )
            found[code] = row.reference
    return found


def shown(page: Answered, entries: dict[str, str]) -> set[str]:
    """The countries of the entries on a page."""
    assert page.status == 200
    return {code for code, reference in entries.items() if f'class="row" href="/queue/{reference}' in page.text}


def links(page: Answered) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', page.text)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("country=IR", {"IR"}),
        ("language=de", {"DE"}),
        ("warning=some", {"IR"}),
        ("warning=hidden+text", {"IR"}),
        ("warning=none&status=pending", {"DE"}),
        ("age=new", {"DE"}),
        ("age=3", {"SE"}),
        ("age=1&status=pending", {"IR"}),
        ("duplicate=no&confidence=sure", {"DE", "IR", "SE"}),
        ("search=Committee+of+IR&country=IR", {"IR"}),
        ("search=Committee+of+IR&country=DE", set()),
        ("status=nothing&age=never", {"DE", "IR", "SE"}),
    ],
)
def test_queue_shows_what_is_chosen(site: Site, entries: dict[str, str], query: str, expected: set[str]) -> None:
    assert shown(site.visitor("Bea").get(f"/queue?{query}"), entries) == expected


def test_form_offers_what_there_is_and_how_often(site: Site, entries: dict[str, str]) -> None:
    page = site.visitor("Bea").get("/queue?country=IR")
    assert re.findall(r'<option value="(\w\w)"( selected)?>([^<]+)</option>', page.text)[:3] == [
        ("DE", "", "Germany (1)"),
        ("IR", " selected", "Iran (1)"),
        ("SE", "", "Sweden (1)"),
    ]
    assert '<option value="hidden text">hidden text (1)</option>' in page.text


def test_what_is_chosen_is_taken_off_one_by_one(site: Site, entries: dict[str, str]) -> None:
    bea = site.visitor("Bea")
    page = bea.get("/queue?status=pending&country=IR")
    assert 'aria-label="Take off: Country: Iran"' in page.text
    assert {"/queue?status=pending", "/queue?country=IR"} <= {*links(page)}
    assert shown(bea.get("/queue?status=pending"), entries) == {"DE", "IR"}


def test_an_empty_queue_says_what_hides_the_others(site: Site, entries: dict[str, str]) -> None:
    page = site.visitor("Bea").get("/queue?country=IR&language=de&age=new")
    assert "Nothing that waits is like this." in page.text
    without = page.text.partition("There is something without:")[2]
    assert re.findall(r">([^<]+)</a>", without) == ["Country: Iran"]


def test_what_there_is_no_more_is_still_seen_and_taken_off(site: Site, entries: dict[str, str]) -> None:
    page = site.visitor("Bea").get("/queue?country=%3Cscript%3E&kind=signup")
    assert "<script>" not in page.text.replace('<script src="/static/keys.js" defer></script>', "")
    assert "/queue?kind=signup" in links(page)


def test_the_next_case_is_the_next_of_what_was_chosen(site: Site, entries: dict[str, str]) -> None:
    bea, first, last = site.visitor("Bea"), entries["DE"], entries["SE"]
    page = bea.get(f"/queue/{first}?warning=none")
    assert f"/queue/{last}?warning=none" in links(page)
    form = {"token": page.token, "version": page.version}
    answer = bea.post(f"/queue/{first}/approve?warning=none", form)
    assert answer.headers["location"] == f"/queue/{last}?warning=none&said=approved&about={first}"
    assert f"/queue/{last}/undo?warning=none" not in bea.get(answer.headers["location"]).text
    assert f"/queue/{entries['IR']}" not in " ".join(links(bea.get(f"/queue/{last}?warning=none")))


def test_all_of_what_was_chosen_is_approved_and_nothing_else(site: Site, entries: dict[str, str]) -> None:
    bea = site.visitor("Bea")
    assert "/queue/bulk?country=DE&all=yes" in links(bea.get("/queue?country=DE"))
    page = bea.get("/queue/bulk?country=DE&all=yes")
    assert "Country: <b>Germany</b>" in page.text
    answer = bea.post("/queue/bulk?country=DE", form_of(page, "1"))
    assert answer.headers["location"] == "/queue?country=DE&said=approved"
    assert approved(site) == {entries["DE"]}
    assert bea.get("/queue/bulk?country=SE&all=yes").headers["location"] == "/queue?country=SE&said=alone"
    assert "all=yes" not in " ".join(links(bea.get("/queue?status=unconfirmed")))


def test_filters_speak_persian(site: Site, entries: dict[str, str]) -> None:
    bea = site.visitor("Bea")
    bea.cookies[LANGUAGE_COOKIE] = "fa"
    page = bea.get("/queue?country=IR&warning=hidden+text&language=fa&age=1")
    for words in ("کشور: <b>ایران</b>", "تردیدها: <b>متن پنهان</b>", "زبان: <b>فارسی</b>", "سوئد (۱)"):
        assert words in page.text


def test_a_full_page_with_every_country_is_small(site: Site) -> None:
    codes = [f"{one}{other}" for one in "ABCDEGIKLMNPST" for other in "EGILMNORSTUVZ"]
    with site.program.db.writing() as session:
        for number, code in enumerate(codes):
            lines = {
                "en": PrintedLine(f"Committee {number} of refugees", "Berlin"),
                "fa": PrintedLine("کمیته " * 8, "کلن"),
            }
            details = {"country_code": code, "warnings": ["letters that look like others", f"comes back: {number}"]}
            cast.signatory(session, lines, f"office@c{number}.example", details=details)
    bea = site.visitor("Bea")
    bea.cookies[LANGUAGE_COOKIE] = "fa"
    page = bea.get("/queue?warning=letters+that+look+like+others&duplicate=yes&status=pending&confidence=sure")
    assert page.text.count('class="row"') == 50
    assert len(page.text.encode()) <= 60_000
