"""What is remembered of a mail while it is read."""

from __future__ import annotations

from outreach.reading.memory import remembered
from outreach.reading.read import read
from tests.reading.letters import letter


def test_an_answer_is_worked_out_once_in_a_mail_and_again_in_the_next() -> None:
    asked: list[str] = []

    @remembered
    def doubled(word: str) -> str:
        asked.append(word)
        return word * 2

    assert [doubled("union"), doubled("union")] == ["unionunion"] * 2
    assert asked == ["union"]

    read(letter("We sign."))

    assert doubled("union") == "unionunion"
    assert asked == ["union", "union"]
