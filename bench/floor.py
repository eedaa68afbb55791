"""The least that a mail can cost here: finished bytes, a durable mark, one SMTP transaction, a durable outcome.

    PYTHONPATH=src python bench/floor.py [--mails 5000] [--rounds 3]

No words are composed, nothing is sealed, nobody is asked whether a mail may go, and no row says more than its state.
What `sending.py` takes above this is what the program does for the mail. Both take turns.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from sending import MOST, Took, best, ours, relay, report, taken

from outreach.mail.smtp import SmtpSender
from outreach.relay import Relay
from outreach.serverurl import ServerUrl, Service
from outreach.steps.dispatch.lanes import Lanes, Marked
from outreach.store.sending import Claim

SENDER = "statement@contact.example"
#: Octets of a bilingual invitation.
SIZE, BATCH = 9_500, 100
_SENT = "UPDATE mail SET state = 'sent' WHERE id = ?"


def floor(mails: int) -> Took:
    with TemporaryDirectory(prefix="outreach-bench-") as folder, relay(0) as (port, process):
        url = ServerUrl.parse(f"smtp://127.0.0.1:{port}", Service.SMTP)
        database = sqlite3.connect(Path(folder, "floor.db"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, state TEXT)")
        database.execute("CREATE TABLE content (id INTEGER PRIMARY KEY, octets BLOB)")
        line = b"x" * 74 + b"\r\n"
        body = b"\r\n" + line * (SIZE // len(line))
        begun, worked = perf_counter(), process_time()
        for start in range(0, mails, BATCH):
            ids = range(start, min(start + BATCH, mails))
            with _transaction(database):
                database.executemany("INSERT INTO mail VALUES (?, 'queued')", [(id_,) for id_ in ids])
                database.executemany(
                    "INSERT INTO content VALUES (?, ?)", [(id_, b"Message-ID: <%d@x>\r\n" % id_ + body) for id_ in ids]
                )
        with Lanes(SENDER) as lanes:
            lanes.open(Relay(url=url), lambda relay: SmtpSender(relay.url, None, ehlo_name="contact.example"), MOST)
            _send(database, lanes, Relay(url=url), mails)
        took = Took(perf_counter() - begun, process_time() - worked)
        assert taken(process) == (mails, mails)
        return took


def _send(database: sqlite3.Connection, lanes: Lanes, relay: Relay, mails: int) -> None:
    waiting = list(range(mails))[::-1]
    done: list[tuple[int]] = []
    while waiting or lanes.is_busy:
        began = perf_counter()
        chosen = [waiting.pop() for _ in range(min(lanes.free(relay.name), len(waiting)))]
        with _transaction(database):
            database.executemany(_SENT, done)
            database.executemany("UPDATE mail SET state = 'sending' WHERE id = ?", [(id_,) for id_ in chosen])
            places = ",".join(map(str, chosen)) or "NULL"
            rows = database.execute(f"SELECT id, octets FROM content WHERE id IN ({places})").fetchall()
        for id_, octets in rows:
            lanes.hand(Marked(Claim(id_, 1), relay, f"office@group{id_}.example", f"<{id_}@x>", octets))
        done = [(one.mail.claim.mail_id,) for one in lanes.back(perf_counter() - began)]
    database.executemany(_SENT, done)


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    yield
    database.execute("COMMIT")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    found = best(
        given.rounds,
        {
            f"outreach, {MOST} connections": lambda: ours(given.mails, 0, MOST),
            "the least that it can cost": lambda: floor(given.mails),
        },
    )
    report("From queueing to durably sent, a relay that answers at once", given.mails, found, {})


if __name__ == "__main__":
    main()
