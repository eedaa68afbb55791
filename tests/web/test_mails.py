"""Every mail as a page: in every language, plain, and framed so that it can load and do nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from outreach.model import OutboxMail
from outreach.words import MailKind
from tests.web.site import Site

#: What the pages ask of the database here, the tests of the steps and stores ask of both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_every_mail_is_shown_in_every_language_and_leaves_nothing_behind(site: Site) -> None:
    bea = site.visitor("Bea")
    for kind in MailKind:
        for tag in sorted(site.program.desk.renderer.languages(kind)):
            page = bea.get(f"/mails?kind={kind}&tag={tag}")
            assert 'class="text"' in page.text, (kind, tag)
            framed = bea.get(f"/mails/html?kind={kind}&tag={tag}")
            assert (framed.status, framed.headers["content-type"]) == (200, "text/html; charset=utf-8"), (kind, tag)
    with site.program.db.reading() as session:
        assert session.query(OutboxMail).count() == 0


def test_framed_mail_may_load_nothing_and_do_nothing(site: Site) -> None:
    bea = site.visitor("Bea")
    policy = bea.get("/mails/html").headers["content-security-policy"]
    assert policy == "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    assert "frame-ancestors 'none'" in bea.get("/mails").headers["content-security-policy"]
    assert 'sandbox=""' in bea.get("/mails").text


@pytest.mark.parametrize("query", ["kind=nothing", "kind=invitation&tag=xx", "tag=%3Cscript%3E"])
def test_unknown_mails_and_languages_fall_back_to_the_first(site: Site, query: str) -> None:
    page = site.visitor("Bea").get(f"/mails?{query}")
    assert page.status == 200
    assert "<script>" not in page.text


def test_mail_shows_in_its_frame_and_asks_for_nothing_else(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="en") as context:
        page = context.new_page()
        site.enter(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site.url}/mails?tag=en")
        page.wait_for_load_state("networkidle")
        assert all(url.startswith((site.url, "data:")) for url in asked)
        assert "Would your organisation sign too?" in page.frames[1].evaluate("document.body.innerText")
