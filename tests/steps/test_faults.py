"""A relay that fails at every point of a conversation: what the mail's row says after it is true.

Each fault happens twenty times: on each database, half of them with pipelining where that makes a difference.
"""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from outreach.errors import ServerUnreachable
from outreach.mail.smtp import SmtpSender
from outreach.mail.smtpsession import Timeouts
from outreach.model import Halt, OutboxMail
from outreach.serverurl import ServerUrl, Service
from outreach.settings import SendingSettings
from outreach.steps import dispatch
from outreach.store.database import Database
from outreach.words import OutboxStatus
from tests import cast
from tests.cast import NOW
from tests.mail.scripted import Act, Script, serving, smtp
from tests.steps.test_dispatch import put, status

TIMES = 5
IMPATIENT = Timeouts(connect=0.5, command=0.5, block=0.5, end=0.1, quit=0.1)
PIPELINING = b"250-relay.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 100000\r\n"
S = OutboxStatus


#: What goes wrong, and what its mail's row says afterwards.
FAULTS: dict[str, tuple[Script, OutboxStatus]] = {
    "the connection drops at MAIL": ({"MAIL": Act.CLOSE}, S.DEFERRED),
    "the connection drops at RCPT": ({"RCPT": Act.RESET}, S.DEFERRED),
    "the connection drops at DATA": ({"DATA": Act.CLOSE}, S.DEFERRED),
    "the connection drops in the mail": ({"body": Act.RESET}, S.IN_DOUBT),
    "the connection drops after the dot": ({".": Act.CLOSE}, S.IN_DOUBT),
    "the connection is reset after the dot": ({".": Act.RESET}, S.IN_DOUBT),
    "half an answer comes to the dot": ({".": (b"250 2.0", Act.CLOSE)}, S.IN_DOUBT),
    "the answer to the dot drips": ({".": b"2"}, S.IN_DOUBT),
    "421 at MAIL": ({"MAIL": (b"421 4.3.2 Shutting down\r\n", Act.CLOSE)}, S.DEFERRED),
    "421 after the dot": ({".": (b"421 4.3.2 Shutting down\r\n", Act.CLOSE)}, S.DEFERRED),
    "451 at RCPT": ({"RCPT": b"451 4.7.1 Greylisted\r\n"}, S.DEFERRED),
    "450 after the dot": ({".": b"450 4.2.0 Not now\r\n"}, S.DEFERRED),
    "550 at RCPT": ({"RCPT": b"550 5.1.1 No such user\r\n"}, S.FAILED),
    "554 after the dot": ({".": b"554 5.6.0 Not such a mail\r\n"}, S.FAILED),
    "250 and then a reset": ({".": (b"250 2.0.0 Ok\r\n", Act.RESET)}, S.SENT),
}
UNREACHED: dict[str, Script] = {
    "the connection drops at once": {"banner": Act.RESET},
    "421 for a greeting": {"banner": (b"421 4.3.2 Too many\r\n", Act.CLOSE)},
    "TLS is not to be had": {
        "EHLO": b"250-relay.example\r\n250 STARTTLS\r\n",
        "STARTTLS": b"454 4.7.0 TLS not available\r\n",
    },
    "TLS breaks off": {"EHLO": b"250-relay.example\r\n250 STARTTLS\r\n", "STARTTLS": (b"220 Go\r\n", Act.CLOSE)},
}


def attempt(db: Database, folder: Path, port: int, number: int) -> None:
    url = ServerUrl.parse(f"smtp://127.0.0.1:{port}", Service.SMTP)
    desk = cast.desk(db, folder, sending=SendingSettings(per_run=None, per_day=None))
    dispatch.run(
        db,
        desk,
        lambda _: SmtpSender(url, None, ehlo_name="contact.example", timeouts=IMPATIENT),
        lambda: NOW + timedelta(seconds=number),
        owner="here",
        jitter=random.Random(number),
    )


def put_away(db: Database) -> None:
    """So that the next mail meets its fault alone."""
    with db.writing() as session:
        session.execute(update(OutboxMail).values(status=S.CANCELLED))
        session.execute(delete(Halt))


@pytest.mark.parametrize("offers", [PIPELINING, None], ids=["at once", "step by step"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_row_says_what_is_known_after_each_fault(
    db: Database, folder: Path, fault: str, offers: bytes | None
) -> None:
    script, expected = FAULTS[fault]
    with serving(smtp({**script, **({"EHLO": offers} if offers else {})})) as relay:
        for number in range(TIMES):
            mail = put(db, recipient=f"office{number}@refugees.example")
            attempt(db, folder, relay.port, number)
            assert status(db, mail) is expected
            put_away(db)


@pytest.mark.parametrize("fault", UNREACHED)
def test_a_mail_stays_in_the_queue_while_the_relay_is_not_reached(db: Database, folder: Path, fault: str) -> None:
    mail = put(db)
    with serving(smtp(UNREACHED[fault])) as relay:
        for number in range(2 * TIMES):
            with pytest.raises(ServerUnreachable):
                attempt(db, folder, relay.port, number)
            assert status(db, mail) is S.QUEUED
            with db.writing() as session:
                session.execute(delete(Halt))


def test_a_mail_is_sent_once_the_relay_answers_again(db: Database, folder: Path) -> None:
    mail = put(db)
    scripts: list[Script] = [{"MAIL": Act.CLOSE}, {"DATA": Act.RESET}, {}]
    with serving(smtp(*scripts)) as relay:
        for number in range(3):
            attempt(db, folder, relay.port, number * 7200)
    assert status(db, mail) is S.SENT
