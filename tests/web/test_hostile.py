"""Hostile mails in a real browser: hundreds of vectors, and no request leaves, no dialog opens, no script runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request

from outreach.model import InboundMessage
from outreach.words import PrintedLine
from tests import cast
from tests.steps.story import Story
from tests.web import hostile
from tests.web.site import Site

#: What acts do to the rows is tried on both databases by the tests of the steps; a browser sees no difference.
SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

#: What of a page is more than text, leads elsewhere, or turns and hides what stands beside it (set apart by nothing).
_TROUBLE = """() => {
  const main = document.querySelector("main"), trouble = [];
  if (window.owned !== undefined) trouble.push("a script has run");
  const active = "img, object, embed, svg, math, base, meta, style, script, link, iframe:not(.framed)";
  trouble.push(...[...main.querySelectorAll(active)].map((one) => one.outerHTML));
  const ours = /^([/](?![/])|[?#])/;
  trouble.push(...[...document.links].map((one) => one.getAttribute("href")).filter((to) => !ours.test(to)));
  const turns = /[\\u202a-\\u202e\\u2066-\\u2069]/, apart = "bdi, .text, .line, .printed span, option, textarea";
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (turns.test(walk.currentNode.data) && !walk.currentNode.parentElement.closest(apart))
      trouble.push(walk.currentNode.data);
  return trouble;
}"""


@dataclass(slots=True)
class Watched:
    """A page of a coordinator, and all that happened on it."""

    page: Page
    asked: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)  #: opened dialogs and pages, and errors of scripts
    shown: int = 0

    def visit(self, url: str) -> None:
        """Show it; nothing of what a mail said may be more than text."""
        self.page.goto(url)
        assert self.page.url == url
        assert self.page.evaluate(_TROUBLE) == [], url
        self.shown += 1


@pytest.fixture
def watched(site: Site, browser: Browser) -> Iterator[Watched]:
    with browser.new_context(locale="en") as context:
        page = context.new_page()
        site.enter(page)
        watching = Watched(page)

        def asked(request: Request) -> None:
            watching.asked.append(request.url)

        def opened(dialog: Dialog) -> None:
            watching.dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("request", asked)
        page.on("pageerror", lambda problem: watching.dialogs.append(str(problem)))
        page.on("dialog", opened)
        context.on("page", lambda other: watching.dialogs.append(other.url))
        yield watching
        page.wait_for_timeout(300)  # what is asked for late
        assert watching.dialogs == []
        assert [url for url in watching.asked if not url.startswith((site.url, "data:,"))] == []


def test_two_hundred_vectors_are_tried_at_least() -> None:
    assert len({*hostile.CASES}) == len(hostile.CASES) >= 200


@SQLITE
def test_mails_are_shown_with_everything_in_them_and_nothing_of_it_acts(site: Site, watched: Watched) -> None:
    story = Story(site.program.db, site.program.desk, cast.FakeRenderer())
    references = [story.take(octets).reference for octets in hostile.mails()]
    with site.program.db.reading() as session:
        kept = [row.reference for row in session.query(InboundMessage).order_by(InboundMessage.id).all()]
    assert kept == references
    for after in ("", references[49]):
        watched.visit(f"{site.url}/messages?status=all&after={after}")
    for reference in references:
        watched.visit(f"{site.url}/messages/{reference}?html=yes")
        for frame in watched.page.frames[1:]:
            active = frame.locator("a, img, svg, math, script, link, form, input, object, embed, iframe, base")
            assert active.count() == 0, reference
    assert watched.shown == len(references) + 2


@SQLITE
def test_entries_are_shown_with_names_that_are_hostile(site: Site, watched: Watched) -> None:
    with site.program.db.writing() as session:
        entries = [
            cast.signatory(
                session,
                {"en": PrintedLine(payload, payload, payload), "fa": PrintedLine(payload)},
                f"office@c{at}.example",
                contact_person=payload,
                details={"warnings": [payload], "needs_human": [payload]} if at % 2 else {},
            ).reference
            for at, payload in enumerate(hostile.PAYLOADS)
        ]
        prospects = [cast.prospect(session, {"en": one, "fa": one}, None).reference for one in hostile.PAYLOADS]
    pages = ["/queue", f"/queue?after={entries[49]}", "/queue/bulk?all=yes", "/prospects", "/phone"]
    pages += [f"/prospects?after={prospects[49]}", *(f"/queue/{reference}" for reference in entries[::4])]
    for path in pages:
        watched.visit(site.url + path)
