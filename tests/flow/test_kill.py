"""`outreach run` killed at any moment and started again: nothing lost, no Message-ID sent twice.

The processes are real: the program, Dovecot, and a relay that writes down each mail before it says so.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from outreach.model import InboundMessage, Lease, OutboxMail, Revision
from outreach.words import InboundStatus, MailKind, OutboxStatus
from tests.flow.replies import Organisation, form_in_english
from tests.flow.replies import _mail as mail_of
from tests.flow.stage import Stage, staged
from tests.servers.dovecot import Account
from tests.servers.sink import logged, sink_process


@pytest.mark.slow
def test_killing_the_run_at_any_moment_loses_nothing_and_sends_nothing_twice(
    dovecot: Account, folder: Path, database_url: str, tmp_path: Path
) -> None:
    play(dovecot, folder, database_url, tmp_path / "relay.log", mails=30, kills=12, seed=11)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_hundreds_of_kills_lose_nothing_and_send_nothing_twice(
    dovecot: Account, folder: Path, database_url: str, tmp_path: Path, seed: int
) -> None:
    play(dovecot, folder, database_url, tmp_path / "relay.log", mails=190, kills=150, seed=seed)


def play(dovecot: Account, folder: Path, database_url: str, log: Path, *, mails: int, kills: int, seed: int) -> None:
    """Kill so many passes in the middle of their work, then let the rest be done, and count."""
    now = datetime.now(UTC)
    with (
        sink_process(log, "--delay", "dot", "0.02") as relay,
        staged(folder, dovecot, relay, now=now, day=now + timedelta(days=30), database=database_url) as stage,
    ):
        put_in = [stranger(number) for number in range(mails)]
        # New mail keeps coming, so that every kill meets work in every step.
        at_once = max(1, mails // kills * 2)
        moments = random.Random(seed)
        killed = 0
        while killed < kills:
            arriving, put_in = put_in[:at_once], put_in[at_once:]
            if arriving:
                dovecot.append(*arriving)
            end_the_leases_of_the_dead(stage)
            killed += run_and_kill(stage, moments.uniform(0.2, 1.6))
        if put_in:
            dovecot.append(*put_in)
        settle(stage)

        ids = Counter(entry["message_id"] for entry in logged(log))
        assert {message_id: count for message_id, count in ids.items() if count > 1} == {}
        check(stage, ids, mails)


def stranger(number: int) -> bytes:
    organisation = Organisation(number)
    text = "Please add us to the signatories of the joint statement.\n\n" + form_in_english(organisation)
    return mail_of(organisation, "We sign", text).as_bytes()


def start(stage: Stage) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **stage.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "outreach", "-C", str(stage.folder), "run"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run_and_kill(stage: Stage, after: float) -> bool:
    """Start a pass and kill it; True when it was still running."""
    process = start(stage)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    process.communicate()
    return False


def end_the_leases_of_the_dead(stage: Stage) -> None:
    """As if the time of a lease had passed: no process is alive that could hold one."""
    with stage.db.writing() as session:
        session.execute(update(OutboxMail).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))
        session.execute(delete(Lease))


def settle(stage: Stage) -> None:
    """Let passes run to their end until nothing is left to do."""
    for _ in range(2):
        end_the_leases_of_the_dead(stage)
        process = start(stage)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()


def check(stage: Stage, ids: Counter[str], put_in: int) -> None:
    """Every mail put in is one entry and was asked about once; what is in doubt is visible."""
    with stage.db.reading() as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == put_in
        assert set(session.scalars(select(InboundMessage.status))) == {InboundStatus.HANDLED}
        assert session.scalar(select(func.count(Revision.id))) == put_in
        mails = session.scalars(select(OutboxMail)).all()
        assert Counter(mail.kind for mail in mails) == {MailKind.ASKING: put_in}
        assert {mail.status for mail in mails} <= {OutboxStatus.SENT, OutboxStatus.IN_DOUBT}
        for mail in mails:
            assert mail.message_id is not None
            # In doubt means in doubt: the relay may have it or not, but never twice.
            assert ids[mail.message_id] == 1 or mail.status is OutboxStatus.IN_DOUBT
        assert ids.keys() <= {mail.message_id for mail in mails}
