"""At what width a mail was wrapped."""

from __future__ import annotations

import pytest

from outreach.reading.wrapping import had_no_room, width

LINES = ["a" * 58, "b " * 29, "c" * 52, "short"]


def test_lines_of_about_one_length_show_a_width() -> None:
    assert width(LINES) == 58


@pytest.mark.parametrize(
    "lines", [[], ["short"] * 9, ["a" * 58, "short", "short"], [*LINES, "one line of many words " * 9]]
)
def test_nothing_shows_a_width_where_lines_are_short_or_longer_than_any_client_wraps(lines: list[str]) -> None:
    assert width(lines) == 0


def test_a_long_link_hides_no_width() -> None:
    assert width([*LINES, f"https://campaign.example/{'a' * 90}", f"> https://campaign.example/{'b' * 90}"]) == 58


def test_a_line_ended_by_its_writer_has_room_for_the_next_word() -> None:
    assert had_no_room("a" * 52, "behind it", 58)
    assert not had_no_room("a" * 51, "behind it", 58)
    assert not had_no_room("a" * 52, "behind it", 0)
