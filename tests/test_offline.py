from __future__ import annotations

import os
import smtplib
import socket
import threading
from collections.abc import Iterator

import pytest

OUTSIDE = "192.0.2.1"  # RFC 5737: documentation


def test_connection_to_the_outside_fails_the_test_whatever_it_catches() -> None:
    with socket.socket() as client, pytest.raises(pytest.fail.Exception, match=OUTSIDE):
        client.connect((OUTSIDE, 25))


def test_look_up_of_an_outside_name_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="only loopback"):
        socket.create_connection(("mail.campaign.internal", 25))


def test_reserved_name_is_merely_unknown() -> None:
    with pytest.raises(socket.gaierror):
        smtplib.SMTP("mail.example")


def test_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted = threading.Thread(target=lambda: server.accept()[0].close())
        accepted.start()
        socket.create_connection(("localhost", server.getsockname()[1])).close()
        accepted.join()


@pytest.fixture(scope="module")
def callers_settings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("OUTREACH_SMTP_PASSWORD", "of the person who runs the tests")
        yield


@pytest.mark.usefixtures("callers_settings")
def test_settings_of_whoever_runs_the_tests_are_not_seen() -> None:
    assert "OUTREACH_SMTP_PASSWORD" not in os.environ
