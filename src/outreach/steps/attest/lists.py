"""Takes a list of those who said yes elsewhere, on paper or in a former spreadsheet. Writes signatories, attestations.

Each row becomes a pending entry whose evidence is the file, its hash and the line. Whoever countersigns the list as a
whole has to hold that very file. What an organisation has ended itself is left to a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import Refused
from outreach.letters import allowance, answering
from outreach.letters.queue import Desk
from outreach.letters.safety import is_unsafe_place
from outreach.model import Prospect, Revision, Signatory
from outreach.model.attestation import Source
from outreach.model.revision import ENDED_STATUSES
from outreach.ports import Clock
from outreach.reading import names
from outreach.reading.lines import Typed, typed_lines
from outreach.reading.listed import Bad, Listed, Preview, RowPlan, Tongues, read_list
from outreach.reading.names import fold
from outreach.sealing import Keyring
from outreach.steps.attest import Said, countersign, countersignable, enter
from outreach.steps.attest.wish import Yes, invited_lines
from outreach.store import log, prospects, signatories, suppressions
from outreach.store.database import CHUNK, Database
from outreach.words import Channel, Lines, MailKind, Proof, ProspectStatus, SuppressionScope

#: More lines of one address are not asked about in one mail.
_MOST_IN_ONE_MAIL: Final = 20
_LONGEST_FILE_NAME: Final = 120


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"  #: a pending entry
    KNOWN = "known"  #: nothing is changed
    LEFT = "left_to_a_person"  #: they have left or refused before: nothing is changed
    BAD = "bad"  #: not taken


@dataclass(frozen=True, slots=True)
class ListFile:
    """The file in which their yeses stand, who took them how, and when."""

    name: str
    data: bytes
    channel: Channel
    at: datetime

    def said(self, keyring: Keyring, item: Listed) -> Said:
        """What stands for the yes of one row."""
        name = names.display(self.name)[:_LONGEST_FILE_NAME]
        source = Source(name, item.line, sha256(self.data).hexdigest(), list_hash(keyring, self.data))
        return Said(self.channel, item.details.get("contact_person") or "", self.at, source)


@dataclass(frozen=True, slots=True)
class _Decided:
    plan: RowPlan
    yes: Yes | None = None


#: The rows so far that are taken, by folded name: (line, printed lines). A preview has nothing else to find them in.
_SoFar = defaultdict[str, list[tuple[int, Lines]]]


def list_hash(keyring: Keyring, data: bytes) -> bytes:
    """By which the entries of this very file are found again."""
    return keyring.hash("list", data)


def plan(db: Database, desk: Desk, data: bytes) -> Preview:
    """What importing these octets would do; only reads. Raises Refused for no list."""
    checked, ignored = _checked(desk, data)
    so_far: _SoFar = defaultdict(list)
    rows: list[RowPlan] = []
    for start in range(0, len(checked), CHUNK):
        with db.reading() as session:
            rows += [_decide(session, desk, item, so_far).plan for item in checked[start : start + CHUNK]]
    return _preview(rows, ignored)


def run(db: Database, desk: Desk, file: ListFile, clock: Clock, *, actor: str) -> Preview:
    """Import; the good rows are taken, the others named. Raises Refused for a file that is no list."""
    checked, ignored = _checked(desk, file.data)
    so_far: _SoFar = defaultdict(list)
    rows: list[RowPlan] = []
    for start in range(0, len(checked), CHUNK):
        with db.writing() as session:
            rows += _take(session, desk, file, checked[start : start + CHUNK], so_far, clock(), actor)
    preview = _preview(rows, ignored)
    if preview.taken:
        with db.writing() as session:
            counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(preview.counts.items()))
            log.note(session, clock(), actor=actor, action="imported", about="signatories", reason=counted[:200])
    return preview


def to_countersign(session: Session, keyring: Keyring, data: bytes, *, actor: str) -> list[Revision]:
    """What was imported from this very file and waits for this coordinator's word. Raises Refused when nothing does."""
    found = signatories.attested_in(session, list_hash(keyring, data))
    if not found:
        raise Refused("No entry that waits or is approved was imported from this very file.")
    waiting = [revision for revision in found if _waits_for_countersign(revision)]
    if not waiting:
        raise Refused("All that was imported from this file is countersigned already.")
    own = [revision for revision in waiting if revision.attestation and revision.attestation.attested_by == actor]
    if len(own) == len(waiting):
        raise Refused(f"{actor} has imported this list: somebody else has to countersign.")
    return [revision for revision in waiting if revision not in own]


