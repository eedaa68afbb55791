"""`move`, from one machine to another: a real mailbox, a real relay, and two homes."""

from __future__ import annotations

import re
from pathlib import Path

import pyrage
import pytest
from click.testing import Result
from sqlalchemy import select

from outreach.bootstrap import open_program
from outreach.model import Event, OutboxMail, Signatory
from outreach.passes import only_one
from outreach.store import campaign as campaigns
from outreach.words import OutboxStatus
from tests import cast
from tests.cli.commands import Begun, begin, put_statement
from tests.servers.databases import SQLITE  # what moves is a file; PostgreSQL has its own tools
from tests.servers.dovecot import Account
from tests.servers.sink import Sink


class Move:
    """A started campaign with an entry and a mail that is due, and an empty home elsewhere."""

    def __init__(self, place: Path, dovecot: Account, sink: Sink) -> None:
        smtp = f"smtp://127.0.0.1:{sink.port}"
        self.here = begin(place / "here", SQLITE, mailbox=dovecot.url, smtp=smtp, password=dovecot.password)
        put_statement(self.here)
        own = self.here.folder / "templates" / "email" / "invitation" / "subject.en.txt"
        own.parent.mkdir(parents=True)
        own.write_text("Sign with us\n")
        environment = {
            "HOME": str(place / "there"),
            "XDG_CONFIG_HOME": str(place / "there" / "config"),
            "OUTREACH_MAILBOX_PASSWORD": dovecot.password,
        }
        self.there = Begun(place / "there" / "freedom", environment)
        self.file = place / "freedom.age"
        assert self.here.type_("start", "--yes").exit_code == 0
        assert self.here.type_("run").exit_code == 0
        program = open_program(self.here.folder, self.here.environment)
        with program.db.writing() as session:
            cast.mail(session)
            cast.signatory(session)
        program.db.engine.dispose()

    def pack(self) -> str:
        """What opens the file."""
        packed = self.here.type_("move", "pack", self.file, "--yes")
        assert packed.exit_code == 0, packed.output
        found = re.search(r"AGE-SECRET-KEY-1\w+", packed.stdout)
        assert found
        return found[0]

    def unpack(self, word: str) -> Result:
        return self.there.type_("move", "unpack", self.file, typed=f"{word}\n")


@pytest.fixture
def move(tmp_path: Path, dovecot: Account, sink: Sink) -> Move:
    (tmp_path / "here").mkdir()
    return Move(tmp_path, dovecot, sink)


def mails(begun: Begun) -> list[OutboxStatus]:
    program = open_program(begun.folder, begun.environment)
    with program.db.reading() as session:
        found = list(session.scalars(select(OutboxMail.status)))
    program.db.engine.dispose()
    return found


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "outreach."))
    }


def test_a_campaign_that_moved_goes_on_there_and_stops_here(move: Move, sink: Sink) -> None:
    unpacked = move.unpack(move.pack())
    assert unpacked.exit_code == 0, unpacked.output
    assert "1 mails wait to be sent" in unpacked.stdout

    stopped = move.here.type_("run")
    assert stopped.exit_code == 1
    assert "Nothing is sent from here" in stopped.stderr
    assert (mails(move.here), len(sink.mails)) == ([OutboxStatus.QUEUED], 0)

    assert move.there.type_("run").exit_code == 0
    assert (mails(move.there), len(sink.mails)) == ([OutboxStatus.SENT], 1)
    assert move.there.type_("status").exit_code == 0


def test_records_statement_and_own_templates_come_along_and_open_with_the_key(move: Move) -> None:
    move.unpack(move.pack())
    assert files_in(move.there.folder) == files_in(move.here.folder)
    program = open_program(move.there.folder, move.there.environment)
    with program.db.reading() as session:
        assert session.scalars(select(Signatory)).one().revisions[0].lines["fa"]["name"] == cast.BERLIN["fa"].name
    program.db.engine.dispose()
    assert program.settings.key_file == Path(move.there.environment["XDG_CONFIG_HOME"]) / "outreach/keys/freedom.key"


def test_what_is_unpacked_is_its_owners_alone(move: Move) -> None:
    move.unpack(move.pack())
    home = Path(move.there.environment["HOME"])
    assert {path.stat().st_mode & 0o077 for path in [move.file, move.there.folder, *home.rglob("*")]} == {0}


