"""Several workers on one PostgreSQL: what they send twice (nothing) and how much faster they are than one.

    PYTHONPATH=src:. python bench/workers.py [--mails 10000] [--workers 4] [--connections 4] [--delay 0.005]

Starts a PostgreSQL of its own, as the tests do, and a relay that answers each command late. Each worker is a process.
"""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.synchronize
from time import perf_counter

from campaign import campaign, queue, send, wired
from sending import relay, taken
from sqlalchemy import func, select

from outreach.model import OutboxMail
from outreach.settings import Settings
from outreach.store.database import open_engine
from outreach.words import OutboxStatus
from tests.servers.postgres import running_postgres


def work(settings: Settings, begin: multiprocessing.synchronize.Barrier) -> None:
    engine = open_engine(settings.database_url, settings.folder)
    program = wired(settings, engine)
    begin.wait()
    send(program)
    engine.dispose()


def measure(database: str, mails: int, workers: int, connections: int, delay: float) -> float:
    """Mails a second of so many workers; every mail must have reached the relay once."""
    with relay(delay) as (port, process), campaign(port, mails, connections=connections, database=database) as program:
        queue(program)
        begin = multiprocessing.Barrier(workers + 1)
        running = [multiprocessing.Process(target=work, args=(program.settings, begin)) for _ in range(workers)]
        for worker in running:
            worker.start()
        begin.wait()
        begun = perf_counter()
        for worker in running:
            worker.join()
        seconds = perf_counter() - begun
        with program.db.reading() as session:
            sent = session.scalar(select(func.count()).where(OutboxMail.status == OutboxStatus.SENT))
        came, different = taken(process)
        print(
            f"{workers} worker(s): {mails / seconds:,.0f}/s; {sent} sent, {came - different} of them twice", flush=True
        )
    return mails / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--connections", type=int, default=4, help="of each worker")
    parser.add_argument("--delay", type=float, default=0.005)
    given = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    rates = []
    with running_postgres(durable=True) as server:
        for count in (1, given.workers):
            with server.database() as url:
                rates.append(measure(url, given.mails, count, given.connections, given.delay))
    print(f"{given.workers} workers are {rates[1] / rates[0]:.2f} x one; to reach: 1.6 x")


if __name__ == "__main__":
    main()
