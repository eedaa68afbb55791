"""Step 1 of the flow: copy new mail from the mailbox. Writes inbound messages and their places.

The server's copy is touched only after the raw copy is committed. A place is (folder, UIDVALIDITY,
UID); content is known by keyed hash, so a mail in two places, or a folder scanned again after its
UIDVALIDITY changed, is stored once.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from outreach.errors import MailUnfetchable
from outreach.model import Campaign, InboundMessage
from outreach.ports import Clock, FolderState, Listed, Mailbox, Place
from outreach.store import campaign as campaigns
from outreach.store import inbound, references
from outreach.store.database import CHUNK, Database
from outreach.words import Report

#: Octets. Of a larger mail only the beginning is fetched; a person must look at the rest.
LARGEST: Final = 10_000_000
BEGINNING: Final = 1_000_000
CHUNK_OCTETS: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class _Fetched:
    """One mail on its way into the database: its raw octets, or why there are none."""

    listed: Listed
    raw: bytes | None
    fault: str | None = None


def run(db: Database, mailbox: Callable[[], Mailbox], clock: Clock) -> Report:
    """Fetch what is new in every folder. Raises ServerUnreachable or LoginRefused."""
    with db.reading() as session:
        campaign = campaigns.the_campaign(session)
        session.expunge(campaign)
    counts: Counter[str] = Counter()
    with mailbox() as box:
        for folder in box.folders():
            state = box.select(folder)
            with db.writing() as session:
                first = campaigns.folder(session, state.folder, state.uidvalidity).next_uid
            for chunk in _chunks(box.listing(first)):
                counts += _take(db, box, state, campaign, chunk, clock)
            _mark(db, box, state)
    return Report("fetch", dict(counts))


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


def _take(
    db: Database, box: Mailbox, state: FolderState, campaign: Campaign, chunk: Sequence[Listed], clock: Clock
) -> Counter[str]:
    """Fetch one chunk (no transaction is open meanwhile), then store it with the folder's progress."""
    with db.reading() as session:
        known = inbound.known_uids(session, state.folder, state.uidvalidity, [listed.uid for listed in chunk])
    new = [listed for listed in chunk if listed.uid not in known]
    older = [listed for listed in new if listed.arrived < campaign.since]
    fetched = [_fetch(box, listed) for listed in new if listed.arrived >= campaign.since]
    counts: Counter[str] = Counter({"older": len(older)} if older else {})
    with db.writing() as session:
        for item in fetched:
            place = Place(state.folder, state.uidvalidity, item.listed.uid)
            if item.raw is None:
                if item.fault is not None:
                    inbound.add_place(session, place, None, fault=item.fault)
                    counts["unfetchable"] += 1
                continue
            content_hash = db.keyring.hash("content", item.raw)
            message = inbound.with_content(session, content_hash)
            if message is None:
                message = _message(item.listed, item.raw, content_hash, campaign, clock)
                message.reference = references.new_reference(session, InboundMessage)
                session.add(message)
                session.flush()
                counts["new"] += 1
            inbound.add_place(session, place, message)
        folder = campaigns.folder(session, state.folder, state.uidvalidity)
        folder.next_uid = max(folder.next_uid, chunk[-1].uid + 1)
        folder.older += len(older)
    return counts


def _fetch(box: Mailbox, listed: Listed) -> _Fetched:
    try:
        limit = BEGINNING if listed.size > LARGEST else None
        return _Fetched(listed, box.fetch(listed.uid, limit))
    except MailUnfetchable as problem:
        return _Fetched(listed, None, str(problem)[:200])


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
