"""The outbox as a page: what needs somebody, every try, and what a coordinator settles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outreach.model import Halt, HaltCause, HaltScope, OutboxMail
from outreach.store import halts
from outreach.words import MailKind, OutboxStatus
from tests import cast
from tests.steps.story import Story
from tests.web.site import Answered, Site


def add(site: Site, status: OutboxStatus) -> str:
    with site.program.db.writing() as session:
        return cast.mail(session, status=status).reference


def status(site: Site, reference: str) -> OutboxStatus:
    with site.program.db.reading() as session:
        return session.query(OutboxMail).filter_by(reference=reference).one().status


def act(site: Site, reference: str, what: str, **form: str) -> Answered:
    bea = site.visitor("Bea")
    token = bea.get(f"/outbox/{reference}").token
    return bea.post(f"/outbox/{reference}/{what}", {"token": token, **form})


def test_only_what_needs_somebody_is_shown_at_first(site: Site) -> None:
    failed, sent = add(site, OutboxStatus.FAILED), add(site, OutboxStatus.SENT)
    bea = site.visitor("Bea")
    page = bea.get("/outbox").text
    assert failed in page
    assert sent not in page
    assert sent in bea.get("/outbox?status=sent").text


def test_mail_is_shown_with_what_was_done_to_it(site: Site) -> None:
    reference = add(site, OutboxStatus.FAILED)
    assert act(site, reference, "retry").status == 303
    page = site.visitor("Bea").get(f"/outbox/{reference}").text
    assert "It has arrived." in page
    assert "by Bea" in page


@pytest.mark.parametrize(
    ("before", "what", "form", "after"),
    [
        (OutboxStatus.FAILED, "retry", {}, OutboxStatus.QUEUED),
        (OutboxStatus.QUEUED, "cancel", {}, OutboxStatus.CANCELLED),
        (OutboxStatus.IN_DOUBT, "settle", {"verdict": "sent"}, OutboxStatus.SENT),
        (OutboxStatus.IN_DOUBT, "settle", {"verdict": "not_sent"}, OutboxStatus.FAILED),
        (OutboxStatus.IN_DOUBT, "settle", {"verdict": "resend"}, OutboxStatus.QUEUED),
    ],
)
def test_act_moves_the_mail(
    site: Site, before: OutboxStatus, what: str, form: dict[str, str], after: OutboxStatus
) -> None:
    reference = add(site, before)
    assert act(site, reference, what, **form).status == 303
    assert status(site, reference) is after


@pytest.mark.parametrize(
    ("before", "what", "form"),
    [
        (OutboxStatus.SENT, "retry", {}),
        (OutboxStatus.SENT, "cancel", {}),
        (OutboxStatus.IN_DOUBT, "settle", {"verdict": "perhaps"}),
        (OutboxStatus.SENDING, "cancel", {}),
    ],
)
def test_act_that_does_not_fit_is_refused(site: Site, before: OutboxStatus, what: str, form: dict[str, str]) -> None:
    reference = add(site, OutboxStatus.QUEUED)
    with site.program.db.writing() as session:
        session.query(OutboxMail).filter_by(reference=reference).one().status = before
    assert act(site, reference, what, **form).status == 409
    assert status(site, reference) is before


def test_sending_is_held_up_and_goes_on(site: Site) -> None:
    bea = site.visitor("Bea")
    token = bea.get("/outbox").token
    form = {"token": token, "scope": "all", "reason": "the <letter> is wrong"}
    assert bea.post("/outbox/pause", form).status == 303
    page = bea.get("/outbox").text
    assert "until somebody lets it go on" in page
    assert "the &lt;letter&gt; is wrong" in page
    assert bea.post("/outbox/resume", {"token": token}).status == 303
    with site.program.db.reading() as session:
        assert not any(halt.holds(cast.NOW) for halt in session.query(Halt).all())


def test_reason_that_is_too_long_is_refused(site: Site) -> None:
    bea = site.visitor("Bea")
    token = bea.get("/outbox").token
    assert bea.post("/outbox/pause", {"token": token, "scope": "all", "reason": "x" * 201}).status == 409


def test_pause_to_a_time_that_is_none_is_refused(site: Site) -> None:
    bea = site.visitor("Bea")
    token = bea.get("/outbox").token
    assert bea.post("/outbox/pause", {"token": token, "scope": "all", "until": "soon"}).status == 409


def test_many_mails_are_shown_by_pages(site: Site) -> None:
    references = [add(site, OutboxStatus.FAILED) for _ in range(51)]
    bea = site.visitor("Bea")
    first, second = bea.get("/outbox").text, bea.get(f"/outbox?after={references[49]}").text
    assert references[50] not in first
    assert references[50] in second
    assert references[0] not in second


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_link_of_a_question_is_shown_to_nobody_who_could_answer_in_their_place(site: Site) -> None:
    token = "k7q2m9px" + "a2" * 13
    link = f"https://sign.contact.example/answer/{token}"
    with site.program.db.writing() as session:
        mail = cast.mail(session, kind=MailKind.ASKING, status=OutboxStatus.SENT)
        mail.content = f"Subject: Right?\r\n\r\nYou can answer here as well:\r\n{link}\r\n".encode()
        reference = mail.reference
    quoted = f"Who are you?\n\n> You can answer here as well:\n> {link}\n"
    answer = Story(site.program.db, site.program.desk, cast.FakeRenderer()).receive(quoted).reference
    for path in (f"/outbox/{reference}", f"/messages/{answer}", f"/messages/{answer}?full=yes"):
        page = site.visitor("Bea").get(path)
        assert "https://sign.contact.example/answer/•" in page.text, path
        assert token not in page.text, path


def test_all_that_failed_is_sent_again_after_its_count_is_typed(site: Site) -> None:
    failed = [add(site, OutboxStatus.FAILED) for _ in range(3)]
    in_doubt = add(site, OutboxStatus.IN_DOUBT)
    bea = site.visitor("Bea")
    token = bea.get("/outbox").token
    for wrong in ("2", "", "4"):
        assert bea.post("/outbox/retry", {"token": token, "count": wrong}).status == 409
    assert {status(site, reference) for reference in failed} == {OutboxStatus.FAILED}
    assert bea.post("/outbox/retry", {"token": token, "count": "۳"}).status == 303
    assert {status(site, reference) for reference in failed} == {OutboxStatus.QUEUED}
    assert status(site, in_doubt) is OutboxStatus.IN_DOUBT
    assert "Send all that failed again" not in bea.get("/outbox").text


def test_mail_to_one_domain_goes_on_and_all_else_stays_held_up(site: Site) -> None:
    bea = site.visitor("Bea")
    token = bea.get("/outbox").token
    for domain in ("slow.example", ""):
        form = {"token": token, "scope": "all", "domain": domain, "reason": "wait"}
        assert bea.post("/outbox/pause", form).status == 303
    assert "Let mail to this domain go on" in bea.get("/outbox").text
    assert bea.post("/outbox/resume", {"token": token, "domain": "slow.example"}).status == 303
    with site.program.db.reading() as session:
        assert [halt.name for halt in session.query(Halt).all() if halt.holds(cast.NOW)] == [None]


def test_relay_is_shown_with_its_pace_and_until_when_it_is_paused(site: Site) -> None:
    bea = site.visitor("Bea")
    for page in ("/", "/outbox"):
        assert "main (127.0.0.1:1)" in bea.get(page).text
    with site.program.db.writing() as session:
        until = cast.NOW + timedelta(hours=3)
        halts.place(session, HaltScope.RELAY, HaltCause.LIMIT, until=until, at=cast.NOW, actor="machine", relay="main")
    for page in ("/", "/outbox"):
        shown = bea.get(page).text
        assert "15:00" in shown
        assert "limit" in shown


def test_relay_is_paused_and_goes_on_by_the_page(site: Site) -> None:
    bea = site.visitor("Bea")
    form = {"token": bea.get("/outbox").token, "scope": "all", "relay": "main", "reason": "it is slow"}
    assert bea.post("/outbox/pause", form).status == 303
    with site.program.db.reading() as session:
        [halt] = halts.holding(session, cast.NOW)
        assert (halt.scope, halt.relay, halt.note) == (HaltScope.RELAY, "main", "it is slow")
    assert bea.post("/outbox/resume", {"token": form["token"], "relay": "main"}).status == 303
    with site.program.db.reading() as session:
        assert not halts.holding(session, cast.NOW)
