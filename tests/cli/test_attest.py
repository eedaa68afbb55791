"""`signatories add`, `attest`, `countersign`: the lines are shown before anything is taken, and two people vouch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from outreach.bootstrap import Program
from outreach.words import Proof, RevisionStatus, Seen
from tests import cast
from tests.cli.commands import Begun

CALL = ["--channel", "phone", "--speaker", "Rosa Karimi"]
LETTER = "We sign.\nName: Independent Women\nCity: Vienna\nEmail: office@women.example\n\x1b[2J\n"


def listed(begun: Begun) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(begun.type_("signatories", "list", "--json").stdout)["items"]
    return items


def add(begun: Begun, *more: str, typed: str = "yes\n") -> str:
    result = begun.type_("signatories", "add", *CALL, "--name", "Women's Council", *more, typed=typed)
    assert result.exit_code == 0, result.output
    reference: str = listed(begun)[-1]["reference"]
    return reference


def test_lines_are_shown_and_taken_once_yes_is_typed(started: Begun) -> None:
    words = ["--name", "fa=شورای زنان", "--name", "en=Women's Council", "--city", "Köln", "--city", "fa=کلن"]
    result = started.type_("signatories", "add", *CALL, *words, typed="yes\n")
    assert result.exit_code == 0, result.output
    assert "fa  شورای زنان – کلن\nen  Women's Council – Köln\n" in result.stdout
    assert "read back to Rosa Karimi" in result.stderr
    [item] = listed(started)
    assert (item["status"], item["proof"]) == ("pending", "attested")
    assert f"{item['reference']} is pending, attested by Bea.\nIt is single" in result.stdout


@pytest.mark.parametrize("typed", ["no\n", "y\n", ""])
def test_nothing_is_taken_when_they_did_not_agree(started: Begun, typed: str) -> None:
    result = started.type_("signatories", "add", *CALL, "--name", "Women's Council", typed=typed)
    assert (result.exit_code, "Nothing was done" in result.stderr, listed(started)) == (1, True, [])


def test_names_in_two_scripts_need_no_language(started: Begun) -> None:
    add(started, "--name", "شورای زنان")
    assert listed(started)[0]["lines"] == {"fa": "شورای زنان", "en": "Women's Council"}


def test_two_texts_for_one_language_are_refused(started: Begun) -> None:
    result = started.type_("signatories", "add", *CALL, "--name", "One", "--name", "Two", "--yes")
    assert (result.exit_code, "For which language is Two?" in result.stderr) == (1, True)


def test_call_of_this_morning_is_kept_with_its_hour(started: Begun) -> None:
    reference = add(started, "--at", "2026-01-05 09:30")
    said = json.loads(started.type_("queue", "show", reference, "--json").stdout)["attestation"]
    assert said["spoken_at"].startswith("2026-01-05T09:30")
    assert (said["channel"], said["speaker"], said["attested_by"]) == ("phone", "Rosa Karimi", "Bea")
    assert (said["single"], said["read_back"]) == (True, {"en": "Women's Council"})


def test_pasted_message_is_shown_as_understood_and_steers_no_terminal(started: Begun, tmp_path: Path) -> None:
    file = tmp_path / "message.txt"
    file.write_text(LETTER)
    words = ["signatories", "add", "--channel", "messenger", "--speaker", "Ada", "--paste"]
    looked = started.type_(*words, str(file), typed="no\n")
    assert "en  Independent Women – Vienna\nemail: office@women.example\nread as a signup" in looked.stdout
    assert listed(started) == []
    taken = started.type_(*words, "-", "--yes", typed=LETTER)
    assert taken.exit_code == 0, taken.output
    shown = started.type_("queue", "show", listed(started)[0]["reference"]).stdout
    assert "Read from the pasted message" in shown and "Name: ⟦Independent Women⟧" in shown
    assert "\x1b" not in looked.output + taken.output + shown


def test_team_sees_who_still_has_to_countersign(started: Begun) -> None:
    started.join("Cyrus")
    result = started.type_("signatories", "add", *CALL, "--name", "Women's Council", "--yes", "--as", "Bea")
    reference = listed(started)[0]["reference"]
    assert f"signatories countersign {reference}" in result.stdout
    assert "countersigned by nobody yet" in started.type_("queue", "show", reference).stdout
    assert "attested by one coordinator" in started.type_("queue", "list").stdout
    approved = started.type_("queue", "approve", reference, "--as", "Bea")
    assert approved.stderr == "It is not printed yet; it lacks: a second coordinator's countersign.\n"
    assert started.type_("signatories", "countersign", reference, "--as", "Bea").exit_code == 1
    signed = started.type_("signatories", "countersign", reference, "--as", "Cyrus")
    assert signed.stdout == f"en  Women's Council\n{reference} is countersigned.\n"
    assert "Wave 1: 1 printed, 0 refused." in started.type_("publish", "--dry-run").stdout
    assert "countersigned by Cyrus" in started.type_("queue", "show", reference).stdout


def test_entry_that_never_answered_is_attested(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        row = cast.signatory(session, status=RevisionStatus.UNCONFIRMED, proof=Proof.NONE, seen=Seen.SHOWN)
        reference = row.reference
    result = started.type_("signatories", "attest", reference, *CALL, typed="yes\n")
    assert "en  Iranian political refugees center – Berlin" in result.stdout
    assert f"{reference} is pending, attested by Bea." in result.stdout


def test_known_address_is_asked_by_mail(started: Begun) -> None:
    words = ["--name", "Council", "--email", "o@c.example", "--language", "en", "--yes"]
    result = started.type_("signatories", "add", *CALL, *words)
    mail = json.loads(started.type_("outbox", "list", "--json").stdout)["items"][0]
    assert (mail["kind"], f"The asking {mail['reference']} is queued" in result.stdout) == ("asking", True)
    shown = started.type_("outbox", "show", mail["reference"]).stdout
    assert (
        "told, though not by a mail to this address, that you sign" in shown
        and "Not from you? Reply “no”, and it is not" in shown
    )


# ── a list ──


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.csv"
    path.write_bytes("نام تشکل;شهر;Ansprechpartner\nکانون زنان;کلن;Rosa Karimi\nانجمن;;\n;Bonn;\n".encode("cp1256"))
    return path


def test_list_is_shown_as_it_would_be_printed_and_its_count_has_to_be_typed(started: Begun, paper: Path) -> None:
    refused = started.type_("signatories", "import", paper, typed="3\n")
    assert (refused.exit_code, "Nothing was done" in refused.stderr, listed(started)) == (1, True, [])
    assert refused.stdout.splitlines() == [
        "line 2: new: کانون زنان – کلن",
        "line 3: new: انجمن",
        "2 would be pending, 1 bad.",
    ]
    assert "2 organisation(s) of paper.csv said yes (paper), and you vouch for it. Type 2 to go on" in refused.stderr
    taken = started.type_("signatories", "import", paper, typed="2\n")
    assert (taken.exit_code, "2 pending, 1 bad.\nThey are single" in taken.stdout) == (1, True)
    assert [(item["status"], item["proof"]) for item in listed(started)] == [("pending", "attested")] * 2


@pytest.mark.parametrize("words", [["--yes"], ["--yes", "--json"]])
def test_yes_takes_a_list_without_typing(started: Begun, paper: Path, words: list[str]) -> None:
    result = started.type_("signatories", "import", paper, "--channel", "in_person", *words)
    assert (result.exit_code, len(listed(started))) == (1, 2)
    if "--json" in words:
        assert json.loads(result.stdout)["counts"] == {"new": 2, "known": 0, "left_to_a_person": 0, "bad": 1}


def test_dry_run_of_a_list_takes_nothing(started: Begun, paper: Path) -> None:
    assert started.type_("signatories", "import", paper, "--dry-run").stdout.endswith("2 would be pending, 1 bad.\n")
    assert listed(started) == []


def test_rehearsal_says_that_the_list_has_to_be_imported_again(begun: Begun, paper: Path) -> None:
    assert "Import the file again afterwards." in begun.type_("signatories", "import", paper, "--yes").stdout


def test_list_is_countersigned_and_approved_as_a_whole_and_shows_its_evidence(started: Begun, paper: Path) -> None:
    started.join("Cyrus")
    taken = started.type_("signatories", "import", paper, "--yes", "--as", "Bea")
    assert "signatories countersign --list FILE" in taken.stdout
    own = started.type_("signatories", "countersign", "--list", paper, "--yes", "--as", "Bea")
    assert (own.exit_code, "somebody else has to countersign" in own.stderr) == (1, True)
    signed = started.type_("signatories", "countersign", "--list", paper, "--as", "Cyrus", typed="2\n")
    assert signed.stdout.endswith("کانون زنان – کلن\n" + signed.stdout.splitlines()[1] + "\n2 countersigned.\n")
    few = started.type_("queue", "approve", "--list", paper, "--as", "Cyrus", typed="1\n")
    assert (few.exit_code, "2 line(s) of paper.csv will be approved by Cyrus." in few.stderr) == (1, True)
    assert started.type_("queue", "approve", "--list", paper, "--as", "Cyrus", typed="2\n").exit_code == 0
    assert "Wave 1: 2 printed, 0 refused." in started.type_("publish", "--dry-run").stdout
    shown = started.type_("queue", "show", listed(started)[0]["reference"]).stdout
    assert "file paper.csv, line 2, SHA-256 " in shown
    assert "vouched for by Bea, countersigned by Cyrus" in shown


@pytest.mark.parametrize("command", [("signatories", "countersign"), ("queue", "approve")])
def test_one_entry_or_a_list_has_to_be_named(started: Begun, paper: Path, command: tuple[str, str]) -> None:
    for words in ([], ["AAAA-AAAA", "--list", str(paper)]):
        result = started.type_(*command, *words)
        assert (result.exit_code, "Name one entry, or a whole list" in result.stderr) == (1, True)
