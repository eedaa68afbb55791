"""What lies in the campaign's folder betrays nobody: planted words are nowhere to be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from sqlalchemy import select

from outreach.model import OutboxMail, Revision
from outreach.steps import importing, invite
from outreach.words import MailKind, RevisionStatus
from tests.flow.stage import staged
from tests.servers.dovecot import Account
from tests.servers.sink import Sink

#: An address, a person, a subject, a name, a city, a phone and a sentence that must never be readable on disk.
CANARIES = (
    "kanarienvogel",
    "Zebulon Quastenflosser",
    "Wisentweide",
    "Okapi Dockers",
    "باراندازان اوکاپی",
    "Quokkaville",
    "+49 30 901820",
    "the narwhal sings at midnight",
)

LIST = """name_fa,name_en,email,language,city,contact_person,personal_line
باراندازان اوکاپی,Okapi Dockers,kanarienvogel@okapi.example,en,Quokkaville,Zebulon Quastenflosser,
"""

REPLY = """\
We sign, and the narwhal sings at midnight.

Name in Persian: باراندازان اوکاپی
Name in English or your language: Okapi Dockers
City: Quokkaville
Who speaks for you: Zebulon Quastenflosser
Phone: +49 30 901820
"""


def test_nothing_planted_can_be_found_in_the_campaigns_folder(
    dovecot: Account, sink: Sink, folder: Path, database_url: str, database_files: Callable[[], list[Path]]
) -> None:
    with staged(folder, dovecot, sink.port, database=database_url) as stage:
        desk, clock = stage.program.desk, stage.program.clock
        importing.run(stage.db, desk, LIST.encode(), clock, actor="Bea")
        invite.run(stage.db, desk, invite.plan(stage.db, desk, clock), clock, actor="Bea")
        stage.run()
        assert b"kanarienvogel" in sink.mails[0].content

        reply = EmailMessage(policy=SMTP)
        reply["Authentication-Results"] = "mx.contact.example; dkim=pass header.d=okapi.example"
        reply["From"] = "Zebulon Quastenflosser <kanarienvogel@okapi.example>"
        reply["To"], reply["Subject"] = "statement@contact.example", "Wisentweide"
        reply["Message-ID"], reply["In-Reply-To"] = "<kanarienvogel.1@okapi.example>", sink.mails[0].message_id or ""
        reply.set_content(REPLY)
        stage.receive(reply.as_bytes())
        stage.run()
        with stage.db.reading() as session:
            assert session.scalars(select(Revision.status)).one() is RevisionStatus.PENDING
            assert MailKind.RECEIPT in session.scalars(select(OutboxMail.kind)).all()
        # While the database is open, so that the write-ahead log lies there too.
        assert found_in(folder.rglob("*")) == found_in(database_files()) == []


def found_in(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Which planted word stands in which file, in the encodings a mail may have left."""
    forms = {word: {word.encode(), word.lower().encode(), word.encode("utf-16-le")} for word in CANARIES}
    return [
        (path.name, word)
        for path in paths
        if path.is_file()
        for word, octets in forms.items()
        if any(form in path.read_bytes() for form in octets)
    ]


def test_a_planted_word_would_be_found(folder: Path) -> None:
    (folder / "leak.txt").write_text("… Okapi Dockers …", encoding="utf-8")
    assert found_in(folder.rglob("*")) == [("leak.txt", "Okapi Dockers")]