def test_file_tells_nothing_without_its_key(move: Move) -> None:
    move.pack()
    octets = move.file.read_bytes()
    assert octets.startswith(b"age-encryption.org/v1\n")
    key = (Path(move.here.environment["XDG_CONFIG_HOME"]) / "outreach/keys/freedom.key").read_bytes()
    assert not any(known in octets for known in (b"SQLite format 3", b"[campaign]", b"freedom", key))


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("sesame", "That is not the key that was shown"),
        (str(pyrage.x25519.Identity.generate()), "The file does not open"),
        ("", "That is not the key that was shown"),
    ],
    ids=["no key", "the key of another file", "nothing"],
)
def test_wrong_key_unpacks_nothing(word: str, says: str, move: Move) -> None:
    move.pack()
    result = move.unpack(word)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert says in result.stderr
    assert not Path(move.there.environment["HOME"]).exists()


def test_damaged_file_unpacks_nothing(move: Move) -> None:
    word = move.pack()
    move.file.write_bytes(move.file.read_bytes()[:-100])
    assert "the file is damaged" in move.unpack(word).stderr
    assert not Path(move.there.environment["HOME"]).exists()


def test_nothing_that_lies_there_already_is_overwritten(move: Move) -> None:
    word = move.pack()
    move.there.folder.mkdir(parents=True)
    (move.there.folder / "outreach.db").write_bytes(b"precious")
    assert move.unpack(word).exit_code == 1
    assert [path.name for path in move.there.folder.iterdir()] == ["outreach.db"]
    assert (move.there.folder / "outreach.db").read_bytes() == b"precious"
    assert not Path(move.there.environment["XDG_CONFIG_HOME"]).exists()


def test_second_unpacking_is_refused(move: Move) -> None:
    word = move.pack()
    move.unpack(word)
    assert "There is a campaign in" in move.unpack(word).stderr


def test_nothing_is_packed_while_a_worker_is_at_work(move: Move) -> None:
    with only_one(move.here.folder):
        result = move.here.type_("move", "pack", move.file, "--yes")
    assert "A run or a worker is at work" in result.stderr
    assert not move.file.exists()
    assert move.here.type_("run").exit_code == 0


def test_without_the_mailbox_nothing_is_packed_and_all_goes_on_here(move: Move, sink: Sink) -> None:
    without = move.here.with_environment(OUTREACH_MAILBOX_PASSWORD="wrong")
    assert without.type_("move", "pack", move.file, "--yes").exit_code == 1
    assert not move.file.exists()
    assert move.here.type_("run").exit_code == 0
    assert len(sink.mails) == 1


def test_a_move_that_is_not_typed_changes_nothing(move: Move) -> None:
    assert move.here.type_("move", "pack", move.file, typed="yes\n").exit_code == 1
    assert not move.file.exists()
    assert move.here.type_("run").exit_code == 0


def test_takeover_begins_again_here_and_doubts_what_waited(move: Move, sink: Sink) -> None:
    move.unpack(move.pack())
    move.there.type_("run")
    taken = move.here.type_("takeover", "--yes")
    assert "1 mails may have gone out from the other one" in taken.stdout
    move.here.type_("run")
    assert (mails(move.here), len(sink.mails)) == ([OutboxStatus.IN_DOUBT], 1)
    move.there.type_("run")
    assert move.there.type_("status").exit_code == 1


def test_mail_that_was_in_doubt_is_named_when_it_is_unpacked(move: Move) -> None:
    program = open_program(move.here.folder, move.here.environment)
    with program.db.writing() as session:
        mail = session.scalars(select(OutboxMail)).one()
        mail.doubt(program.clock(), "the connection broke while sending")
        reference, recipient = mail.reference, mail.recipient
    program.db.engine.dispose()
    unpacked = move.unpack(move.pack())
    assert "1 mails were in hand and may have gone out" in unpacked.stdout
    assert f"{reference}  receipt  {recipient}" in unpacked.stdout


def test_rehearsal_moves_too(move: Move) -> None:
    program = open_program(move.here.folder, move.here.environment)
    with program.db.writing() as session:
        campaigns.the_campaign(session).started_at = None
    program.db.engine.dispose()
    move.unpack(move.pack())
    assert "packed for a move" in move.here.type_("run").stderr
    assert move.there.type_("run").exit_code == 0


def test_the_move_stands_in_both_logs(move: Move) -> None:
    move.unpack(move.pack())
    for begun in (move.here, move.there):
        program = open_program(begun.folder, begun.environment)
        with program.db.reading() as session:
            assert "packed for a move" in session.scalars(select(Event.action)).all()
        program.db.engine.dispose()
