"""Why a person must look at a mail before the machine acts on it: the last stage of reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading.footers import is_notice
from outreach.reading.message import Message
from outreach.reading.originals import plain
from outreach.reading.reply import FORWARDED, NEW, SIGNATURE
from outreach.reading.result import Signup
from outreach.reading.sentences import sentences
from outreach.reading.unnamed import wishes_no_name
from outreach.reading.verdict import Verdict
from outreach.reading.weighing import Weighed
from outreach.words import Kind

#: How much of a mail is searched for meaning, in characters and lines. People write less; what is longer is read this
#: far, and a person told.
LONGEST: Final = 12_000
MOST_LINES: Final = 600
_SIGNATURE: Final = 2000  #: characters of a signature that may hold a wish
#: Kinds by which a name comes to be printed.
_PRINTING: Final = frozenset({Kind.SIGNUP, Kind.CONFIRMATION, Kind.CORRECTION})
_BY_NUMBER = re.compile(r"[\d۰-۹٠-٩]")


def needs_human(
    message: Message,
    verdict: Verdict,
    signups: Sequence[Signup],
    parts: dict[str, str],
    *,
    forwarded: bool,
    weighed: Weighed,
) -> tuple[str, ...]:
    """Why a person must look before the machine acts."""
    reasons = [*verdict.needs_human, *message.doubts]
    if not parts[NEW].strip() and not parts[FORWARDED].strip() and not message.encrypted:
        reasons.append("attachment only" if message.attachments else "no text")
    if len(parts[NEW]) > LONGEST or parts[NEW].count("\n") > MOST_LINES:
        reasons.append("long text")
    if forwarded and verdict.kind is not Kind.OTHER:
        reasons.append("forwarded")
    if len(message.headers.raw("from")) > 1:
        reasons.append("several from headers")
    if verdict.kind is Kind.SIGNUP and not all(signup.names for signup in signups):
        reasons.append("no name")
    heard = [heard.sentence for heard in weighed.heard]
    signature = sentences(_without_notices(parts[SIGNATURE][:_SIGNATURE]))
    if verdict.kind in _PRINTING and wishes_no_name(heard, signature):
        reasons.append("name not to be printed")
    if verdict.kind is Kind.CONFIRMATION and _BY_NUMBER.search(parts[NEW]) and weighed.said >= {"yes", "no"}:
        reasons.append("answers differ by number")
    return tuple(dict.fromkeys(reasons))


def _without_notices(signature: str) -> str:
    """A signature without legal notices: "you must not copy or disclose it" is no wish of the sender's."""
    return "\n\n".join(_above_notice(paragraph.split("\n")) for paragraph in signature.split("\n\n"))


def _above_notice(lines: Sequence[str]) -> str:
    """The lines of a paragraph above the one with which a notice begins, such as a client's card."""
    end = next((at for at in range(len(lines)) if is_notice(plain(" ".join(lines[at:])))), len(lines))
    return "\n".join(lines[:end])
