"""The review in a real browser: by mouse, by keyboard, in both languages, without script, and by two at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from outreach.model import Event, OutboxMail, Signatory
from outreach.words import HoldKind, MailKind, PrintedLine, RejectReason, RevisionStatus
from tests import cast
from tests.steps.story import FORM, Story
from tests.web.site import Site

#: What acts do to the rows is tried on both databases by the tests of the steps; a browser sees no difference.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

REFUGEES = "کانون پناهندگان سیاسی ایران"


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with browser.new_context(locale="en") as context:
        page = context.new_page()
        site.enter(page)
        yield page


def add(site: Site, number: int = 1) -> list[str]:
    """Pending entries, each with a name of its own; their references."""
    with site.program.db.writing() as session:
        return [
            cast.signatory(session, {"en": PrintedLine(f"Committee {at}", "Berlin")}, f"office@c{at}.example").reference
            for at in range(number)
        ]


def status(site: Site, reference: str) -> RevisionStatus:
    with site.program.db.reading() as session:
        return session.query(Signatory).filter_by(reference=reference).one().newest.status


def received(site: Site, text: str = FORM) -> str:
    """A sign-up that came by mail, read and waiting; its reference."""
    program = site.program
    story = Story(program.db, program.desk, cast.FakeRenderer())
    story.receive(text)
    with program.db.reading() as session:
        return session.query(Signatory).one().reference


def test_a_case_is_approved_by_mouse_and_the_next_one_comes(site: Site, page: Page) -> None:
    first, second = add(site, 2)
    page.click("text=Queue")
    page.click("text=Committee 0")
    page.click("button:has-text('Approve')")
    expect(page.locator("h1")).to_contain_text("Committee 1")
    expect(page.locator(".said")).to_contain_text(first)
    assert (status(site, first), status(site, second)) == (RevisionStatus.APPROVED, RevisionStatus.PENDING)


def test_a_hundred_cases_are_decided_without_the_mouse(site: Site, page: Page) -> None:
    references = add(site, 100)
    page.goto(f"{site.url}/queue")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    for at in range(100):
        expect(page.locator("h1")).to_contain_text(f"Committee {at}")
        page.wait_for_load_state("domcontentloaded")  # the script has run: no person is quicker than that
        if at % 2:
            page.keyboard.press("r")
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("a")
    expect(page.locator(".empty")).to_be_visible()
    decided = [status(site, reference) for reference in references]
    assert decided == [RevisionStatus.APPROVED, RevisionStatus.REJECTED] * 50


def test_the_last_decision_is_undone_by_a_key(site: Site, page: Page) -> None:
    [reference] = add(site)
    page.goto(f"{site.url}/queue/{reference}")
    page.keyboard.press("a")
    expect(page.locator(".said")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".said")).to_contain_text("taken back")
    assert status(site, reference) is RevisionStatus.PENDING


def test_every_decision_is_made_without_script(site: Site, browser: Browser) -> None:
    asked, edited, held, kept = add(site, 4)
    with browser.new_context(locale="en", java_script_enabled=False) as context:
        page = context.new_page()
        site.enter(page)

        def open_(reference: str, what: str) -> None:
            page.goto(f"{site.url}/queue/{reference}")
            page.click(f"summary:has-text('{what}')")

        open_(asked, "Ask s")
        page.fill("textarea", "Who are you?")
        page.click("details[open] button:has-text('Ask')")
        open_(edited, "Edit and ask")
        page.fill("[name='city.en']", "Cologne")
        page.click("details[open] button:has-text('Edit and ask')")
        open_(held, "Hold")
        page.fill("details[open] [name=text]", "They called.")
        page.click("details[open] button:has-text('Hold')")
        page.goto(f"{site.url}/queue/{held}")
        page.click("button:has-text('Lift')")
        open_(kept, "Merge")
        page.fill("details[open] [name=into]", asked)
        page.click("details[open] button:has-text('Merge')")
    with site.program.db.reading() as session:
        found = {row.reference: row for row in session.query(Signatory).all()}
        assert found[asked].newest.status is RevisionStatus.NEEDS_INFO
        assert str(found[edited].newest.printed_lines["en"]) == "Committee 1 – Cologne"
        assert [(hold.kind, hold.lifted_by) for hold in found[held].holds] == [(HoldKind.WITHHELD, "Bea")]
        assert found[kept].merged_into is found[asked]
        kinds = {mail.kind for mail in session.query(OutboxMail).all()}
        assert {MailKind.QUESTION, MailKind.ASKING} <= kinds
        acts = session.query(Event).filter(Event.actor == "Bea", Event.subject.startswith("signatory")).all()
        assert {event.via for event in acts} == {"page"}


def test_a_persian_coordinator_reads_persian_pages_from_right_to_left(site: Site, browser: Browser) -> None:
    [reference] = add(site)
    with browser.new_context(locale="fa-IR") as context:
        page = context.new_page()
        site.enter(page)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("h1")).to_have_text("امروز")
        page.goto(f"{site.url}/queue/{reference}")
        page.click("button:has-text('تأیید')")
        expect(page.locator(".said")).to_contain_text("تأیید شد")
        page.click("button:has-text('English')")
        expect(page.locator("html")).to_have_attribute("dir", "ltr")
    assert status(site, reference) is RevisionStatus.APPROVED


def test_pointing_at_a_field_marks_the_words_it_was_read_from_and_the_reverse(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/queue/{received(site)}")
    word = page.locator("mark", has_text=REFUGEES)
    field = page.locator("tr.field", has_text=REFUGEES)
    colour = "element => getComputedStyle(element).backgroundColor"
    plain = word.evaluate(colour)
    field.hover()
    assert word.evaluate(colour) != plain
    page.mouse.move(0, 0)
    assert word.evaluate(colour) == plain
    word.hover()
    assert field.evaluate(colour) == word.evaluate(colour)


def test_what_is_no_sign_up_is_filed_as_what_it_is(site: Site, page: Page) -> None:
    reference = received(site)
    page.goto(f"{site.url}/queue/{reference}")
    page.click("summary:has-text('Not a sign-up')")
    page.select_option("details[open] [name=kind]", "question")
    page.click("button:has-text('File it so')")
    expect(page.locator(".said")).to_be_visible()
    with site.program.db.reading() as session:
        found = session.query(Signatory).one()
        assert found.newest.reject_reason is RejectReason.NOT_A_SIGN_UP


def test_of_two_coordinators_the_slower_one_sees_what_the_quicker_one_did(
    site: Site, page: Page, browser: Browser
) -> None:
    [reference] = add(site)
    site.join("Cyrus")
    page.goto(f"{site.url}/queue/{reference}")
    with browser.new_context(locale="en") as context:
        other = context.new_page()
        site.enter(other, "Cyrus")
        other.goto(f"{site.url}/queue/{reference}")
        expect(other.locator("#presence")).to_contain_text("Bea")
        other.keyboard.press("a")
        expect(other.locator(".said")).to_be_visible()
    page.click("summary:has-text('Reject')")
    page.click("details[open] button:has-text('Reject')")
    expect(page.locator("main")).to_contain_text("Cyrus: approved")
    assert status(site, reference) is RevisionStatus.APPROVED


def test_a_case_is_found_by_a_name_in_either_script_and_by_an_exact_address(site: Site, page: Page) -> None:
    with site.program.db.writing() as session:
        reference = cast.signatory(session).reference
    add(site, 3)
    for wanted in (
        "كانون پناهندگان سياسى ايران",
        "iranian political REFUGEES center",
        "Office@refugees.example",
        reference,
    ):
        page.goto(f"{site.url}/queue")
        page.fill("[name=search]", wanted)
        page.press("[name=search]", "Enter")
        expect(page.locator(".cases li")).to_have_count(1)
        expect(page.locator(".cases")).to_contain_text(reference)


def test_a_long_queue_is_paged_and_loses_nobody(site: Site, page: Page) -> None:
    references = add(site, 120)
    seen: list[str] = []
    page.goto(f"{site.url}/queue")
    while True:
        seen += page.locator(".cases bdi[dir=ltr]").all_inner_texts()
        if not page.locator("a[rel=next]").count():
            break
        page.click("a[rel=next]")
    assert seen == references
