"""Publishes a wave: only what the print rule lets through, as files, with a manifest chained to the last.

The print rule (design, section 5): nothing is printed without proof, a coordinator's approval, and no
hold; and the line printed is the line confirmed, attested, or shown long enough in a mail that did
not come back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import assert_never

from sqlalchemy.orm import Session

from outreach.errors import Displaced, Refused
from outreach.model import Revision, Wave, WaveLine
from outreach.ports import Clock, Entry, PublishedList, Writer
from outreach.settings import Settings
from outreach.store import campaign as campaigns
from outreach.store import chain, coordinators, log, outbox, relations, signatories, turns, waves
from outreach.store.database import Database
from outreach.words import Proof, RevisionStatus, Seen


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be published, and what is refused with all that it lacks."""

    published: PublishedList
    refused: tuple[tuple[str, tuple[str, ...]], ...]  #: (reference, what is missing)
    conditions: tuple[str, ...] = ()  #: on which some of the printed sign, and which this list may break


def draft(db: Database, settings: Settings, clock: Clock, *, errata: bool = False) -> Draft:
    """The next wave as it would be now; with ``errata`` of those alone who stand in the last one, as they stand now."""
    now = clock()
    with db.reading() as session:
        last = waves.last(session)
        order = waves.places(session, last)
        if errata and not waves.changed(session):
            raise Refused("Nothing that is printed has changed since: there is no erratum.")
        printed: list[tuple[int, Entry]] = []
        ids: set[int] = set()
        refused: list[tuple[str, tuple[str, ...]]] = []
        for position, revision in enumerate(signatories.approved(session)):
            if errata and revision.signatory_id not in order:
                continue
            missing = what_lacks(session, settings, revision, now)
            if missing:
                refused.append((revision.signatory.reference, missing))
                continue
            place = order.get(revision.signatory_id, len(order) + position)
            signatory = revision.signatory
            entry = Entry(signatory.reference, revision.printed_lines, revision.id, signatory.individual)
            printed.append((place, entry))
            ids.add(revision.signatory_id)
        conditions = tuple(found.in_words for found in relations.conditions(session, ids))
    entries = tuple(entry for _, entry in sorted(printed, key=lambda item: item[0]))
    number = last.number + 1 if last is not None else 1
    return Draft(PublishedList(settings.slug, number, now, settings.languages, entries), tuple(refused), conditions)


def what_lacks(session: Session, settings: Settings, revision: Revision, now: datetime) -> tuple[str, ...]:
    """The print rule: everything that keeps this line from print; empty when it may be printed."""
    missing = []
    if revision.status is not RevisionStatus.APPROVED:
        missing.append("approval")
    if revision.proof is Proof.NONE:
        missing.append("proof")
    if revision.rests_on_one_word and len(coordinators.active(session)) > 1:
        missing.append("a second coordinator's countersign")
    missing += [f"hold: {hold.kind}" for hold in revision.signatory.open_holds if not hold.is_over(now)]
    if not _was_seen(session, settings, revision, now):
        missing.append("the line was not seen by the organisation long enough")
    return tuple(missing)


def way_to_go(session: Session, settings: Settings, revision: Revision, now: datetime) -> int:
    """How much has still to happen before this line can be printed, besides the approval."""
    return sum(missing != "approval" for missing in what_lacks(session, settings, revision, now))


def _was_seen(session: Session, settings: Settings, revision: Revision, now: datetime) -> bool:
    match revision.seen:
        case Seen.CONFIRMED | Seen.ATTESTED:
            return True
        case Seen.SHOWN:
            sent = outbox.times_shown(session, revision.id)
            return any(shown_long_enough(at, now, settings.day.closes) for at in sent)
        case Seen.NO:
            return False
        case _:
            assert_never(revision.seen)


def shown_long_enough(sent_at: datetime | None, now: datetime, deadline: datetime | None) -> bool:
    """Whether a line shown in a mail sent then may print now: min(48 h, a quarter of the time left then)."""
    if sent_at is None:
        return False
    wait = timedelta(hours=48)
    if deadline is not None and deadline > sent_at:
        wait = min(wait, (deadline - sent_at) / 4)
    return now - sent_at >= wait


