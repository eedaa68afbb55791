"""Short answers in many wordings, each with the kind it must get under the mail of ours that it answers.

``paraphrases.txt`` holds a line for each: language|kind|which mail of ours is quoted|text. They were written to find
out what the lexicon lacks; the share that is read right must not fall, and none may be read so that a machine harms.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outreach.reading.read import read
from outreach.words import NEGATIVE_KINDS, Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, letter

QUOTED_RECEIPT: Final = """

On Mon, 13 Jul 2026 at 10:14, Campaign <contact@campaign.example> wrote:

> Dear friends, your signature has arrived, thank you. One of us reads every entry by hand.
> It will be printed like this:
>
> 1. شورای همبستگی – استکهلم – سوئد
>    Solidarity Council – Stockholm – Sweden
>
> Something wrong, changed, or second thoughts? Reply at any time in your own words.
> Ref. K7Q2-M9PX
"""
QUOTED: Final = {"inv": QUOTED_INVITATION, "ask": QUOTED_ASKING, "pub": QUOTED_RECEIPT, "none": ""}
LEAST_RIGHT: Final = 0.95  # reached: 0.96


@dataclass(frozen=True)
class Answer:
    language: str
    kind: Kind
    read_as: Kind
    text: str


def answers() -> list[Answer]:
    found = []
    for line in Path(__file__).with_name("paraphrases.txt").read_text(encoding="utf-8").splitlines():
        language, kind, quoted, text = line.split("|")
        reading = read(letter(text + QUOTED[quoted], sender="A. B. <office77@mail.example>"))
        found.append(Answer(language, Kind(kind), reading.kind, text))
    return found


def test_most_wordings_are_understood_and_none_is_turned_into_its_contrary() -> None:
    all_ = answers()
    taken = (Kind.SIGNUP, Kind.CONFIRMATION)
    harm = [
        answer
        for answer in all_
        if (answer.read_as in taken and answer.kind not in (*taken, Kind.CORRECTION))
        or (answer.read_as in NEGATIVE_KINDS and answer.kind in taken)
    ]

    assert harm == []
    assert sum(answer.read_as is answer.kind for answer in all_) / len(all_) >= LEAST_RIGHT
