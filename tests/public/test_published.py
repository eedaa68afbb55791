"""The published statement and list: what the last wave says, nothing newer, and nobody who has left since."""

from __future__ import annotations

import pytest

from outreach.words import HoldKind, PrintedLine, Proof, RevisionStatus, Seen
from tests import cast
from tests.public.place import Place

#: What is read from the rows is tried on both databases, how it is shown on one.
_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ROTTERDAM = {"fa": PrintedLine("شورای همبستگی", "رتردام"), "en": PrintedLine("Solidarity council", "Rotterdam")}


@pytest.fixture
def published(place: Place) -> Place:
    """One organisation is printed."""
    with place.program.db.writing() as session:
        cast.signatory(session, status=RevisionStatus.APPROVED)
    place.publish()
    return place


@_SQLITE
def test_page_says_so_before_anything_is_published(place: Place) -> None:
    page = place.get("/", **{"Accept-Language": "en"})
    assert page.status == 200
    assert "Nothing has been published here yet." in page.text
    assert "We ask for their freedom." not in page.text


@_SQLITE
def test_page_shows_the_statement_and_each_line_in_both_scripts(published: Place) -> None:
    page = published.get("/", **{"Accept-Language": "en"})
    assert "We ask for their freedom." in page.text
    assert "ما آزادی آنان را می‌خواهیم." in page.text
    for language, line in cast.BERLIN.items():
        assert str(line) in page.text, language
    assert "list no. 1 of Thursday, 20 August 2026" in page.text


@_SQLITE
def test_what_is_approved_or_written_after_the_wave_is_not_shown(published: Place) -> None:
    (published.program.settings.folder / "statement" / "en.md").write_text("# Other\n\nNewer.\n", encoding="utf-8")
    with published.program.db.writing() as session:
        cast.signatory(session, ROTTERDAM, "office@council.example", status=RevisionStatus.APPROVED)
    page = published.get("/")
    assert "We ask for their freedom." in page.text
    assert "Newer." not in page.text
    assert "Rotterdam" not in page.text


@_SQLITE
def test_correction_is_not_shown_before_it_is_published(published: Place) -> None:
    with published.program.db.writing() as session:
        [entry] = cast.all_signatories(session)
        revision = entry.revise(
            lines=ROTTERDAM, at=cast.NOW, status=RevisionStatus.PENDING, proof=Proof.DOMAIN, seen=Seen.CONFIRMED
        )
        revision.supersede(cast.NOW)
        revision.approve(cast.NOW, by="Bea")
    page = published.get("/")
    assert "Rotterdam" not in page.text
    assert str(cast.BERLIN["en"]) in page.text


def test_whoever_withdraws_is_off_the_page_at_once(published: Place) -> None:
    with published.program.db.writing() as session:
        [entry] = cast.all_signatories(session)
        entry.withdraw(cast.NOW, by="machine")
    page = published.get("/", **{"Accept-Language": "en"})
    assert str(cast.BERLIN["en"]) not in page.text
    assert "Nobody stands on this list." in page.text


def test_whoever_is_held_is_off_the_page_until_the_hold_is_lifted(published: Place) -> None:
    for kind in (HoldKind.HIDDEN, HoldKind.OBJECTED, HoldKind.WITHHELD):
        with published.program.db.writing() as session:
            [entry] = cast.all_signatories(session)
            entry.hold(kind, by="machine", at=cast.NOW, reason="")
        assert str(cast.BERLIN["en"]) not in published.get("/").text, kind
        with published.program.db.writing() as session:
            [entry] = cast.all_signatories(session)
            entry.lift(kind, by="Bea", at=cast.NOW)
        assert str(cast.BERLIN["en"]) in published.get("/").text, kind


@_SQLITE
def test_page_comes_in_the_language_of_the_browser_or_the_one_that_is_chosen(published: Place) -> None:
    assert '<html lang="fa" dir="rtl">' in published.get("/").text  # the campaign's first
    assert '<html lang="en" dir="ltr">' in published.get("/", **{"Accept-Language": "pt, en-GB;q=0.8"}).text
    assert '<html lang="fa" dir="rtl">' in published.get("/?language=fa", **{"Accept-Language": "en"}).text
    assert '<html lang="en" dir="ltr">' in published.get("/?language=xx", **{"Accept-Language": "en"}).text


@_SQLITE
def test_name_that_looks_like_markup_stays_a_name(place: Place) -> None:
    with place.program.db.writing() as session:
        cast.signatory(session, {"en": PrintedLine("<script>alert(1)</script>")}, status=RevisionStatus.APPROVED)
    place.publish()
    page = place.get("/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script" not in page.text


def test_people_stand_apart_from_the_organisations(published: Place) -> None:
    with published.program.db.writing() as session:
        person = cast.signatory(
            session, {"en": PrintedLine("Rosa Doe")}, "rosa@b.example", status=RevisionStatus.APPROVED
        )
        person.individual = True
    published.publish()
    page = published.get("/", **{"Accept-Language": "en"})
    assert "1 organisation\n" in page.text
    organisations, _, people = page.text.partition("For themselves")
    assert "Rosa Doe" in people
    assert "Rosa Doe" not in organisations
