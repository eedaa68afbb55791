from __future__ import annotations

import pytest

from outreach.mail.replies import Reply, classify, sender_refused
from outreach.ports import Accepted, Deferred, Failed, Fault, InDoubt, Outcome, Phase

LATER, NEVER = Deferred, Failed
RELAY, RECIPIENT, POLICY, MESSAGE = Fault.RELAY, Fault.RECIPIENT, Fault.POLICY, Fault.MESSAGE

#: Replies as servers really give them, to RCPT (or DATA) and to the final dot.
TABLE = [
    # the relay, our login, our limits
    ("421 4.3.2 Service shutting down", LATER, RELAY),
    ("421 Too many concurrent connections", LATER, RELAY),
    ("421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume", LATER, RELAY),
    ("454 4.7.0 Too many login attempts, please try again later", LATER, RELAY),
    ("451 4.3.0 Mail server temporarily rejected message", LATER, RELAY),
    ("452 4.3.1 Insufficient system storage", LATER, RELAY),
    ("452 Insufficient system storage", LATER, RELAY),
    ("452 4.5.3 Too many recipients", LATER, RELAY),
    ("550 5.4.5 Daily user sending limit exceeded. For more information see the manual", LATER, RELAY),
    ("550-5.4.5 Daily user sending quota exceeded", LATER, RELAY),
    ("550 5.7.1 Daily SMTP relay sending limit exceeded for customer", LATER, RELAY),
    ("554 Sending limit exceeded", LATER, RELAY),
    ("450 4.7.1 Error: too many messages from this account", LATER, RELAY),
    ("530 5.7.57 Client not authenticated to send mail", LATER, RELAY),
    ("530 Authentication required", LATER, RELAY),
    ("554 5.7.1 <a@b.example>: Relay access denied", LATER, RELAY),
    ("550 5.7.1 Relaying denied", LATER, RELAY),
    ("550 5.1.8 Access denied, bad outbound sender", LATER, RELAY),
    # greylisting and other delays of one recipient
    ("450 4.2.0 Greylisted, see the help page", LATER, RECIPIENT),
    ("451 4.7.1 Greylisting in action, please come back later", LATER, RECIPIENT),
    ("450 4.1.2 Recipient address rejected: Domain not found", LATER, RECIPIENT),
    ("452 4.2.2 The email account is over quota", LATER, RECIPIENT),
    ("450 4.2.1 The user is receiving mail at a rate that prevents additional messages", LATER, RECIPIENT),
    ("550 5.2.1 The user is receiving mail at a rate that prevents additional messages", LATER, RECIPIENT),
    # the address
    ("550 5.1.1 The email account that you tried to reach does not exist", NEVER, RECIPIENT),
    ("550-5.1.1 does not exist.\n5.1.1 Try double-checking", NEVER, RECIPIENT),
    ("556 5.1.10 Recipient domain has null MX", NEVER, RECIPIENT),
    ("501 5.1.3 Bad recipient address syntax", NEVER, RECIPIENT),
    ("550 5.2.1 The email account is disabled", NEVER, RECIPIENT),
    ("550 5.4.1 Recipient address rejected: Access denied", NEVER, RECIPIENT),
    ("550 5.5.0 Requested action not taken: mailbox unavailable", NEVER, RECIPIENT),
    ("550 No such user here", NEVER, RECIPIENT),
    # they do not want mail from us
    ("550 5.7.26 This mail is unauthenticated", NEVER, POLICY),
    ("550 5.7.515 Access denied, sending domain does not meet the required level", NEVER, POLICY),
    ("550 5.7.1 Message contains spam or virus", NEVER, POLICY),
    ("554 Your access has been blocked by our reputation list", NEVER, POLICY),
    ("554 5.2.0 Submission rejected: outbound spam", NEVER, POLICY),
    # this mail
    ("552 5.2.2 Mailbox full", NEVER, MESSAGE),
    ("552 5.3.4 Message size exceeds fixed limit", NEVER, MESSAGE),
    ("553 5.6.7 Non-ASCII addresses not supported", NEVER, MESSAGE),
    ("550 Rejected", NEVER, MESSAGE),
    ("554 Transaction failed", NEVER, MESSAGE),
]


def outcome_of(said: str, phase: Phase) -> Outcome:
    reply = Reply(int(said[:3]), said[4:])
    return classify(reply.code, reply.enhanced, reply.text, phase)


