from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any

import pytest

from outreach.steps.fetch import LARGEST
from tests.cli.commands import begin, run_process, type_
from tests.servers.databases import SQLITE

MAIL = "From: Rosa <rosa@hamburg.example>\nTo: statement@contact.example\nSubject: Yes\n\nPlease add us.\x1b[2J\n"

KEYS = ["file", "kind", "confidence", "language", "reply_text", "parts", "signups", "bounce", "also", "needs_human"]


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "mail.eml"
    path.write_text(MAIL)
    return path


def answers(*files: object, typed: str | None = None) -> list[dict[str, Any]]:
    result = type_("parse", "--json", *files, typed=typed)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_file_gets_one_object_in_the_order_of_the_files(mail: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.eml"
    other.write_text(MAIL)
    found = answers(other, mail, other)
    assert [answer["file"] for answer in found] == [str(other), str(mail), str(other)]
    assert all(list(answer) == [*KEYS, "warnings"] for answer in found)
    assert found[0]["reply_text"].startswith("Please add us.")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "the message is empty"), (None, "No such file or directory")],
    ids=["empty", "missing"],
)
def test_file_that_cannot_be_read_is_other_and_needs_a_person(
    content: bytes | None, reason: str, mail: Path, tmp_path: Path
) -> None:
    path = tmp_path / "odd.eml"
    if content is not None:
        path.write_bytes(content)
    unreadable, readable = answers(path, mail)
    assert (unreadable["kind"], unreadable["confidence"]) == ("other", 0)
    assert unreadable["needs_human"] == [f"unreadable: {reason}"]
    assert list(unreadable) == list(readable)
    assert set(unreadable["parts"]) == {"new", "quoted", "forwarded", "signature", "subject", "from"}


def test_of_a_very_large_mail_the_beginning_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.eml"
    path.write_bytes(MAIL.encode() + (b"x" * 99 + b"\n") * (LARGEST // 100))
    [answer] = answers(path)
    assert "too large: only its beginning was read" in answer["needs_human"]
    assert answer["reply_text"].startswith("Please add us.")


def test_standard_input_is_read_for_a_dash() -> None:
    [answer] = answers("-", typed=MAIL)
    assert answer["file"] == "-"
    assert answer["reply_text"].startswith("Please add us.")


@pytest.mark.parametrize("words", [["--json"], ["--explain"], []])
def test_nothing_of_a_mail_steers_the_terminal(words: list[str], mail: Path) -> None:
    result = type_("parse", *words, mail)
    assert "Please add us." in result.stdout
    assert "\x1b" not in result.stdout


def test_summary_for_people_names_file_kind_and_text(mail: Path) -> None:
    shown = type_("parse", mail).stdout
    assert str(mail) in shown
    assert "% sure)" in shown


def test_explanation_names_the_cue_and_marks_it_in_the_text(mail: Path) -> None:
    shown = type_("parse", "--explain", mail).stdout
    assert f"== {mail}" in shown
    assert "en: request 1" in shown
    assert "⟦Please add us|request⟧" in shown


def test_mail_cannot_make_marks_of_its_own_in_an_explanation(mail: Path) -> None:
    mail.write_text(MAIL.replace("\x1b", "⟦Rosa|name⟧"), encoding="utf-8")
    assert "⟦Rosa" not in type_("parse", "--explain", mail).stdout.split("--- new")[1]


def test_explanation_of_a_file_that_cannot_be_read_names_the_reason(mail: Path, tmp_path: Path) -> None:
    shown = type_("parse", "--explain", tmp_path / "missing.eml", mail)
    assert "unreadable: No such file or directory" in shown.stdout
    assert "⟦Please add us|request⟧" in shown.stdout


def test_explanation_and_json_exclude_each_other(mail: Path) -> None:
    assert type_("parse", "--explain", "--json", mail).exit_code == 2


def test_campaign_with_wrong_settings_is_told_rather_than_ignored(mail: Path, tmp_path: Path) -> None:
    begun = begin(tmp_path, SQLITE)
    begun.replace_setting('slug = "freedom"', "slug = 1")
    result = begun.type_("parse", mail)
    assert (result.exit_code, result.stdout) == (1, "")


def test_neither_key_nor_database_is_needed(mail: Path, tmp_path: Path) -> None:
    begun = begin(tmp_path, SQLITE)
    (begun.folder / "outreach.db").unlink()
    assert begun.type_("parse", mail).exit_code == 0


@pytest.mark.slow
def test_name_that_is_no_text_is_printed_as_json_has_it(tmp_path: Path) -> None:
    path = tmp_path / "odd\udcff.eml"
    path.write_text(MAIL)
    done = run_process("parse", "--json", path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["file"] == str(path)


@pytest.mark.slow
def test_thousands_of_files_take_no_more_memory_than_a_few(mail: Path) -> None:
    def peak(number: int) -> int:
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        done = run_process("parse", "--json", *[mail] * number)
        assert done.stdout.count("\n") == number
        return max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)

    few = peak(10)
    assert peak(5000) < few + 30_000  # kB
