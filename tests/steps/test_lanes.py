"""Sending over several connections at once: as honest as over one, and not slower than the slowest of them."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.conversation import Apart, Conversation
from outreach.errors import LoginRefused, OutreachError, ServerUnreachable
from outreach.mail.smtp import SmtpSender
from outreach.ports import Accepted, Deferred, Failed, Fault, MailSender, Outcome, Phase
from outreach.relay import Relay
from outreach.serverurl import ServerUrl, Service
from outreach.settings import SendingSettings
from outreach.steps import dispatch
from outreach.store.database import Database
from outreach.words import OutboxStatus, Report
from tests import cast
from tests.cast import NOW
from tests.fakes import FakeSender
from tests.servers.sink import Phase as SinkPhase
from tests.servers.sink import Sink
from tests.steps.test_dispatch import put, status

BUSY = Deferred(421, "4.3.2", "421 4.3.2 busy", Phase.ENVELOPE, Fault.RELAY)
NOBODY = Failed(550, "5.1.1", "550 5.1.1 nobody here", Phase.ENVELOPE, Fault.RECIPIENT)
S = OutboxStatus


def run(db: Database, folder: Path, sender: Callable[[Relay], MailSender], lanes: int) -> Report:
    desk = cast.desk(db, folder, sending=SendingSettings(per_run=None, per_day=None, connections=lanes))
    return dispatch.run(db, desk, sender, lambda: NOW, owner="here", jitter=random.Random(1))


def statuses(db: Database, mails: list[int]) -> Counter[OutboxStatus]:
    return Counter(status(db, mail) for mail in mails)


class Together(FakeSender):
    """Answers only once ``others`` mails are on their way at the same time."""

    def __init__(self, barrier: threading.Barrier) -> None:
        super().__init__()
        self.barrier = barrier

    def send(self, *, sender: str, recipient: str, message: bytes, message_id: str) -> Conversation[Outcome]:
        yield Apart(lambda: self.barrier.wait(10))
        return (yield from super().send(sender=sender, recipient=recipient, message=message, message_id=message_id))


def test_mails_are_on_their_way_at_the_same_time(db: Database, folder: Path) -> None:
    mails = [put(db) for _ in range(6)]
    barrier = threading.Barrier(3)
    assert run(db, folder, lambda _: Together(barrier), 3).counts == {"accepted": 6}
    assert statuses(db, mails) == {S.SENT: 6}


def test_every_mail_leaves_once_over_a_real_relay(db: Database, folder: Path, sink: Sink) -> None:
    for number in range(50):
        put(db, recipient=f"office{number}@refugees.example")
    sink.answer(SinkPhase.RCPT, "550 5.1.1 No such user", recipient="office7@refugees.example")
    url = ServerUrl.parse(f"smtp://127.0.0.1:{sink.port}", Service.SMTP)

    report = run(db, folder, lambda _: SmtpSender(url, None, ehlo_name="contact.example"), 4)

    assert report.counts == {"accepted": 49, "failed": 1}
    assert sink.connections == 4
    assert Counter(mail.recipients for mail in sink.mails) == {
        (f"office{number}@refugees.example",): 1 for number in range(50) if number != 7
    }


@pytest.mark.parametrize("refusal", [ServerUnreachable("421 too many connections"), LoginRefused("not so often")])
def test_a_relay_that_takes_fewer_connections_is_served_by_those(
    db: Database, folder: Path, refusal: OutreachError
) -> None:
    mails = [put(db) for _ in range(5)]
    relays = [FakeSender(), FakeSender(), FakeSender(unreachable=refusal), FakeSender()]
    opened = iter(relays)
    run(db, folder, lambda _: next(opened), 4)
    assert statuses(db, mails) == {S.SENT: 5}
    assert [relay.connections for relay in relays] == [1, 1, 1, 0]


def test_trouble_of_the_relay_on_one_lane_ends_the_pass_on_all(db: Database, folder: Path) -> None:
    mails = [put(db) for _ in range(30)]
    met = threading.Event()

    def wait() -> None:  # or it might be so quick that the busy one gets no mail
        met.wait(10)

    relays = iter([FakeSender([BUSY], on_send=met.set), FakeSender([NOBODY], on_send=wait)])
    run(db, folder, lambda _: next(relays), 2)
    found = statuses(db, mails)
    assert found[S.DEFERRED] == 1
    assert found[S.SENDING] == found[S.CLAIMED] == 0
    assert found[S.QUEUED] + found[S.SENT] + found[S.FAILED] == 29


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), RuntimeError("a mistake in the program")])
def test_what_is_under_way_is_settled_when_the_pass_is_interrupted(
    db: Database, folder: Path, interruption: BaseException
) -> None:
    mails = [put(db) for _ in range(10)]
    released = threading.Event()

    class Slow(FakeSender):
        def send(self, *, sender: str, recipient: str, message: bytes, message_id: str) -> Conversation[Outcome]:
            yield Apart(lambda: released.wait(10))
            return Accepted("250 ok")

    class Broken(FakeSender):
        def send(self, *, sender: str, recipient: str, message: bytes, message_id: str) -> Conversation[Outcome]:
            yield Apart(released.set)
            raise interruption

    relays = iter([Slow(), Broken()])
    with pytest.raises(type(interruption)):
        run(db, folder, lambda _: next(relays), 2)
    # Nobody knows how far the broken one had come; its lease will tell. The other was waited for.
    assert statuses(db, mails) == {S.SENDING: 1, S.SENT: 1, S.QUEUED: 8}
