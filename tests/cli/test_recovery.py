from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from outreach.cli.recovery import key_lines, octets_of
from outreach.settingsfile import load
from tests.cli.commands import Begun


def key_of(begun: Begun) -> Path:
    return load(begun.folder, begun.environment).key_file


def lines_on_paper(begun: Begun) -> list[str]:
    sheet = begun.type_("recovery", "print").stdout
    return re.findall(r"^    (\d  .*)$", sheet, re.MULTILINE)


def test_sheet_names_key_mailbox_and_what_to_do(begun: Begun) -> None:
    sheet = begun.type_("recovery", "print").stdout
    assert len(lines_on_paper(begun)) == 4
    for told in ("statement@contact.example", "127.0.0.1:1", str(begun.folder), "recovery restore", "takeover"):
        assert told in sheet
    assert begun.environment["OUTREACH_MAILBOX_PASSWORD"] not in sheet


def test_key_that_was_lost_comes_back_from_the_paper(begun: Begun) -> None:
    lines, key = lines_on_paper(begun), key_of(begun)
    before = key.read_bytes()
    key.unlink()
    assert "recovery restore" in begun.type_("status").stderr
    restored = begun.type_("recovery", "restore", typed="\n".join(lines).upper().replace("  ", " - ") + "\n")
    assert restored.exit_code == 0, restored.output
    assert (key.read_bytes(), key.stat().st_mode & 0o777) == (before, 0o600)


def test_a_mistyped_line_is_named_and_nothing_written(begun: Begun) -> None:
    lines, key = lines_on_paper(begun), key_of(begun)
    key.unlink()
    lines[2] = lines[2][:-1] + ("0" if lines[2][-1] != "0" else "1")
    result = begun.type_("recovery", "restore", typed="\n".join(lines) + "\n")
    assert result.exit_code == 1
    assert "Line 3 is mistyped" in result.stderr
    assert not key.exists()


def test_the_paper_of_another_campaign_is_refused_and_leaves_no_key(begun: Begun) -> None:
    key = key_of(begun)
    key.unlink()
    result = begun.type_("recovery", "restore", typed="\n".join(key_lines(os.urandom(32))) + "\n")
    assert result.exit_code == 1
    assert "The key is not this campaign's" in result.stderr
    assert not key.exists()


def test_a_key_that_is_there_is_not_overwritten(begun: Begun) -> None:
    before = key_of(begun).read_bytes()
    result = begun.type_("recovery", "restore", typed="\n".join(lines_on_paper(begun)) + "\n")
    assert (result.exit_code, key_of(begun).read_bytes()) == (1, before)


def test_check_reminds_of_the_paper_until_its_last_line_was_typed(begun: Begun) -> None:
    assert "· paper        The key is on no paper" in begun.type_("check").stdout
    assert begun.type_("recovery", "confirm", typed=lines_on_paper(begun)[0] + "\n").exit_code == 1
    assert "· paper" in begun.type_("check").stdout
    assert begun.type_("recovery", "confirm", typed=lines_on_paper(begun)[3] + "\n").exit_code == 0
    assert "✓ paper        The key is on paper since" in begun.type_("check").stdout


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_every_single_mistyped_digit_of_a_line_is_noticed_almost_always(number: int) -> None:
    line = key_lines(bytes(range(32)))[number - 1]
    wrong = [
        line[:at] + other + line[at + 1 :]
        for at in range(3, len(line))
        if line[at] != " "
        for other in "0123456789abcdef"
        if other != line[at]
    ]
    noticed = sum(octets_of(one, number) is None for one in wrong)
    assert noticed / len(wrong) > 0.98


def test_two_lines_that_change_places_are_noticed() -> None:
    first, second, *_ = key_lines(bytes(range(32)))
    assert octets_of(first[1:], 2) is None
    assert octets_of(second[1:], 1) is None