@pytest.mark.parametrize("phase", [Phase.ENVELOPE, Phase.BODY])
@pytest.mark.parametrize(("said", "kind", "fault"), TABLE)
def test_reply_is_put_down_to_whose_fault_it_is(said: str, kind: type[Outcome], fault: Fault, phase: Phase) -> None:
    outcome = outcome_of(said, phase)
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Deferred | Failed)
    assert (outcome.fault, outcome.phase, outcome.code) == (fault, phase, int(said[:3]))


@pytest.mark.parametrize(
    ("said", "kind", "fault"),
    [
        ("450 Try again later", LATER, RECIPIENT),
        ("451 Local error", LATER, RECIPIENT),
        ("551 User not local", NEVER, RECIPIENT),
        ("553 Mailbox name not allowed", NEVER, RECIPIENT),
    ],
)
def test_bare_code_is_about_the_recipient_only_before_the_mail_was_read(
    said: str, kind: type[Outcome], fault: Fault
) -> None:
    before, after = outcome_of(said, Phase.ENVELOPE), outcome_of(said, Phase.BODY)
    assert isinstance(before, Deferred | Failed) and isinstance(before, kind) and before.fault is fault
    assert isinstance(after, Deferred | Failed) and isinstance(after, kind) and after.fault is MESSAGE


@pytest.mark.parametrize("code", range(200, 600, 7))
@pytest.mark.parametrize("phase", [Phase.CONNECT, Phase.LOGIN])
def test_nothing_before_the_envelope_is_ever_put_down_to_a_recipient(code: int, phase: Phase) -> None:
    outcome = classify(code, None, "5.1.1 no such user", phase)
    assert isinstance(outcome, Deferred)
    assert outcome.fault is RELAY


@pytest.mark.parametrize("code", [250, 251, 252])
def test_yes_after_the_final_dot_is_acceptance(code: int) -> None:
    assert classify(code, "2.0.0", "2.0.0 queued as 4F1", Phase.BODY) == Accepted(f"{code} 2.0.0 queued as 4F1")


@pytest.mark.parametrize("code", [354, 334, 199])
def test_answer_that_is_neither_yes_nor_no_leaves_the_mail_in_doubt(code: int) -> None:
    assert isinstance(classify(code, None, "what", Phase.BODY), InDoubt)


@pytest.mark.parametrize("code", [250, 334])
def test_answer_out_of_step_before_the_mail_is_tried_again(code: int) -> None:
    outcome = classify(code, None, "what", Phase.ENVELOPE)
    assert isinstance(outcome, Deferred)
    assert outcome.fault is RELAY


@pytest.mark.parametrize(
    "said", ["550 5.1.8 Bad sender", "550 5.1.1 Unknown user", "553 5.7.1 Not owned by user", "450 4.7.1 Greylisted"]
)
def test_refused_sender_holds_all_mail_back_and_fails_none(said: str) -> None:
    outcome = sender_refused(Reply(int(said[:3]), said[4:]))
    assert isinstance(outcome, Deferred)
    assert outcome.fault is RELAY


@pytest.mark.parametrize("said", ["552 5.3.4 Message too big", "553 5.6.7 No SMTPUTF8", "552 Too much"])
def test_sender_command_refused_for_the_mail_fails_that_mail(said: str) -> None:
    outcome = sender_refused(Reply(int(said[:3]), said[4:]))
    assert isinstance(outcome, Failed)
    assert outcome.fault is MESSAGE


@pytest.mark.parametrize(
    ("code", "text", "enhanced"),
    [
        (550, "5.1.1 no", "5.1.1"),
        (550, "5.7.515 no", "5.7.515"),
        (450, "5.1.1 no", None),  # disagrees with the basic code
        (550, "no 5.1.1", None),
        (550, "5.1.1111 no", None),
    ],
)
def test_enhanced_code_counts_when_it_begins_the_text_and_agrees(code: int, text: str, enhanced: str | None) -> None:
    assert Reply(code, text).enhanced == enhanced


def test_reply_is_kept_as_one_printable_line() -> None:
    assert Reply(550, "5.1.1 no\n\x1b[31msuch\u202e user\r").line == "550 5.1.1 no [31msuch user"
    assert len(Reply(550, "x" * 10_000).line) == 300
