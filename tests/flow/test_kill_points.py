"""A process that sends is killed at each point between claiming a mail and writing down what came of it.

The process and the relay are real; after the lease of the dead another process goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from outreach.conversation import Conversation
from outreach.mail.smtp import SmtpSender
from outreach.mail.smtpsession import SmtpSession
from outreach.model import OutboxMail
from outreach.relay import Relay
from outreach.sealing import Keyring
from outreach.serverurl import ServerUrl, Service
from outreach.settings import SendingSettings
from outreach.steps import dispatch
from outreach.steps.dispatch.lanes import Lanes
from outreach.steps.dispatch.settling import Settler
from outreach.store import campaign as campaigns
from outreach.store import sending
from outreach.store.database import Database, open_engine
from outreach.words import OutboxStatus
from tests import cast
from tests.cast import NOW
from tests.servers.sink import logged, sink_process

SECRET: Final = bytes(range(32))
MAILS: Final = 4
S = OutboxStatus


def die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: object, name: str) -> Callable[[], None]:
    return lambda: setattr(owner, name, die)


def after(owner: Any, name: str, *, nth: int = 1) -> Callable[[], None]:
    """Die once a function has done its work, the nth time it is called."""
    original, calls = getattr(owner, name), iter(range(1, 1000))

    def dying(*arguments: Any, **named: Any) -> Any:
        done = original(*arguments, **named)
        return die() if next(calls) == nth else done

    return lambda: setattr(owner, name, dying)


def after_saying(name: str, *, share: float = 1.0) -> Callable[[], None]:
    """Die once a session has said what it has to say, or the first part of it."""
    original = getattr(SmtpSession, name)

    def dying(session: SmtpSession, said: Any) -> Conversation[Any]:
        yield from original(session, said[: int(len(said) * share)])
        die()

    return lambda: setattr(SmtpSession, name, dying)


#: Where it dies, and the most mails that are in doubt afterwards.
POINTS: Final[dict[str, tuple[Callable[[], None], int]]] = {
    "mails are claimed": (after(sending, "claim"), 0),
    "the first mail is not marked yet": (before(sending, "mark"), 0),
    "the mark is not committed yet": (after(sending, "mark"), 0),
    "the mark is committed": (before(Lanes, "hand"), 1),
    "the envelope is agreed on": (after_saying("converse"), 1),
    "half of the mail has left": (after_saying("_send_blocks", share=0.5), 1),
    "all of the mail has left": (after_saying("_send_blocks"), 1),
    "the relay has said yes": (before(Settler, "settle"), 1),
    "what came of it is not committed yet": (after(Settler, "settle", nth=2), 1),
    "what came of it is committed": (after(Lanes, "back", nth=2), 1),
}


def send(folder: Path, url: str, ports: Sequence[int], point: str | None, hours: int) -> None:
    """What a process does: one pass of dispatch, so many hours after the story's hour."""
    if point is not None:
        POINTS[point][0]()
    db = Database(open_engine(url, folder), Keyring.from_secret(SECRET))
    relays = tuple(
        Relay(name=name, url=ServerUrl.parse(f"smtp://127.0.0.1:{port}", Service.SMTP))
        for name, port in zip(("first", "reserve"), ports, strict=False)
    )
    desk = cast.desk(db, folder, sending=SendingSettings(per_run=None, per_day=None), relays=relays)
    dispatch.run(
        db,
        desk,
        lambda relay: SmtpSender(relay.url, None, ehlo_name="contact.example"),
        lambda: NOW + timedelta(hours=hours),
        owner=f"process {os.getpid()}",
        jitter=random.Random(1),
    )
    db.engine.dispose()


def run(*arguments: Any) -> int | None:
    process = multiprocessing.get_context("spawn").Process(target=send, args=arguments)
    process.start()
    process.join(60)
    code = process.exitcode
    process.close()
    return code


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_at_any_point_loses_nothing_and_sends_nothing_twice(
    folder: Path, database_url: str, tmp_path: Path, point: str
) -> None:
    queue(folder, database_url)
    with sink_process(tmp_path / "relay.log") as port:
        assert run(folder, database_url, [port], point, 0) == -signal.SIGKILL
        assert run(folder, database_url, [port], None, 1) == 0
    require_once(folder, database_url, logged(tmp_path / "relay.log"), most_in_doubt=POINTS[point][1])


@pytest.mark.slow
@pytest.mark.parametrize("point", ["mails are claimed", "the mark is committed", "all of the mail has left"])
def test_what_may_have_left_by_a_relay_that_dies_with_the_process_leaves_by_no_other(
    folder: Path, database_url: str, tmp_path: Path, point: str
) -> None:
    queue(folder, database_url)
    first, reserve = tmp_path / "first.log", tmp_path / "reserve.log"
    with sink_process(reserve) as spare:
        with sink_process(first) as port:
            assert run(folder, database_url, [port, spare], point, 0) == -signal.SIGKILL
        assert run(folder, database_url, [port, spare], None, 1) == 0
        assert logged(reserve)
    require_once(folder, database_url, [*logged(first), *logged(reserve)], most_in_doubt=POINTS[point][1])


def queue(folder: Path, database_url: str) -> None:
    db = Database(open_engine(database_url, folder), Keyring.from_secret(SECRET))
    with db.writing() as session:
        campaigns.found(session, slug="freedom", since=NOW).started_at = NOW
        for number in range(MAILS):
            cast.mail(session, f"office{number}@refugees.example")
    db.engine.dispose()


def require_once(folder: Path, database_url: str, taken: Iterable[dict[str, Any]], *, most_in_doubt: int) -> None:
    """Every mail came to one relay once, but for those in doubt, which came once or not at all."""
    db = Database(open_engine(database_url, folder), Keyring.from_secret(SECRET))
    came = Counter(recipient for entry in taken for recipient in entry["recipients"])
    with db.reading() as session:
        mails = {str(mail.recipient): mail.status for mail in session.scalars(select(OutboxMail))}
    db.engine.dispose()
    assert came.keys() <= mails.keys()
    assert max(came.values()) == 1
    doubts = {recipient for recipient, status in mails.items() if status is S.IN_DOUBT}
    assert len(doubts) <= most_in_doubt
    assert all(status is S.SENT and came[to] == 1 for to, status in mails.items() if to not in doubts)
