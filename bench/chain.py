"""How long linking and verifying a long log takes, on SQLite in a temporary folder.

PYTHONPATH=src python bench/chain.py [--events N]
"""

from __future__ import annotations

import argparse
import os
import resource
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from outreach.model import Event, EventPayload
from outreach.sealing import Keyring
from outreach.store import chain, log, migrate
from outreach.store.database import Database, open_engine

NOW = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
WITH_PAYLOAD = 10  #: every tenth event
BATCH = 5_000


def write(db: Database, events: int) -> None:
    for start in range(0, events, BATCH):
        with db.writing() as session:
            for number in range(start, min(start + BATCH, events)):
                event = Event(
                    at=NOW, actor=log.MACHINE, action="signed", subject=f"signatory {number:09}", reason="pending"
                )
                if number % WITH_PAYLOAD == 0:
                    salt, said = chain.new_salt(), {"revision": 1, "lines": {"en": f"Organisation {number} – Berlin"}}
                    event.commitment, event.payload = chain.commitment(salt, said), EventPayload()
                    event.payload.content = {"salt": salt, "said": said}
                session.add(event)


def measure(db: Database, events: int) -> None:
    begun = perf_counter()
    write(db, events)
    print(f"{events} events written in {perf_counter() - begun:.1f} s")
    begun = perf_counter()
    with db.writing() as session:
        head = chain.link_all(session)
    print(f"linked in {perf_counter() - begun:.1f} s; head {str(head)[:24]}…")
    begun, worked = perf_counter(), process_time()
    with db.reading() as session:
        found = chain.verify(session, [head])
    assert found == chain.Whole(head, 0), found
    print(f"verified in {perf_counter() - begun:.1f} s, of which {process_time() - worked:.1f} s on the processor")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    events: int = parser.parse_args().events
    with TemporaryDirectory() as folder:
        engine = open_engine("sqlite:///log.db", Path(folder))
        migrate.upgrade(engine)
        measure(Database(engine, Keyring.from_secret(os.urandom(32))), events)
        engine.dispose()


if __name__ == "__main__":
    main()
