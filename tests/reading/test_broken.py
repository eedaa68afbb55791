"""Quoted lines that a client has wrapped without repeating the mark."""

from __future__ import annotations

from tests.reading.letters import reading_of

HEAD = "On Mon, 20 Jul 2026 at 09:30, Campaign <contact@campaign.example> wrote:\n\n"


def test_the_rest_of_a_broken_line_is_not_theirs() -> None:
    reading = reading_of(
        f"Please add us: Lantern Films, Kochi, India.\n\n{HEAD}"
        "> There is nothing to open: the whole text is below, and a short no helps\n"
        "too; then we stop writing, and you get no more mails from us.\n> Mina"
    )

    assert reading.parts["new"] == "Please add us: Lantern Films, Kochi, India."
    assert "no more mails" in reading.parts["quoted"]
    assert reading.also == ()


def test_an_answer_right_below_a_whole_sentence_stays_theirs() -> None:
    reading = reading_of(
        f"{HEAD}> Would your organisation sign too? A plain reply is enough, in any language.\n"
        "gladly, as Lantern Films\n> Mina"
    )

    assert reading.parts["new"] == "gladly, as Lantern Films"


def test_an_answer_between_two_short_quoted_lines_stays_theirs() -> None:
    reading = reading_of(f"{HEAD}> Country\nindia\n> Who speaks for you\nasha\n> Mina")

    assert reading.parts["new"].split() == ["india", "asha"]


def test_an_answer_with_room_around_it_stays_theirs_though_the_quotation_was_cut() -> None:
    reading = reading_of(
        f"{HEAD}> I am writing for the group that prepares the joint statement for\n\nthat sounds good\n\n> Mina"
    )

    assert reading.parts["new"] == "that sounds good"
