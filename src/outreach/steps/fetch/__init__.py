"""Step 1 of the flow: copy new mail from the mailbox. Writes inbound messages and their places.

The server's copy is touched only after the raw copy is committed. A place is (folder, UIDVALIDITY,
UID); content is known by keyed hash, so a mail in two places, or a folder scanned again after its
UIDVALIDITY changed, is stored once. What was sent from the mailbox is copied too: somebody may have
answered by hand.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from outreach.errors import MailUnfetchable, NotOffered, ServerUnreachable
from outreach.model import Campaign, InboundMessage
from outreach.ports import Clock, FolderState, Listed, Mailbox, MailFolder, Place, Role
from outreach.settings import Settings
from outreach.steps.fetch import beacon
from outreach.store import campaign as campaigns
from outreach.store import inbound, references
from outreach.store.database import CHUNK, Database
from outreach.words import Report

#: Octets. Of a larger mail only the beginning is fetched; a person must look at the rest.
LARGEST: Final = 10_000_000
BEGINNING: Final = 1_000_000
CHUNK_OCTETS: Final = 20_000_000
#: After so many broken connections at one mail it is given up, and named.
MOST_BREAKS: Final = 3


@dataclass(frozen=True, slots=True)
class _Fetched:
    """One mail on its way into the database: its raw octets, or why there are none."""

    listed: Listed
    raw: bytes | None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The folder that is being read, for which campaign."""

    role: Role
    state: FolderState
    campaign: Campaign


def run(db: Database, mailbox: Callable[[], Mailbox], clock: Clock, settings: Settings) -> Report:
    """See who may send for this mailbox, and fetch what is new in every folder.

    Raises ServerUnreachable or LoginRefused.
    """
    with db.reading() as session:
        campaign = campaigns.the_campaign(session)
        session.expunge(campaign)
    counts: Counter[str] = Counter()
    with mailbox() as box:
        stranger = _who_else_sends(db, box, settings, clock)
        for folder in box.folders():
            if db.is_closing:
                break
            counts += _read_folder(db, box, folder, campaign, clock)
    lost = counts["unfetchable"]
    attention = [f"{lost} mail(s) cannot be fetched: look at them in the mailbox."] if lost else []
    if stranger is not None and campaign.displaced_by is None:
        attention.append(f"{stranger} Nothing is sent from here any more. If it should be, type: outreach takeover")
    return Report("fetch", dict(+counts), tuple(attention))


def _who_else_sends(db: Database, box: Mailbox, settings: Settings, clock: Clock) -> str | None:
    """Mail is fetched even where a mailbox is full or takes no notes: then nobody can be noticed."""
    try:
        return beacon.look(db, box, settings, clock)
    except NotOffered:
        return None


def _read_folder(db: Database, box: Mailbox, folder: MailFolder, campaign: Campaign, clock: Clock) -> Counter[str]:
    counts: Counter[str] = Counter()
    state = box.select(folder)
    shelf = _Shelf(folder.role, state, campaign)
    with db.writing() as session:
        first = campaigns.folder(session, state.folder, state.uidvalidity).next_uid
    for chunk in _chunks(box.listing(first)):
        if db.is_closing:
            return counts
        counts += _take(db, box, shelf, chunk, clock)
    if folder.is_ours_to_mark:
        _mark(db, box, state)
    return counts


def _chunks(listing: Iterable[Listed]) -> Iterator[list[Listed]]:
    """At most CHUNK mails and, unless one alone is larger, CHUNK_OCTETS octets at a time."""
    chunk: list[Listed] = []
    octets = 0
    for listed in listing:
        size = min(listed.size, LARGEST)
        if chunk and (len(chunk) == CHUNK or octets + size > CHUNK_OCTETS):
            yield chunk
            chunk, octets = [], 0
        chunk.append(listed)
        octets += size
    if chunk:
        yield chunk


