"""The beacon: of all installations on one mailbox one sends, and a restored copy is noticed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from outreach.errors import DatabaseProblem, Displaced, NotOffered
from outreach.sealing import Keyring
from outreach.steps import dispatch, fetch
from outreach.steps.fetch import beacon
from outreach.store import campaign as campaigns
from outreach.store import turns
from outreach.store.database import Database, open_engine
from outreach.words import Report
from tests import cast
from tests.cast import NOW
from tests.fakes import FakeMailbox, FakeSender
from tests.servers.databases import Databases


@dataclass
class Place:
    """One mailbox, and the installations that use it."""

    folder: Path
    databases: Databases
    box: FakeMailbox = field(default_factory=FakeMailbox)
    now: datetime = NOW
    opened: list[Database] = field(default_factory=list)

    def install(self, name: str, *, started: bool = True, slug: str = "freedom") -> Installation:
        folder = self.room(name)
        installed = self.open(self.databases.ready(folder), folder, Keyring.from_secret(os.urandom(32)), slug)
        with installed.db.writing() as session:
            campaigns.found(session, slug=slug, since=NOW).started_at = NOW if started else None
        return installed

    def room(self, name: str) -> Path:
        (self.folder / name).mkdir()
        return self.folder / name

    def open(self, url: str, folder: Path, keyring: Keyring, slug: str) -> Installation:
        self.opened.append(Database(open_engine(url, folder), keyring))
        return Installation(self, self.opened[-1], url, folder, slug)


@dataclass
class Installation:
    """One folder with its database."""

    place: Place
    db: Database
    url: str
    folder: Path
    slug: str

    def fetch(self) -> Report:
        settings = cast.settings(self.folder, slug=self.slug)
        return fetch.run(self.db, lambda: self.place.box, lambda: self.place.now, settings)

    def sends(self) -> bool:
        """Whether a mail that is due leaves."""
        with self.db.writing() as session:
            cast.mail(session)
        relay, desk = FakeSender(), cast.desk(self.db, self.folder)
        try:
            dispatch.run(self.db, desk, lambda _: relay, lambda: self.place.now, owner="x", jitter=random.Random(1))
        except Displaced:
            assert relay.sent == []
            return False
        return bool(relay.sent)

    def takes_over(self) -> None:
        settings = cast.settings(self.folder, slug=self.slug)
        beacon.light(self.db, self.place.box, settings, self.place.now)

    def with_the_database_of(self, other: Installation) -> Installation:
        """This folder, into which somebody has put that database."""
        return replace(self, db=other.db, url=other.url)

    def copied(self, name: str) -> Installation:
        """A copy of the folder as it is now, key and all."""
        self.db.engine.dispose()  # PostgreSQL copies what nobody has open
        folder = self.place.room(name)
        url = self.place.databases.copy(self.url, self.folder, folder)
        return self.place.open(url, folder, self.db.keyring, self.slug)


@pytest.fixture
def place(tmp_path: Path, databases: Databases) -> Iterator[Place]:
    place = Place(tmp_path, databases)
    yield place
    for db in place.opened:
        db.engine.dispose()


def test_the_first_installation_lights_the_beacon_and_sends(place: Place) -> None:
    here = place.install("here")
    assert here.fetch().attention == ()
    assert here.sends()
    [found] = beacon.read(place.box.noted)
    assert (found.campaign, found.lit) == ("freedom", "2026-08-20T12:00:00+00:00")


def test_a_second_installation_on_the_same_mailbox_sends_nothing_and_says_why(place: Place) -> None:
    here, there = place.install("here"), place.install("there")
    here.fetch()
    [said] = there.fetch().attention
    assert said.startswith("Another installation of the campaign freedom (last seen 2026-08-20T12:00")
    assert "outreach takeover" in said
    assert not there.sends()
    assert here.sends()


def test_it_is_said_once(place: Place) -> None:
    here, there = place.install("here"), place.install("there")
    here.fetch()
    there.fetch()
    assert there.fetch().attention == ()


def test_another_campaign_on_the_same_mailbox_is_named(place: Place) -> None:
    place.install("here").fetch()
    [said] = place.install("there", slug="bread").fetch().attention
    assert said.startswith("Another campaign sends for this mailbox: the campaign freedom")


def test_who_takes_over_sends_and_the_old_one_notices_and_stops(place: Place) -> None:
    here, there = place.install("here"), place.install("there")
    here.fetch()
    there.fetch()
    there.takes_over()
    there.fetch()
    assert there.sends()
    assert len(here.fetch().attention) == 1
    assert not here.sends()


def test_a_restored_copy_is_noticed_once_the_original_has_gone_on(place: Place) -> None:
    here = place.install("here")
    here.fetch()
    copy = here.copied("copy")
    place.now += beacon.RELIT
    here.fetch()
    assert "a copy of this one" in copy.fetch().attention[0]
    assert not copy.sends()
    assert here.sends()


def test_of_an_original_and_its_copy_one_stops_whichever_goes_on_first(place: Place) -> None:
    here = place.install("here")
    here.fetch()
    copy = here.copied("copy")
    place.now += beacon.RELIT
    copy.fetch()
    here.fetch()
    assert copy.sends()
    assert not here.sends()


def test_the_beacon_is_written_again_seldom(place: Place) -> None:
    here = place.install("here")
    here.fetch()
    first = list(place.box.noted)
    place.now += beacon.RELIT - timedelta(seconds=1)
    here.fetch()
    assert place.box.noted == first
    place.now += timedelta(seconds=1)
    here.fetch()
    assert place.box.noted != first


@pytest.mark.parametrize("is_written", [True, False])
def test_a_crash_while_the_beacon_is_written_displaces_nobody(place: Place, is_written: bool) -> None:
    here = place.install("here")
    here.fetch()
    replace = place.box.replace_notes

    def crash(folder: str, subject: str, raw: bytes) -> None:
        if is_written:
            replace(folder, subject, raw)
        raise KeyboardInterrupt

    place.now += beacon.RELIT
    place.box.replace_notes = crash  # type: ignore[method-assign]  # the process dies in here
    with pytest.raises(KeyboardInterrupt):
        here.fetch()
    del place.box.replace_notes
    assert here.fetch().attention == ()
    assert here.sends()


def test_a_beacon_that_somebody_deleted_is_lit_again(place: Place) -> None:
    here = place.install("here")
    here.fetch()
    place.box.noted.clear()
    here.fetch()
    assert len(beacon.read(place.box.noted)) == 1


def test_a_rehearsal_neither_lights_nor_heeds_the_beacon(place: Place) -> None:
    rehearsal = place.install("rehearsal", started=False)
    rehearsal.fetch()
    assert place.box.noted == []
    place.install("here").fetch()
    assert rehearsal.fetch().attention == ()


def test_a_mailbox_that_takes_no_notes_is_fetched_from_all_the_same(place: Place) -> None:
    def full() -> None:
        raise NotOffered("Mailbox is full")

    place.box.before_note = full
    place.box.put(b"Subject: we sign\r\n\r\nPlease add us.\r\n")
    here = place.install("here")
    assert here.fetch().counts == {"new": 1}
    assert here.sends()


@pytest.mark.parametrize("raw", [b"", b"\xff" * 4000, b"word: \r\n", b"word: " + b"x" * 400, b"Subject: x\n\nhello"])
def test_what_is_no_beacon_is_passed_over(place: Place, raw: bytes) -> None:
    place.box.noted.append(raw)
    assert place.install("here").fetch().attention == ()


# --- a database that went back in time ---


@pytest.fixture
def set_back(place: Place) -> Installation:
    """Minutes ago the database was copied; then a mail left; then the copy was put in its place."""
    here = place.install("here")
    here.fetch()
    assert here.sends()
    older = here.copied("older")
    assert here.sends()
    return here.with_the_database_of(older)


def test_a_database_that_was_set_back_by_minutes_sends_nothing(set_back: Installation) -> None:
    assert not set_back.sends()


def test_a_database_that_was_set_back_is_told_when_the_mailbox_is_looked_at(set_back: Installation) -> None:
    [said] = set_back.fetch().attention
    assert said.startswith(turns.SET_BACK) and "outreach takeover" in said
    assert set_back.fetch().attention == ()
    assert not set_back.sends()


def test_a_database_goes_on_once_a_person_says_so(set_back: Installation) -> None:
    set_back.fetch()
    turns.accept(set_back.db, set_back.folder, NOW)
    set_back.takes_over()
    assert set_back.fetch().attention == ()
    assert set_back.sends()


def test_nothing_leaves_before_the_file_knows_of_the_turn(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    here = place.install("here")
    with monkeypatch.context() as disk:

        def full(path: Path, content: bytes) -> None:
            raise OSError(28, "No space left on device")

        disk.setattr(turns, "replace_file", full)
        with pytest.raises(DatabaseProblem, match="No space left"):
            here.sends()
    assert here.sends()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"of": "x", "turns": 99, "suppressed": []}'])
def test_a_file_that_is_not_ours_holds_nobody_up(place: Place, content: bytes) -> None:
    here = place.install("here")
    (here.folder / turns.NAME).write_bytes(content)
    assert here.fetch().attention == ()
    assert here.sends()


def test_a_rehearsal_leaves_no_file(place: Place) -> None:
    rehearsal = place.install("rehearsal", started=False)
    rehearsal.fetch()
    rehearsal.sends()
    assert not (rehearsal.folder / turns.NAME).exists()


def test_the_beacon_is_written_again_soon_after_mail_has_left(place: Place) -> None:
    here = place.install("here")
    here.fetch()
    assert here.sends()
    copy = here.copied("copy")
    place.now += beacon.RELIT_AFTER_SENDING
    here.fetch()
    assert "a copy of this one" in copy.fetch().attention[0]
