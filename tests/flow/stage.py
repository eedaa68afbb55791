"""A whole campaign on real servers: a folder with settings, key and database, an inbox, a relay."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from outreach.bootstrap import Program, open_program
from outreach.passes import one_pass
from outreach.sealing import read_key, write_new_key
from outreach.store import campaign as campaigns
from outreach.store import migrate
from outreach.store.database import Database, open_engine
from outreach.words import Report
from tests import cast
from tests.cast import NOW
from tests.servers.dovecot import Account

SETTINGS = """
[campaign]
slug = "freedom"
contact = "statement@contact.example"
team = ["bea@team.example"]
languages = ["fa", "en"]
sender = "Bea"
occasion = {{ en = "joint statement, 5 September", fa = "بیانیهٔ مشترک، ۱۴ شهریور" }}
example = {{ fa = "کمیتهٔ نمونه – زوریخ – سوئیس", en = "Sample committee – Zurich – Switzerland" }}

[day]
date = {day}
deadline = {deadline}
zone = "Europe/Berlin"

[mailbox]
url = "{mailbox}"
authserv_id = "mx.contact.example"

[smtp]
url = "smtp://127.0.0.1:{relay}"

[sending]
per_run = 100000
per_day = 100000
per_address_and_day = 100
per_stranger_and_day = 100

[database]
url = "{database}"

[key]
file = "{key}"
"""


@dataclass
class Stage:
    """The campaign as a test sees it; ``now`` is the story's clock."""

    folder: Path
    account: Account
    environment: dict[str, str]
    now: datetime = NOW
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        self.program = open_program(self.folder, self.environment, lambda: self.now, seed=1)

    @property
    def db(self) -> Database:
        return self.program.db

    def run(self) -> dict[str, Report]:
        """One pass, as cron runs it; a step that failed fails the test."""
        reports: dict[str, Report] = {}
        for ended in one_pass(self.program):
            assert isinstance(ended, Report), ended
            reports[ended.step] = ended
        return reports

    def receive(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Mail arrives in the contact inbox now."""
        self.account.append(*mails, folder=folder, arrived=self.now)

    def later(self, delta: timedelta) -> None:
        self.now += delta


@contextmanager
def staged(
    folder: Path,
    account: Account,
    relay: int,
    *,
    now: datetime = NOW,
    day: datetime | None = None,
    deadline: datetime | None = None,
    database: str,
) -> Iterator[Stage]:
    """Set a started campaign up in ``folder``; with ``now`` the real time it can be run by real processes."""
    key = folder.parent / "keys" / "freedom.key"
    write_new_key(key)
    day = day or datetime(2026, 9, 5, tzinfo=now.tzinfo)
    (folder / "outreach.toml").write_text(
        SETTINGS.format(
            day=day.date().isoformat(),
            deadline=deadline.strftime("%Y-%m-%dT%H:%M:%S")
            if deadline
            else (day - timedelta(days=2)).strftime("%Y-%m-%dT20:00:00"),
            mailbox=account.url,
            relay=relay,
            key=key,
            database=database,
        ),
        encoding="utf-8",
    )
    cast.write_statement(folder)
    engine = open_engine(database, folder)
    migrate.upgrade(engine)
    with Database(engine, read_key(key, campaign=folder)).writing() as session:
        campaigns.found(session, slug="freedom", since=now - timedelta(days=1)).started_at = now
    engine.dispose()
    environment = {"PATH": os.environ["PATH"], "OUTREACH_MAILBOX_PASSWORD": account.password}
    stage = Stage(folder, account, environment, now)
    try:
        yield stage
    finally:
        stage.db.engine.dispose()


def seeded(number: int) -> random.Random:
    """Randomness that is the same in every run."""
    return random.Random(number)