def _take(db: Database, box: Mailbox, shelf: _Shelf, chunk: Sequence[Listed], clock: Clock) -> Counter[str]:
    """Fetch one chunk (no transaction is open meanwhile), then store it with the folder's progress."""
    state = shelf.state
    with db.reading() as session:
        known = inbound.known_uids(session, state.folder, state.uidvalidity, [listed.uid for listed in chunk])
    new = [listed for listed in chunk if listed.uid not in known]
    fetched: list[_Fetched] = []
    for position, listed in enumerate(new):
        if listed.arrived < shelf.campaign.since:
            continue
        try:
            fetched.append(_fetch(box, listed))
        except ServerUnreachable:
            _store(db, shelf, new[:position], fetched, clock)
            _count_break(db, state, listed)
            raise
    return _store(db, shelf, new, fetched, clock, next_uid=chunk[-1].uid + 1)


def _store(
    db: Database,
    shelf: _Shelf,
    new: Sequence[Listed],
    fetched: Sequence[_Fetched],
    clock: Clock,
    next_uid: int = 1,
) -> Counter[str]:
    """What was fetched, and how far the folder is read, in one transaction."""
    counts: Counter[str] = Counter()
    state = shelf.state
    older = sum(listed.arrived < shelf.campaign.since for listed in new)
    with db.writing() as session:
        for item in fetched:
            place = Place(state.folder, state.uidvalidity, item.listed.uid)
            if item.raw is not None:
                message, is_new = _message_of(session, db, item.listed, item.raw, shelf.campaign, clock)
                inbound.add_place(session, place, message)
                if shelf.role is Role.SENT:
                    message.found_among_sent()
                counts["sent" if message.sent_by_us else "new"] += is_new
            elif item.fault is not None:
                inbound.add_place(session, place, None, fault=item.fault)
                counts["unfetchable"] += 1
        folder = campaigns.folder(session, state.folder, state.uidvalidity)
        folder.next_uid = max([folder.next_uid, next_uid, *(listed.uid + 1 for listed in new)])
        folder.older += older
    counts["older"] = older
    return +counts


def _count_break(db: Database, state: FolderState, listed: Listed) -> None:
    """A mail at which the connection always breaks must not stop the poll for ever."""
    place = Place(state.folder, state.uidvalidity, listed.uid)
    with db.writing() as session:
        if inbound.count_break(session, place) >= MOST_BREAKS:
            inbound.add_place(session, place, None, fault="the connection breaks whenever it is fetched")


def _fetch(box: Mailbox, listed: Listed) -> _Fetched:
    try:
        limit = BEGINNING if listed.size > LARGEST else None
        return _Fetched(listed, box.fetch(listed.uid, limit))
    except MailUnfetchable as problem:
        return _Fetched(listed, None, str(problem)[:200])


def _message_of(
    session: Session, db: Database, listed: Listed, raw: bytes, campaign: Campaign, clock: Clock
) -> tuple[InboundMessage, bool]:
    """The message with this content, and whether it is new."""
    content_hash = db.keyring.hash("content", raw)
    if (known := inbound.with_content(session, content_hash)) is not None:
        return known, False
    message = _message(listed, raw, content_hash, campaign, clock)
    message.reference = references.new_reference(session, InboundMessage)
    session.add(message)
    session.flush()
    return message, True


def _message(listed: Listed, raw: bytes, content_hash: bytes, campaign: Campaign, clock: Clock) -> InboundMessage:
    message = InboundMessage(
        content_hash=content_hash,
        size=listed.size,
        truncated=listed.size > LARGEST,
        arrived_at=listed.arrived,
        fetched_at=clock(),
        in_rehearsal=campaign.in_rehearsal,
    )
    message.raw = zlib.compress(raw)
    return message


def _mark(db: Database, box: Mailbox, state: FolderState) -> None:
    """Flag or move what is safely stored, as the settings say (the mailbox knows them)."""
    with db.reading() as session:
        uids = inbound.unmarked_uids(session, state.folder, state.uidvalidity)
    for start in range(0, len(uids), CHUNK):
        chunk = uids[start : start + CHUNK]
        box.mark_handled(chunk)
        with db.writing() as session:
            inbound.set_marked(session, state.folder, state.uidvalidity, chunk)
