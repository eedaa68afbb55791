"""`coordinators` and `--as`: only those who are registered decide, and the log says from where."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pytest

from outreach.bootstrap import Program
from outreach.words import Channel, Proof, RevisionStatus, Seen
from tests import cast
from tests.cli.commands import Begun, init_words, type_


def listed(begun: Begun) -> list[tuple[str, str | None, bool]]:
    items = json.loads(begun.type_("coordinators", "list", "--json").stdout)["items"]
    return [(item["name"], item["email"], item["revoked_at"] is None) for item in items]


def logged(begun: Begun) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(begun.type_("log", "list", "--json").stdout)["items"]
    return items


def pending(program: Program) -> str:
    with program.db.writing() as session:
        return cast.signatory(session).reference


def test_init_registers_the_first_one_by_the_teams_address(begun: Begun) -> None:
    assert listed(begun) == [("Bea", "bea@team.example", True)]
    [event] = logged(begun)
    assert (event["actor"], event["action"], event["subject"]) == ("Bea", "registered", "coordinator Bea")


def test_init_registers_who_is_named(tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    words = init_words(tmp_path / "campaign", "--coordinator", "مینا رحیمی")
    said = type_(*words, environment=environment)
    assert "مینا رحیمی decides." in said.stdout
    assert listed(Begun(tmp_path / "campaign", environment))[0][0] == "مینا رحیمی"


@pytest.mark.parametrize("name", ["machine", "x" * 61, "Be\x1ba", "۱۲۳"])
def test_init_with_a_name_that_cannot_stand_in_the_log_leaves_nothing(tmp_path: Path, name: str) -> None:
    words = init_words(tmp_path / "campaign", "--coordinator", name)
    assert type_(*words, environment={"XDG_CONFIG_HOME": str(tmp_path / "config")}).exit_code == 1
    assert not list(tmp_path.iterdir())


def test_only_coordinator_need_not_be_named(started: Begun, program: Program) -> None:
    reference = pending(program)
    assert started.type_("queue", "approve", reference).exit_code == 0
    assert (logged(started)[-1]["actor"], logged(started)[-1]["action"]) == ("Bea", "approved")


def test_log_says_that_the_act_was_typed_and_by_which_user(
    started: Begun, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "rosa")
    started.type_("queue", "approve", pending(program), "--as", "Bea")
    assert logged(started)[-1]["via"] == "command line, system user rosa"


def test_stranger_decides_nothing(started: Begun, program: Program) -> None:
    result = started.type_("queue", "approve", pending(program), "--as", "Mallory")
    said = "outreach: Mallory is no coordinator. Who is: outreach coordinators list\n"
    assert (result.exit_code, result.stderr) == (1, said)


def test_name_is_taken_however_it_is_capitalised_and_logged_as_registered(started: Begun, program: Program) -> None:
    assert started.type_("queue", "approve", pending(program), "--as", " bEA ").exit_code == 0
    assert logged(started)[-1]["actor"] == "Bea"


def test_environment_may_name_who_decides(started: Begun, program: Program) -> None:
    started.join("Cyrus")
    typing = started.with_environment(OUTREACH_AS="Cyrus")
    assert typing.type_("queue", "approve", pending(program)).exit_code == 0
    assert logged(started)[-1]["actor"] == "Cyrus"


def test_added_coordinator_decides_and_a_revoked_one_does_not(started: Begun, program: Program) -> None:
    assert started.type_("coordinators", "add", "Cyrus Azad", "--email", "cy@team.example").exit_code == 0
    assert listed(started)[1] == ("Cyrus Azad", "cy@team.example", True)
    reference = pending(program)
    assert started.type_("coordinators", "revoke", "cyrus azad", "--as", "Bea").exit_code == 0
    result = started.type_("queue", "approve", reference, "--as", "Cyrus Azad")
    assert result.stderr == "outreach: Cyrus Azad is no coordinator any more.\n"
    assert listed(started)[1] == ("Cyrus Azad", None, False)
    assert [(item["action"], item["subject"]) for item in logged(started)[-3:]] == [
        ("registered", "coordinator Cyrus Azad"),
        ("given a link", "coordinator Cyrus Azad"),
        ("revoked", "coordinator Cyrus Azad"),
    ]


def test_who_only_looks_need_not_say_who_they_are(started: Begun) -> None:
    started.join("Cyrus")
    assert started.type_("publish", "--dry-run").exit_code == 0
    assert started.type_("publish", "--dry-run", "--as", "Mallory").exit_code == 1


def test_address_of_a_coordinator_lies_nowhere_readable(started: Begun) -> None:
    started.type_("coordinators", "add", "Cyrus", "--email", "cyrus.azad@team.example")
    kept = b"".join(path.read_bytes() for path in started.folder.glob("outreach.db*"))
    assert b"cyrus.azad" not in kept


def test_address_from_which_sign_ups_are_forwarded_can_be_changed_and_taken_away(started: Begun) -> None:
    said = started.type_("coordinators", "address", "bea", "Bea.Home@team.example").stdout
    assert said == "Bea writes from Bea.Home@team.example.\n"
    assert listed(started) == [("Bea", "Bea.Home@team.example", True)]
    assert started.type_("coordinators", "address", "Bea").stdout == "Bea has no address any more.\n"
    assert listed(started) == [("Bea", None, True)]
    assert [item["action"] for item in logged(started)[-2:]] == ["address changed", "address changed"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("address", "Bea", "statement@contact.example"), "the campaign's own address"),
        (("add", "Dora", "--email", "BEA@team.example"), "the address of Bea"),
        (("address", "Mallory", "m@team.example"), "Mallory is no coordinator"),
    ],
)
def test_address_that_says_of_nobody_who_wrote_is_refused(started: Begun, words: tuple[str, ...], why: str) -> None:
    result = started.type_("coordinators", *words)
    assert (result.exit_code, why in result.stderr) == (1, True)


def test_forward_is_shown_with_who_passed_it_on(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        row = cast.signatory(session, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.NO)
        row.newest.attest(cast.NOW, by="Bea", channel=Channel.FORWARD, spoken_at=cast.NOW, speaker="Rosa Doe")
        reference = row.reference
    shown = " ".join(started.type_("queue", "show", reference).stdout.split())
    assert "forward, 2026-08-20" in shown
    assert "Rosa Doe passed on by Bea, countersigned by nobody else is there (single)" in shown
