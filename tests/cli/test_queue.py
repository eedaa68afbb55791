"""`queue`: what a coordinator sees before deciding, and that each decision is made in a name."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from outreach.bootstrap import Program
from outreach.model import Event, InboundMessage, OutboxMail, Signatory
from outreach.store.references import new_reference
from outreach.words import HoldKind, InboundStatus, Kind, PrintedLine, Proof, RevisionStatus, Seen
from tests import cast
from tests.cast import NOW
from tests.cli.commands import Begun

S = RevisionStatus
TEXT = "We join.\nName: Iranian political refugees center\nCity: Berlin\n\x1b[2J\u202e"
HOSTILE = {"en": PrintedLine("=cmd()\u202e\x1b[31m", "Ber\nlin")}


def reply(program: Program, text: str = TEXT) -> tuple[str, int]:
    """A message that was read: its reference and id."""
    with program.db.writing() as session:
        message = InboundMessage(
            reference=new_reference(session, InboundMessage),
            content_hash=program.keyring.hash("content", text),
            size=len(text),
            arrived_at=NOW,
            fetched_at=NOW,
            status=InboundStatus.HANDLED,
            kind=Kind.SIGNUP,
        )
        message.raw = zlib.compress(text.encode())
        message.reading = {
            "parts": {"new": text, "quoted": "> our words", "subject": "Re: joint statement"},
            "clues": {"sender": "office@refugees.example", "sender_name": "Ada \x1b[1m"},
        }
        session.add(message)
        session.flush()
        return message.reference, message.id


def span(words: str) -> dict[str, Any]:
    return {"part": "new", "start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


def entry(program: Program, **values: Any) -> str:
    with program.db.writing() as session:
        return cast.signatory(session, **values).reference


def look(started: Begun, reference: str) -> dict[str, Any]:
    result = started.type_("queue", "show", reference, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def status_of(program: Program, reference: str) -> RevisionStatus:
    with program.db.reading() as session:
        return session.scalars(select(Signatory).where(Signatory.reference == reference)).one().newest.status


def decisions(program: Program) -> list[tuple[str, str]]:
    with program.db.reading() as session:
        rows = session.scalars(select(Event).where(Event.subject.startswith("signatory")).order_by(Event.id))
        return [(event.actor, event.action) for event in rows]


# ── list ──


def test_queue_lists_what_waits_oldest_first(started: Begun, program: Program) -> None:
    waiting = [entry(program, status=status) for status in (S.PENDING, S.UNCONFIRMED, S.NEEDS_INFO)]
    for status in (S.APPROVED, S.REJECTED, S.EXPIRED, S.WITHDRAWN):
        entry(program, status=status)
    document = json.loads(started.type_("queue", "list", "--json").stdout)
    assert (document["total"], [item["reference"] for item in document["items"]]) == (3, waiting)
    assert set(document["items"][0]) == {
        "reference", "status", "revision", "lines", "individual", "proof", "seen", "confidence", "warnings",
        "holds", "added_at", "asked_at",
    }  # fmt: skip
    page = json.loads(started.type_("queue", "list", "--json", "--limit", "1", "--after", waiting[0]).stdout)
    assert (page["total"], [item["reference"] for item in page["items"]]) == (3, waiting[1:2])


def test_queue_is_listed_by_status(started: Begun, program: Program) -> None:
    reference = entry(program, status=S.PENDING)
    entry(program, status=S.UNCONFIRMED)
    document = json.loads(started.type_("queue", "list", "--json", "--status", "pending").stdout)
    assert [(item["reference"], item["status"]) for item in document["items"]] == [(reference, "pending")]
    assert started.type_("queue", "list", "--status", "approved").exit_code == 2


def test_queue_is_narrowed_by_what_its_options_say(started: Begun, program: Program) -> None:
    now = program.clock()
    details = {"country_code": "IR", "warnings": ["hidden text"]}
    doubtful = entry(program, details=details, language="fa", at=now - timedelta(days=5), confidence=0.5)
    twin = entry(program, details={"country_code": "SE"}, at=now)
    entry(program, lines={"en": PrintedLine("Another")}, at=now)
    for options, expected in (
        (("--country", "IR"), [doubtful]),
        (("--language", "fa", "--warning", "hidden text", "--confidence", "doubtful"), [doubtful]),
        (("--older-than", "4"), [doubtful]),
        (("--newer-than", "4", "--duplicate", "yes"), [twin]),
        (("--warning", "none", "--country", "IR"), []),
    ):
        document = json.loads(started.type_("queue", "list", "--json", *options).stdout)
        assert (document["total"], [item["reference"] for item in document["items"]]) == (len(expected), expected)


# ── show ──


def test_show_gives_every_value_with_the_words_it_was_read_from(started: Begun, program: Program) -> None:
    message, message_id = reply(program)
    evidence = {"names.en": span("Iranian political refugees center"), "city": span("Berlin")}
    reference = entry(
        program,
        message_id=message_id,
        confidence=0.934,
        proof=Proof.NONE,
        seen=Seen.NO,
        contact_person="Ada",
        details={"evidence": evidence, "warnings": ["not authenticated"], "needs_human": ["unsure"]},
    )
    found = look(started, reference)
    assert {item["field"]: item["words"] for item in found["evidence"]} == {
        "names.en": "Iranian political refugees center",
        "city": "Berlin",
    }
    assert (found["status"], found["proof"], found["confidence"]) == ("pending", "none", 0.93)
    assert found["lacks"] == ["approval", "proof", "the line was not seen by the organisation long enough"]
    assert (found["warnings"], found["needs_human"]) == (["not authenticated"], ["unsure"])
    assert found["message"]["reference"] == message
    assert found["contact"] == {"email": "office@refugees.example", "contact_person": "Ada"}
    shown = started.type_("queue", "show", reference).stdout
    assert "Name: ⟦Iranian political refugees center⟧\nCity: ⟦Berlin⟧\n" in shown
    assert "--- quoted ---\n> our words" in shown


def test_nothing_of_a_mail_or_a_name_steers_the_terminal(started: Begun, program: Program) -> None:
    message, message_id = reply(program)
    reference = entry(program, lines=HOSTILE, message_id=message_id)
    twin = entry(program, lines=HOSTILE, email="twin\x1b@b.example")
    with program.db.writing() as session:
        session.scalars(select(Signatory).where(Signatory.reference == reference)).one().hold(
            HoldKind.WITHHELD, by="Bea", at=NOW, reason="\x9b2J"
        )
    for words in (
        ["queue", "show", reference], ["queue", "show", reference, "--json"], ["queue", "show", twin],
        ["queue", "list"], ["queue", "list", "--json"], ["signatories", "list"], ["messages", "show", message],
        ["messages", "show", message, "--json"], ["messages", "list"],
    ):  # fmt: skip
        result = started.type_(*words)
        assert result.exit_code == 0, result.output
        assert not {"\x1b", "\x9b", "\u202e"} & set(result.output), words


def test_show_names_possible_duplicates_holds_and_history(started: Begun, program: Program) -> None:
    reference, other = entry(program), entry(program, status=S.APPROVED, email="other@b.example")
    started.type_("queue", "hold", reference, "--reason", "they called", "--as", "Bea")
    found = look(started, reference)
    assert [(item["reference"], item["status"]) for item in found["duplicates"]] == [(other, "approved")]
    assert [(hold["kind"], hold["placed_by"], hold["reason"]) for hold in found["holds"]] == [
        ("withheld", "Bea", "they called")
    ]
    assert [(event["actor"], event["action"]) for event in found["history"]] == [("Bea", "held")]
    text = started.type_("queue", "show", reference).stdout
    assert other in text and "withheld since" in text and "they called" in text and "Bea: held" in text


def test_show_of_an_entry_that_is_decided_gives_the_line_that_prints(started: Begun, program: Program) -> None:
    reference = entry(program, status=S.APPROVED)
    assert (look(started, reference)["status"], look(started, reference)["lacks"]) == ("approved", [])


# ── decisions ──


@pytest.mark.parametrize(
    "words",
    [
        ["approve"], ["reject", "--reason", "spam"], ["ask"], ["edit", "--language", "en", "--city", "Bonn"],
        ["hold", "--reason", "x"], ["lift", "--hold", "withheld"],
    ],
)  # fmt: skip
def test_no_decision_without_a_name_when_there_are_several_coordinators(
    started: Begun, program: Program, words: list[str]
) -> None:
    started.join("Cyrus")
    reference = entry(program)
    result = started.type_("queue", *words[:1], reference, *words[1:])
    assert (result.exit_code, result.stderr) == (1, 'outreach: Say who decides: --as "Bea" or --as "Cyrus".\n')
    assert (status_of(program, reference), decisions(program)) == (S.PENDING, [])


def test_approval_says_what_is_still_lacking(started: Begun, program: Program) -> None:
    reference = entry(program, proof=Proof.NONE)
    result = started.type_("queue", "approve", reference, "--as", "Bea")
    assert (result.stdout, result.stderr) == (
        f"{reference} is approved.\n",
        "It is not printed yet; it lacks: proof.\n",
    )
    assert decisions(program) == [("Bea", "approved")]


def test_refused_decision_is_one_line_and_changes_nothing(started: Begun, program: Program) -> None:
    reference = entry(program, status=S.UNCONFIRMED)
    result = started.type_("queue", "approve", reference, "--as", "Bea")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "nobody has answered for it" in result.stderr
    assert (status_of(program, reference), decisions(program)) == (S.UNCONFIRMED, [])


def test_rejection_takes_its_reason_from_the_list(started: Begun, program: Program) -> None:
    reference = entry(program)
    assert started.type_("queue", "reject", reference, "--reason", "ugly", "--as", "Bea").exit_code == 2
    assert started.type_("queue", "reject", reference, "--reason", "duplicate", "--as", "Bea").exit_code == 0
    assert status_of(program, reference) is S.REJECTED


def test_edit_asks_the_organisation(started: Begun, program: Program) -> None:
    reference = entry(program)
    result = started.type_("queue", "edit", reference, "--language", "en", "--city", "Bonn", "--as", "Bea")
    assert result.exit_code == 0, result.output
    assert "en  Iranian political refugees center – Bonn" in result.stdout
    with program.db.reading() as session:
        mail = session.scalars(select(OutboxMail)).one()
    assert f"The asking {mail.reference} is queued" in result.stdout
    assert look(started, reference)["status"] == "needs_info"


def test_edit_takes_a_part_away_and_wants_to_know_the_language(started: Begun, program: Program) -> None:
    reference = entry(program)
    assert "--language fa or --language en" in started.type_("queue", "edit", reference, "--city", "").stderr
    result = started.type_("queue", "edit", reference, "--language", "fa", "--city", "", "--as", "Bea")
    assert "fa  کانون پناهندگان سیاسی ایران\n" in result.stdout


def test_edit_without_an_address_says_that_nobody_is_asked(started: Begun, program: Program) -> None:
    reference = entry(program, email=None)
    result = started.type_("queue", "edit", reference, "--language", "en", "--city", "Bonn", "--as", "Bea")
    assert result.stderr == "Nobody is asked: it has no address.\n"


def test_question_goes_out_in_the_coordinators_words(started: Begun, program: Program) -> None:
    reference = entry(program)
    result = started.type_("queue", "ask", reference, "--text", "Which city, please?", "--as", "Bea")
    assert result.exit_code == 0, result.output
    mail = json.loads(started.type_("outbox", "list", "--json").stdout)["items"][0]
    assert mail["kind"] == "question"
    assert "Which city, please?" in started.type_("outbox", "show", mail["reference"]).stdout


def test_hold_is_lifted_by_its_kind(started: Begun, program: Program) -> None:
    started.join("Cyrus")
    reference = entry(program)
    started.type_("queue", "hold", reference, "--reason", "x", "--as", "Bea")
    result = started.type_("queue", "lift", reference, "--hold", "withheld", "--as", "Cyrus")
    assert result.stdout == f"{reference} is not withheld any more.\n"
    assert decisions(program) == [("Bea", "held"), ("Cyrus", "lifted")]


def test_merged_entry_is_shown_with_the_one_that_stays(started: Begun, program: Program) -> None:
    gone = entry(program, lines={"en": PrintedLine("Refugees Center")}, email="b@refugees.example")
    stays = entry(program)
    assert started.type_("queue", "merge", gone, stays).stdout == f"It is merged into {stays}.\n"
    assert (look(started, stays)["merged"][0]["reference"], look(started, gone)["merged_into"]) == (gone, stays)
    assert f"{gone}: Refugees Center" in started.type_("queue", "show", stays).stdout
    assert started.type_("queue", "undo", gone).exit_code == 0
    assert (look(started, stays)["merged"], status_of(program, gone)) == ([], S.PENDING)


def test_approval_that_touches_a_condition_is_warned_of_and_done(started: Begun, program: Program) -> None:
    first, second = entry(program, status=S.APPROVED), entry(program, email="b@b.example")
    said = f"{first} signs only if {second} does not: by phone"
    related = started.type_("queue", "relate", first, "not_beside", second, "--note", "by phone")
    assert related.stdout == f"{said}.\n"
    assert look(started, second)["relations"] == [said]
    result = started.type_("queue", "approve", second)
    assert (result.exit_code, result.stderr) == (0, f"A condition is touched: {said}.\n")
    assert f"A condition is touched: {said}.\n" in started.type_("publish", "--dry-run").stderr
    assert started.type_("queue", "relate", first, "not_beside", second, "--end").exit_code == 0
    assert "condition" not in started.type_("publish", "--dry-run").stderr


def test_embargo_names_its_hour_and_an_unsafe_entry_is_released(started: Begun, program: Program) -> None:
    reference = entry(program)
    words = ["queue", "hold", reference, "--reason", "board", "--kind", "embargo"]
    assert "say until when" in started.type_(*words).stderr
    held = started.type_(*words, "--until", "2036-09-05 18:00")
    assert held.stdout == f"{reference} is held: embargo until 2036-09-05 18:00.\n"
    assert "embargo since" in (shown := started.type_("queue", "show", reference).stdout)
    assert "until 2036-09-05 18:00" in shown
    assert started.type_("queue", "release", reference).stderr == f"outreach: {reference} is not withheld.\n"
    started.type_("queue", "hold", reference, "--reason", "unsafe")
    assert started.type_("queue", "release", reference).stdout == f"{reference} is released.\n"


def test_decision_is_taken_back_by_name(started: Begun, program: Program) -> None:
    reference = entry(program)
    started.type_("queue", "reject", reference, "--reason", "spam")
    assert look(started, reference)["undoable"].startswith("rejected by Bea, until ")
    result = started.type_("queue", "undo", reference)
    assert look(started, reference)["undoable"] is None
    assert result.stdout == f"{reference} is as it was before it was rejected: pending.\n"
    assert decisions(program) == [("Bea", "rejected"), ("Bea", "undone")]


def test_near_the_deadline_those_with_the_longest_way_to_go_come_first(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        ready = cast.signatory(session).reference
        unseen = cast.signatory(session, {"en": PrintedLine("Unseen")}, "b@b.example", seen=Seen.NO).reference
        unproven = cast.signatory(
            session, {"en": PrintedLine("Unproven")}, "c@c.example", seen=Seen.NO, proof=Proof.NONE
        ).reference

    def listed(*words: str) -> list[str]:
        items = json.loads(started.type_("queue", "list", "--json", *words).stdout)["items"]
        return [item["reference"] for item in items]

    assert listed() == [ready, unseen, unproven]
    at = datetime.now(UTC) + timedelta(hours=31)
    started.replace_setting("# deadline = 2026-09-03T20:00:00", f"deadline = {at:%Y-%m-%dT%H:%M:%S}")
    assert listed() == [unproven, unseen, ready]
    assert listed("--limit", "1", "--after", unproven) == [unseen]
