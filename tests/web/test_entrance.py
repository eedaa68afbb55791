"""Coming in and going: one-time links, second factors, brakes, sessions that end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pyotp import TOTP

from outreach.bootstrap import Program
from outreach.model import Access, Event, WebSession
from outreach.model.access import SESSION_IDLES, SESSION_LASTS
from outreach.steps import access, coordinators
from outreach.steps.access import NotLetIn
from tests.cast import NOW
from tests.web.site import PASSWORD, Site, serving

#: As the program has it, before the other tests make it cheap.
_HASHER = access._HASHER


class Hour:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hour() -> Hour:
    return Hour()


@pytest.fixture
def site(program: Program, hour: Hour) -> Iterator[Site]:
    with serving(replace(program, clock=hour)) as site:
        yield site


def link_of(site: Site, name: str = "Bea") -> str:
    program = site.program
    with program.db.writing() as session:
        return access.link(session, program.keyring, name, program.clock, actor="Bea")


def enrol(site: Site, link: str, **changes: str) -> int:
    with site.program.db.reading() as session:
        secret = access.enrolment(session, site.program.keyring, link, site.program.clock).totp
    visitor = site.visitor()
    form = {"password": PASSWORD, "again": PASSWORD, "code": TOTP(secret).at(site.program.clock()), **changes}
    return visitor.post(f"/welcome/{link}", {"token": visitor.get(f"/welcome/{link}").token, **form}).status


def secret_of(site: Site) -> str:
    with site.program.db.reading() as session:
        found = session.query(Access).one().totp
    assert found is not None
    return found


def sign_in(site: Site, code: str, password: str = PASSWORD, name: str = "Bea") -> int:
    visitor = site.visitor()
    token = visitor.get("/sign-in").token
    return visitor.post("/sign-in", {"token": token, "name": name, "password": password, "code": code}).status


def test_passwords_are_hashed_above_the_floor() -> None:
    """OWASP's floor for Argon2id: 19 MiB and two rounds."""
    assert _HASHER.type.name == "ID"
    assert (_HASHER.memory_cost, _HASHER.time_cost) >= (19 * 1024, 2)


def test_link_works_once(site: Site) -> None:
    link = link_of(site)
    assert enrol(site, link) == 200
    assert site.visitor().get(f"/welcome/{link}").status == 403


def test_looking_at_a_link_uses_nothing_up(site: Site) -> None:
    link = link_of(site)
    for _ in range(5):  # as scanners of mail do
        assert site.visitor().get(f"/welcome/{link}").status == 200
    assert enrol(site, link) == 200


def test_link_is_good_for_a_day_and_a_new_one_ends_it(site: Site, hour: Hour) -> None:
    old, new = link_of(site), link_of(site)
    assert site.visitor().get(f"/welcome/{old}").status == 403
    hour.now += timedelta(hours=24)
    assert site.visitor().get(f"/welcome/{new}").status == 403


@pytest.mark.parametrize(
    "changes", [{"password": "short", "again": "short"}, {"again": "another password"}, {"code": "000000"}]
)
def test_nobody_is_enrolled_with_a_short_password_a_slip_or_without_an_authenticator(
    site: Site, changes: dict[str, str]
) -> None:
    link = link_of(site)
    assert enrol(site, link, **changes) == 400
    assert enrol(site, link) == 200


def test_code_counts_once(site: Site, hour: Hour) -> None:
    enrol(site, link_of(site))
    hour.now += timedelta(minutes=1)
    code = TOTP(secret_of(site)).at(hour.now)
    assert sign_in(site, code) == 303
    assert sign_in(site, code) == 403


def test_code_may_be_typed_in_persian_digits(site: Site, hour: Hour) -> None:
    enrol(site, link_of(site))
    hour.now += timedelta(minutes=1)
    code = TOTP(secret_of(site)).at(hour.now)
    assert sign_in(site, code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))) == 303


def test_wrong_password_does_not_use_up_the_code(site: Site, hour: Hour) -> None:
    enrol(site, link_of(site))
    hour.now += timedelta(minutes=1)
    code = TOTP(secret_of(site)).at(hour.now)
    assert sign_in(site, code, password="wrong horse battery") == 403
    assert sign_in(site, code) == 303


def test_recovery_code_lets_in_once(site: Site) -> None:
    code = site.enrolled("Bea")
    assert sign_in(site, code.lower()) == 303
    assert sign_in(site, code) == 403


def test_guessing_for_an_hour_looks_at_ten_passwords(site: Site, hour: Hour, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = []

    def verify(stored: str, password: str) -> bool:
        looked_at.append((stored, password))
        return False

    monkeypatch.setattr(access, "_verify", verify)
    for _ in range(1000):
        with pytest.raises(NotLetIn):
            access.sign_in(site.program.db, "Bea", "guess", "000000", hour, place="192.0.2.1")
        hour.now += timedelta(seconds=3.6)
    assert len(looked_at) <= 10


def test_known_and_unknown_names_are_answered_alike(site: Site) -> None:
    site.enrolled("Bea")
    texts = set()
    for name in ("Bea", "Nobody"):
        visitor = site.visitor()
        token = visitor.get("/sign-in").token
        form = {"token": token, "name": name, "password": "wrong horse battery", "code": "1"}
        texts.add(visitor.post("/sign-in", form).text.replace(name, "").replace(token, ""))
    assert len(texts) == 1


@pytest.mark.parametrize("after", [SESSION_IDLES, SESSION_LASTS])
def test_session_ends_by_itself(site: Site, hour: Hour, after: timedelta) -> None:
    bea = site.visitor("Bea")
    step = timedelta(minutes=50)
    while after == SESSION_LASTS and hour.now + step < NOW + after:  # reading counts as being there
        hour.now += step
        assert bea.get("/").status == 200
    hour.now = NOW + after
    assert bea.get("/").status == 303


def test_signing_out_ends_the_session_and_clears_the_browser(site: Site) -> None:
    bea = site.visitor("Bea")
    kept = dict(bea.cookies)
    answered = bea.post("/sign-out", {"token": bea.get("/").token})
    assert answered.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    bea.cookies = kept
    assert bea.get("/").status == 303


def test_revoked_coordinator_is_out_at_once(site: Site) -> None:
    site.join("Cyrus")
    cyrus = site.visitor("Cyrus")
    assert cyrus.get("/").status == 200
    with site.program.db.writing() as session:
        coordinators.revoke(session, "Cyrus", site.program.clock, actor="Bea")
    assert cyrus.get("/").status == 303
    with site.program.db.reading() as session:
        assert session.query(WebSession).count() == 0


def test_new_link_used_ends_what_was_open(site: Site) -> None:
    bea = site.visitor("Bea")
    enrol(site, link_of(site))
    assert bea.get("/").status == 303


def test_secrets_are_kept_nowhere_as_they_are(site: Site) -> None:
    link = link_of(site)
    bea = site.visitor("Bea")
    session_secret = next(iter(bea.cookies.values()))
    with site.program.db.reading() as session:
        kept = repr([vars(row) for model in (Access, WebSession, Event) for row in session.query(model).all()])
    assert all(secret not in kept for secret in (link, session_secret, PASSWORD))
