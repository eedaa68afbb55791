"""The worker on real servers: woken by mail, ended by signals, killed, left without its server, and not alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from outreach import passes
from outreach.bootstrap import open_program
from outreach.errors import SettingsError
from outreach.model import InboundMessage, Lease, OutboxMail, Worker
from outreach.words import InboundStatus, OutboxStatus
from outreach.worker import Worker as AtWork
from tests import cast
from tests.flow.stage import Stage, staged
from tests.servers.certificate import Certificate
from tests.servers.dovecot import Account, Dovecot, running_dovecot
from tests.servers.postgres import Postgres
from tests.servers.sink import Sink

SELDOM = "\n[schedule]\nfetch = 3600\nintake = 3600\nfollowup = 3600\ndispatch = 3600\nretire = 3600\n"
OFTEN = "\n[schedule]\nfetch = 1\nintake = 1\nfollowup = 1\ndispatch = 1\n"
FORM = (
    b"From: Rosa <rosa@refugees%d.example>\r\nTo: statement@contact.example\r\nSubject: we sign\r\n"
    b"Message-ID: <%d@refugees.example>\r\n\r\nPlease add us to the joint statement.\r\n\r\n"
    b"Name in English: Committee number %d\r\nCity: Berlin\r\nCountry: Germany\r\n"
)


def form(number: int) -> bytes:
    return FORM % (number, number, number)


@contextmanager
def campaign(folder: Path, account: Account, sink: Sink, schedule: str, database: str) -> Iterator[Stage]:
    now = datetime.now(UTC)
    with staged(folder, account, sink.port, now=now, day=now + timedelta(days=30), database=database) as stage:
        with (folder / "outreach.toml").open("a", encoding="utf-8") as file:
            file.write(schedule)
        yield stage


@contextmanager
def process(stage: Stage, folder: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """A worker as systemd starts it; in a ``folder`` of its own it is as on another machine."""
    environment = {**os.environ, **stage.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "outreach", "-C", str(folder or stage.folder), "worker"]
    worker = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield worker
    finally:
        worker.kill()
        worker.communicate()


def ended(worker: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Tell a worker to end, and what it said until then."""
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=20)
    return worker.returncode, out, err


@contextmanager
def beside(stage: Stage) -> Iterator[AtWork]:
    """A worker in a thread of this process."""
    program = open_program(stage.folder, stage.environment)
    stop, worker = threading.Event(), AtWork(program, stage.folder, lambda what: None)
    thread = threading.Thread(target=worker.run, args=(stop.wait,))
    thread.start()
    try:
        yield worker
    finally:
        stop.set()
        thread.join(30)
        program.db.engine.dispose()


def eventually(holds: Callable[[], bool], patience: float = 30) -> bool:
    deadline = time.monotonic() + patience
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def handled(stage: Stage) -> int:
    with stage.db.reading() as session:
        query = select(func.count(InboundMessage.id)).where(InboundMessage.status == InboundStatus.HANDLED)
        return session.scalar(query) or 0


def owners(stage: Stage) -> dict[str, str]:
    with stage.db.reading() as session:
        return {lease.name: lease.owner for lease in session.scalars(select(Lease))}


def at_work(stage: Stage) -> int:
    with stage.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Worker)) or 0


@pytest.fixture
def own_server(certificate: Certificate) -> Iterator[Dovecot]:
    with running_dovecot(certificate) as server:
        yield server


@pytest.mark.slow
def test_mail_that_comes_is_answered_at_once_though_the_timetable_is_slow(
    folder: Path, dovecot: Account, sink: Sink, database_url: str
) -> None:
    with campaign(folder, dovecot, sink, SELDOM, database_url) as stage, process(stage) as worker:
        assert eventually(lambda: owners(stage).get("fetch") is not None)
        time.sleep(2)  # what it does when it begins is done
        for number in (1, 2):
            dovecot.append(form(number))
            assert eventually(lambda: handled(stage) == len(sink.mails) == number)  # noqa: B023 - called at once
        assert ended(worker) == (0, "", "")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_lets_it_finish_and_leave_nothing_behind(
    folder: Path, dovecot: Account, sink: Sink, database_url: str, number: signal.Signals
) -> None:
    with campaign(folder, dovecot, sink, SELDOM, database_url) as stage, process(stage) as worker:
        assert eventually(lambda: at_work(stage) == 1)
        worker.send_signal(number)
        assert worker.communicate(timeout=20) == ("", "")
        assert (worker.returncode, at_work(stage), owners(stage)) == (0, 0, {})


@pytest.mark.slow
def test_a_signal_in_the_middle_of_sending_loses_and_doubles_nothing(
    folder: Path, dovecot: Account, sink: Sink, database_url: str
) -> None:
    with campaign(folder, dovecot, sink, SELDOM, database_url) as stage:
        with stage.db.writing() as session:
            for number in range(300):
                cast.mail(session, f"office{number}@refugees.example")
        with process(stage) as worker:
            assert eventually(lambda: len(sink.mails) > 5)
            worker.send_signal(signal.SIGTERM)
            worker.communicate(timeout=20)
            assert worker.returncode == 0
        with stage.db.reading() as session:
            statuses = list(session.scalars(select(OutboxMail.status)))
        assert set(statuses) <= {OutboxStatus.SENT, OutboxStatus.QUEUED}
        assert statuses.count(OutboxStatus.SENT) == len(sink.mails)


