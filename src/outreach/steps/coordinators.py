"""Who may decide: coordinators are added and revoked by each other. Writes coordinators and events."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.model import Coordinator, TeamRole
from outreach.ports import Clock
from outreach.reading import names
from outreach.store import access, coordinators, log

#: What the log can name.
LONGEST_NAME: Final = 60


def acting(session: Session, name: str | None) -> str:
    """The name of the coordinator who acts; without one named, the only one there is. Raises Refused."""
    active = coordinators.active(session)
    if name is None:
        if len(active) == 1:
            return active[0].name
        listed = " or ".join(f'--as "{found.name}"' for found in active)
        raise Refused(
            f"Say who decides: {listed}." if active else "There is no coordinator: outreach coordinators add."
        )
    found = coordinators.with_name(session, name)
    if found is None:
        raise Refused(f"{names.display(name)[:LONGEST_NAME]} is no coordinator. Who is: outreach coordinators list")
    if not found.is_active:
        raise Refused(f"{found.name} is no coordinator any more.")
    if not found.role.includes(TeamRole.REVIEWER):
        raise Refused(f"{found.name} looks on and decides nothing.")
    return found.name


def write_from(session: Session, name: str, email: str | None, clock: Clock, *, actor: str) -> Coordinator:
    """Say where a coordinator writes from: sign-ups that they forward from there are taken. Raises Refused."""
    found = _active(session, name)
    _require_free(session, email, found)
    found.write_from(email)
    log.note(session, clock(), actor=actor, action="address changed", about=found)
    return found


def add(
    session: Session,
    name: str,
    email: str | None,
    clock: Clock,
    *,
    actor: str,
    role: TeamRole = TeamRole.REVIEWER,
) -> Coordinator:
    """Register somebody who may decide from now on, or who comes back. Raises Refused."""
    _must_be_admin(session, actor)
    name, now = checked(name), clock()
    found = coordinators.with_name(session, name)
    if found is not None and found.is_active:
        raise Refused(f"{found.name} is a coordinator already.")
    _require_free(session, email, found)
    if found is not None:
        found.return_(now, email)
        found.role = role
        log.note(session, now, actor=actor, action="returned", about=found)
        return found
    return _register(session, name, email, now, role=role, actor=actor)


def first(session: Session, name: str, email: str | None, clock: Clock) -> Coordinator:
    """Register the coordinator with whom a campaign begins: nobody else is there to do it."""
    name = checked(name)
    return _register(session, name, email, clock(), role=TeamRole.ADMIN, actor=name)


def set_role(session: Session, name: str, role: TeamRole, clock: Clock, *, actor: str) -> Coordinator:
    """What a coordinator may do from now on. Raises Refused where nobody could name coordinators any more."""
    _must_be_admin(session, actor)
    found = _active(session, name)
    if role is not TeamRole.ADMIN:
        _must_leave_an_admin(session, found)
    found.role = role
    log.note(session, clock(), actor=actor, action="made " + role, about=found)
    return found


def revoke(session: Session, name: str, clock: Clock, *, actor: str) -> Coordinator:
    """From now on they decide nothing. The last one stays: a campaign without any could not be ended."""
    _must_be_admin(session, actor)
    found = _active(session, name)
    if len(coordinators.active(session, lock=True)) == 1:
        raise Refused(f"{found.name} is the last coordinator: register another one first.")
    _must_leave_an_admin(session, found)
    now = clock()
    found.revoke(now)
    access.shut(session, found)
    log.note(session, now, actor=actor, action="revoked", about=found)
    return found


def _require_free(session: Session, email: str | None, of: Coordinator | None) -> None:
    """An address that two of them share would not say who vouches."""
    other = coordinators.with_address(session, email) if email else None
    if other is not None and other is not of:
        raise Refused(f"That is the address of {other.name}.")


def checked(name: str) -> str:
    """A name that can stand in the log. Raises Refused."""
    cleaned = names.display(name)
    if cleaned != " ".join(name.split()) or not any(char.isalpha() for char in cleaned):
        raise Refused("A coordinator's name is written in letters, without control characters.")
    if len(cleaned) > LONGEST_NAME:
        raise Refused(f"A coordinator's name has at most {LONGEST_NAME} characters.")
    if cleaned.casefold() == log.MACHINE:
        raise Refused(f"{cleaned} is what the log calls the program itself.")
    return cleaned


def _register(
    session: Session, name: str, email: str | None, now: datetime, *, role: TeamRole, actor: str
) -> Coordinator:
    added = Coordinator(name=name, role=role, since=now)
    added.email = email
    session.add(added)
    log.note(session, now, actor=actor, action="registered", about=added)
    return added


def _active(session: Session, name: str) -> Coordinator:
    found = coordinators.with_name(session, name)
    if found is None or not found.is_active:
        raise Refused(f"{names.display(name)[:LONGEST_NAME]} is no coordinator.")
    return found


def _must_be_admin(session: Session, actor: str) -> None:
    found = coordinators.with_name(session, actor)
    if found is None or not found.role.includes(TeamRole.ADMIN):
        raise Refused(f"Only an admin says who the coordinators are; {actor} is none.")


def _must_leave_an_admin(session: Session, leaving: Coordinator) -> None:
    others = [one for one in coordinators.active(session, lock=True) if one is not leaving]
    if not any(one.role is TeamRole.ADMIN for one in others):
        raise Refused(f"{leaving.name} is the last admin: make somebody else one first.")
