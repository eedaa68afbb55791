"""Imports a list of organisations as prospects. Adds, and completes what had no address; changes nothing else.

What is known stays as it is, so that importing a file twice changes nothing, and nobody who has
answered or does not want to be written is invited by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from outreach.letters.queue import Desk
from outreach.letters.safety import is_unsafe_place
from outreach.model import NameKey, Prospect
from outreach.ports import Clock
from outreach.reading.listed import Bad, Listed, Preview, RowPlan, Tongues, read_list
from outreach.sealing import Keyring
from outreach.steps.importing.file import FileSoFar, Line, agree
from outreach.store import coordinators, log, naming, prospects, references, suppressions
from outreach.store.database import CHUNK, Database
from outreach.words import MailKind, ProspectStatus


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"  #: will be invited
    TO_CALL = "to_call"  #: new, without an address
    COMPLETED = "address_added"  #: known without an address, which the row brings
    SUPPRESSED = "suppressed"  #: new, but its address is not to be written
    ANSWERED = "has_answered"  #: new, but its address has answered already: it is not invited
    KNOWN = "known"  #: nothing is changed
    BAD = "bad"  #: not taken


#: These become a new prospect.
ADDED: Final = frozenset({Outcome.NEW, Outcome.TO_CALL, Outcome.SUPPRESSED, Outcome.ANSWERED})


@dataclass(frozen=True, slots=True)
class _Decided:
    """What a row does, and what it is known as."""

    plan: RowPlan
    known: Prospect | Line | None = None


def plan(db: Database, desk: Desk, data: bytes, clock: Clock) -> Preview:
    """What importing these octets would do; only reads, so that others write meanwhile. Raises Refused for no list.

    What the file itself adds is looked for in memory, as the import will find it in the database.
    """
    checked, ignored = _checked(db, desk, data)
    rows: list[RowPlan] = []
    file = FileSoFar()
    for start in range(0, len(checked), CHUNK):
        with db.reading() as session:
            rows += [_decide(session, desk, item, file).plan for item in checked[start : start + CHUNK]]
    return _preview(rows, ignored)


def run(db: Database, desk: Desk, data: bytes, clock: Clock, *, actor: str) -> Preview:
    """Import; the good rows are taken, the others named. Raises Refused for a file that is no list."""
    checked, ignored = _checked(db, desk, data)
    rows: list[RowPlan] = []
    file = FileSoFar()
    for start in range(0, len(checked), CHUNK):
        with db.writing() as session:
            rows += [_take(session, desk, item, file, clock) for item in checked[start : start + CHUNK]]
    preview = _preview(rows, ignored)
    if preview.taken:
        with db.writing() as session:
            counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(preview.counts.items()))
            log.note(session, clock(), actor=actor, action="imported", about="prospects", reason=counted[:200])
    return preview


def _checked(db: Database, desk: Desk, data: bytes) -> tuple[Sequence[Listed | Bad], tuple[str, ...]]:
    tongues = Tongues(desk.settings.languages, desk.renderer.languages(MailKind.INVITATION))
    with db.reading() as session:
        team = [coordinator.name for coordinator in coordinators.active(session)]
    return read_list(data, tongues, team)


def _preview(rows: Sequence[RowPlan], ignored: tuple[str, ...]) -> Preview:
    taken = sum(row.outcome in ADDED or row.outcome is Outcome.COMPLETED for row in rows)
    return Preview(tuple(rows), taken, ignored)


def _take(session: Session, desk: Desk, item: Listed | Bad, file: FileSoFar, clock: Clock) -> RowPlan:
    """Decide about a row, and do it."""
    decided = _decide(session, desk, item, file)
    if isinstance(item, Bad):
        return decided.plan
    if decided.plan.outcome is Outcome.COMPLETED and isinstance(decided.known, Prospect):
        _complete(decided.known, item, desk.keyring)
    elif decided.plan.outcome in ADDED:
        added = _add(session, desk.keyring, item, clock)
        file.added(added.reference, item.line)
        return replace(decided.plan, reference=added.reference)
    return decided.plan


def _decide(session: Session, desk: Desk, item: Listed | Bad, file: FileSoFar) -> _Decided:
    """What becomes of a row, by what the database holds and what the rows before it do."""
    if isinstance(item, Bad):
        return _Decided(RowPlan(item.line, Outcome.BAD, item.name, item.reason))
    hash_ = desk.keyring.address_hash(item.email) if item.email else None
    same: list[Prospect | Line] = [*_same(session, desk.keyring, item), *file.same(item)]
    for known in same:
        if known.answered_at is not None:
            return _known(item, known, file, "it has answered")
        if hash_ is None or file.hash_of(known) == hash_:
            return _known(item, known, file)
        if file.hash_of(known) is None:
            file.complete(known, hash_)
            signed = _has_signed(session, desk.keyring, item)
            return _Decided(RowPlan(item.line, Outcome.COMPLETED, item.name, signed, known.reference), known)
    outcome, reason = _fate(session, hash_)
    twin = f"the same name as {file.name_of(same[0])}, under another address" if same else None
    reasons = [reason, _has_signed(session, desk.keyring, item), _remark(desk, item), file.shares(hash_), twin]
    file.add(item, hash_)
    return _Decided(RowPlan(item.line, outcome, item.name, "; ".join(filter(None, reasons)) or None))


def _has_signed(session: Session, keyring: Keyring, item: Listed) -> str | None:
    """Whether an entry that is open or approved bears its name, or one that its name holds: a person should look."""
    found = [one.reference for name in item.names.values() for one in naming.named_in(session, keyring, name)]
    return f"it may have signed already: {', '.join(dict.fromkeys(found))}" if found else None


def _remark(desk: Desk, item: Listed) -> str | None:
    """What a person should know of a row that is taken."""
    if is_unsafe_place(desk, item.place[1], item.email):
        return "withheld: its place is unsafe, by the settings"
    if others := item.details.get("other_addresses"):
        return f"it names {1 + len(others)} addresses: the first is written to"
    return None


def _known(item: Listed, known: Prospect | Line, file: FileSoFar, reason: str | None = None) -> _Decided:
    if reason is None and file.name_of(known) != known.reference:
        reason = f"the same as {file.name_of(known)}"
    return _Decided(RowPlan(item.line, Outcome.KNOWN, item.name, reason, known.reference), known)


def _fate(session: Session, address_hash: bytes | None) -> tuple[Outcome, str | None]:
    """What a new prospect with this address has before it."""
    if address_hash is None:
        return Outcome.TO_CALL, None
    if suppressions.scopes(session, address_hash):
        return Outcome.SUPPRESSED, "its address is not to be written"
    if prospects.has_answered(session, address_hash):
        return Outcome.ANSWERED, "somebody has answered from this address: it is not invited"
    return Outcome.NEW, None


def _same(session: Session, keyring: Keyring, item: Listed) -> list[Prospect]:
    """Prospects that are this organisation: no name, city or country that both give differs."""
    known = prospects.with_import_key(session, _key(keyring, item))
    if known is not None:
        return [known]
    alike = prospects.with_name(session, prospects.name_keys(keyring, item.names.values()))
    return [prospect for prospect in alike if agree(prospect, item)]


def _key(keyring: Keyring, item: Listed) -> bytes:
    return prospects.import_key(keyring, item.names.values(), item.email, item.place)


def _complete(known: Prospect, item: Listed, keyring: Keyring) -> None:
    """Give a prospect that was to be called its address; what else was known stays."""
    assert item.email is not None
    known.email, known.email_hash = item.email, keyring.address_hash(item.email)
    known.language = item.language
    known.details = {**item.details, **known.details, "names": {**item.names, **known.details.get("names", {})}}


def _add(session: Session, keyring: Keyring, item: Listed, clock: Clock) -> Prospect:
    prospect = Prospect(
        reference=references.new_reference(session, Prospect),
        status=ProspectStatus.LISTED,
        language=item.language,
        import_key=_key(keyring, item),
        email_hash=keyring.address_hash(item.email) if item.email else None,
        domain_hash=prospects.own_domain(keyring, item.email),
        created_at=clock(),
    )
    prospect.email = item.email
    prospect.details = {"names": item.names, **item.details}
    session.add(prospect)
    session.flush()
    for key in prospects.name_keys(keyring, item.names.values()):
        session.add(NameKey(key_hash=key, prospect_id=prospect.id))
    return prospect
