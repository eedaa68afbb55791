"""Compares what came out of the campaign with what went in: the demo ends well only if nothing differs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.bootstrap import Program
from outreach.demo.delivery import PostOffice
from outreach.demo.organisation import Called, Organisation
from outreach.model import InboundMessage, OutboxMail, Prospect, Revision, Suppression
from outreach.model.revision import OPEN_STATUSES
from outreach.words import InboundStatus, OutboxStatus, RevisionStatus


def problems(
    program: Program, cast: Sequence[Organisation], called: Called, office: PostOffice, published: Path
) -> list[str]:
    """Every difference, as a sentence."""
    found = list(_list(cast, called, published))
    with program.db.reading() as session:
        found += _prospects(session, program, cast)
        found += _suppressions(session, program, cast)
        found += _inbox(session, cast, office)
        found += _outbox(session, cast, office)
        found += _queue(session, cast)
    return found


def _list(cast: Sequence[Organisation], called: Called, published: Path) -> Iterator[str]:
    """The lines in the manifest are those of the cast, and stand in every published file."""
    if not (published / "manifest.json").exists():
        yield "nothing was published"
        return
    manifest = json.loads((published / "manifest.json").read_text(encoding="utf-8"))
    printed = [_line(lines) for lines in manifest["lines"]]
    expected = [_line(lines) for organisation in cast for lines in organisation.lines]
    expected.append(_line(called.lines))
    yield from _differences(expected, printed, missing="is not printed: {}", surplus="is printed and must not be: {}")
    for name in manifest["files"]:
        text = (published / name).read_text(encoding="utf-8")
        for lines in manifest["lines"]:
            yield from (f"{name} lacks a line: {line}" for line in lines.values() if not _holds(text, line))


def _line(lines: dict[str, str]) -> str:
    return " / ".join(lines[language] for language in sorted(lines, reverse=True))


def _holds(text: str, line: str) -> bool:
    """The parts of a line stand in a file, however that file sets or escapes them."""
    plain = text.replace("&#39;", "'").replace("&amp;", "&")
    return all(part in plain for part in line.split(" – "))


def _prospects(session: Session, program: Program, cast: Sequence[Organisation]) -> Iterator[str]:
    for organisation in cast:
        if organisation.status is None:
            continue
        hash_ = program.keyring.address_hash(organisation.address)
        rows = session.scalars(select(Prospect).where(Prospect.email_hash == hash_)).all()
        statuses = [row.status for row in rows]
        if statuses != [organisation.status]:
            found = ", ".join(statuses) or "missing"
            yield f"the invitation of {organisation.address} must be {organisation.status} and is {found}"


def _suppressions(session: Session, program: Program, cast: Sequence[Organisation]) -> Iterator[str]:
    known = {program.keyring.address_hash(organisation.address): organisation.address for organisation in cast}
    found = [
        f"{known.get(row.address_hash, 'a stranger')}, {row.scope}" for row in session.scalars(select(Suppression))
    ]
    expected = [
        f"{organisation.address}, {organisation.suppressed}" for organisation in cast if organisation.suppressed
    ]
    yield from _differences(expected, found, missing="is not suppressed: {}", surplus="is suppressed: {}")


def _inbox(session: Session, cast: Sequence[Organisation], office: PostOffice) -> Iterator[str]:
    """Every mail that came is known once, and ended as its sender's part says."""
    messages = session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
    if len(messages) != len(office.to_contact):
        yield f"{len(office.to_contact)} mails came in, and {len(messages)} are known"
    for organisation in cast:
        written = len(office.written_by(organisation.address))
        if written != organisation.mails:
            yield f"{organisation.address} must have written {organisation.mails} mails and has written {written}"
    ended = Counter(message.status for message in messages)
    expected = {
        InboundStatus.IGNORED: sum(organisation.is_machine for organisation in cast),
        InboundStatus.OPEN: sum(organisation.rejected is not None for organisation in cast),
        InboundStatus.SET_ASIDE: 0,
        InboundStatus.FETCHED: 0,
    }
    for status, count in expected.items():
        if ended[status] != count:
            reasons = ", ".join(f"{m.kind}: {m.reason}" for m in messages if m.status is status)
            yield f"{count} messages must be {status} and {ended[status]} are ({reasons or 'none'})"


def _outbox(session: Session, cast: Sequence[Organisation], office: PostOffice) -> Iterator[str]:
    """Every mail was sent exactly once; the one to nobody came back."""
    mails = session.scalars(select(OutboxMail)).all()
    ended = Counter(mail.status for mail in mails)
    bounced = sum(not organisation.exists for organisation in cast)
    expected = {OutboxStatus.SENT: len(office.from_contact) - bounced, OutboxStatus.BOUNCED: bounced}
    for status in ended.keys() | expected.keys():
        if ended[status] != expected.get(status, 0):
            yield f"{expected.get(status, 0)} mails must be {status} and {ended[status]} are"
    sent = Counter(office.message_ids_from_contact())
    yield from (f"sent more than once: {message_id}" for message_id, times in sent.items() if times > 1)
    lost = {mail.message_id for mail in mails} ^ sent.keys()
    yield from (f"the outbox and the server disagree about {message_id}" for message_id in sorted(map(str, lost)))


def _queue(session: Session, cast: Sequence[Organisation]) -> Iterator[str]:
    """Nothing waits any more, and what was signed in another's name is rejected."""
    for revision in session.scalars(select(Revision).where(Revision.status.in_(OPEN_STATUSES))):
        yield f"{revision.signatory.reference} still waits in the queue: {revision.status}"
    found = session.scalars(select(Revision.reject_reason).where(Revision.status == RevisionStatus.REJECTED))
    expected = [str(organisation.rejected) for organisation in cast if organisation.rejected]
    yield from _differences(
        expected, map(str, found), missing="nothing was rejected as {}", surplus="was rejected and must not be: {}"
    )


def _differences(expected: Iterable[str], found: Iterable[str], *, missing: str, surplus: str) -> Iterator[str]:
    wanted, there = Counter(expected), Counter(found)
    yield from (missing.format(item) for item in (wanted - there).elements())
    yield from (surplus.format(item) for item in (there - wanted).elements())
