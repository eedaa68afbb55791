"""More organisations to invite, as pages: one by a form, a list after its rows were shown and their count typed."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from openpyxl import Workbook

from outreach.model import Event, OutboxMail, Prospect, TeamRole
from outreach.web.gate import LANGUAGE_COOKIE
from outreach.web.pages.adding import LARGEST
from outreach.words import PrintedLine
from tests import cast
from tests.web.site import Answered, Site, Visitor

#: What acts do to the rows is tried on both databases by the tests of the steps; a page sees no difference.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

LIST = """\
name_en,name_fa,email,city
Refugees Bonn,پناهندگان بن,office@bonn.example,Bonn
To call,,,
,,office@nobody.example,
"""


def field(page: Answered, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None
    return html.unescape(found[1])


def shown(bea: Visitor, data: str = LIST) -> Answered:
    return bea.post("/prospects/preview", {"token": bea.get("/prospects/new").token, "text": data})


def take(bea: Visitor, page: Answered, count: str, **changed: str) -> Answered:
    form = {"data": field(page, "data"), "version": field(page, "version"), "count": count, **changed}
    return bea.post("/prospects/import", {"token": page.token, **form})


def names(site: Site) -> list[str]:
    with site.program.db.reading() as session:
        return sorted(name for row in session.query(Prospect).all() for name in row.details["names"].values())


def test_one_organisation_is_added_and_nothing_is_sent(site: Site) -> None:
    bea = site.visitor("Bea")
    form = {
        "name_en": "Refugees <Bonn>",
        "name_fa": "پناهندگان بن",
        "email": "office@bonn.example",
        "tags": "friends, Rhine",
    }
    answered = bea.post("/prospects/add", {"token": bea.get("/prospects/new").token, **form})
    assert answered.status == 303
    page = bea.get(answered.headers["location"]).text
    assert all(word in page for word in ("Refugees &lt;Bonn&gt;", "پناهندگان بن", "office@bonn.example", "Rhine"))
    with site.program.db.reading() as session:
        assert session.query(OutboxMail).count() == 0
        assert "imported" in [event.action for event in session.query(Event).all()]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name_en": "Refugees", "email": "office at bonn"}, "email is not an address"),
        ({"name_en": "", "email": "office@bonn.example"}, "it has no name"),
        ({"name_en": "", "email": ""}, "it has no name"),
        ({"name_en": "x" * 500}, "is longer than"),
    ],
)
def test_what_cannot_be_taken_comes_back_as_it_was_typed_with_the_reason(
    site: Site, wrong: dict[str, str], says: str
) -> None:
    bea = site.visitor("Bea")
    page = bea.post("/prospects/add", {"token": bea.get("/prospects/new").token, "city": "Bonn", **wrong})
    assert page.status == 409
    assert says in page.text
    assert field(page, "city") == "Bonn"
    assert names(site) == []


def test_who_is_known_already_is_named_and_not_added_again(site: Site) -> None:
    with site.program.db.writing() as session:
        known = cast.prospect(session, {"en": "Refugees"}).reference
    bea = site.visitor("Bea")
    page = bea.post("/prospects/add", {"token": bea.get("/prospects/new").token, "name_en": "Refugees"})
    assert page.status == 409
    assert f"/prospects/{known}" in page.text


def test_list_is_shown_row_by_row_and_taken_after_its_count_is_typed(site: Site) -> None:
    bea = site.visitor("Bea")
    page = shown(bea)
    assert all(word in page.text for word in ("Refugees Bonn", "to call", "it has no name"))
    assert page.text.index("it has no name") < page.text.index("Refugees Bonn")
    assert names(site) == []
    assert take(bea, page, "3").status == 409
    assert names(site) == []
    assert take(bea, page, "2").status == 303
    assert names(site) == ["Refugees Bonn", "To call", "پناهندگان بن"]


def test_file_is_taken_as_pasted_lines_are(site: Site) -> None:
    book = Workbook()
    book.active.append(["Name", "E-Mail"])
    book.active.append(["Verein Köln", "office@koeln.example"])
    octets = BytesIO()
    book.save(octets)
    bea = site.visitor("Bea")
    token = bea.get("/prospects/new").token
    page = bea.send_file("/prospects/preview", {"token": token}, octets.getvalue(), "list.xlsx")
    assert take(bea, page, "1").status == 303
    assert names(site) == ["Verein Köln"]


def test_list_whose_rows_would_do_something_else_by_now_is_shown_anew(site: Site) -> None:
    bea = site.visitor("Bea")
    page = shown(bea)
    with site.program.db.writing() as session:
        cast.prospect(session, {"en": "To call"}, None)
    anew = take(bea, page, "2")
    assert anew.status == 409
    assert "Something has changed meanwhile" in anew.text
    assert names(site) == ["To call"]
    assert take(bea, anew, "1").status == 303


def test_one_is_added_with_how_its_invitation_is_worded(site: Site) -> None:
    site.join("Cyrus")
    bea = site.visitor("Bea")
    page = bea.get("/prospects/new")
    assert "<option >Cyrus</option>" in page.text
    worded = {"greeting": "Dear <friends>", "personal_line": "One\nTwo", "sender": "Cyrus", "sign_off": "In solidarity"}
    done = bea.post("/prospects/add", {"token": page.token, "name_en": "Refugees", **worded})
    shown_now = bea.get(done.headers["location"]).text
    assert all(word in shown_now for word in ("Dear &lt;friends&gt;", "One\nTwo", "Cyrus", "In solidarity"))


def test_sender_who_is_no_coordinator_is_refused_and_all_that_was_typed_comes_back(site: Site) -> None:
    bea = site.visitor("Bea")
    form = {"token": bea.get("/").token, "name_en": "Refugees", "sender": "Nobody", "greeting": "Dear friends"}
    page = bea.post("/prospects/add", form)
    assert (page.status, field(page, "greeting")) == (409, "Dear friends")
    assert "is no coordinator" in page.text
    assert "<details open>" in page.text


def test_row_whose_organisation_has_signed_is_shown_first_and_taken_all_the_same(site: Site) -> None:
    with site.program.db.writing() as session:
        signed = cast.signatory(session, {"en": PrintedLine("Refugees Bonn")}).reference
    bea = site.visitor("Bea")
    bea.cookies[LANGUAGE_COOKIE] = "fa"
    page = shown(bea, "name_en,email\nOthers,a@others.example\nRefugees Bonn,office@bonn.example\n")
    assert f"شاید پیش‌تر امضا کرده است: {signed}" in page.text
    assert page.text.index("Refugees Bonn") < page.text.index("Others")
    assert take(bea, page, "2").status == 303


@pytest.mark.parametrize("data", ["", "no column that means anything\nx\n"])
def test_what_is_no_list_is_refused(site: Site, data: str) -> None:
    assert shown(site.visitor("Bea"), data).status == 409


def test_list_that_cannot_come_back_by_a_form_is_refused(site: Site) -> None:
    bea = site.visitor("Bea")
    token = bea.get("/prospects/new").token
    large = b"name,email\n" + b"x" * LARGEST
    assert "in parts" in bea.send_file("/prospects/preview", {"token": token}, large).text
    assert bea.send_file("/prospects/preview", {"token": token}, large * 2).status == 413


def test_changed_data_takes_nothing(site: Site) -> None:
    bea = site.visitor("Bea")
    page = shown(bea)
    for data in ("%%%", "ä", field(page, "data")[:-8], field(page, "data") + "LHg="):
        assert take(bea, page, "2", data=data).status == 409, data
    assert names(site) == []


def test_form_with_a_file_is_held_to_the_same_rules(site: Site) -> None:
    bea = site.visitor("Bea")
    assert bea.send_file("/prospects/preview", {"token": "0" * 64}, LIST.encode()).status == 403
    assert bea.send_file("/prospects/preview", {}, LIST.encode()).status == 403
    site.join("Dana", TeamRole.VIEWER)
    dana = site.visitor("Dana")
    assert dana.get("/prospects/new").status == 403
    assert dana.send_file("/prospects/preview", {"token": dana.get("/").token}, LIST.encode()).status == 403
    assert "/prospects/new" not in dana.get("/prospects").text
