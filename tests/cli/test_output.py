from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner

from outreach.cli.output import (
    confirm_by_typing,
    local_time,
    print_list,
    print_record,
    status_option,
    yes_option,
)
from outreach.errors import Refused
from outreach.words import ProspectStatus
from tests.cast import NOW

ITEMS: list[dict[str, object]] = [
    {"reference": "K7Q2-M9PX", "name": "کانون", "invited_at": None},
    {"reference": "A2B3-C4D5", "name": "Evil\x1b[2J\nCommittee", "invited_at": NOW},
]


def test_list_is_one_json_document_with_a_total(capsys: pytest.CaptureFixture[str]) -> None:
    print_list(ITEMS, ["reference", "name"], as_json=True, total=7)
    shown = capsys.readouterr().out
    document = json.loads(shown)
    assert document["total"] == 7
    assert [item["reference"] for item in document["items"]] == ["K7Q2-M9PX", "A2B3-C4D5"]
    assert document["items"][1] == {
        "reference": "A2B3-C4D5",
        "name": "Evil\x1b[2J\nCommittee",
        "invited_at": "2026-08-20T12:00:00+00:00",
    }
    assert "\x1b" not in shown


def test_list_is_aligned_text_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_list(ITEMS, ["reference", "name", "invited_at"], as_json=False, total=7)
    heading, first, second, count = capsys.readouterr().out.splitlines()
    assert heading.split() == ["reference", "name", "invited", "at"]
    assert first.split() == ["K7Q2-M9PX", "کانون"]
    assert second.startswith("A2B3-C4D5  Evil\\x1b[2J / Committee")
    assert count == "2 of 7"


def test_empty_list_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_list([], ["reference"], as_json=False, total=0)
    assert capsys.readouterr().out == "0 in all\n"


def test_record_leaves_out_what_is_empty_and_indents_texts(capsys: pytest.CaptureFixture[str]) -> None:
    print_record({"reference": "K7Q2-M9PX", "city": None, "text": "We\x9bjoin.\nYes.", "sure": True}, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "reference  K7Q2-M9PX",
        "text       ",
        "    We\\x9bjoin.",
        "    Yes.",
        "sure       yes",
    ]


def test_times_are_shown_in_the_zone_of_the_campaign() -> None:
    assert local_time(NOW, ZoneInfo("Europe/Berlin")) == "2026-08-20 14:00"
    assert local_time(None, ZoneInfo("UTC")) == ""


@click.command()
@yes_option
def delicate(yes: bool) -> None:
    confirm_by_typing("freedom", yes=yes, what="Mails will leave.")
    click.echo("done")


@pytest.mark.parametrize(("words", "typed"), [([], "freedom\n"), ([], " freedom \n"), (["--yes"], "")])
def test_act_is_done_when_the_word_is_typed_or_yes_is_given(words: list[str], typed: str) -> None:
    assert "done" in CliRunner().invoke(delicate, words, input=typed).stdout


@pytest.mark.parametrize("typed", ["y\n", "\n", "Freedom\n", ""])
def test_act_is_refused_when_anything_else_is_typed(typed: str) -> None:
    result = CliRunner().invoke(delicate, input=typed)
    assert isinstance(result.exception, Refused)
    assert result.stdout == ""


@click.command()
@status_option(ProspectStatus)
def look(status: tuple[ProspectStatus, ...]) -> None:
    click.echo(status)


def test_status_is_taken_more_than_once_and_only_from_the_list() -> None:
    shown = CliRunner().invoke(look, ["--status", "listed", "--status", "invited"]).stdout
    assert str((ProspectStatus.LISTED, ProspectStatus.INVITED)) in shown
    assert CliRunner().invoke(look, ["--status", "lost"]).exit_code == 2
