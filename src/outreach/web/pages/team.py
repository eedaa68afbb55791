"""The coordinators: who they are, and, for an admin, who comes in, what each may do, and who goes.

A one-time link is shown in the answer to the form that asked for it, and nowhere else.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import TeamRole
from outreach.steps import access
from outreach.steps import coordinators as team
from outreach.store import coordinators as stored
from outreach.web.answers import Answer, Moved, Shown, Visit


def page(visit: Visit) -> Answer:
    assert visit.visitor is not None
    with visit.program.db.reading() as session:
        items = [
            {"name": row.name, "role": row.role, "email": row.email, "since": row.since, "revoked_at": row.revoked_at}
            for row in stored.everybody(session)
        ]
    values = {"items": items, "roles": list(TeamRole), "is_admin": visit.visitor.role.includes(TeamRole.ADMIN)}
    return Shown("team.html", values)


def add(visit: Visit) -> Answer:
    """Register somebody, and show the link with which they come in."""
    program = visit.program
    with program.db.writing() as session:
        added = team.add(session, _name(visit), None, program.clock, actor=visit.actor, role=_role(visit))
        session.flush()
        return _link(session, visit, added.name)


def link(visit: Visit) -> Answer:
    """A new link for somebody who has lost password or authenticator; it ends the one before."""
    with visit.program.db.writing() as session:
        return _link(session, visit, _name(visit))


def role(visit: Visit) -> Answer:
    with visit.program.db.writing() as session:
        team.set_role(session, _name(visit), _role(visit), visit.program.clock, actor=visit.actor)
    return Moved("/team")


def revoke(visit: Visit) -> Answer:
    with visit.program.db.writing() as session:
        team.revoke(session, _name(visit), visit.program.clock, actor=visit.actor)
    return Moved("/team")


def _link(session: Session, visit: Visit, name: str) -> Answer:
    program = visit.program
    token = access.link(session, program.keyring, name, program.clock, actor=visit.actor)
    return Shown("link.html", {"name": name, "url": f"{program.settings.web.url}/welcome/{token}"})


def _name(visit: Visit) -> str:
    return visit.form.get("name", "").strip()


def _role(visit: Visit) -> TeamRole:
    wanted = visit.form.get("role", "")
    if wanted not in map(str, TeamRole):
        raise Refused("Choose a role.")
    return TeamRole(wanted)
