"""A campaign for the benchmarks of sending: bilingual, sealed, with the templates of the program."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from outreach import bootstrap
from outreach.__main__ import look_seldom_for_cycles
from outreach.bootstrap import Program
from outreach.demo import campaign as demo
from outreach.model import Prospect
from outreach.relay import Relay
from outreach.sealing import read_key, write_new_key
from outreach.serverurl import ServerUrl, Service
from outreach.settings import Day, MailboxSettings, SendingSettings, Settings
from outreach.steps import dispatch, invite
from outreach.store import campaign as campaigns
from outreach.store import migrate, prospects
from outreach.store.database import Database, open_engine
from outreach.words import Report

LANGUAGES = ("fa", "en")
BATCH = 1_000


@contextmanager
def campaign(
    relay: int, invited: int, *, connections: int, database: str = "sqlite:///outreach.db"
) -> Iterator[Program]:
    """A started campaign with so many prospects, every second one written to in Persian."""
    with TemporaryDirectory(prefix="outreach-bench-") as place:
        folder = Path(place, "campaign")
        (folder / "statement").mkdir(parents=True)
        for language in LANGUAGES:
            text = Path(demo.__file__).parent.joinpath("sample", "statement", f"{language}.md").read_bytes()
            (folder / "statement" / f"{language}.md").write_bytes(text)
        key = Path(place, "keys", "bench.key")
        write_new_key(key)
        engine = open_engine(database, folder)
        migrate.upgrade(engine)
        program = wired(_settings(folder, key, relay, connections, database), engine)
        with program.db.writing() as session:
            campaigns.found(session, slug="bench", since=program.clock()).started_at = program.clock()
        for start in range(0, invited, BATCH):
            _list_prospects(program.db, range(start, min(start + BATCH, invited)))
        try:
            yield program
        finally:
            engine.dispose()


def wired(settings: Settings, engine: Engine) -> Program:
    """The program over these settings, in a process such as ``outreach`` makes, as ``bootstrap`` puts it together."""
    look_seldom_for_cycles()
    keyring = read_key(settings.key_file, campaign=settings.folder)
    return bootstrap.wire(settings, keyring, engine, {}, seed=1)


def queue(program: Program) -> None:
    """Plan and queue every invitation, as ``outreach invite`` does."""
    planned = invite.plan(program.db, program.desk, program.clock)
    invite.run(program.db, program.desk, planned, program.clock, actor="bench")


def send(program: Program, jitter: random.Random | None = None) -> Report:
    """One pass of dispatch, as ``outreach run`` does it."""
    return dispatch.run(
        program.db,
        program.desk,
        program.sender,
        program.clock,
        owner=program.name,
        jitter=jitter or random.Random(1),
    )


def _settings(folder: Path, key: Path, relay: int, connections: int, database: str) -> Settings:
    day = datetime.now(UTC) + timedelta(days=40)
    return Settings(
        folder=folder,
        slug="bench",
        contact="statement@contact.example",
        team=("team@contact.example",),
        languages=LANGUAGES,
        sender="Bea",
        group="the coordinating group",
        occasion={"en": "joint statement 5 September", "fa": "بیانیهٔ مشترک ۱۴ شهریور"},
        known_by="Parvin Sohrabi",
        example={"fa": "کمیتهٔ نمونه – زوریخ – سوئیس", "en": "Sample committee – Zurich – Switzerland"},
        database_url=database,
        key_file=key,
        mailbox=MailboxSettings(url=ServerUrl.parse("imap://statement@127.0.0.1:1/INBOX", Service.MAILBOX)),
        relays=(Relay(url=ServerUrl.parse(f"smtp://127.0.0.1:{relay}", Service.SMTP)),),
        day=Day(date=day.date(), deadline=day - timedelta(days=2)),
        sending=SendingSettings(per_run=None, per_day=None, connections=connections),
    )


def _list_prospects(db: Database, numbers: range) -> None:
    with db.writing() as session:
        for number in numbers:
            names = {"fa": f"کانون پناهندگان سیاسی شمارهٔ {number}", "en": f"Political refugees centre {number}"}
            email = f"office@group{number}.example"
            row = Prospect(
                reference=f"{number:08}"[:4] + "-" + f"{number:08}"[4:],
                language=LANGUAGES[number % len(LANGUAGES)],
                import_key=prospects.import_key(db.keyring, names.values(), email),
                email_hash=db.keyring.address_hash(email),
                created_at=datetime.now(UTC),
            )
            row.email, row.details = email, {"names": names, "city": "Berlin", "country": "Germany"}
            session.add(row)
