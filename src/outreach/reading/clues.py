"""What a message gives to find the record it belongs to: addresses, message ids, reference codes.

None of it is proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from outreach.reading.headers import Headers
from outreach.reading.message import Message
from outreach.reading.result import Clues, Ours
from outreach.words import REFERENCE, REFERENCE_ALPHABET

_RECIPIENTS: Final = (
    "x-gm-original-to", "delivered-to", "envelope-to", "x-original-to", "x-forwarded-to", "to", "cc", "apparently-to",
)  # fmt: skip
_BULK = re.compile(r"\b(?:bulk|list|junk|auto_reply)\b", re.IGNORECASE)
_ROLE = re.compile(r"(?:mailer-daemon|postmaster|no-?_?reply|do-?not-?_?reply|bounces?)(?:[+@-]|$)", re.IGNORECASE)
_DAEMON = re.compile(r"(?:mailer-daemon|post_?master|bounces?)(?:[+@-]|$)")
#: Our id as a report states it; as the ENVID of our envelope too (RFC 3464, 2.2.1), where it has no brackets.
_STATED_ID = re.compile(
    r"^(?:(?:X-)?Original-Message-ID:[ \t]*<|Original-Envelope-Id:[ \t]*<?)([^<>\s]{3,250})",
    re.IGNORECASE | re.MULTILINE,
)
_MAX_CODES: Final = 20
_HALF: Final = 4  #: characters of a code before its hyphen
_SECOND_HALF = re.compile(rf"-[{REFERENCE_ALPHABET}]{{4}}\b")


def read_clues(message: Message, texts: Iterable[str]) -> Clues:
    """The clues of a message; ``texts`` are its parts, what the sender wrote first."""
    headers = message.headers
    senders = headers.addresses("from")
    replies = headers.addresses("reply-to")
    own_id = headers.message_ids("message-id")
    codes = [code for text in (*texts, message.subject) for code in _codes(text)]
    return Clues(
        sender=senders[0].address if senders else None,
        sender_name=(senders[0].name or None) if senders else None,
        reply_to=replies[0].address if replies else None,
        recipients=tuple(dict.fromkeys(a.address for a in headers.addresses(*_RECIPIENTS))),
        message_id=own_id[0] if own_id else None,
        in_reply_to=headers.message_ids("in-reply-to"),
        references=headers.message_ids("references"),
        returned_ids=_returned_ids(message),
        reference_codes=tuple(dict.fromkeys(codes))[:_MAX_CODES],
        has_sender=has_sender(headers),
        may_be_answered=may_be_answered(headers) and bool(senders),
    )


def _codes(text: str) -> Iterator[str]:
    """The reference codes in a text, looked for at the hyphens that may be inside of one."""
    end = 0
    for half in _SECOND_HALF.finditer(text):
        start = half.start() - _HALF
        if start >= end and (code := REFERENCE.match(text, start)):
            yield f"{code[1]}-{code[2]}"
            end = code.end()


def may_be_answered(headers: Headers) -> bool:
    """Whether a machine may answer this mail (RFC 3834, section 2): never machines, lists, null senders."""
    submitted = headers.get("auto-submitted").partition(";")[0].strip().lower()
    return not (
        submitted not in ("", "no")
        or _BULK.search(headers.get("precedence"))
        or headers.get("return-path").replace(" ", "") == "<>"
        or headers.starting_with("list-")
        or any(name in headers for name in ("x-autoreply", "x-autorespond", "x-loop", "feedback-type"))
        or any(_ROLE.match(a.address) for a in headers.addresses("from")[:3])
    )


def has_sender(headers: Headers) -> bool:
    """Whether our server wrote down somebody as the envelope's sender; some mail systems name their daemon there."""
    path = headers.get("return-path").strip(" <>").lower()
    return bool(path) and not _DAEMON.match(path)


def warnings(message: Message, ours: Ours) -> list[str]:
    """What a coordinator should know about the sender's addresses, and about words that were left out."""
    headers = message.headers
    out: list[str] = ["hidden text"] if message.hidden_text else []
    senders, replies = headers.addresses("from"), headers.addresses("reply-to")
    if len(headers.raw("from")) > 1:
        out.append("several from headers")
    if not senders:
        out.append("sender address unreadable")
    elif replies and replies[0].address != senders[0].address:
        out.append("from and reply-to differ")
    if senders and "@" in senders[0].name and senders[0].address not in senders[0].name.lower():
        out.append("display name shows another address")
    if any(sender.address in ours.addresses for sender in senders):
        out.append("from our own address")
    return out


def _returned_ids(message: Message) -> tuple[str, ...]:
    """Message-IDs in what a report or a forward brought back, and those that reports state by themselves."""
    mails = (message, *message.attached)  # a report may hang on another report
    found = [mid for mail in mails for headers in mail.returned for mid in headers.message_ids("message-id")]
    for texts in (texts for mail in mails for texts in mail.reports.values()):
        for text in texts:
            stated = [f"<{mid}>" for mid in _STATED_ID.findall(text)[:5]]
            found += Headers(("message-id", mid) for mid in stated).message_ids("message-id")
    return tuple(dict.fromkeys(found))
