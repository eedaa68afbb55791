"""`publish`: says what is printed, names what the print rule refuses, and writes a whole wave or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from outreach.bootstrap import Program
from outreach.words import HoldKind, PrintedLine, Proof, RevisionStatus
from tests import cast
from tests.cast import NOW
from tests.cli.commands import Begun

FILES = ["manifest.json", "signatories.csv", "signatories.html", "signatories.json", "signatories.txt"]


def entry(program: Program, hold: HoldKind | None = None, **values: Any) -> str:
    with program.db.writing() as session:
        row = cast.signatory(session, status=RevisionStatus.APPROVED, **values)
        if hold is not None:
            row.hold(hold, by="machine", at=NOW, reason="")
        return row.reference


def test_wave_is_written_and_what_is_refused_is_named(started: Begun, program: Program, tmp_path: Path) -> None:
    printed, refused = entry(program), entry(program, HoldKind.DISPUTED, proof=Proof.NONE)
    result = started.type_("publish", "--to", tmp_path / "site", "--as", "Bea")
    assert result.exit_code == 0, result.output
    assert result.stderr == f"{refused} is not printed; it lacks: proof; hold: disputed.\n"
    assert printed in result.stdout and "Wave 1: 1 printed, 1 refused." in result.stdout
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == FILES
    assert (tmp_path / "site" / "signatories.txt").read_text(encoding="utf-8") == (
        "کانون پناهندگان سیاسی ایران – برلین\nIranian political refugees center – Berlin\n"
    )


def test_dry_run_says_the_same_and_writes_nothing(started: Begun, program: Program, tmp_path: Path) -> None:
    reference = entry(program)
    for words in (["--dry-run"], ["--dry-run", "--to", str(tmp_path / "site")]):
        result = started.type_("publish", *words)
        assert (result.exit_code, reference in result.stdout) == (0, True)
    assert not (tmp_path / "site").exists()
    assert started.type_("log", "list").stdout.count("published") == 0


def test_result_is_one_json_document(started: Begun, program: Program, tmp_path: Path) -> None:
    printed, refused = entry(program), entry(program, proof=Proof.NONE)
    document = json.loads(started.type_("publish", "--to", tmp_path / "site", "--json").stdout)
    assert (document["wave"], document["total"], document["files"]) == (1, 1, FILES)
    assert document["items"][0]["reference"] == printed
    assert document["refused"] == [{"reference": refused, "lacks": ["proof"]}]
    dry = json.loads(started.type_("publish", "--dry-run", "--json").stdout)
    assert (dry["wave"], dry["files"], dry["published_at"], dry["folder"]) == (2, [], None, None)


def test_nothing_to_print_is_an_error_that_names_what_lacks_what(
    started: Begun, program: Program, tmp_path: Path
) -> None:
    refused = entry(program, proof=Proof.NONE)
    result = started.type_("publish", "--to", tmp_path / "site")
    assert (result.exit_code, refused in result.stderr, "nothing to publish" in result.stderr) == (1, True, True)
    assert not (tmp_path / "site").exists()


def test_rehearsal_publishes_nothing(begun: Begun, tmp_path: Path) -> None:
    result = begun.type_("publish", "--to", tmp_path / "site")
    assert (result.exit_code, "outreach start" in result.stderr) == (1, True)


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_folder_must_be_named(started: Begun, words: list[str]) -> None:
    result = started.type_("publish", *words)
    assert (result.exit_code, "--to DIR" in result.stderr) == (2, True)


def test_hostile_name_is_printed_as_text_and_steers_no_terminal(
    started: Begun, program: Program, tmp_path: Path
) -> None:
    entry(program, lines={"en": PrintedLine("=1+1<script>\u202e\x1b[2J")})
    result = started.type_("publish", "--to", tmp_path / "site")
    assert not {"\x1b", "\u202e"} & set(result.output)
    assert "&lt;script&gt;" in (tmp_path / "site" / "signatories.html").read_text(encoding="utf-8")
    assert "\"'=1+1" in (tmp_path / "site" / "signatories.csv").read_text(encoding="utf-8-sig")
