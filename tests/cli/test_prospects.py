"""`prospects` and `invite`: what is said about each row, and what has to be typed before mail leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.bootstrap import Program
from outreach.model import Event, OutboxMail, Prospect
from outreach.words import ProspectStatus
from tests import cast
from tests.cast import NOW
from tests.cli.commands import Begun, on_terminal

LIST = "name_fa,name_en,email,city\nکانون,Center,office@r.example,Berlin\n,To call,,Bonn\n,,no@name.example,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_import_takes_good_rows_and_names_bad_ones(started: Begun, program: Program, file: Path) -> None:
    result = started.type_("prospects", "import", file, "--yes", "--as", "Bea")
    assert (result.exit_code, result.stdout) == (1, "2 added, 1 of them to call, 1 bad.\n")
    assert result.stderr == "line 4: bad (it has no name)\n"
    with program.db.reading() as session:
        assert [event.actor for event in session.scalars(select(Event).where(Event.action == "imported"))] == ["Bea"]


def test_second_import_says_that_all_is_known(started: Begun, file: Path) -> None:
    started.type_("prospects", "import", file, "--yes")
    assert started.type_("prospects", "import", file, "--yes").stdout == "0 added, 2 known, 1 bad.\n"


def test_dry_run_tells_every_row_and_changes_nothing(started: Begun, program: Program, file: Path) -> None:
    result = started.type_("prospects", "import", file, "--dry-run")
    assert result.stdout.splitlines() == [
        "line 2: new: کانون",
        "line 3: to call: To call",
        "2 would be added, 1 of them to call, 1 bad.",
    ]
    with program.db.reading() as session:
        assert not session.scalars(select(Prospect)).all()


def test_import_as_json_has_a_row_for_each_line(started: Begun, file: Path) -> None:
    document = json.loads(started.type_("prospects", "import", file, "--json", "--dry-run").stdout)
    assert (document["total"], document["counts"]["new"], document["counts"]["bad"]) == (3, 1, 1)
    assert [(item["line"], item["outcome"], item["reason"]) for item in document["items"]] == [
        (2, "new", None),
        (3, "to_call", None),
        (4, "bad", "it has no name"),
    ]


def test_unknown_columns_are_named(started: Begun, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("name,fax\nA,1\n")
    result = started.type_("prospects", "import", tmp_path / "x.csv", "--yes")
    assert (result.exit_code, result.stderr) == (0, "Columns that mean nothing here are left out: fax\n")


def test_garbage_is_one_clear_line(started: Begun, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"name\n\xff\xfe\x00\x80")
    result = started.type_("prospects", "import", tmp_path / "x.csv", "--yes")
    assert result.exit_code == 1
    assert result.stderr.startswith("outreach: The file is not in UTF-8 (line 2 is not).")


def test_hostile_name_does_not_reach_the_terminal(started: Begun, program: Program, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("name,city\nA\u202eB,x\x1b[2J\nC\u200bD\u2066,Bonn\n", encoding="utf-8")
    result = started.type_("prospects", "import", tmp_path / "x.csv", "--dry-run")
    shown = result.output + started.type_("prospects", "list").output
    assert not {"\x1b", "\u202e", "\u2066"} & set(shown)


def test_prospects_are_listed_by_status_page_by_page(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        for number in range(5):
            status = ProspectStatus.INVITED if number % 2 else ProspectStatus.LISTED
            email = f"a{number}@b.example" if number else None
            cast.prospect(session, {"en": f"Committee {number}"}, email, status=status, invited_at=NOW)
    first = json.loads(started.type_("prospects", "list", "--json", "--status", "listed", "--limit", "2").stdout)
    assert (first["total"], [item["name"] for item in first["items"]]) == (3, ["Committee 0", "Committee 2"])
    after = first["items"][-1]["reference"]
    rest = json.loads(
        started.type_("prospects", "list", "--json", "--status", "listed", "--after", after.lower()).stdout
    )
    assert (rest["total"], [item["name"] for item in rest["items"]]) == (3, ["Committee 4"])
    to_call = json.loads(started.type_("prospects", "list", "--json", "--to-call").stdout)
    assert [item["email"] for item in to_call["items"]] == [None]
    assert set(to_call["items"][0]) >= {"reference", "status", "names", "language", "invited_at", "tags"}


def test_unknown_reference_to_go_on_after_is_refused(started: Begun) -> None:
    result = started.type_("prospects", "list", "--after", "AAAA-BBBB")
    assert (result.exit_code, "There is nothing with the reference AAAA-BBBB" in result.stderr) == (1, True)


# ── invite ──


@pytest.fixture
def two_listed(program: Program) -> None:
    with program.db.writing() as session:
        for number in range(2):
            cast.prospect(session, {"en": f"Committee {number}"}, f"a{number}@b.example")


def queued(program: Program) -> int:
    with program.db.reading() as session:
        return len(session.scalars(select(OutboxMail)).all())


@pytest.mark.usefixtures("two_listed")
def test_count_must_be_typed_after_one_whole_example_was_shown(started: Begun, program: Program) -> None:
    result = started.type_("invite", "--as", "Bea", typed="2\n")
    assert result.exit_code == 0, result.output
    assert "2 mail(s) to 2 organisation(s). The first of them:" in result.stdout
    assert "  | To: a0@b.example" in result.stdout
    assert "We ask for it." in result.stdout
    assert "Queued 2 invitation(s) to 2 organisation(s)" in result.stdout
    assert queued(program) == 2


@pytest.mark.usefixtures("two_listed")
@pytest.mark.parametrize("typed", ["yes\n", "3\n", "\n", ""])
def test_nothing_is_queued_when_anything_else_is_typed(started: Begun, program: Program, typed: str) -> None:
    result = started.type_("invite", typed=typed)
    assert (result.exit_code, queued(program)) == (1, 0)
    assert "Nothing was done" in result.stderr


@pytest.mark.usefixtures("two_listed")
def test_dry_run_shows_the_example_and_queues_nothing(started: Begun, program: Program) -> None:
    result = started.type_("invite", "--dry-run")
    assert (result.exit_code, queued(program)) == (0, 0)
    assert "  | Subject:" in result.stdout


@pytest.mark.usefixtures("two_listed")
def test_first_limits_the_number_of_mails(started: Begun, program: Program) -> None:
    assert started.type_("invite", "--first", "1", "--yes").exit_code == 0
    assert queued(program) == 1


def test_nobody_left_is_said(started: Begun) -> None:
    assert started.type_("invite", "--yes").stdout == "Nobody is left to be invited.\n"


def test_rehearsal_says_that_the_team_gets_the_mails(begun: Begun, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("name,email\nA,a@b.example\n")
    begun.type_("prospects", "import", tmp_path / "x.csv", "--yes")
    assert "will go to the team: this is the rehearsal." in begun.type_("invite", typed="1\n").stderr


def test_invite_is_refused_while_the_statement_is_the_placeholder(begun: Begun) -> None:
    (begun.folder / "statement" / "en.md").write_text("# TODO: the title\n")
    result = begun.type_("invite", "--dry-run")
    assert (result.exit_code, "statement/en.md is still the placeholder" in result.stderr) == (1, True)


def test_second_invitation_is_shown_and_has_to_be_typed(started: Begun, program: Program) -> None:
    ago = NOW.replace(year=2020)
    with program.db.writing() as session:
        row = cast.prospect(session, status=ProspectStatus.INVITED, invited_at=ago, reminded_at=ago)
        reference = row.reference
    words = ("invite", "--again", reference, "--reason", "their board has met", "--as", "Bea")
    looked = started.type_(*words, typed="yes\n")
    assert (looked.exit_code, queued(program)) == (1, 0)
    assert "  | To: office@refugees.example" in looked.stdout
    assert started.type_(*words, typed="1\n").exit_code == 0
    assert queued(program) == 1
    shown = json.loads(started.type_("prospects", "show", reference, "--json").stdout)
    assert [line.endswith("Bea: invited again: their board has met") for line in shown["notes"]] == [True]


@pytest.mark.parametrize("words", [["--again", "AAAA-AAAA"], ["--reason", "x"]])
def test_second_invitation_needs_a_reason(started: Begun, words: list[str]) -> None:
    result = started.type_("invite", *words)
    assert (result.exit_code, "needs both --again REFERENCE and --reason TEXT" in result.stderr) == (1, True)


def test_a_pause_and_a_note_are_shown_until_it_is_resumed(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        reference = cast.prospect(session).reference
    until = f"{program.clock().year + 1}-08-17"
    paused = started.type_("prospects", "pause", reference, "--until", until, "--as", "Bea")
    assert paused.stdout == f"It is paused until {until} 00:00.\n"
    assert started.type_("prospects", "note", reference, "called Rosa", "--as", "Bea").exit_code == 0
    shown = json.loads(started.type_("prospects", "show", reference, "--json").stdout)
    assert f"until {until} 00:00, by Bea" in shown["paused"]
    assert [line.endswith("Bea: called Rosa") for line in shown["notes"]] == [True]
    assert started.type_("prospects", "resume", reference, "--as", "Bea").stdout == "It is no longer paused.\n"
    assert json.loads(started.type_("prospects", "show", reference, "--json").stdout)["paused"] is None


def test_a_prospect_that_is_not_there_is_named(started: Begun) -> None:
    result = started.type_("prospects", "show", "AAAA-AAAA")
    assert (result.exit_code, result.stderr) == (1, "outreach: There is no prospect AAAA-AAAA.\n")


@pytest.mark.parametrize("typed", ["", "yes\n", "3\n"])
def test_without_a_terminal_nothing_is_taken_either_before_the_count_is_typed(
    started: Begun, program: Program, file: Path, typed: str
) -> None:
    result = started.type_("prospects", "import", file, typed=typed)
    assert (result.exit_code, "Nothing was done" in result.stderr) == (1, True)
    with program.db.reading() as session:
        assert not session.scalars(select(Prospect)).all()


def test_count_that_comes_through_a_pipe_is_as_good_as_typed(started: Begun, file: Path) -> None:
    result = started.type_("prospects", "import", file, typed="2\n")
    assert result.stdout.splitlines()[-2:] == [
        "2 would be added, 1 of them to call, 1 bad.",
        "2 added, 1 of them to call, 1 bad.",
    ]


@pytest.mark.slow
def test_on_a_terminal_every_row_is_shown_and_the_count_has_to_be_typed(started: Begun, file: Path) -> None:
    words = ("-C", started.folder, "prospects", "import", file)
    code, shown = on_terminal(*words, environment=started.environment, typed="3\n")
    assert code == 1
    assert "line 3: to call: To call" in shown
    assert "2 row(s) of list.csv will be taken. Type 2 to go on" in shown
    assert "Nothing was done" in shown
    code, shown = on_terminal(*words, environment=started.environment, typed="2\n")
    assert "2 added" in shown


@pytest.mark.slow
def test_on_a_terminal_yes_takes_it_without_typing(started: Begun, file: Path) -> None:
    _, shown = on_terminal("-C", started.folder, "prospects", "import", file, "--yes", environment=started.environment)
    assert "2 added" in shown
