"""Fetching: everything new is stored once, before the server's copy is touched."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from outreach.errors import ServerUnreachable
from outreach.model import Folder, InboundMessage, MessagePlace
from outreach.steps import fetch
from outreach.store.database import Database
from outreach.words import InboundStatus, Report
from tests import cast
from tests.cast import NOW, clock
from tests.fakes import FakeMailbox

ROSA = b"From: rosa@refugees.example\r\nSubject: we sign\r\n\r\nPlease add us.\r\n"


def run(db: Database, box: FakeMailbox) -> Report:
    return fetch.run(db, lambda: box, clock, cast.settings(Path()))


def raws(db: Database) -> list[bytes]:
    with db.reading() as session:
        return [zlib.decompress(m.raw or b"") for m in session.scalars(select(InboundMessage).order_by("id"))]


def count(db: Database, table: type[InboundMessage | MessagePlace]) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count(table.id))) or 0


def test_new_mail_is_stored_raw_and_unchanged(db: Database) -> None:
    box = FakeMailbox()
    box.put(ROSA)
    assert run(db, box).counts == {"new": 1}
    assert raws(db) == [ROSA]


def test_a_second_pass_fetches_nothing_again(db: Database) -> None:
    box = FakeMailbox()
    box.put(ROSA)
    run(db, box)
    box.fetched.clear()
    assert run(db, box).counts == {}
    assert box.fetched == []


def test_the_same_octets_in_two_places_are_one_message(db: Database) -> None:
    box = FakeMailbox()
    box.put(ROSA)
    box.put(ROSA)
    box.put(ROSA, folder="Junk")
    run(db, box)
    assert count(db, InboundMessage) == 1
    assert count(db, MessagePlace) == 3


def test_a_changed_uidvalidity_rescans_and_finds_nothing_twice(db: Database) -> None:
    box = FakeMailbox()
    for number in range(5):
        box.put(ROSA + b"%d" % number)
    run(db, box)
    box.uidvalidity = 2
    box.put(ROSA + b"new")
    assert run(db, box).counts == {"new": 1}
    assert count(db, InboundMessage) == 6


def test_mail_older_than_the_campaign_is_counted_and_never_fetched(db: Database) -> None:
    box = FakeMailbox()
    box.put(ROSA, arrived=NOW - timedelta(seconds=1))
    assert run(db, box).counts == {"older": 1}
    assert box.fetched == []
    with db.reading() as session:
        assert session.get_one(Folder, "INBOX").older == 1


def test_a_mail_that_cannot_be_had_does_not_stop_the_others(db: Database) -> None:
    box = FakeMailbox()
    box.put(b"first\r\n")
    box.broken = {box.put(b"broken\r\n")}
    box.put(b"third\r\n")
    assert run(db, box).counts == {"new": 2, "unfetchable": 1}
    with db.reading() as session:
        faults = session.scalars(select(MessagePlace.fault).where(MessagePlace.fault.is_not(None))).all()
    assert faults == ["The server will not give it out."]


def test_a_mail_at_which_the_connection_always_breaks_is_given_up_after_three_passes(db: Database) -> None:
    class Fragile(FakeMailbox):
        def fetch(self, uid: int, limit: int | None = None) -> bytes | None:
            if uid in self.broken:
                raise ServerUnreachable("it hung up")
            return super().fetch(uid, limit)

    box = Fragile()
    box.put(b"older\r\n", arrived=NOW - timedelta(days=1))
    box.put(b"first\r\n")
    box.broken = {box.put(b"poison\r\n")}
    box.put(b"last\r\n")
    for _ in range(3):
        with pytest.raises(ServerUnreachable):
            run(db, box)
        assert raws(db) == [b"first\r\n"]
    run(db, box)
    assert raws(db) == [b"first\r\n", b"last\r\n"]


def test_a_mail_that_vanishes_between_listing_and_fetch_is_passed_over(db: Database) -> None:
    box = FakeMailbox()
    uid = box.put(ROSA)
    box.on_fetch = lambda fetched: box.mails["INBOX"].pop(uid, None) and None
    assert run(db, box).counts == {}
    assert raws(db) == []


def test_only_the_beginning_of_a_huge_mail_is_fetched(db: Database) -> None:
    box = FakeMailbox()
    uid = box.put(ROSA)
    box.sizes[uid] = fetch.LARGEST + 1
    run(db, box)
    assert box.fetched == [("INBOX", uid, fetch.BEGINNING)]
    with db.reading() as session:
        assert session.scalars(select(InboundMessage)).one().truncated


def test_the_servers_copy_is_touched_only_after_the_raw_copy_is_committed(db: Database) -> None:
    committed: list[int] = []

    class Watched(FakeMailbox):
        def mark_handled(self, uids: Sequence[int]) -> None:
            committed.append(count(db, InboundMessage))
            super().mark_handled(uids)

    box = Watched()
    box.put(ROSA)
    run(db, box)
    assert committed == [1]
    assert box.marked == [("INBOX", 1)]


def test_what_was_stored_but_not_marked_before_a_crash_is_marked_by_the_next_pass(db: Database) -> None:
    class Crash(FakeMailbox):
        def mark_handled(self, uids: Sequence[int]) -> None:
            raise KeyboardInterrupt

    box = Crash()
    box.put(ROSA)
    with contextlib.suppress(KeyboardInterrupt):
        run(db, box)
    again = FakeMailbox(mails=box.mails)
    run(db, again)
    assert again.marked == [("INBOX", 1)]
    assert count(db, InboundMessage) == 1


def test_many_mails_are_taken_in_chunks_and_none_is_left_out(db: Database) -> None:
    box = FakeMailbox()
    for number in range(250):
        box.put(b"Subject: %d\r\n\r\n" % number)
    assert run(db, box).counts == {"new": 250}
    with db.reading() as session:
        statuses = set(session.scalars(select(InboundMessage.status)))
    assert statuses == {InboundStatus.FETCHED}


def test_nothing_readable_of_a_mail_lies_on_the_databases_disk(
    db: Database, database_files: Callable[[], list[Path]]
) -> None:
    box = FakeMailbox()
    # Words of no other test: the write-ahead log of PostgreSQL holds what was written into other databases, too.
    box.put(b"From: quince@basalt.example\r\nSubject: we sign\r\n\r\n" + b"Please add the walrus.\r\n" * 3)
    run(db, box)
    contents = [path.read_bytes() for path in database_files()]
    assert any(b"freedom" in content for content in contents)  # the search sees what is not sealed
    assert not any(b"basalt" in content or b"walrus" in content for content in contents)
