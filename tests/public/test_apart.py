"""The public pages stand apart: nothing of the coordinators' pages is there, and nobody is remembered."""

from __future__ import annotations

import re

import pytest

from outreach.public.door import HEADERS, LARGEST_FORM
from outreach.public.routes import ROWS
from outreach.web import routes
from tests.public.place import Place
from tests.web.site import Answered

#: A browser sees no difference between databases; what acts do to the rows is tried on both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

_WORD = re.compile(r"\{\w+\}")


def addresses() -> list[tuple[str, str]]:
    """Every public page, with a token that nobody made."""
    return [(row.method, _WORD.sub("K7Q2-M9PX", row.path)) for row in ROWS]


def ask(place: Place, method: str, path: str) -> Answered:
    return place.get(path) if method == "GET" else place.post(path, {})


def test_no_address_of_the_coordinators_pages_answers_here(place: Place) -> None:
    ours = {row.path for row in ROWS}
    # Both begin at "/": here it is the published list.
    assert {row.path for row in routes.ROWS} & ours == {"/"}
    for row in routes.ROWS:
        if row.path == "/":
            continue
        answered = ask(place, row.method, _WORD.sub("K7Q2-M9PX", row.path))
        assert answered.status == 404, row.path
        assert "/sign-in" not in answered.text, row.path
    assert place.get("/static/style.css").status == place.get("/static/keys.js").status == 404


def test_root_is_the_list_even_for_who_brings_a_coordinators_cookie(place: Place) -> None:
    with_cookie = place.get("/", Cookie="__Host-outreach=anything")
    assert with_cookie.text == place.get("/").text


def test_no_answer_sets_a_cookie_and_each_one_carries_the_headers(place: Place) -> None:
    for method, path in [*addresses(), ("GET", "/nowhere"), ("POST", "/"), ("GET", "/public.css")]:
        answered = ask(place, method, path)
        said = {name.lower(): value for name, value in answered.headers.items()}
        assert {name: said[name.lower()] for name in HEADERS} == HEADERS, path
        assert answered.cookies == {}, path
        assert "<script" not in answered.text, path


def test_address_that_is_none_is_answered_like_an_unknown_link(place: Place) -> None:
    nowhere = place.get("/nowhere")
    assert nowhere.status == 404
    for method, path in addresses():
        if method == "GET" and "K7Q2" in path:
            assert place.get(path).text == nowhere.text, path


def test_form_that_is_too_long_is_not_read(place: Place) -> None:
    for method, path in addresses():
        if method == "POST":
            assert place.post(path, {"filling": "x" * LARGEST_FORM}).status in (404, 422), path


def test_mistake_of_ours_is_a_quiet_sentence(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("what a mail said")

    monkeypatch.setattr("outreach.store.waves.last", fails)
    answered = place.get("/")
    assert answered.status == 500
    assert "ValueError" not in answered.text
    assert "what a mail said" not in answered.text
