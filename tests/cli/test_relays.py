"""``check`` says of each relay whether it lets us in, and whether it may send in the name of the contact address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.cli import relays
from outreach.cli.checks import State
from outreach.relay import DkimSettings, Relay
from outreach.serverurl import ServerUrl, Service
from tests import cast
from tests.servers.nameserver import NameServer
from tests.servers.sink import Sink

GMAIL = "smtps://bea%40contact.example@smtp.gmail.com"
SPF = "v=spf1 include:_spf.google.com -all"
SIGNED = DkimSettings(domain="contact.example", selector="outreach", key_file=Path("/keys/dkim.pem"))


def relay(url: str, **values: Any) -> Relay:
    return Relay(url=ServerUrl.parse(url, Service.SMTP), **values)


@pytest.mark.parametrize(
    ("url", "contact", "record", "signed", "state", "says"),
    [
        (GMAIL, "us@contact.example", SPF, None, State.OK, "SPF of contact.example names it"),
        (GMAIL, "us@contact.example", "v=spf1 mx -all", None, State.FAILED, "put include:_spf.google.com into"),
        (GMAIL, "us@contact.example", "google-site-verification=1", SIGNED, State.OK, "Our own signature"),
        ("smtps://us@relay.example", "us@contact.example", SPF, None, State.NOTE, "invite --to-me"),
        ("smtps://us@relay.example", "us@gmail.com", SPF, None, State.FAILED, "is taken from its own provider alone"),
    ],
)
def test_relay_that_cannot_send_in_our_name_is_found(
    tmp_path: Path, nameserver: NameServer, url: str, contact: str, record: str, signed: Any, state: State, says: str
) -> None:
    nameserver.records["contact.example"] = [record]
    settings = cast.settings(tmp_path, contact=contact, relays=(relay(url),), dkim=signed)
    [found] = relays.alignment(settings, settings.relays[0])
    assert found.state is state
    assert says in found.text


def test_nobody_knows_while_the_dns_does_not_answer(tmp_path: Path, nameserver: NameServer) -> None:
    nameserver.silent = True
    settings = cast.settings(tmp_path, relays=(relay(GMAIL),))
    [found] = relays.alignment(settings, settings.relays[0])
    assert found.state is State.NOTE


def test_each_of_several_relays_is_tried(tmp_path: Path, sink: Sink) -> None:
    there, away = relay(f"smtp://127.0.0.1:{sink.port}", name="first"), relay("smtp://127.0.0.1:1", name="reserve")
    settings = cast.settings(tmp_path, relays=(there, away))
    found = [(one.state, one.text.partition(":")[0]) for one in relays.found(settings, lambda url: None)]
    assert found == [(State.OK, "first"), (State.OK, "first"), (State.FAILED, "reserve")]
