"""`takeover`, on a real mailbox: of two installations one sends, and a person says which."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.bootstrap import open_program
from outreach.model import Event, OutboxMail
from outreach.store import campaign as campaigns
from outreach.words import OutboxStatus
from tests import cast
from tests.cli.commands import Begun, begin
from tests.servers.databases import SQLITE, Databases
from tests.servers.dovecot import Account
from tests.servers.sink import Sink


def install(place: Path, dovecot: Account, sink: Sink, database: str) -> Begun:
    """A started campaign with a mail that is due."""
    place.mkdir()
    smtp = f"smtp://127.0.0.1:{sink.port}"
    begun = begin(place, database, mailbox=dovecot.url, smtp=smtp, password=dovecot.password)
    program = open_program(begun.folder, begun.environment)
    with program.db.writing() as session:
        campaigns.the_campaign(session).started_at = program.clock()
        cast.mail(session)
    program.db.engine.dispose()
    return begun


def statuses(begun: Begun) -> list[OutboxStatus]:
    program = open_program(begun.folder, begun.environment)
    with program.db.reading() as session:
        found = list(session.scalars(select(OutboxMail.status)))
    program.db.engine.dispose()
    return found


@pytest.fixture
def two(tmp_path: Path, dovecot: Account, sink: Sink, databases: Databases) -> tuple[Begun, Begun]:
    """They share the mailbox alone."""
    here = install(tmp_path / "here", dovecot, sink, databases.for_init())
    there = install(tmp_path / "there", dovecot, sink, databases.for_init())
    assert here.type_("run").exit_code == 0
    return here, there


def test_the_second_installation_sends_nothing_until_it_takes_over_and_then_the_first_stops(
    two: tuple[Begun, Begun], sink: Sink
) -> None:
    here, there = two
    refused = there.type_("run")
    assert refused.exit_code == 1
    assert "dispatch: Another installation of the campaign freedom" in refused.stderr
    assert statuses(there) == [OutboxStatus.QUEUED]
    assert "outreach takeover" in there.type_("check").stdout

    taken = there.type_("takeover", "--nothing-was-sent", typed="freedom\n")
    assert taken.exit_code == 0, taken.output
    assert "the campaign freedom (last seen " in taken.stderr
    assert there.type_("run").exit_code == 0
    assert statuses(there) == [OutboxStatus.SENT]

    noticed = here.type_("run")
    assert "Nothing is sent from here any more" in noticed.stderr
    assert here.type_("status").exit_code == 1
    assert len(sink.mails) == 2


def test_what_waits_when_it_takes_over_is_in_doubt_for_the_first_one_may_have_sent_it(
    two: tuple[Begun, Begun], sink: Sink
) -> None:
    _, there = two
    taken = there.type_("takeover", "--yes")
    assert "1 mails may have gone out from the other one: outreach outbox list --status in_doubt" in taken.stdout
    there.type_("run")
    assert (statuses(there), len(sink.mails)) == ([OutboxStatus.IN_DOUBT], 1)


def test_copy_among_the_sent_mail_ends_the_doubt(two: tuple[Begun, Begun], dovecot: Account, sink: Sink) -> None:
    _, there = two
    there.type_("takeover", "--yes")
    program = open_program(there.folder, there.environment)
    with program.db.reading() as session:
        mail = session.scalars(select(OutboxMail)).one()
        head = f"From: statement@contact.example\r\nTo: {mail.recipient}\r\nMessage-ID: {mail.message_id}\r\n"
    program.db.engine.dispose()
    dovecot.append(f"{head}Subject: Received\r\n\r\nThank you.\r\n".encode(), folder="Sent")
    there.type_("run")
    assert (statuses(there), len(sink.mails)) == ([OutboxStatus.SENT], 1)


def test_who_sends_already_doubts_nothing_by_taking_over_again(two: tuple[Begun, Begun]) -> None:
    here, _ = two
    program = open_program(here.folder, here.environment)
    with program.db.writing() as session:
        cast.mail(session, recipient="office@women.example")
    program.db.engine.dispose()
    here.type_("takeover", "--yes")
    assert sorted(statuses(here)) == [OutboxStatus.QUEUED, OutboxStatus.SENT]


def test_a_takeover_that_is_not_typed_changes_nothing(two: tuple[Begun, Begun]) -> None:
    here, there = two
    assert there.type_("takeover", typed="yes\n").exit_code == 1
    assert here.type_("run").exit_code == 0
    assert here.type_("status").stderr == ""


def test_a_takeover_stands_in_the_log(two: tuple[Begun, Begun]) -> None:
    _, there = two
    there.type_("takeover", "--yes")
    program = open_program(there.folder, there.environment)
    with program.db.reading() as session:
        assert "took over" in session.scalars(select(Event.action)).all()
    program.db.engine.dispose()


def test_one_beacon_lies_in_the_mailbox_and_tells_people_what_it_is(two: tuple[Begun, Begun], dovecot: Account) -> None:
    _, there = two
    there.type_("takeover", "--yes")
    with dovecot.connection() as client:
        _, [count] = client.select("outreach", readonly=True)
        [(_, raw), *_] = client.fetch("1", "(BODY[])")[1]  # type: ignore[misc]  # imaplib's pairs
    assert count == b"1"
    assert "Please leave it here" in bytes(raw).decode()


def test_a_database_put_back_from_a_backup_sends_nothing_again_and_forgets_no_suppression(
    tmp_path: Path, dovecot: Account, sink: Sink
) -> None:
    here = install(tmp_path / "here", dovecot, sink, SQLITE)
    database, backup = here.folder / "outreach.db", tmp_path / "backup.db"
    assert here.type_("db", "check").exit_code == 0
    shutil.copy(database, backup)
    assert here.type_("run").exit_code == 0
    here.type_("suppressions", "add", "office@women.example", "--as", "Bea")
    assert here.type_("run").exit_code == 0
    for suffix in ("-wal", "-shm"):
        database.with_name(f"outreach.db{suffix}").unlink(missing_ok=True)
    shutil.copy(backup, database)

    refused = here.type_("run")
    assert refused.exit_code == 1 and "The database went back in time" in refused.stderr
    assert (statuses(here), len(sink.mails)) == ([OutboxStatus.QUEUED], 1)

    taken = here.type_("takeover", "--yes")
    assert "1 suppressions that this database did not know were put back." in taken.stdout
    assert here.type_("run").exit_code == 0
    assert (statuses(here), len(sink.mails)) == ([OutboxStatus.IN_DOUBT], 1)
    assert "invitations" in here.type_("suppressions", "list").stdout
