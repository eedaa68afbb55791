"""Several cases at once: counted, shown, typed, and never more than was shown."""

from __future__ import annotations

import re

from outreach.model import Event, Signatory
from outreach.web.pages.bulk import EXAMPLES
from outreach.words import RevisionStatus
from tests import cast
from tests.web.site import Answered, Site, Visitor
from tests.web.test_review import add, status


def pick(visitor: Visitor, *references: str) -> Answered:
    return visitor.get("/queue/bulk?" + "&".join(f"pick.{reference}=yes" for reference in references))


def form_of(page: Answered, count: str) -> dict[str, str]:
    return {**dict(re.findall(r'name="(pick\.[^"]+)" value="([^"]+)"', page.text)), "token": page.token, "count": count}


def approved(site: Site) -> set[str]:
    with site.program.db.reading() as session:
        return {row.reference for row in session.query(Signatory).all() if row.standing is not None}


def test_picked_cases_are_approved_once_their_count_is_typed(site: Site) -> None:
    bea, references = site.visitor("Bea"), add(site, 15)
    page = pick(bea, *references[:12])
    assert page.text.count("<li>") == EXAMPLES
    assert bea.post("/queue/bulk", form_of(page, "12")).status == 303
    assert approved(site) == set(references[:12])
    with site.program.db.reading() as session:
        [event] = session.query(Event).filter(Event.action == "approved together").all()
        assert (event.actor, event.reason) == ("Bea", "12 entries")


def test_count_may_be_typed_in_persian(site: Site) -> None:
    bea, references = site.visitor("Bea"), add(site, 2)
    assert bea.post("/queue/bulk", form_of(pick(bea, *references), "۲")).status == 303
    assert approved(site) == set(references)


def test_another_count_does_nothing(site: Site) -> None:
    bea, references = site.visitor("Bea"), add(site, 3)
    page = pick(bea, *references)
    for count in ("", "2", "4", "all"):
        assert bea.post("/queue/bulk", form_of(page, count)).status == 409
    assert approved(site) == set()


def test_one_that_has_changed_stops_them_all_and_is_named(site: Site) -> None:
    bea, references = site.visitor("Bea"), add(site, 3)
    page = pick(bea, *references)
    form = {"token": page.token, "version": "", "reason": "spam"}
    version = re.search(r'name="version" value="([0-9a-f]+)"', bea.get(f"/queue/{references[1]}").text)
    assert version is not None
    assert bea.post(f"/queue/{references[1]}/reject", {**form, "version": version[1]}).status == 303
    refused = bea.post("/queue/bulk", form_of(page, "3"))
    assert refused.status == 409
    assert references[1] in refused.text
    assert approved(site) == set()


def test_what_somebody_should_look_at_is_left_out_and_named(site: Site) -> None:
    bea, [plain] = site.visitor("Bea"), add(site)
    with site.program.db.writing() as session:
        doubtful = cast.signatory(session, details={"warnings": ["two scripts in one name"]}).reference
        asked = cast.signatory(session, status=RevisionStatus.UNCONFIRMED).reference
    page = pick(bea, plain, doubtful, asked)
    assert set(form_of(page, "")) - {"token", "count"} == {f"pick.{plain}"}
    assert "two scripts in one name" in page.text
    assert form_of(bea.get("/queue/bulk?all=yes"), "").keys() == form_of(page, "").keys()
    assert status(site, asked) is RevisionStatus.UNCONFIRMED
