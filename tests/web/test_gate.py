"""Who gets through to the pages: every row of the table, whatever a stranger, another site or a viewer tries."""

from __future__ import annotations

import re
import zlib

import pytest

from outreach.errors import DatabaseProblem
from outreach.model import OutboxMail, Signatory, TeamRole
from outreach.web.gate import HEADERS, LARGEST_FORM
from outreach.web.routes import ROWS
from outreach.words import InboundStatus
from tests import cast
from tests.web.site import Site
from tests.web.test_prospects import received

#: Rows that strangers may open: the door itself.
_OPEN = {"/sign-in", "/welcome/{token}", "/language"}


@pytest.fixture
def reference(site: Site) -> str:
    with site.program.db.writing() as session:
        reference = cast.signatory(session).reference
        cast.mail(session).reference = reference  # each kind of record has references of its own
        cast.prospect(session).reference = reference
        question = received(session, "rosa@elsewhere.example")
        question.reference, question.is_question = reference, True
        question.status, question.raw = InboundStatus.OPEN, zlib.compress(b"From: rosa@elsewhere.example\r\n\r\nWho?")
        return reference


def paths(method: str, reference: str) -> list[str]:
    return [re.sub(r"\{\w+\}", reference, row.path) for row in ROWS if row.method == method and row.path not in _OPEN]


def state(site: Site) -> list[tuple[str, str]]:
    """All that a page could have changed of the entries, and the mails there are."""
    with site.program.db.reading() as session:
        found = [(row.reference, str(row.newest.status)) for row in session.query(Signatory).all()]
        return found + [(mail.reference, str(mail.status)) for mail in session.query(OutboxMail).all()]


def test_only_the_door_is_open_to_strangers(site: Site, reference: str) -> None:
    assert {row.path for row in ROWS if row.needs is None} == _OPEN
    for path in paths("GET", reference):
        answered = site.visitor().get(path)
        assert (answered.status, answered.headers["location"]) == (303, "/sign-in"), path


def test_stranger_with_a_token_of_the_door_changes_nothing(site: Site, reference: str) -> None:
    stranger, before = site.visitor(), state(site)
    token = stranger.get("/sign-in").token
    for path in paths("POST", reference):
        answered = stranger.post(path, {"token": token})
        assert (answered.status, answered.headers["location"]) == (303, "/sign-in"), path
    assert state(site) == before


def test_post_without_token_or_from_elsewhere_is_turned_away(site: Site, reference: str) -> None:
    bea, before = site.visitor("Bea"), state(site)
    token = bea.get("/").token
    for row in (row for row in ROWS if row.method == "POST"):
        path = re.sub(r"\{\w+\}", reference, row.path)
        assert bea.post(path, {}).status == 403, path
        assert bea.post(path, {"token": "0" * 64}).status == 403, path
        assert bea.post(path, {"token": token}, Origin="https://elsewhere.example").status == 403, path
        assert bea.post(path, {"token": token}, Origin="null").status == 403, path
        assert bea.post(path, {"token": token}, Origin="").status == 403, path
        assert bea.post(path, {"token": token}, Sec_Fetch_Site="cross-site").status == 403, path
    assert state(site) == before


def test_token_of_one_session_is_worth_nothing_in_another(site: Site, reference: str) -> None:
    token = site.visitor("Bea").get("/").token
    assert site.visitor("Bea").post(f"/queue/{reference}/approve", {"token": token}).status == 403


def test_who_looks_on_sees_everything_and_decides_nothing(site: Site, reference: str) -> None:
    site.join("Dana", TeamRole.VIEWER)
    dana, before = site.visitor("Dana"), state(site)
    page = dana.get(f"/queue/{reference}")
    assert page.status == 200
    assert "/approve" not in page.text
    for row in (row for row in ROWS if row.needs in (TeamRole.REVIEWER, TeamRole.ADMIN)):
        path = re.sub(r"\{\w+\}", reference, row.path)
        form = {"token": page.token, "kind": "question"}
        answered = dana.post(path, form) if row.method == "POST" else dana.get(path)
        assert answered.status == 403, path
    assert state(site) == before


def test_get_changes_nothing(site: Site, reference: str) -> None:
    bea = site.visitor("Bea")
    before = state(site)
    for path in paths("GET", reference):
        assert bea.get(path).status in (200, 303), path
        assert bea.request("HEAD", path, None, {}).status in (200, 303), path
    assert state(site) == before


def test_every_answer_loads_nothing_from_elsewhere_and_is_kept_nowhere(site: Site) -> None:
    for path in ("/sign-in", "/", "/nowhere", "/welcome/none"):
        answered = site.visitor().get(path)
        said = {name.lower(): value for name, value in answered.headers.items()}
        assert {name: said[name.lower()] for name in HEADERS} == HEADERS, path


def test_request_for_another_name_is_turned_away(site: Site) -> None:
    assert site.visitor().get("/sign-in", Host="evil.example").status == 421


def test_session_cookie_is_for_this_host_alone_and_hidden_from_scripts(site: Site) -> None:
    stranger = site.visitor()
    answered = stranger.get("/sign-in")
    cookie = answered.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"))


def test_form_that_is_too_long_is_not_read(site: Site) -> None:
    bea = site.visitor("Bea")
    token = bea.get("/").token
    assert bea.post("/sign-out", {"filling": "x" * LARGEST_FORM, "token": token}).status == 413
    assert bea.get("/").status == 200


def test_trouble_of_the_database_is_told_before_anybody_is_let_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    bea = site.visitor("Bea")

    def busy(*_: object) -> None:
        raise DatabaseProblem("The database is busy.")

    monkeypatch.setattr("outreach.steps.access.signed_in", busy)
    answered = bea.get("/queue")
    assert answered.status == 409
    assert "The database is busy." in answered.text


def test_mistake_of_ours_tells_its_kind_and_nothing_of_the_mail(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("what a mail said")

    monkeypatch.setattr("outreach.store.overview.mails", fails)
    answered = site.visitor("Bea").get("/")
    assert answered.status == 500
    assert "ValueError" in answered.text
    assert "what a mail said" not in answered.text
