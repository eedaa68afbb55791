"""The public pages as they look: no barrier that axe knows, nothing wider than a phone, whole without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from outreach import resources
from outreach.bootstrap import Program
from outreach.errors import DatabaseProblem
from outreach.public.app import public_app
from outreach.public.render import Pages
from outreach.public.routes import ROWS
from outreach.steps import heard
from outreach.store import waves
from outreach.words import PrintedLine, RevisionStatus
from tests import cast
from tests.barriers import look, send, shown_by, templates_in
from tests.public.place import Place
from tests.public.test_answer import ask
from tests.public.test_stop import invite, link_of
from tests.web.site import running
from tests.web.test_entrance import Hour

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

LONG = {"fa": PrintedLine("کمیته دفاع از زندانیان سیاسی " * 6, "کلن", "آلمان"), "en": PrintedLine("W" * 120)}


@pytest.fixture
def hour() -> Hour:
    return Hour()


@pytest.fixture
def place(program: Program, hour: Hour) -> Iterator[Place]:
    assert program.settings.public is not None
    program = replace(program, clock=hour)
    with running(public_app(program), program.settings.public):  # type: ignore[arg-type]  # asserted above
        yield Place(program)


def addresses(place: Place) -> dict[str, str]:
    """Every public page, with what is hard to lay out."""
    with place.program.db.writing() as session:
        cast.signatory(session, status=RevisionStatus.APPROVED)
        cast.signatory(session, LONG, "a@b.example", status=RevisionStatus.APPROVED)
    place.publish()
    stop = link_of(place, invite(place))
    answer = ask(place, cast.BERLIN, LONG)
    return {"published": "/", "quiet": "/nowhere", "stop": stop, "answer": answer, "sign": "/sign"}


def look_at_what_forms_lead_to(place: Place, page: Page, pages: dict[str, str]) -> None:
    """Every state of the form to sign and of the links: incomplete, thanked, too many at once, used."""
    entry = {"name.en": "Solidarity council", "address": "office@council.example"}
    for path, form, alerts in (
        ("/sign", {"address": "no address"}, 1),
        (pages["answer"], {}, 1),
        ("/sign", entry, 0),
        (pages["answer"], {"line.1": "yes", "line.2": "no"}, 0),
        (pages["stop"], {"answer": "stop"}, 0),
    ):
        page.goto(f"{place.url}{path}?language=fa")
        send(page, path, {"language": "fa", **form})
        assert page.get_by_role("alert").count() == alerts, path
        look(page, f"after {path}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heard, "has_room", lambda *_: False)
        page.goto(f"{place.url}/sign?language=fa")
        send(page, "/sign", {"language": "fa", **entry})
        look(page, "busy")


def look_at_what_is_over(place: Place, page: Page, hour: Hour) -> None:
    """After the deadline nobody signs any more; and what the visitor sees when the database cannot be asked."""
    hour.now += timedelta(days=60)
    for path in ("/", "/sign"):
        page.goto(f"{place.url}{path}?language=fa")
        look(page, f"closed {path}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waves, "last", broken)
        page.goto(f"{place.url}/?language=fa")
        look(page, "sorry")


def broken(_: object) -> None:
    raise DatabaseProblem("The disk is full.")


def test_no_page_has_a_barrier_or_runs_out_of_a_phone(
    place: Place, browser: Browser, hour: Hour, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = shown_by(Pages, monkeypatch)
    for language, scheme in (("en", "light"), ("fa", "dark")):
        with browser.new_context(locale=language, bypass_csp=True, color_scheme=scheme) as context:  # type: ignore[arg-type]
            page = context.new_page()
            if language == "en":
                page.goto(f"{place.url}/?language=en")
                look(page, "before anything is published")
                pages = addresses(place)
            for name, path in pages.items():
                page.goto(f"{place.url}{path}?language={language}")
                assert page.locator("html").get_attribute("lang") == language, name
                look(page, name)
            if language == "fa":  # once: what differs by language and scheme is on the pages above
                look_at_what_forms_lead_to(place, page, pages)
                look_at_what_is_over(place, page, hour)
    assert templates_in(resources.templates() / "public") - shown == set()


def test_every_page_of_the_table_is_among_those_looked_at(place: Place) -> None:
    looked = addresses(place).values()
    for row in (row for row in ROWS if row.method == "GET"):
        assert any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", row.path), path) for path in looked), row.path


def test_everything_is_done_without_script(place: Place, browser: Browser) -> None:
    with browser.new_context(locale="en", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(place.url)
        page.get_by_role("link", name="Sign the joint statement").click()
        page.get_by_label("Name of the organisation in English").fill("Solidarity council")
        page.get_by_label("Mail address").fill("office@council.example")
        page.get_by_role("button", name="Send").click()
        assert page.locator("h1").inner_text() == "Thank you, that has arrived"
        page.goto(place.url + ask(place))
        page.get_by_role("button", name="Send the answer").click()  # the browser itself asks for a choice
        page.get_by_label("Yes, we sign, and the line is right").check()
        page.get_by_role("button", name="Send the answer").click()
        assert page.locator("h1").inner_text() == "Thank you, your answer has arrived"
        page.goto(place.url + link_of(place, invite(place)))
        page.get_by_role("button", name="Invite us no more").click()
        assert page.locator("h1").inner_text() == "We shall invite you no more"
        assert context.cookies() == []
