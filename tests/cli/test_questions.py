"""``outreach questions``: what waits for an answer, and the answer typed."""

from __future__ import annotations

import json

from outreach.bootstrap import Program
from outreach.model import InboundMessage
from outreach.store.references import new_reference
from outreach.words import InboundStatus, Kind
from tests.cast import NOW
from tests.cli.commands import Begun


def ask(program: Program) -> str:
    with program.db.writing() as session:
        row = InboundMessage(
            reference=new_reference(session, InboundMessage),
            content_hash=program.keyring.hash("content", b"question"),
            size=1,
            arrived_at=NOW,
            fetched_at=NOW,
            status=InboundStatus.OPEN,
            kind=Kind.QUESTION,
            language="en",
            is_question=True,
        )
        row.reading = {"parts": {"subject": "Who?"}, "clues": {"sender": "rosa@elsewhere.example"}}
        session.add(row)
        return row.reference


def listed(started: Begun, *words: str) -> list[tuple[str, str, str | None]]:
    found = json.loads(started.type_("questions", "list", "--json", *words).output)["items"]
    return [(item["reference"], item["state"], item["owner"]) for item in found]


def test_a_question_is_listed_until_it_is_answered(program: Program, started: Begun) -> None:
    reference = ask(program)
    assert listed(started) == [(reference, "open", None)]
    assert started.type_("questions", "own", reference).output == f"{reference} is with Bea.\n"
    assert listed(started) == [(reference, "open", "Bea")]
    answered = started.type_("questions", "answer", reference, typed="We did.\n")
    assert answered.exit_code == 0 and "is queued" in answered.output
    assert (listed(started), listed(started, "--all")) == ([], [(reference, "answered", "Bea")])


def test_a_question_is_closed_without_an_answer(program: Program, started: Begun) -> None:
    reference = ask(program)
    assert started.type_("questions", "close", reference).output == f"{reference} is closed.\n"
    assert listed(started, "--all") == [(reference, "closed", None)]


def test_nobody_looks_after_a_question_who_is_no_coordinator(program: Program, started: Begun) -> None:
    result = started.type_("questions", "own", ask(program), "--by", "Mallory")
    assert result.exit_code == 1 and "Mallory" in result.output
