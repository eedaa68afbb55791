"""The pages as they look: no barrier that axe knows, nothing wider than a phone, small and whole in one answer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page
from pyotp import TOTP

from outreach import resources
from outreach.model.throttle import HaltCause, HaltScope
from outreach.steps import attest, halt
from outreach.steps import relate as relating
from outreach.steps.attest import Said
from outreach.store import halts
from outreach.web.render import Pages
from outreach.web.routes import ROWS
from outreach.words import Channel, OutboxStatus, PrintedLine, Proof, ProspectStatus, RelationKind, RevisionStatus
from tests import cast
from tests.barriers import look, send, shown_by, templates_in
from tests.steps.story import FORM
from tests.steps.test_reread import as_an_older_parser_read_it
from tests.web.site import PASSWORD, Site
from tests.web.test_messages import receive, story
from tests.web.test_review import received

#: What acts do to the rows is tried on both databases by the tests of the steps; a browser sees no difference.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

CALL = Said(Channel.PHONE, "W" * 120, cast.NOW)
LIST = f"name_en,name_fa,email,unknown\n{'W' * 120},پناهندگان,w@b.example,1\n,,{'w' * 60}@b.example,2\nTo call,,,3\n"
LONG = PrintedLine("کمیته دفاع از زندانیان سیاسی " * 6, "کلن", "آلمان")


def addresses(site: Site) -> dict[str, str]:
    reference = received(site)
    message = receive(site, f"<p>{'W' * 120}</p>", name="W" * 120 + ".pdf")
    as_an_older_parser_read_it(story(site), message)
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
        "narrowed": "/queue?warning=none&age=new&status=pending",
        "too narrow": "/queue?country=FJ&language=en&age=14",
        "bulk": f"/queue/bulk?pick.{long}=yes",
        "case": f"/queue/{reference}?headers=yes",
        "long": f"/queue/{long}",
        "refused": "/queue/AAAA-AAAA",
        "questions": "/questions",
        "question": f"/questions/{message}",
        "messages": "/messages?status=all",
        "message": f"/messages/{message}?html=yes",
        "reread": f"/messages/{message}/reread",
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


def look_at_what_forms_lead_to(site: Site, page: Page, message: str) -> None:
    """The pages that only a form shows; the last of them ends in the codes of somebody new."""
    page.goto(f"{site.url}/prospects/new")
    send(page, "/prospects/preview", {"text": LIST})
    look(page, "import")
    page.goto(f"{site.url}/prospects/new")
    send(page, "/prospects/add", {"name_en": "W" * 500, "greeting": "W" * 120})
    look(page, "not added")
    page.goto(f"{site.url}/phone/new")
    send(
        page, "/phone/look", {"channel": "phone", "speaker": "W" * 60, "name.en": "W" * 100, "name.fa": LONG.name[:100]}
    )
    look(page, "agreed")
    page.goto(f"{site.url}/messages/{message}")
    send(page, f"/messages/{message}/close", {"version": "another one"})
    look(page, "changed")
    page.goto(f"{site.url}/log")
    send(page, "/log/verify", {})
    look(page, "verified")
    page.goto(f"{site.url}/team")
    send(page, "/team/add", {"name": "W" * 60, "role": "reviewer"})
    look(page, "link")
    page.goto(page.locator("code").inner_text())
    look(page, "welcome")
    form = {"password": PASSWORD, "again": PASSWORD, "code": "no code"}
    send(page, page.url, form)
    look(page, "not welcome")
    secret = page.locator("code").inner_text().replace(" ", "")
    send(page, page.url, {**form, "code": TOTP(secret).at(cast.NOW)})
    look(page, "recovery")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fa", "dark")])
def test_no_page_has_a_barrier_or_runs_out_of_a_phone(
    site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch, language: str, scheme: str
) -> None:
    with browser.new_context(locale=language, bypass_csp=True, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page, shown = context.new_page(), shown_by(Pages, monkeypatch)
        page.goto(f"{site.url}/sign-in")
        look(page, "sign-in")
        site.enter(page)
        pages = addresses(site)
        for name, path in pages.items():
            page.goto(site.url + path)
            look(page, name)
        if language == "fa":  # once: what differs by language and scheme is on the pages above
            look_at_what_forms_lead_to(site, page, pages["question"].rpartition("/")[2])
            assert templates_in(resources.templates() / "web") - shown == set()


def test_every_page_of_the_table_is_among_those_looked_at(site: Site) -> None:
    looked = [path.partition("?")[0] for path in ("/sign-in", "/welcome/link", *addresses(site).values())]
    framed = {"/messages/{reference}/html", "/mails/html"}  # shown in a frame of the pages above
    for row in (row for row in ROWS if row.method == "GET" and row.path not in framed):
        pattern = re.sub(r"\{\w+\}", "[^/]+", row.path)
        assert any(re.fullmatch(pattern, path) for path in looked), row.path


def test_a_page_is_small_even_when_the_mail_is_long(site: Site) -> None:
    reference = received(site, FORM + "\n" + "This is how it went. " * 2000)
    bea = site.visitor("Bea")
    cut, full = bea.get(f"/queue/{reference}"), bea.get(f"/queue/{reference}?full=yes")
    assert len(cut.text.encode()) <= 60_000
    assert "The rest of it" in cut.text
    assert len(full.text) > len(cut.text)
    assert len(bea.get("/queue").text.encode()) <= 60_000
