"""The questions as pages: who looks after each, what is answered, and that nobody is answered twice."""

from __future__ import annotations

import pytest

from outreach.model import InboundMessage, OutboxMail
from outreach.words import MailKind
from tests import cast
from tests.steps.story import STRANGER, Story
from tests.web.site import Answered, Site

#: What the pages ask of the database here, the tests of the steps and stores ask of both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

ASKED = "Who has written the <b>statement</b>?"


def ask(site: Site, text: str = ASKED) -> str:
    program = site.program
    return Story(program.db, program.desk, cast.FakeRenderer()).receive(text, sender=STRANGER).reference


def act(site: Site, reference: str, what: str, **form: str) -> Answered:
    bea = site.visitor("Bea")
    page = bea.get(f"/questions/{reference}")
    return bea.post(f"/questions/{reference}/{what}", {"token": page.token, "version": page.version, **form})


def found(site: Site, reference: str) -> InboundMessage:
    with site.program.db.reading() as session:
        return session.query(InboundMessage).filter_by(reference=reference).one()


def answers(site: Site) -> list[str | None]:
    with site.program.db.reading() as session:
        return [mail.recipient for mail in session.query(OutboxMail).filter_by(kind=MailKind.ANSWER).all()]


def test_question_waits_in_its_lane_and_on_the_first_page_until_it_is_answered(site: Site) -> None:
    reference = ask(site)
    bea = site.visitor("Bea")
    assert reference in bea.get("/questions").text
    assert "with nobody" in bea.get("/questions").text
    assert 'href="/questions"' in bea.get("/").text
    assert "&lt;b&gt;statement&lt;/b&gt;" in bea.get(f"/questions/{reference}").text
    assert act(site, reference, "answer", text="We did.").status == 303
    bea = site.visitor("Bea")
    assert reference not in bea.get("/questions").text
    assert reference in bea.get("/questions?all=yes").text
    assert answers(site) == [STRANGER]
    assert found(site, reference).owner == "Bea"


def test_question_is_taken_over_and_handed_over(site: Site) -> None:
    site.join("Cyrus")
    reference = ask(site)
    assert act(site, reference, "own").status == 303
    assert found(site, reference).owner == "Bea"
    assert act(site, reference, "own", by="Cyrus").status == 303
    assert found(site, reference).owner == "Cyrus"
    assert act(site, reference, "own", by="Nobody").status == 409


def test_question_is_closed_without_an_answer(site: Site) -> None:
    reference = ask(site)
    assert act(site, reference, "close").status == 303
    assert "closed" in site.visitor("Bea").get("/questions?all=yes").text
    assert answers(site) == []


def test_slower_of_two_coordinators_answers_nobody_and_sees_who_did(site: Site) -> None:
    site.join("Cyrus")
    reference = ask(site)
    cyrus = site.visitor("Cyrus")
    page = cyrus.get(f"/questions/{reference}")
    assert act(site, reference, "answer", text="We did.").status == 303
    form = {"token": page.token, "version": page.version, "text": "Somebody did."}
    late = cyrus.post(f"/questions/{reference}/answer", form)
    assert late.status == 409
    assert "<bdi>Bea</bdi>: answered" in late.text
    assert answers(site) == [STRANGER]


@pytest.mark.parametrize("text", ["", "   "])
def test_answer_without_words_is_refused_and_leaves_the_question_open(site: Site, text: str) -> None:
    reference = ask(site)
    assert act(site, reference, "answer", text=text).status == 409
    assert found(site, reference).answered_at is None


def test_what_asks_nothing_is_no_question(site: Site) -> None:
    assert site.visitor("Bea").get("/questions/AAAA-AAAA").status == 409


def test_many_questions_are_shown_by_pages(site: Site) -> None:
    references = [ask(site, f"{ASKED} {at}") for at in range(51)]
    bea = site.visitor("Bea")
    assert references[50] not in bea.get("/questions").text
    assert references[50] in bea.get(f"/questions?after={references[49]}").text
