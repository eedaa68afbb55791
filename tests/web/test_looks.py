"""The pages as they look: no barrier that axe knows, nothing wider than a phone, small and whole in one answer."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from outreach.model.throttle import HaltCause, HaltScope
from outreach.steps import attest, halt
from outreach.steps import relate as relating
from outreach.steps.attest import Said
from outreach.store import halts
from outreach.words import Channel, OutboxStatus, PrintedLine, Proof, ProspectStatus, RelationKind, RevisionStatus
from tests import cast
from tests.steps.story import FORM
from tests.web.site import Site
from tests.web.test_messages import receive
from tests.web.test_review import received

#: What acts do to the rows is tried on both databases by the tests of the steps; a browser sees no difference.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

CALL = Said(Channel.PHONE, "W" * 120, cast.NOW)
LONG = PrintedLine("کمیته دفاع از زندانیان سیاسی " * 6, "کلن", "آلمان")


def addresses(site: Site) -> dict[str, str]:
    reference = received(site)
    message = receive(site, f"<p>{'W' * 120}</p>", name="W" * 120 + ".pdf")
    with site.program.db.writing() as session:
        long = cast.signatory(session, {"fa": LONG, "en": PrintedLine("W" * 120)}, "a@b.example").reference
        values = {"status": RevisionStatus.UNCONFIRMED, "proof": Proof.NONE}
        attested = cast.signatory(session, {"fa": LONG}, "c@b.example", **values)  # type: ignore[arg-type]
        attest.attest(session, site.program.desk, attested.reference, CALL, cast.clock, actor="Cyrus")
        called = attested.reference
        prospect = cast.prospect(session, {"en": "W" * 120, "fa": LONG.name}, "w" * 60 + "@b.example").reference
        cast.prospect(session, {"en": "V" * 120}, "v@b.example", status=ProspectStatus.UNREACHABLE)
        mail = cast.mail(session, "w" * 60 + "@b.example", status=OutboxStatus.IN_DOUBT).reference
        cast.mail(session, status=OutboxStatus.FAILED)
        relating.relate(
            session, long, RelationKind.BRANCH_OF, attested.reference, cast.clock, actor="Bea", note="W" * 120
        )
        halts.place(session, HaltScope.ALL, HaltCause.COORDINATOR, until=None, at=cast.NOW, actor="Bea")
    halt.pause(site.program.db, site.program.desk, cast.clock, actor="Bea", domain="w" * 60 + ".example")
    return {
        "today": "/",
        "queue": "/queue",
        "empty": "/queue?search=nobody",
        "bulk": f"/queue/bulk?pick.{long}=yes",
        "case": f"/queue/{reference}?headers=yes",
        "long": f"/queue/{long}",
        "refused": "/queue/AAAA-AAAA",
        "questions": "/questions",
        "question": f"/questions/{message}",
        "messages": "/messages?status=all",
        "message": f"/messages/{message}?html=yes",
        "calls": "/phone?list=no_answer",
        "called": "/phone?list=countersign",
        "call": f"/phone/entries/{called}",
        "yes": f"/phone/new?prospect={prospect}",
        "outbox": "/outbox",
        "mail": f"/outbox/{mail}",
        "log": "/log",
        "campaign": "/campaign",
        "prospects": "/prospects",
        "add": "/prospects/new",
        "prospect": f"/prospects/{prospect}",
        "mails": "/mails",
        "team": "/team",
    }


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fa", "dark")])
def test_no_page_has_a_barrier(site: Site, browser: Browser, language: str, scheme: str) -> None:
    axe = Axe()
    with browser.new_context(locale=language, bypass_csp=True, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{site.url}/sign-in")
        assert axe.run(page).response["violations"] == []
        site.enter(page)
        for name, path in addresses(site).items():
            page.goto(site.url + path)
            for folded in page.locator("details").all():
                folded.evaluate("one => one.open = true")
            found = axe.run(page).response["violations"]
            assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], name


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_page_runs_out_of_a_phone(site: Site, browser: Browser, language: str) -> None:
    with browser.new_context(locale=language, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        site.enter(page)
        for name, path in addresses(site).items():
            page.goto(site.url + path)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360, (name, width)


def test_a_page_is_small_even_when_the_mail_is_long(site: Site) -> None:
    reference = received(site, FORM + "\n" + "This is how it went. " * 2000)
    bea = site.visitor("Bea")
    cut, full = bea.get(f"/queue/{reference}"), bea.get(f"/queue/{reference}?full=yes")
    assert len(cut.text.encode()) <= 60_000
    assert "The rest of it" in cut.text
    assert len(full.text) > len(cut.text)
    assert len(bea.get("/queue").text.encode()) <= 60_000
