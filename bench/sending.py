"""How fast invitations go from queueing to durably sent, beside others that send mail, in one run: see bench/README.md.

    PYTHONPATH=src python bench/sending.py [--mails 5000] [--rounds 3] [--peers PYTHON]

All take turns against the same relay (``relay.py``) and the best round of each counts, so that a busy machine troubles
all alike. ``--peers`` is an interpreter that has django-post_office; without it the peer is named as missing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from campaign import campaign, queue, send
from sqlalchemy import select

from outreach.bootstrap import Program
from outreach.model import OutboxMail
from outreach.words import OutboxStatus

HERE = Path(__file__).parent
#: Connections to the relay: as many as the settings allow, and as many as the peer has threads.
MOST, SAME = 20, 8


@dataclass(frozen=True, slots=True, order=True)
class Took:
    """Seconds by the clock, and of the processor (of the sender alone, without the relay)."""

    seconds: float
    processor: float


@contextmanager
def relay(delay: float) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    command = [sys.executable, str(HERE / "relay.py"), "--delay", str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        yield int(process.stdout.readline()), process
        if not process.stdin.closed:
            process.stdin.close()


def taken(process: subprocess.Popen[str]) -> tuple[int, int]:
    """How many mails the relay took, and how many different ones; it ends."""
    assert process.stdin and process.stdout
    process.stdin.close()
    mails, ids = process.stdout.read().split()
    return int(mails), int(ids)


def ours(mails: int, delay: float, connections: int, keep: Path | None = None) -> Took:
    """From the plan to the last `sent`. Every mail must be there once, and its row must say so."""
    with relay(delay) as (port, process), campaign(port, mails, connections=connections) as program:
        begun, worked = perf_counter(), process_time()
        queue(program)
        send(program)
        took = Took(perf_counter() - begun, process_time() - worked)
        with program.db.reading() as session:
            assert set(session.scalars(select(OutboxMail.status).distinct())) == {OutboxStatus.SENT}
        if keep is not None:
            _write(program, keep)
        assert taken(process) == (mails, mails)
    return took


def peer(python: str, kind: str, mails: int, delay: float, threads: int, file: Path) -> Took | None:
    """What a peer took; None if it is not installed."""
    with relay(delay) as (port, process):
        command = [python, str(HERE / "peers.py"), kind, str(port), str(file), str(threads)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode:
            if "No module named" in ended.stderr:
                return None
            raise SystemExit(ended.stderr)
        assert taken(process)[0] == mails, f"{kind} lost or doubled mail"
    return Took(*map(float, ended.stdout.split()))


def _write(program: Program, file: Path) -> None:
    """The very mails that were sent, for the peers."""
    found = []
    with program.db.reading() as session:
        for row in session.scalars(select(OutboxMail).order_by(OutboxMail.id)):
            assert row.sent_bytes and row.recipient
            mail = message_from_bytes(row.sent_bytes, policy=policy.default)
            text, html = (part.get_content() for part in mail.iter_parts())
            found.append(
                {
                    "recipient": row.recipient,
                    "raw": row.sent_bytes.decode("latin-1"),
                    "subject": str(mail["Subject"]),
                    "text": text,
                    "html": html,
                }
            )
    file.write_text(json.dumps(found), encoding="utf-8")
    print(f"{len(found)} mails, {sum(len(mail['raw']) for mail in found) // len(found):,} octets on average\n")


def best(rounds: int, runs: dict[str, Callable[[], Took | None]]) -> dict[str, Took | None]:
    """The best round of each, all taking turns."""
    found: dict[str, Took | None] = dict.fromkeys(runs)
    for _ in range(rounds):
        for name, run in runs.items():
            if (took := run()) is not None:
                found[name] = min(took, found[name] or took)
    return found


def report(title: str, mails: int, took: dict[str, Took | None], bars: dict[str, float]) -> None:
    """The rates; of each peer how many times as fast we are, and what is to be reached."""
    print(title)
    mine = next(value for value in took.values() if value is not None)
    for name, value in took.items():
        if value is None:
            print(f"  {name:<44} not installed, so not compared")
            continue
        bar = f"   ours is {value.seconds / mine.seconds:.2f} x it; to reach: {bars[name]} x" if name in bars else ""
        work = f"{value.processor / mails * 1e6:>7,.0f} µs of the processor each"
        print(f"  {name:<44} {mails / value.seconds:>7,.0f}/s {work}{bar}")
    print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, help="an interpreter that has django-post_office")
    arguments = parser.parse_args()
    mails, rounds = arguments.mails, arguments.rounds
    with TemporaryDirectory(prefix="outreach-bench-") as folder:
        file = Path(folder, "mails.json")
        ours(mails, 0, MOST, keep=file)
        office, bare = "django-post_office, 5 threads", "smtplib and finished bytes, 1 connection"
        found = best(
            rounds,
            {
                f"outreach, {MOST} connections": lambda: ours(mails, 0, MOST),
                office: lambda: peer(arguments.peers, "post_office", mails, 0, 5, file),
                bare: lambda: peer(sys.executable, "smtplib", mails, 0, 1, file),
            },
        )
        report("From queueing to durably sent, a relay that answers at once", mails, found, {office: 3, bare: 0.5})
        slow = f"smtplib and finished bytes, {SAME} threads"
        found = best(
            rounds,
            {
                f"outreach, {MOST} connections": lambda: ours(mails, 0.005, MOST),
                f"outreach, {SAME} connections": lambda: ours(mails, 0.005, SAME),
                slow: lambda: peer(sys.executable, "smtplib", mails, 0.005, SAME, file),
            },
        )
        report("The same, a relay that answers each command after 5 ms", mails, found, {slow: 1.8})


if __name__ == "__main__":
    main()