@pytest.mark.slow
def test_a_worker_that_was_killed_is_followed_by_one_that_reads_on(
    folder: Path, dovecot: Account, sink: Sink, database_url: str
) -> None:
    with campaign(folder, dovecot, sink, OFTEN, database_url) as stage:
        dovecot.append(form(1))
        with process(stage) as worker:
            assert eventually(lambda: handled(stage) == 1)
            worker.kill()
            worker.communicate()
        dovecot.append(form(2))
        with process(stage):
            assert eventually(lambda: at_work(stage) == 2)
            with stage.db.writing() as session:
                session.execute(delete(Lease))  # as if the dead worker's lease had run out
            assert eventually(lambda: handled(stage) == 2)
            assert eventually(lambda: len(sink.mails) == 2)


@pytest.mark.slow
def test_a_worker_whose_mail_server_was_killed_goes_on_when_it_is_back(
    folder: Path, own_server: Dovecot, sink: Sink, database_url: str
) -> None:
    account = own_server.account()
    with campaign(folder, account, sink, OFTEN, database_url) as stage, process(stage) as worker:
        account.append(form(1))
        assert eventually(lambda: handled(stage) == 1)
        own_server.stop()
        time.sleep(3)
        own_server.begin()
        account.append(form(2))
        assert eventually(lambda: handled(stage) == 2)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=20)
        assert worker.returncode == 0
        assert said.count("\n") <= 2, said  # that it failed, and that it works again


@pytest.mark.slow
def test_of_two_workers_one_polls_both_send_and_the_other_takes_over(
    folder: Path, dovecot: Account, sink: Sink, database_url: str
) -> None:
    with campaign(folder, dovecot, sink, OFTEN, database_url) as stage:
        with stage.db.writing() as session:
            for number in range(60):
                cast.mail(session, f"office{number}@refugees.example")
        with beside(stage):
            with beside(stage):
                assert eventually(lambda: at_work(stage) == 2 and "fetch" in owners(stage))
                poller = owners(stage)["fetch"]
                dovecot.append(*map(form, range(1, 21)))
                assert eventually(lambda: handled(stage) == 20)
                assert eventually(lambda: len(sink.mails) == 80)
                assert owners(stage)["fetch"] == poller
            assert eventually(lambda: "fetch" in owners(stage))
            dovecot.append(form(21))
            assert eventually(lambda: handled(stage) == 21)
            assert eventually(lambda: len(sink.mails) == 81)


@pytest.mark.slow
def test_of_two_machines_on_one_database_one_polls_and_every_mail_leaves_once(
    folder: Path, dovecot: Account, sink: Sink, postgres: Postgres
) -> None:
    with postgres.database() as url, campaign(folder, dovecot, sink, OFTEN, url) as stage:  # a file is on one machine
        elsewhere = shutil.copytree(folder, folder.parent / "elsewhere")
        with process(stage) as one, process(stage, elsewhere) as other:
            assert eventually(lambda: at_work(stage) == 2 and "fetch" in owners(stage))
            poller = owners(stage)["fetch"]
            with stage.db.writing() as session:
                for number in range(200):
                    cast.mail(session, f"office{number}@refugees.example")
            dovecot.append(*map(form, range(1, 21)))
            assert eventually(lambda: handled(stage) == 20 and len(sink.mails) >= 220)
            assert owners(stage)["fetch"] == poller
            first, second = (one, other) if f" {one.pid} " in poller else (other, one)
            assert ended(first) == (0, "", "")
            dovecot.append(form(21))
            assert eventually(lambda: handled(stage) == 21 and len(sink.mails) >= 221)
            assert f" {second.pid} " in owners(stage)["fetch"]
            assert ended(second) == (0, "", "")
        assert (at_work(stage), owners(stage)) == (0, {})
        assert len({mail.recipients for mail in sink.mails}) == len(sink.mails) == 221


@pytest.mark.slow
def test_a_pass_of_cron_beside_a_worker_does_no_harm(
    folder: Path, dovecot: Account, sink: Sink, database_url: str
) -> None:
    with campaign(folder, dovecot, sink, OFTEN, database_url) as stage, beside(stage):
        for number in range(1, 6):
            dovecot.append(form(number))
            with passes.only_one(folder) as alone:
                if alone:
                    list(passes.one_pass(stage.program))
        assert eventually(lambda: handled(stage) == 5)
        assert eventually(lambda: len(sink.mails) == 5)


def test_an_interval_for_a_step_that_there_is_not_is_named(
    folder: Path, dovecot: Account, sink: Sink, database_url: str
) -> None:
    with campaign(folder, dovecot, sink, "\n[schedule]\nfecth = 60\n", database_url) as stage:
        program = open_program(stage.folder, stage.environment)
        with pytest.raises(SettingsError, match="schedule.fecth names no step"):
            AtWork(program, folder, lambda what: None)
        program.db.engine.dispose()
