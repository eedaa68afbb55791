"""The key that signs our mails, typed: made, shown for the DNS, and looked for there by ``check``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import Begun
from tests.servers.nameserver import NameServer

NAME = "outreach._domainkey.contact.example"


@pytest.fixture
def signing(begun: Begun, tmp_path: Path) -> Begun:
    """A campaign that has made its key."""
    begun.replace_setting('selector = ""', f'selector = "outreach"\nkey = "{tmp_path / "dkim.pem"}"')
    return begun


def found(begun: Begun) -> tuple[str, str]:
    """What ``check`` says about the signature."""
    [finding] = [f for f in json.loads(begun.type_("check", "--json").stdout)["checks"] if f["check"] == "dkim"]
    return finding["status"], finding["text"]


def record_shown(begun: Begun, *options: str) -> str:
    result = begun.type_("dkim", *options)
    assert result.exit_code == 0, result.output
    assert f"name:   {NAME}\n" in result.stdout
    return next(line.removeprefix("value:").strip() for line in result.stdout.splitlines() if line.startswith("value:"))


def test_new_key_is_made_and_shown_for_the_dns(signing: Begun, tmp_path: Path) -> None:
    record = record_shown(signing, "--new")
    assert record.startswith("v=DKIM1; k=rsa; p=")
    assert (tmp_path / "dkim.pem").stat().st_mode & 0o777 == 0o600


def test_same_record_is_shown_again(signing: Begun) -> None:
    assert record_shown(signing, "--new") == record_shown(signing)


def test_second_new_key_is_refused(signing: Begun) -> None:
    first = record_shown(signing, "--new")
    assert "not overwritten" in signing.type_("dkim", "--new").output
    assert record_shown(signing) == first


def test_nothing_is_shown_where_nothing_signs(begun: Begun) -> None:
    result = begun.type_("dkim", "--new")
    assert result.exit_code == 1
    assert "put selector and key into [dkim] of outreach.toml" in result.output


def test_no_command_works_before_the_key_is_there(signing: Begun) -> None:
    result = signing.type_("queue", "list")
    assert result.exit_code == 1
    assert "outreach dkim --new" in result.output


def test_key_in_the_dns_is_found(signing: Begun, nameserver: NameServer) -> None:
    nameserver.records[NAME] = [record_shown(signing, "--new").replace("; ", ";")]
    status, text = found(signing)
    assert status == "ok" and "signed by contact.example" in text


def test_missing_record_is_told(signing: Begun, nameserver: NameServer) -> None:
    record_shown(signing, "--new")
    assert found(signing) == ("failed", f"The DNS has no record at {NAME}: put there what outreach dkim shows.")


@pytest.mark.parametrize("more", [[], ["v=DKIM1; k=rsa; p=TUlJ"]])
def test_other_record_is_told_and_so_is_a_second_one(more: list[str], signing: Begun, nameserver: NameServer) -> None:
    ours = record_shown(signing, "--new")
    nameserver.records[NAME] = [ours, *more] if more else ["v=DKIM1; k=rsa; p="]
    assert found(signing)[1].startswith("The DNS has another key than ours")


def test_silent_dns_is_told(signing: Begun, nameserver: NameServer) -> None:
    record_shown(signing, "--new")
    nameserver.silent = True
    assert found(signing) == ("failed", f"The DNS did not answer for {NAME}.")


def test_nothing_is_asked_where_nothing_signs(begun: Begun, nameserver: NameServer) -> None:
    assert "dkim" not in {f["check"] for f in json.loads(begun.type_("check", "--json").stdout)["checks"]}
