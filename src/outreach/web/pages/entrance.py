"""How coordinators come in and go: the one-time link with its authenticator, signing in, signing out."""

from __future__ import annotations

from typing import Final

import segno

from outreach.errors import Refused
from outreach.steps import access
from outreach.steps.access import NotLetIn
from outreach.web.answers import Answer, Moved, Shown, Visit
from outreach.web.render import LANGUAGES

_ISSUER: Final = "outreach"


def sign_in_page(visit: Visit) -> Answer:
    if visit.visitor is not None:
        return Moved("/")
    return Shown("sign-in.html", {"says": None, "name": ""})


def sign_in(visit: Visit) -> Answer:
    """Begin a session; whoever is not let in learns only that."""
    name, password, code = (visit.form.get(key, "") for key in ("name", "password", "code"))
    try:
        token = access.sign_in(visit.program.db, name, password, code, visit.program.clock, place=visit.place)
    except NotLetIn as problem:
        return Shown("sign-in.html", {"says": str(problem), "name": name[:60]}, 403)
    return Moved("/", token)


def sign_out(visit: Visit) -> Answer:
    assert visit.visitor is not None
    with visit.program.db.writing() as session:
        access.sign_out(session, visit.program.keyring, visit.visitor.token, visit.program.clock)
    return Moved("/sign-in", "")


def choose_language(visit: Visit) -> Answer:
    """What the pages speak from now on, in this browser."""
    wanted = visit.form.get("language", "")
    return Moved("/", language=wanted if wanted in LANGUAGES else "en")


def welcome_page(visit: Visit) -> Answer:
    """What a one-time link opens. Looking at it uses nothing up."""
    return _welcome(visit, None)


def enrol(visit: Visit) -> Answer:
    password, again, code = (visit.form.get(key, "") for key in ("password", "again", "code"))
    if password != again:
        return _welcome(visit, "The two passwords differ.")
    try:
        with visit.program.db.writing() as session:
            codes = access.enrol(
                session, visit.program.keyring, visit.path["token"], password, code, visit.program.clock
            )
    except Refused as problem:
        return _welcome(visit, str(problem))
    return Shown("recovery.html", {"codes": codes})


def _welcome(visit: Visit, says: str | None) -> Answer:
    with visit.program.db.reading() as session:
        found = access.enrolment(session, visit.program.keyring, visit.path["token"], visit.program.clock)
    label = f"{visit.program.settings.slug}:{found.name}"
    code = segno.make(access.provisioning_uri(found, label, _ISSUER), error="m")
    values = {
        "says": says,
        "name": found.name,
        "secret": " ".join(found.totp[at : at + 4] for at in range(0, len(found.totp), 4)),
        "picture": code.svg_data_uri(scale=5, border=2, light="white", dark="black"),
        "shortest": access.SHORTEST_PASSWORD,
    }
    return Shown("welcome.html", values, 200 if says is None else 400)