def countersign_all(db: Database, references: Sequence[str], clock: Clock, *, actor: str) -> None:
    """Vouch, as a second coordinator, for each of these entries."""
    for start in range(0, len(references), CHUNK):
        with db.writing() as session:
            for reference in references[start : start + CHUNK]:
                countersign(session, reference, clock, actor=actor)


def _waits_for_countersign(revision: Revision) -> bool:
    """Not where a later word of another coordinator took its place: that one is not in the file."""
    try:
        return countersignable(revision.signatory) is revision
    except Refused:
        return False


def _checked(desk: Desk, data: bytes) -> tuple[list[Listed | Bad], tuple[str, ...]]:
    return read_list(data, Tongues(desk.settings.languages, desk.renderer.languages(MailKind.ASKING)))


def _preview(rows: Sequence[RowPlan], ignored: tuple[str, ...]) -> Preview:
    return Preview(tuple(rows), sum(row.outcome is Outcome.NEW for row in rows), ignored)


def _take(
    session: Session,
    desk: Desk,
    file: ListFile,
    items: Sequence[Listed | Bad],
    so_far: _SoFar,
    now: datetime,
    actor: str,
) -> list[RowPlan]:
    """Decide about rows, and do it; one mail asks each address about all of its lines among them."""
    rows: list[RowPlan] = []
    entered: defaultdict[str, list[Revision]] = defaultdict(list)
    for item in items:
        decided = _decide(session, desk, item, so_far)
        row = decided.plan
        if decided.yes is not None and isinstance(item, Listed):
            said = file.said(desk.keyring, item)
            revision = enter(session, desk, decided.yes, said, now, actor=actor).revision
            entered[revision.signatory.contact.get("email") or ""].append(revision)
            row = replace(row, reference=revision.signatory.reference)
        rows.append(row)
    for address, revisions in entered.items():
        if address:
            _ask(session, desk, address, revisions, now)
    return rows


def _ask(session: Session, desk: Desk, address: str, revisions: Sequence[Revision], now: datetime) -> None:
    """Their yes by mail makes the attestation superfluous; nobody is asked who is not to be written to."""
    asked = [revision for revision in revisions if not revision.signatory.is_silent]
    if desk.settings.day.is_closed(now) or _is_never_written(session, desk, address):
        return
    for start in range(0, len(asked), _MOST_IN_ONE_MAIL):
        if allowance.is_left(session, desk, address, now):
            answering.asking(session, desk, asked[start : start + _MOST_IN_ONE_MAIL], now)


def _decide(session: Session, desk: Desk, item: Listed | Bad, so_far: _SoFar) -> _Decided:
    """What becomes of a row, by what the database holds and what the rows before it do."""
    if isinstance(item, Bad):
        return _Decided(RowPlan(item.line, Outcome.BAD, item.name, item.reason))
    try:
        lines = _lines(desk, item)
    except Refused as refused:
        return _Decided(RowPlan(item.line, Outcome.BAD, item.name, str(refused)))
    name = " / ".join(str(line) for line in lines.values())
    folded = {fold(line.name) for line in lines.values()}
    for line, before in (earlier for key in folded for earlier in so_far[key]):
        if _agree(lines, before):
            return _Decided(RowPlan(item.line, Outcome.KNOWN, name, f"the same as line {line}"))
    keys = prospects.name_keys(desk.keyring, [line.name for line in lines.values()])
    alike = list(dict.fromkeys(found.survivor for found in signatories.with_name(session, keys)))
    for entry in alike:
        if _agree(lines, entry.newest.printed_lines):
            return _Decided(_met(item, name, entry))
    invited = [found for found in prospects.with_name(session, keys) if _is_invited(desk, lines, found)]
    if (refused_by := _who_declined(session, desk, item, invited)) is not None:
        reason = f"{refused_by.reference} has declined: signatories add, if they have said yes since"
        return _Decided(RowPlan(item.line, Outcome.LEFT, name, reason))
    for key in folded:
        so_far[key].append((item.line, lines))
    prospect = invited[0] if len(invited) == 1 else None
    yes = Yes(lines=lines, language=item.language, contact=_contact(item, prospect), prospect=prospect)
    return _Decided(RowPlan(item.line, Outcome.NEW, name, _remarks(session, desk, item, yes, alike)), yes)


