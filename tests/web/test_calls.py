"""By phone: whom to call and what to say; a yes typed or pasted, read back, vouched for by one and by a second one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from outreach.model import Attestation, InboundMessage, Prospect, Signatory, TeamRole
from outreach.words import Channel, HoldKind, PrintedLine, Proof, ProspectStatus, RevisionStatus, Seen
from tests import cast
from tests.web.site import Answered, Site

LETTER = "Hello, we sign.\nName: Independent Women\nCity: Vienna\nPhone: +43 1 234567\n"
SAID = {"channel": "phone", "speaker": "Rosa Doe"}
COUNCIL = {**SAID, "name.en": "Women's <b>Council</b>", "city.en": "Cologne", "name.fa": "شورای زنان"}


def phone_only(site: Site, name: str = "Refugees", **details: Any) -> str:
    with site.program.db.writing() as session:
        known = {"phone": "+49 30 1234", "contact_person": "Rosa Doe", **details}
        return cast.prospect(session, {"en": name}, None, details=known).reference


def unconfirmed(site: Site, **values: Any) -> str:
    with site.program.db.writing() as session:
        signatory = cast.signatory(
            session, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO, asked_at=cast.NOW, **values
        )
        return signatory.reference


def look(site: Site, name: str = "Bea", **form: str) -> Answered:
    visitor = site.visitor(name)
    return visitor.post("/phone/look", {"token": visitor.get("/phone").token, **form})


def take(site: Site, name: str = "Bea", **form: str) -> Answered:
    """By the form, the page that shows the line, and the word that it was read back."""
    visitor = site.visitor(name)
    shown = visitor.post("/phone/look", {"token": visitor.get("/phone").token, **form})
    sent = {"token": shown.token, "version": shown.version, "agreed": "yes", **form}
    return visitor.post("/phone/take", sent)


def act(site: Site, reference: str, what: str, name: str = "Bea", **form: str) -> Answered:
    visitor = site.visitor(name)
    page = visitor.get(f"/phone/entries/{reference}")
    return visitor.post(f"/phone/entries/{reference}/{what}", {"token": page.token, "version": page.version, **form})


def entries(site: Site) -> list[tuple[str, dict[str, str]]]:
    with site.program.db.reading() as session:
        found = session.query(Signatory).order_by(Signatory.id).all()
        return [
            (str(one.newest.status), {tag: str(line) for tag, line in one.newest.printed_lines.items()})
            for one in found
        ]


def said(site: Site) -> Attestation:
    with site.program.db.reading() as session:
        return session.query(Attestation).one()


# ── whom to call ──


def test_who_has_no_address_is_listed_with_the_number_and_the_last_note(site: Site) -> None:
    phone_only(site, notes=[{"at": cast.NOW.isoformat(), "actor": "Bea", "text": "call <i>Friday</i>"}])
    page = site.visitor("Bea").get("/phone").text
    assert "+49 30 1234" in page
    assert "call &lt;i&gt;Friday&lt;/i&gt;" in page


@pytest.mark.parametrize(
    ("values", "listed"),
    [
        ({"status": ProspectStatus.INVITED, "invited_at": cast.NOW}, False),
        ({"status": ProspectStatus.INVITED, "invited_at": cast.NOW, "reminded_at": cast.NOW}, True),
        ({"status": ProspectStatus.UNREACHABLE, "invited_at": cast.NOW}, True),
        ({"status": ProspectStatus.ANSWERED, "invited_at": cast.NOW, "reminded_at": cast.NOW}, False),
    ],
)
def test_who_was_reminded_in_vain_is_called_and_nobody_before(site: Site, values: dict[str, Any], listed: bool) -> None:
    with site.program.db.writing() as session:
        reference = cast.prospect(session, **values).reference
    assert (reference in site.visitor("Bea").get("/phone?list=no_answer").text) is listed


def test_who_signed_is_called_once_the_reminder_brought_nothing(site: Site) -> None:
    early, reminded = (
        unconfirmed(site, email="a@a.example"),
        unconfirmed(site, email="b@b.example", reminded_at=cast.NOW),
    )
    page = site.visitor("Bea").get("/phone?list=not_confirmed").text
    assert early not in page
    assert f"/phone/entries/{reminded}" in page


def test_many_to_call_are_shown_by_pages(site: Site) -> None:
    references = [phone_only(site, f"Committee {at}") for at in range(51)]
    bea = site.visitor("Bea")
    assert references[50] not in bea.get("/phone").text
    assert references[50] in bea.get(f"/phone?list=no_address&after={references[49]}").text


def test_unsafe_entry_is_marked_before_anybody_calls(site: Site) -> None:
    reference = unconfirmed(site, reminded_at=cast.NOW)
    with site.program.db.writing() as session:
        found = session.query(Signatory).filter_by(reference=reference).one()
        found.hold(HoldKind.WITHHELD, by="Bea", at=cast.NOW, reason="unsafe")
    assert "withheld" in site.visitor("Bea").get("/phone?list=not_confirmed").text


def test_words_to_say_stand_in_both_languages_with_the_line_to_read_out(site: Site) -> None:
    page = site.visitor("Bea").get(f"/phone/new?prospect={phone_only(site)}").text
    assert "my name is <bdi>Bea</bdi>" in page
    assert "سلام، من <bdi>Bea</bdi> هستم" in page
    assert page.count('class="read-out" lang="en" dir="ltr">Refugees<') == 2


# ── a yes that is typed or pasted ──


def test_yes_is_shown_as_it_would_be_printed_and_taken_once_it_was_read_back(site: Site) -> None:
    shown = look(site, **COUNCIL)
    assert shown.status == 200
    assert "Women&#39;s &lt;b&gt;Council&lt;/b&gt; – Cologne" in shown.text
    assert entries(site) == []
    assert take(site, **COUNCIL).status == 303
    lines = {"fa": "شورای زنان", "en": "Women's <b>Council</b> – Cologne"}
    assert entries(site) == [("pending", lines)]
    attestation = said(site)
    assert (attestation.channel, attestation.attested_by) == (Channel.PHONE, "Bea")


def test_nothing_is_taken_when_nobody_says_that_it_was_read_back(site: Site) -> None:
    bea = site.visitor("Bea")
    shown = bea.post("/phone/look", {"token": bea.get("/phone").token, **COUNCIL})
    again = bea.post("/phone/take", {"token": shown.token, "version": shown.version, **COUNCIL})
    assert again.status == 200
    assert entries(site) == []


def test_form_that_is_sent_twice_shows_the_duplicate_instead_of_making_one(site: Site) -> None:
    bea = site.visitor("Bea")
    shown = bea.post("/phone/look", {"token": bea.get("/phone").token, **COUNCIL})
    form = {"token": shown.token, "version": shown.version, "agreed": "yes", **COUNCIL}
    assert bea.post("/phone/take", form).status == 303
    second = bea.post("/phone/take", form)
    assert second.status == 200
    assert "Possible duplicates" in second.text
    assert len(entries(site)) == 1


def test_invited_organisation_is_taken_with_the_line_that_is_known_and_called_no_more(site: Site) -> None:
    reference = phone_only(site)
    assert take(site, **SAID, prospect=reference).status == 303
    assert entries(site) == [("pending", {"en": "Refugees"})]
    with site.program.db.reading() as session:
        assert session.query(Prospect).one().status is ProspectStatus.ANSWERED
    assert reference not in site.visitor("Bea").get("/phone").text


def test_pasted_message_is_read_as_a_mail_and_kept_like_one(site: Site) -> None:
    form = {"channel": "messenger", "speaker": "Rosa Doe", "pasted": LETTER}
    assert "Independent Women – Vienna" in look(site, **form).text
    with site.program.db.reading() as session:
        assert session.query(InboundMessage).count() == 0
    assert take(site, **form).status == 303
    with site.program.db.reading() as session:
        assert session.query(InboundMessage).count() == 1
        assert session.query(Signatory).one().contact["phone"] == "+43 1 234567"


@pytest.mark.parametrize(
    "wrong",
    [
        {"speaker": ""},
        {"channel": "forward"},
        {"channel": "smoke"},
        {"at": "soon"},
        {"at": (cast.NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")},
        {"email": "nobody"},
        {"prospect": "AAAA-AAAA"},
        {"entry": "AAAA-AAAA"},
        {"name.en": "", "name.fa": ""},
        {"pasted": "Please take us off the list, we withdraw our signature."},
    ],
)
def test_what_cannot_be_taken_comes_back_with_all_that_was_typed(site: Site, wrong: dict[str, str]) -> None:
    bea = site.visitor("Bea")
    form = {**COUNCIL, "phone": "+49 221 99", **wrong}
    shown = bea.post("/phone/look", {"token": bea.get("/phone").token, **form})
    if shown.status == 200:  # who spoke, and when, is judged when it is taken
        sent = {"token": shown.token, "version": shown.version, "agreed": "yes", **form}
        shown = bea.post("/phone/take", sent)
    assert shown.status == 409
    assert 'role="alert"' in shown.text
    assert 'value="+49 221 99"' in shown.text
    assert entries(site) == []


def test_form_is_changed_again_with_all_that_was_typed(site: Site) -> None:
    bea = site.visitor("Bea")
    page = bea.post("/phone/change", {"token": bea.get("/phone").token, **COUNCIL})
    assert page.status == 200
    assert 'value="Women&#39;s &lt;b&gt;Council&lt;/b&gt;"' in page.text


# ── an entry that is there, and the second word ──


def test_entry_that_never_answered_is_attested_after_it_was_read_back(site: Site) -> None:
    reference = unconfirmed(site)
    assert act(site, reference, "attest", **SAID).status == 409
    assert act(site, reference, "attest", **SAID, agreed="yes").status == 303
    assert [status for status, _ in entries(site)] == ["pending"]
    assert said(site).attested_by == "Bea"


def test_line_that_changed_while_it_was_read_out_is_not_attested(site: Site) -> None:
    reference = unconfirmed(site)
    bea = site.visitor("Bea")
    page = bea.get(f"/phone/entries/{reference}")
    with site.program.db.writing() as session:
        found = session.query(Signatory).one()
        found.revise(lines={"en": PrintedLine("Others")}, at=cast.NOW, status=RevisionStatus.UNCONFIRMED)
    form = {"token": page.token, "version": page.version, "agreed": "yes", **SAID}
    assert bea.post(f"/phone/entries/{reference}/attest", form).status == 409
    with site.program.db.reading() as session:
        assert session.query(Attestation).count() == 0


def test_second_coordinator_finds_what_waits_and_the_first_one_cannot_be_both(site: Site) -> None:
    site.join("Cyrus")
    assert take(site, **COUNCIL).status == 303
    bea = site.visitor("Bea")
    assert "/phone/entries/" in bea.get("/phone?list=countersign").text
    with site.program.db.reading() as session:
        reference = session.query(Signatory).one().reference
    assert "/countersign" not in bea.get(f"/phone/entries/{reference}").text
    shown = site.visitor("Cyrus").get(f"/phone/entries/{reference}").version
    form = {"token": bea.get("/phone").token, "version": shown}
    assert bea.post(f"/phone/entries/{reference}/countersign", form).status == 409
    assert act(site, reference, "countersign", "Cyrus").status == 303
    assert said(site).countersigned_by == "Cyrus"
    assert reference not in site.visitor("Bea").get("/phone?list=countersign").text


def test_what_was_proven_by_mail_meanwhile_needs_no_second_word(site: Site) -> None:
    reference = unconfirmed(site)
    assert act(site, reference, "attest", **SAID, agreed="yes").status == 303
    with site.program.db.writing() as session:
        session.query(Signatory).one().newest.confirm(cast.NOW, proof=Proof.DOMAIN)
    assert reference not in site.visitor("Bea").get("/phone?list=countersign").text


def test_who_only_looks_on_is_offered_nothing_to_enter(site: Site) -> None:
    site.join("Dana", TeamRole.VIEWER)
    phone_only(site)
    page = site.visitor("Dana").get("/phone").text
    assert "/phone/new" not in page


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_call_is_made_from_the_list_to_the_entry_without_script(site: Site, browser: Browser) -> None:
    phone_only(site)
    with browser.new_context(locale="en", java_script_enabled=False) as context:
        page = context.new_page()
        site.enter(page)
        page.click("nav >> text=By phone")
        page.click("text=Call")
        page.click("button:has-text('Show the line')")
        expect(page.locator("h1")).to_have_text("Read the line back")
        page.click("button:has-text('Change something')")
        page.fill("[name='city.en']", "Berlin")
        page.click("button:has-text('Show the line')")
        page.check("[name=agreed]")
        page.click("button:has-text('I vouch for it')")
        expect(page.locator(".said")).to_contain_text("taken")
    assert entries(site) == [("pending", {"en": "Refugees – Berlin"})]
