"""`signatories`, `messages`, `outbox`, `log`, `suppressions`: everything that happened, by reference."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.bootstrap import Program
from outreach.model import Attempt, InboundMessage, OutboxMail, Signatory
from outreach.store import chain, suppressions
from outreach.store.references import new_reference
from outreach.words import InboundStatus, Kind, MailKind, OutboxStatus, PrintedLine, RevisionStatus, SuppressionScope
from tests import cast
from tests.cast import NOW
from tests.cli.commands import Begun

S = RevisionStatus


def document(started: Begun, *words: str) -> dict[str, Any]:
    result = started.type_(*words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


# ── signatories ──


def test_signatory_stands_as_its_approved_line_else_as_its_newest(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        corrected = cast.signatory(session, status=S.APPROVED)
        corrected.revise(lines={"en": PrintedLine("Corrected")}, at=NOW, status=S.PENDING)
        returned = cast.signatory(session, status=S.WITHDRAWN, email="b@b.example")
        returned.revise(lines={"en": PrintedLine("Back")}, at=NOW, status=S.PENDING)
        references = (corrected.reference, returned.reference)
    listed = document(started, "signatories", "list")["items"]
    assert [(item["reference"], item["status"]) for item in listed] == [
        (references[0], "approved"),
        (references[1], "pending"),
    ]
    for status, expected in (("approved", references[:1]), ("pending", references[1:]), ("withdrawn", ())):
        found = document(started, "signatories", "list", "--status", status)
        assert (found["total"], [item["reference"] for item in found["items"]]) == (len(expected), list(expected))


def test_signatory_says_whether_it_is_printed(started: Begun, program: Program, tmp_path: Any) -> None:
    with program.db.writing() as session:
        cast.signatory(session, status=S.APPROVED)
        cast.signatory(session, status=S.PENDING, email="b@b.example")
    assert started.type_("publish", "--to", tmp_path / "site").exit_code == 0
    assert [item["printed"] for item in document(started, "signatories", "list")["items"]] == [True, False]


# ── messages ──


def message(program: Program, status: InboundStatus = InboundStatus.OPEN, *, is_read: bool = True) -> str:
    with program.db.writing() as session:
        row = InboundMessage(
            reference=new_reference(session, InboundMessage),
            content_hash=program.keyring.hash("content", f"{status}{is_read}"),
            size=100,
            arrived_at=NOW,
            fetched_at=NOW,
            status=status,
            kind=Kind.SIGNUP if is_read else None,
        )
        row.raw = zlib.compress(b"Subject: \xff\x1b[2J garbage\r\n\r\n\x00\x9b")
        if is_read:
            row.reading = {
                "parts": {"new": "We join.", "quoted": "> Will you?", "signature": "-- Ada", "subject": "Re: it"},
                "clues": {"sender": "ada@b.example", "sender_name": "Ada", "message_id": "<1@b.example>"},
            }
        session.add(row)
        session.flush()
        signatory = cast.signatory(session, message_id=row.id, email=f"{row.id}@b.example")
        mail = cast.mail(session, cause=f"receipt:{row.reference}", kind=MailKind.RECEIPT)
        assert signatory.reference and mail.reference
        return row.reference


def test_messages_are_listed_by_status_and_recognised_by_sender_and_subject(started: Begun, program: Program) -> None:
    reference = message(program)
    message(program, InboundStatus.HANDLED)
    found = document(started, "messages", "list", "--status", "open")
    assert (found["total"], found["items"][0]["reference"]) == (1, reference)
    assert (found["items"][0]["from"], found["items"][0]["subject"]) == ("Ada <ada@b.example>", "Re: it")


def test_message_is_shown_with_what_became_of_it(started: Begun, program: Program) -> None:
    reference = message(program)
    found = document(started, "messages", "show", reference)
    with program.db.reading() as session:
        entry, mail = session.scalars(select(Signatory)).one(), session.scalars(select(OutboxMail)).one()
        assert found["entries"] == [f"{entry.reference} pending"]
        assert found["written_back"] == [f"receipt {mail.reference} queued"]
    text = started.type_("messages", "show", reference).stdout
    for words in ("--- new ---\nWe join.", "--- quoted ---\n> Will you?", "--- signature ---\n-- Ada", "<1@b.example>"):
        assert words in text


def test_message_that_could_not_be_read_is_shown_as_it_came_and_harmless(started: Begun, program: Program) -> None:
    shown = started.type_("messages", "show", message(program, InboundStatus.SET_ASIDE, is_read=False)).output
    assert "--- as it came ---" in shown and "garbage" in shown
    assert not {"\x1b", "\x00", "\x9b"} & set(shown)


def test_message_is_closed_once_and_by_name(started: Begun, program: Program) -> None:
    reference = message(program)
    assert started.type_("messages", "close", reference, "--as", "Nobody").exit_code == 1
    assert started.type_("messages", "close", reference, "--as", "Bea").exit_code == 0
    assert started.type_("messages", "close", reference, "--as", "Bea").exit_code == 1
    shown = document(started, "messages", "show", reference)
    assert shown["status"] == "closed" and shown["history"][0].endswith("Bea: closed")


def received(program: Program, text: str = "Who are you, and who else signs?") -> str:
    """A mail that was read by an older parser, which understood nothing."""
    with program.db.writing() as session:
        row = InboundMessage(
            reference=new_reference(session, InboundMessage),
            content_hash=program.keyring.hash("content", text),
            size=100,
            arrived_at=NOW,
            fetched_at=NOW,
            status=InboundStatus.OPEN,
            kind=Kind.OTHER,
            language="en",
        )
        row.raw = zlib.compress(b"From: Ada <ada@b.example>\r\nSubject: it\r\n\r\n" + text.encode())
        row.reading = {"kind": "other", "signups": [], "bounce": None, "also": [], "needs_human": []}
        session.add(row)
        session.flush()
        return row.reference


def test_rereading_shows_what_would_change_and_waits_for_the_count_to_be_typed(
    started: Begun, program: Program
) -> None:
    reference = received(program)
    looked = started.type_("messages", "reread", "--dry-run")
    assert looked.exit_code == 0 and reference in looked.stdout and "question" in looked.stdout
    assert started.type_("messages", "reread", "--as", "Bea", typed="2\n").exit_code == 1
    assert document(started, "messages", "show", reference)["status"] == "open"
    assert started.type_("messages", "reread", "--as", "Bea", typed="1\n").exit_code == 0
    assert document(started, "messages", "show", reference)["status"] == "fetched"


def test_mail_is_filed_anew_and_exported(started: Begun, program: Program, tmp_path: Path) -> None:
    reference = received(program)
    filed = started.type_("messages", "refile", reference, "question", "--as", "Bea")
    assert filed.exit_code == 0 and "question" in filed.stdout
    assert started.type_("messages", "refile", reference, "greeting", "--as", "Bea").exit_code == 2
    written = started.type_("messages", "corrections", "--export", tmp_path / "out", "--as", "Bea")
    assert written.exit_code == 0 and "Read each of them" in written.stderr
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".eml", ".json"]


# ── outbox ──


def mail(program: Program, status: OutboxStatus) -> str:
    with program.db.writing() as session:
        row = cast.mail(session, f"{status}@b.example", status=status)
        attempt = Attempt(mail_id=row.id, at=NOW, outcome="deferred", phase="envelope", code=451)
        attempt.reply = "try \x1b[2J later"
        session.add(attempt)
        return row.reference


def test_mail_is_shown_as_plain_text_with_its_tries(started: Begun, program: Program) -> None:
    reference = mail(program, OutboxStatus.DEFERRED)
    text = started.type_("outbox", "show", reference).output
    assert "It has arrived." in text and "Thank you" in text and "deferred envelope 451 try \\x1b[2J later" in text
    found = document(started, "outbox", "show", reference)
    assert [(item["outcome"], item["code"]) for item in found["tries"]] == [("deferred", 451)]
    assert found["recipient"] == "deferred@b.example"


def test_erased_mail_says_so(started: Begun, program: Program) -> None:
    reference = mail(program, OutboxStatus.SENT)
    with program.db.writing() as session:
        session.scalars(select(OutboxMail)).one().erase_content()
    assert "Its content has been erased." in started.type_("outbox", "show", reference).stdout


@pytest.mark.parametrize(
    ("status", "words", "becomes"),
    [
        (OutboxStatus.IN_DOUBT, ["settle", "--sent"], OutboxStatus.SENT),
        (OutboxStatus.IN_DOUBT, ["settle", "--not-sent"], OutboxStatus.FAILED),
        (OutboxStatus.IN_DOUBT, ["settle", "--resend"], OutboxStatus.QUEUED),
        (OutboxStatus.FAILED, ["settle", "--resend"], OutboxStatus.QUEUED),
        (OutboxStatus.FAILED, ["retry"], OutboxStatus.QUEUED),
        (OutboxStatus.QUEUED, ["cancel"], OutboxStatus.CANCELLED),
        (OutboxStatus.DEFERRED, ["cancel"], OutboxStatus.CANCELLED),
        (OutboxStatus.SENT, ["settle", "--resend"], None),
        (OutboxStatus.SENT, ["cancel"], None),
        (OutboxStatus.SENDING, ["cancel"], None),
        (OutboxStatus.SENDING, ["settle", "--resend"], None),
        (OutboxStatus.SENDING, ["settle", "--sent"], None),
        (OutboxStatus.CLAIMED, ["settle", "--not-sent"], None),
        (OutboxStatus.QUEUED, ["settle", "--sent"], None),
        (OutboxStatus.IN_DOUBT, ["retry"], None),
        (OutboxStatus.CANCELLED, ["retry"], None),
        (OutboxStatus.BOUNCED, ["settle", "--resend"], None),
    ],
)
def test_person_settles_only_what_may_be_settled_and_in_their_name(
    started: Begun, program: Program, status: OutboxStatus, words: list[str], becomes: OutboxStatus | None
) -> None:
    reference = mail(program, status)
    assert started.type_("outbox", *words, reference, "--as", "Nobody").exit_code == 1
    result = started.type_("outbox", *words, reference, "--as", "Bea")
    assert result.exit_code == (0 if becomes else 1), result.output
    assert document(started, "outbox", "show", reference)["status"] == (becomes or status)
    logged = document(started, "log", "list", "--about", reference)
    assert [item["actor"] for item in logged["items"]] == (["Bea"] if becomes else [])


def test_settle_wants_a_verdict(started: Begun, program: Program) -> None:
    result = started.type_("outbox", "settle", mail(program, OutboxStatus.IN_DOUBT), "--as", "Bea")
    assert (result.exit_code, "Say one of --sent, --not-sent and --resend" in result.stderr) == (2, True)


def test_all_that_failed_is_sent_again_once_the_count_is_typed(started: Begun, program: Program) -> None:
    references = [mail(program, OutboxStatus.FAILED), mail(program, OutboxStatus.BOUNCED)]
    assert started.type_("outbox", "retry", "--failed", "--as", "Bea", typed="2\n").exit_code == 1
    result = started.type_("outbox", "retry", "--failed", "--yes", "--as", "Bea")
    assert (result.exit_code, "1 mail(s) are queued again." in result.output) == (0, True)
    found = [document(started, "outbox", "show", reference)["status"] for reference in references]
    assert found == ["queued", "bounced"]
    assert "No mail has failed." in started.type_("outbox", "retry", "--failed", "--yes", "--as", "Bea").output
    assert started.type_("outbox", "retry", "--as", "Bea").exit_code == 2


def test_what_became_of_every_mail_to_an_address_is_told_in_order(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        for kind in (MailKind.INVITATION, MailKind.REMINDER):
            row = cast.mail(session, "ada@b.example", kind=kind, status=OutboxStatus.FAILED)
            attempt = Attempt(
                mail_id=row.id,
                at=NOW,
                outcome="failed",
                phase="body",
                code=550,
                enhanced="5.7.26",
                fault="policy",
                server="smtp.mail.example:465",
            )
            attempt.reply = "550 5.7.26 no"
            session.add(attempt)
        cast.mail(session, "bea@b.example")
    [_, second] = document(started, "outbox", "list", "--status", "failed")["items"]
    started.type_("outbox", "retry", second["reference"], "--as", "Bea")
    items = document(started, "outbox", "show", "Ada@b.example")["items"]
    told = [(item["kind"], item["outcome"]) for item in items]
    assert sorted(told[:4]) == sorted(
        [("invitation", "queued"), ("invitation", "failed"), ("reminder", "queued"), ("reminder", "failed")]
    )
    assert told[4:] == [("reminder", "queued again")]
    shown = started.type_("outbox", "show", "ada@b.example").output
    assert "reminder failed body 550 5.7.26 (policy) smtp.mail.example:465: 550 5.7.26 no" in shown
    assert "queued again by Bea" in shown
    assert "No mail was ever queued" in started.type_("outbox", "show", "nobody@b.example").output


def test_outbox_is_listed_by_status(started: Begun, program: Program) -> None:
    doubtful = mail(program, OutboxStatus.IN_DOUBT)
    mail(program, OutboxStatus.SENT)
    found = document(started, "outbox", "list", "--status", "in_doubt")
    assert (found["total"], found["items"][0]["reference"]) == (1, doubtful)


# ── log ──


def test_log_goes_on_after_a_number_and_names_the_record(started: Begun, program: Program) -> None:
    reference = mail(program, OutboxStatus.FAILED)
    started.type_("outbox", "retry", reference, "--as", "Bea")
    first = document(started, "log", "list", "--limit", "1")
    assert (first["items"][0]["action"], first["items"][0]["subject"]) == ("registered", "coordinator Bea")
    rest = document(started, "log", "list", "--after", str(first["items"][0]["id"]))
    found = [(item["action"], item["reference"]) for item in rest["items"]]
    assert found == [("started", None), ("queued again", reference)]


# ── suppressions ──


def test_suppression_is_added_and_taken_back_with_its_reason_and_who_said_so(started: Begun) -> None:
    words = ("suppressions", "add", "ada@b.example", "--reason", "complained", "--as", "Bea")
    assert started.type_(*words).exit_code == 0
    [item] = document(started, "suppressions", "list")["items"]
    assert (item["reason"], item["actor"], item["scope"]) == ("complained", "Bea", "invitations")
    assert started.type_("suppressions", "remove", "ada@b.example", "--reason", "mistake", "--as", "Bea").exit_code == 0
    said = [(row["action"], row["reason"]) for row in document(started, "log", "list")["items"][-2:]]
    assert said == [("suppressed", "invitations: complained"), ("released", "mistake")]


def test_suppressed_address_is_neither_stored_nor_listed_readably(started: Begun, program: Program) -> None:
    assert started.type_("suppressions", "add", "Ada@B.example", "--scope", "everything", "--as", "Bea").exit_code == 0
    assert (
        "already"
        in started.type_("suppressions", "add", "ada@b.example", "--scope", "everything", "--as", "Bea").stdout
    )
    with program.db.reading() as session:
        found = suppressions.scopes(session, program.keyring.address_hash("ada@b.example"))
        assert found == {SuppressionScope.EVERYTHING}
    listed = started.type_("suppressions", "list", "--json").stdout
    assert json.loads(listed)["items"][0]["scope"] == "everything"
    kept = b"".join(path.read_bytes() for path in started.folder.glob("outreach.db*"))
    assert b"ada@b" not in kept.lower() and "ada@b" not in listed.lower()


def test_suppression_is_taken_back_by_name(started: Begun) -> None:
    started.join("Cyrus")
    started.type_("suppressions", "add", "ada@b.example", "--as", "Bea")
    assert started.type_("suppressions", "remove", "ADA@b.example", "--as", "Cyrus").exit_code == 0
    assert started.type_("suppressions", "remove", "ada@b.example", "--as", "Cyrus").exit_code == 1
    assert document(started, "suppressions", "list")["total"] == 0
    actions = [(item["actor"], item["action"]) for item in document(started, "log", "list")["items"][-2:]]
    assert actions == [("Bea", "suppressed"), ("Cyrus", "released")]


def test_mistyped_address_protects_nobody_and_is_refused(started: Begun) -> None:
    result = started.type_("suppressions", "add", "ada.b.example", "--as", "Bea")
    assert (result.exit_code, "That is no address" in result.stderr) == (1, True)


def test_log_is_verified_and_its_head_printed(started: Begun, program: Program) -> None:
    with program.db.writing() as session:
        chain.link_all(session)
    found = document(started, "log", "verify")
    assert (found["whole"], found["not_yet_linked"]) == (True, 0)
    assert document(started, "log", "verify", "--head", found["head"]) == found


def test_log_that_does_not_fit_a_head_from_elsewhere_ends_with_exit_1(started: Begun) -> None:
    result = started.type_("log", "verify", "--head", f"9000:{'0' * 64}")
    assert result.exit_code == 1
    assert "cut off" in result.stdout
    assert started.type_("log", "verify", "--head", "nonsense").exit_code == 1