def publish(
    db: Database,
    settings: Settings,
    drafted: Draft,
    folder: Path,
    writers: Mapping[str, Writer],
    clock: Clock,
    *,
    actor: str,
) -> Wave:
    """Write wave n into ``folder`` and record it.

    Raises Refused if something changed since the draft, or Displaced where this database does not know who has
    withdrawn.
    """
    listed = drafted.published
    turns.require_not_set_back(db, settings.folder)
    with db.writing() as session:
        _require_what_they_wrote(session)
        if campaigns.the_campaign(session).in_rehearsal:
            raise Refused("The campaign is in rehearsal: nothing is published before: outreach start")
        last = waves.last(session)
        if not listed.entries and last is None:
            # Later an empty list is published too: the last name on the page may have been withdrawn.
            raise Refused("There is nothing to publish yet.")
        if listed.wave != (last.number + 1 if last is not None else 1):
            raise Refused("Another wave was published meanwhile. Look at it, then publish again.")
        for entry in listed.entries:
            revision = session.get_one(Revision, entry.revision_id)
            if missing := what_lacks(session, settings, revision, listed.published_at):
                raise Refused(f"{entry.reference} changed meanwhile and lacks: {', '.join(missing)}")
        files = {name: write(listed) for name, write in writers.items()}
        manifest = _manifest(listed, settings.statement_version(), files, last, chain.link_all(session))
        wave = Wave(
            number=listed.wave,
            published_at=listed.published_at,
            actor=actor,
            statement_version=settings.statement_version(),
            statement=_statement(settings),
            manifest=manifest,
            manifest_sha256=sha256(manifest.encode()).hexdigest(),
        )
        session.add(wave)
        session.flush()
        for position, entry in enumerate(listed.entries):
            session.add(WaveLine(wave_number=wave.number, revision_id=entry.revision_id, position=position))
        log.note(session, clock(), actor=actor, action="published", about=wave)
        # Written before the commit: a wave is recorded only when its files are there.
        _write(folder, {**files, "manifest.json": manifest})
        session.expunge(wave)
    return wave


def _require_what_they_wrote(session: Session) -> None:
    """Another installation may have taken withdrawals that this one never saw, or sees only in the mailbox."""
    if (other := campaigns.the_campaign(session).displaced_by) is not None:
        raise Displaced(f"{other} Nothing is published from here. If it should be, type: outreach takeover")
    fetch = campaigns.step_state_of(session, "fetch")
    if fetch is not None and fetch.succeeded_at is None:
        raise Refused("The mailbox was not read from here yet; a withdrawal may lie there. Type: outreach run")


def _statement(settings: Settings) -> dict[str, str]:
    texts = {language: settings.text_of_statement(language) for language in settings.languages}
    return {language: text for language, text in texts.items() if text}


def _manifest(
    listed: PublishedList, version: str, files: Mapping[str, str], last: Wave | None, log_head: chain.Head
) -> str:
    """Canonical JSON: sorted keys, no space, so that anyone computes the same hash.

    It carries the head of the log: whoever shortens or rewrites the log afterwards contradicts what was published.
    """
    document = {
        "campaign": listed.campaign,
        "wave": listed.wave,
        "published_at": listed.published_at.isoformat(timespec="seconds"),
        "statement_version": version,
        "count": len(listed.entries),
        "lines": [{language: str(line) for language, line in entry.lines.items()} for entry in listed.entries],
        "files": {name: sha256(text.encode()).hexdigest() for name, text in files.items()},
        "log": str(log_head),
        "previous": last.manifest_sha256 if last is not None else None,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write all files aside, then move them into place: a full disk leaves the wave before as it was."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".wave-", dir=folder, ignore_cleanup_errors=True) as aside:
            for name, text in files.items():
                with Path(aside, name).open("w", encoding="utf-8", newline="\n") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
            for name in files:
                Path(aside, name).replace(folder / name)
    except OSError as problem:
        raise Refused(f"The list cannot be written to {folder}: {problem.strerror}. Nothing was published.") from None
