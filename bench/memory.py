"""How much memory a pass of dispatch takes, with few mails queued and with many: each in a process of its own.

PYTHONPATH=src python bench/memory.py [--few 1000] [--many 100000]
"""

from __future__ import annotations

import argparse
import multiprocessing
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from campaign import campaign, queue, send, wired
from sending import MOST, relay, taken

from outreach.settings import Settings
from outreach.store.database import open_engine


def work(settings: Settings, said: SimpleQueue[int]) -> None:
    engine = open_engine(settings.database_url, settings.folder)
    send(wired(settings, engine))
    engine.dispose()
    # Not getrusage: its figure begins with that of the process which started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    said.put(int(status.partition("VmHWM:")[2].split()[0]))


def measure(mails: int) -> float:
    """MiB at most in a process that sends so many."""
    said: SimpleQueue[int] = multiprocessing.SimpleQueue()
    with relay(0) as (port, process), campaign(port, mails, connections=MOST) as program:
        queue(program)
        worker = multiprocessing.Process(target=work, args=(program.settings, said))
        worker.start()
        worker.join()
        assert taken(process) == (mails, mails)
    return said.get() / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    given = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    few, many = measure(given.few), measure(given.many)
    print(f"{given.few} mails: {few:.1f} MiB; {given.many} mails: {many:.1f} MiB")
    print(f"{many - few:+.1f} MiB; to stay within: 10 MiB")


if __name__ == "__main__":
    main()
