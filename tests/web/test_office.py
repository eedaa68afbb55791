"""Who the coordinators are, and what the log says: as pages."""

from __future__ import annotations

import re

import pytest

from outreach.model import Coordinator, Event, TeamRole
from tests import cast
from tests.web.site import Answered, Site

#: What the pages ask of the database here, the tests of the steps and stores ask of both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def act(site: Site, what: str, **form: str) -> Answered:
    bea = site.visitor("Bea")
    return bea.post(f"/team/{what}", {"token": bea.get("/team").token, **form})


def found(site: Site, name: str) -> Coordinator | None:
    with site.program.db.reading() as session:
        return session.query(Coordinator).filter_by(name=name).one_or_none()


def test_link_of_somebody_new_opens_the_door_and_is_shown_once(site: Site) -> None:
    shown = act(site, "add", name="Cyrus", role="viewer")
    link = re.search(r"/welcome/[\w-]+", shown.text)
    assert link is not None
    assert "Cyrus" in site.visitor().get(link[0]).text
    assert "/welcome/" not in site.visitor("Bea").get("/team").text
    cyrus = found(site, "Cyrus")
    assert cyrus is not None
    assert cyrus.role is TeamRole.VIEWER


def test_new_link_ends_the_one_before(site: Site) -> None:
    first = re.search(r"/welcome/[\w-]+", act(site, "add", name="Cyrus", role="viewer").text)
    assert first is not None
    assert "/welcome/" in act(site, "link", name="Cyrus").text
    assert site.visitor().get(first[0]).status == 403


def test_role_is_changed_and_taken_away(site: Site) -> None:
    site.join("Cyrus")
    assert act(site, "role", name="Cyrus", role="admin").status == 303
    cyrus = found(site, "Cyrus")
    assert cyrus is not None
    assert cyrus.role is TeamRole.ADMIN
    assert act(site, "revoke", name="Cyrus").status == 303
    assert "revoked" in site.visitor("Bea").get("/team").text


def test_last_admin_stays_and_unknown_roles_are_refused(site: Site) -> None:
    site.join("Cyrus")
    assert act(site, "revoke", name="Bea").status == 409
    assert act(site, "role", name="Cyrus", role="owner").status == 409


def test_reviewer_sees_the_team_and_changes_nothing(site: Site) -> None:
    site.join("Cyrus")
    cyrus = site.visitor("Cyrus")
    page = cyrus.get("/team")
    assert "/team/" not in page.text
    assert cyrus.post("/team/add", {"token": page.token, "name": "Dana", "role": "admin"}).status == 403
    assert found(site, "Dana") is None


def test_log_tells_the_newest_first_and_of_one_reference(site: Site) -> None:
    site.join("Cyrus")
    with site.program.db.writing() as session:
        reference = cast.signatory(session).reference
        session.add(Event(at=cast.NOW, actor="Bea", action="approved", subject=f"signatory {reference}"))
    bea = site.visitor("Bea")
    text = bea.get("/log").text
    assert text.index(reference) < text.index("Cyrus")
    about = bea.get(f"/log?about={reference.lower()}").text
    assert reference in about
    assert "coordinator Cyrus" not in about


def test_log_that_was_changed_is_told_from_one_that_was_not(site: Site) -> None:
    site.join("Cyrus")
    bea = site.visitor("Bea")
    assert "The log is whole" in bea.post("/log/verify", {"token": bea.get("/log").token}).text