def _lines(desk: Desk, item: Listed) -> Lines:
    """The row as it would be printed. Raises Refused when that cannot be."""
    city, country = ({"": part} if part else {} for part in item.place)
    lines = typed_lines(Typed(item.names, city, country), desk.settings.languages)
    if not lines:
        raise Refused("it has no name in a script that this campaign prints")
    return lines


def _agree(lines: Lines, others: Lines) -> bool:
    """Whether nothing that both say in one language differs."""
    pairs = [(lines[language], others[language]) for language in lines.keys() & others.keys()]
    return all(
        fold(one) == fold(other)
        for line, known in pairs
        for one, other in ((line.name, known.name), (line.city, known.city), (line.country, known.country))
        if one and other
    )


def _met(item: Listed, name: str, entry: Signatory) -> RowPlan:
    """The organisation has an entry: whatever is to happen to that is for a person to decide."""
    newest, outcome, reason = entry.newest, Outcome.KNOWN, None
    if newest.status in ENDED_STATUSES and entry.standing is None:
        outcome = Outcome.LEFT
        again = f"signatories add --entry {entry.reference}"
        reason = f"{entry.reference} is {newest.status}: {again}, if they have said yes since"
    elif newest.proof is Proof.NONE:
        reason = f"{entry.reference} is not proven: signatories attest {entry.reference}"
    return RowPlan(item.line, outcome, name, reason, entry.reference)


def _is_invited(desk: Desk, lines: Lines, prospect: Prospect) -> bool:
    try:
        return _agree(lines, invited_lines(prospect, desk.settings.languages))
    except Refused:  # what is known of it makes no line that could be printed, so nothing in it differs
        return True


def _who_declined(session: Session, desk: Desk, item: Listed, invited: Sequence[Prospect]) -> Prospect | None:
    """Themselves, or whoever answered from the address that the row names."""
    reached = prospects.with_address(session, desk.keyring.address_hash(item.email)) if item.email else ()
    return next((one for one in (*invited, *reached) if one.status is ProspectStatus.DECLINED), None)


def _contact(item: Listed, prospect: Prospect | None) -> dict[str, str]:
    found = {
        "email": item.email or (prospect.email if prospect is not None else None),
        "contact_person": item.details.get("contact_person"),
        "phone": item.details.get("phone"),
    }
    return {key: value for key, value in found.items() if value}


def _remarks(session: Session, desk: Desk, item: Listed, yes: Yes, alike: Sequence[Signatory]) -> str | None:
    """What a person should know of a row that is taken."""
    email = yes.contact.get("email")
    remarks = [f"possible duplicate of {other.reference}" for other in alike]
    if yes.prospect is not None:
        remarks.append(f"invited as {yes.prospect.reference}: its sequence ends")
    if is_unsafe_place(desk, item.place[1], email):
        remarks.append("withheld: its place is unsafe, by the settings")
    elif email and _is_never_written(session, desk, email):
        remarks.append("its address is not to be written: it is not asked")
    if others := item.details.get("other_addresses"):
        remarks.append(f"it names {1 + len(others)} addresses: the first is asked")
    return "; ".join(remarks) or None


def _is_never_written(session: Session, desk: Desk, address: str) -> bool:
    return SuppressionScope.EVERYTHING in suppressions.scopes(session, desk.keyring.address_hash(address))
