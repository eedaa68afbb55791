"""Two at once on one campaign: every mail leaves once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from outreach.mail.smtp import SmtpSender
from outreach.passes import only_one
from outreach.relay import Relay
from outreach.serverurl import ServerUrl, Service
from outreach.steps import dispatch
from outreach.store.database import Database
from tests import cast
from tests.cast import NOW
from tests.flow.stage import staged
from tests.servers.dovecot import Account
from tests.servers.sink import Sink

MAILS = 60
WORKERS = 4


def test_workers_beside_each_other_send_every_mail_once(db: Database, folder: Path, sink: Sink) -> None:
    with db.writing() as session:
        for number in range(MAILS):
            cast.mail(session, f"office{number}@refugees.example")
    url = ServerUrl.parse(f"smtp://127.0.0.1:{sink.port}", Service.SMTP)
    problems: list[Exception] = []

    def work(number: int) -> None:
        try:
            dispatch.run(
                db,
                cast.desk(db, folder, relays=(Relay(url=url),)),
                lambda _: SmtpSender(url, None, ehlo_name="contact.example"),
                lambda: NOW,
                owner=f"worker {number}",
                jitter=random.Random(number),
            )
        except Exception as problem:  # noqa: BLE001 - handed to the test's own thread
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert Counter(mail.recipients[0] for mail in sink.mails) == {
        f"office{number}@refugees.example": 1 for number in range(MAILS)
    }


def test_a_second_run_beside_the_first_ends_well_and_without_a_word_to_cron(
    dovecot: Account, sink: Sink, folder: Path, database_url: str
) -> None:
    now = datetime.now(UTC)
    with (
        staged(folder, dovecot, sink.port, now=now, day=now + timedelta(days=30), database=database_url) as stage,
        only_one(folder) as first,
    ):
        assert first
        environment = {**os.environ, **stage.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "outreach", "-C", str(folder), "run"]
        second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
