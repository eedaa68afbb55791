"""The public pages as they look: no barrier that axe knows, nothing wider than a phone, whole without script."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from outreach.words import PrintedLine, RevisionStatus
from tests import cast
from tests.public.place import Place
from tests.public.test_answer import ask
from tests.public.test_stop import invite, link_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

LONG = {"fa": PrintedLine("کمیته دفاع از زندانیان سیاسی " * 6, "کلن", "آلمان"), "en": PrintedLine("W" * 120)}


def addresses(place: Place) -> dict[str, str]:
    """Every public page, with what is hard to lay out."""
    with place.program.db.writing() as session:
        cast.signatory(session, status=RevisionStatus.APPROVED)
        cast.signatory(session, LONG, "a@b.example", status=RevisionStatus.APPROVED)
    place.publish()
    stop = link_of(place, invite(place))
    answer = ask(place, cast.BERLIN, LONG)
    return {"published": "/", "quiet": "/nowhere", "stop": stop, "answer": answer, "sign": "/sign"}


def test_no_page_has_a_barrier_or_runs_out_of_a_phone(place: Place, browser: Browser) -> None:
    axe, pages = Axe(), addresses(place)
    for language, scheme in (("en", "light"), ("fa", "dark")):
        with browser.new_context(
            locale=language,
            bypass_csp=True,
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": 360, "height": 740},
        ) as context:
            page = context.new_page()
            for name, path in pages.items():
                page.goto(f"{place.url}{path}?language={language}")
                assert page.locator("html").get_attribute("lang") == language, name
                for folded in page.locator("details").all():
                    folded.evaluate("one => one.open = true")
                assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
                found = axe.run(page).response["violations"]
                assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], name
            for path, typed in (("/sign", "no address"), (pages["answer"], None)):  # as they come back, incomplete
                page.goto(f"{place.url}{path}?language={language}")
                if typed is not None:
                    page.locator("[name=address]").fill(typed)
                with page.expect_navigation():
                    page.locator("form").evaluate("one => one.submit()")
                assert page.get_by_role("alert").count() == 1, path
                assert axe.run(page).response["violations"] == [], path


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
