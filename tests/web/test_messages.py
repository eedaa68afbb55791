"""Everything that came in, as pages: found by status, filed anew, closed; its HTML shown where it can do nothing."""

from __future__ import annotations

import time
from email.message import EmailMessage
from email.policy import SMTP

import nh3
import pytest

from outreach.model import Event, InboundMessage, Signatory
from outreach.steps import review
from outreach.web import sanitised
from outreach.words import InboundStatus, Kind, RejectReason
from tests import cast
from tests.steps.story import FORM, STRANGER, Story
from tests.steps.test_reread import as_an_older_parser_read_it
from tests.web.site import Answered, Site
from tests.web.test_adding import field

TRACKED = """\
<p>We <b style="color:red" onclick="x()">sign</b> <a href="https://evil.example/">here</a></p>
<img src="https://evil.example/pixel"><script>window.owned=1</script><style>@import url(//evil.example)</style>
"""


def story(site: Site) -> Story:
    return Story(site.program.db, site.program.desk, cast.FakeRenderer())


def receive(site: Site, html: str, name: str = "") -> str:
    """A mail in HTML, with an attachment if that has a name."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"Rosa <{STRANGER}>", "statement@contact.example", "Who are you?"
    mail.set_content("Who has written the statement?")
    mail.add_alternative(html, subtype="html")
    if name:
        mail.add_attachment(b"x" * 1234, maintype="application", subtype="pdf", filename=name)
    return story(site).take(mail.as_bytes()).reference


def act(site: Site, reference: str, what: str, **form: str) -> Answered:
    bea = site.visitor("Bea")
    page = bea.get(f"/messages/{reference}")
    return bea.post(f"/messages/{reference}/{what}", {"token": page.token, "version": page.version, **form})


def found(site: Site, reference: str) -> InboundMessage:
    with site.program.db.reading() as session:
        return session.query(InboundMessage).filter_by(reference=reference).one()


def test_what_waits_is_shown_first_and_the_rest_by_its_status(site: Site) -> None:
    handled = story(site).receive(FORM).reference
    waiting = story(site).receive("Who has written it?", sender=STRANGER).reference
    bea = site.visitor("Bea")
    assert waiting in bea.get("/messages").text
    assert handled not in bea.get("/messages").text
    assert handled in bea.get("/messages?status=handled").text
    everything = bea.get("/messages?status=all").text
    assert handled in everything
    assert waiting in everything


def test_many_messages_are_shown_by_pages(site: Site) -> None:
    references = [story(site).receive(f"Who are you? {at}", sender=STRANGER).reference for at in range(51)]
    bea = site.visitor("Bea")
    assert references[50] not in bea.get("/messages").text
    assert references[50] in bea.get(f"/messages?after={references[49]}").text


def test_message_is_shown_with_its_text_and_what_became_of_it(site: Site) -> None:
    reference = story(site).receive(FORM).reference
    page = site.visitor("Bea").get(f"/messages/{reference}").text
    with site.program.db.reading() as session:
        entry = session.query(Signatory).one().reference
    assert f"/queue/{entry}" in page
    assert "Iranian political refugees center" in page


def test_sign_up_that_is_none_is_filed_anew_and_its_entry_rejected(site: Site) -> None:
    reference = story(site).receive(FORM).reference
    assert act(site, reference, "refile", kind="question").status == 303
    assert found(site, reference).refiled_as is Kind.QUESTION
    assert reference in site.visitor("Bea").get("/questions").text
    with site.program.db.reading() as session:
        assert session.query(Signatory).one().newest.reject_reason is RejectReason.NOT_A_SIGN_UP


def test_unknown_kind_is_refused(site: Site) -> None:
    reference = story(site).receive(FORM).reference
    assert act(site, reference, "refile", kind="poem").status == 409
    assert found(site, reference).refiled_as is None


def test_message_is_closed_once_and_the_slower_coordinator_sees_that(site: Site) -> None:
    reference = story(site).receive("Who has written it?", sender=STRANGER).reference
    site.join("Cyrus")
    cyrus = site.visitor("Cyrus")
    page = cyrus.get(f"/messages/{reference}")
    assert act(site, reference, "close").status == 303
    assert found(site, reference).status is InboundStatus.CLOSED
    form = {"token": page.token, "version": page.version, "kind": "other"}
    late = cyrus.post(f"/messages/{reference}/refile", form)
    assert late.status == 409
    assert found(site, reference).refiled_as is None


def test_attachment_is_named_and_counted_and_cannot_be_opened(site: Site) -> None:
    reference = receive(site, "<p>Who?</p>", name='list"><script>alert(1)</script>.pdf')
    page = site.visitor("Bea").get(f"/messages/{reference}").text
    assert "&lt;script&gt;alert(1)&lt;" not in page  # what looks like a folder is cut off before it
    assert "script&gt;.pdf" in page
    assert "1234" in page
    assert "download" not in page


def test_mail_that_is_erased_still_has_its_page(site: Site) -> None:
    reference = receive(site, TRACKED)
    with site.program.db.writing() as session:
        session.query(InboundMessage).one().erase_content()
    bea = site.visitor("Bea")
    assert "There is no text of it." in bea.get(f"/messages/{reference}").text
    assert bea.get(f"/messages/{reference}/html").status == 200


# ── read again ──


def as_read_before(site: Site, text: str, kind: Kind = Kind.OTHER, answers: str | None = None) -> str:
    """A mail that a parser which understood less has read."""
    reference = story(site).receive(text, sender=STRANGER, answers=answers).reference
    as_an_older_parser_read_it(story(site), reference, kind)
    return reference


def reread(site: Site, reference: str, page: Answered) -> Answered:
    bea = site.visitor("Bea")
    form = {"token": bea.get("/").token, "version": page.version, "shown": field(page, "shown")}
    return bea.post(f"/messages/{reference}/reread", form)


def compare(site: Site, reference: str) -> Answered:
    return site.visitor("Bea").get(f"/messages/{reference}/reread")


def test_mail_is_read_again_after_both_readings_were_shown_beside_each_other(site: Site) -> None:
    reference = as_read_before(site, FORM)
    assert f"/messages/{reference}/reread" in site.visitor("Bea").get(f"/messages/{reference}").text
    page = compare(site, reference)
    assert "<mark><bdi>Iranian political refugees center</bdi></mark>" in page.text
    assert "<td><bdi>other</bdi></td><td><mark><bdi>signup</bdi></mark></td>" in page.text
    assert found(site, reference).kind is Kind.OTHER
    done = reread(site, reference, page)
    assert (done.status, done.headers["location"]) == (303, f"/messages/{reference}?said=reread")
    with site.program.db.reading() as session:
        assert ("Bea", "reread") in [(event.actor, event.action) for event in session.query(Event).all()]
    assert reread(site, reference, page).status == 409


def test_mail_that_reads_as_before_has_nothing_to_be_done(site: Site) -> None:
    reference = story(site).receive("Who has written it?", sender=STRANGER).reference
    page = compare(site, reference)
    assert "nothing would change" in page.text
    assert 'name="shown"' not in page.text


def test_mail_whose_entry_is_decided_meanwhile_is_left_and_the_page_says_so(site: Site) -> None:
    reference = as_read_before(site, FORM, Kind.SIGNUP, story(site).invite(STRANGER))
    page = compare(site, reference)
    with site.program.db.writing() as session:
        entry = session.query(Signatory).one().reference
        review.approve(session, entry, site.program.clock, actor="Cyrus")
    late = reread(site, reference, page)
    assert late.status == 409
    assert "Something has changed meanwhile" in late.text
    assert "a person has decided about it" in late.text
    assert 'name="shown"' not in late.text
    assert found(site, reference).status is InboundStatus.HANDLED


def test_mail_that_is_erased_or_our_own_cannot_be_read_again(site: Site) -> None:
    reference = as_read_before(site, FORM)
    with site.program.db.writing() as session:
        session.query(InboundMessage).one().erase_content()
    assert f"/messages/{reference}/reread" not in site.visitor("Bea").get(f"/messages/{reference}").text
    assert compare(site, reference).status == 409


# ── its HTML ──


def test_html_is_framed_only_when_somebody_asks_and_under_a_policy_of_its_own(site: Site) -> None:
    reference = receive(site, TRACKED)
    bea = site.visitor("Bea")
    plain, asked = bea.get(f"/messages/{reference}"), bea.get(f"/messages/{reference}?html=yes")
    assert "<iframe" not in plain.text
    assert f'sandbox="" src="/messages/{reference}/html"' in asked.text
    assert "frame-ancestors 'none'" in asked.headers["content-security-policy"]
    framed = bea.get(f"/messages/{reference}/html")
    policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    assert framed.headers["content-security-policy"] == policy


def test_html_keeps_its_words_and_loses_pictures_links_scripts_and_attributes(site: Site) -> None:
    reference = receive(site, TRACKED)
    framed = site.visitor("Bea").get(f"/messages/{reference}/html").text
    assert "<p>We <b>sign</b> here</p>" in framed
    assert not [word for word in ("evil", "owned", "onclick", "import", "<a", "<img") if word in framed]


@pytest.mark.parametrize("html", ["x" * (sanitised.LARGEST + 1), "<p>" * (sanitised.MOST_TAGS + 1)])
def test_html_that_is_too_large_never_reaches_the_sanitiser(
    site: Site, html: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = receive(site, html)
    monkeypatch.setattr(nh3, "clean", None)
    bea = site.visitor("Bea")
    assert "too large to be shown" in bea.get(f"/messages/{reference}?html=yes").text
    assert bea.get(f"/messages/{reference}/html").status == 200


def test_worst_html_that_is_let_through_is_sanitised_soon() -> None:
    worst = "".join(f"<font c={at}><p>" for at in range(sanitised.MOST_TAGS // 2))
    assert sanitised.is_small_enough(worst)
    begun = time.process_time()
    sanitised.framed(worst)
    assert time.process_time() - begun < 3
