"""The campaign in figures, as a page: counted from what is there, charted without style or script."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from outreach.store import figures
from outreach.web.gate import LANGUAGE_COOKIE
from outreach.web.pages.campaign import COLUMNS, over_time
from outreach.words import ProspectStatus, RevisionStatus, Seen
from tests import cast
from tests.web.site import Site


def fill(site: Site) -> None:
    """Three invited of whom one has answered; three entries, two of them approved, one after three hours."""
    with site.program.db.writing() as session:
        for at in range(3):
            values: dict[str, Any] = {"status": ProspectStatus.INVITED, "invited_at": cast.NOW}
            if at == 0:
                values |= {"status": ProspectStatus.ANSWERED, "answered_at": cast.NOW}
            cast.prospect(session, {"en": f"Committee {at}"}, f"office@c{at}.example", **values)
        details = {"country_code": "DE"}
        first = cast.signatory(
            session, email="a@a.example", language="fa", status=RevisionStatus.APPROVED, details=details
        )
        first.newest.decided_at, first.newest.decided_by = cast.NOW + timedelta(hours=3), "Bea"
        cast.signatory(session, email="b@b.example", status=RevisionStatus.APPROVED)
        cast.signatory(session, email="c@c.example", seen=Seen.NO)


def test_everybody_is_counted_where_they_are(site: Site) -> None:
    fill(site)
    with site.program.db.reading() as session:
        found = figures.funnel(session)
    assert found == figures.Funnel(invited=3, answered=1, signed=3, confirmed=2, approved=2, printed=0)


def test_merged_entry_is_counted_once(site: Site) -> None:
    with site.program.db.writing() as session:
        stays = cast.signatory(session, email="a@a.example")
        cast.signatory(session, email="b@b.example").merged_into_id = stays.id
    with site.program.db.reading() as session:
        assert figures.funnel(session).signed == 1
        assert over_time(session, ZoneInfo("UTC"))[-1]["total"] == 1


def test_page_names_countries_and_languages_in_the_language_of_the_visitor(site: Site) -> None:
    fill(site)
    bea = site.visitor("Bea")
    page = bea.get("/campaign").text
    assert all(word in page for word in ("Germany", "others, or not known", "Persian", "half of them within 3 hours"))
    bea.cookies[LANGUAGE_COOKIE] = "fa"
    assert "آلمان" in bea.get("/campaign").text


def test_charts_carry_no_style_and_no_script(site: Site) -> None:
    fill(site)
    page = site.visitor("Bea").get("/campaign").text
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(charts) > 6
    assert not any("style" in chart or "script" in chart for chart in charts)


def test_long_campaign_has_no_more_columns_than_fit(site: Site) -> None:
    with site.program.db.writing() as session:
        for day in range(0, 400, 10):
            cast.signatory(session, email=f"a@d{day}.example", at=cast.NOW + timedelta(days=day))
    with site.program.db.reading() as session:
        rows = over_time(session, ZoneInfo("Asia/Tehran"))
    assert len(rows) <= COLUMNS
    assert rows[-1]["total"] == sum(row["new"] for row in rows) == 40


def test_day_begins_where_the_campaign_is(site: Site) -> None:
    with site.program.db.writing() as session:
        cast.signatory(session, email="a@a.example", at=datetime(2026, 8, 19, 20, 29, tzinfo=UTC))
        cast.signatory(session, email="b@b.example", at=datetime(2026, 8, 19, 20, 31, tzinfo=UTC))
    with site.program.db.reading() as session:
        rows = over_time(session, ZoneInfo("Asia/Tehran"))
    assert [(row["day"], row["new"]) for row in rows] == [("2026-08-19", 1), ("2026-08-20", 1)]


def test_first_page_says_how_many_lines_to_expect_once_enough_is_known(site: Site) -> None:
    bea = site.visitor("Bea")
    assert "Printed lines by the deadline" not in bea.get("/").text
    with site.program.db.writing() as session:
        for at in range(12):
            came = cast.NOW - timedelta(days=5)
            cast.signatory(session, email=f"a@c{at}.example", at=came).newest.approve(came, by="Bea")
    page = bea.get("/").text
    assert "between 23 and 66" in page
    assert "12 approved entries, 0 that wait" in page


def test_empty_campaign_says_so(site: Site) -> None:
    page = site.visitor("Bea").get("/campaign")
    assert page.status == 200
    assert "Nobody has signed yet." in page.text
