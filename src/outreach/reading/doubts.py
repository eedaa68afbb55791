"""Why a person must look at a mail before the machine acts on it: the last stage of reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from outreach.reading.kind import Weighed
from outreach.reading.lexicon import words
from outreach.reading.message import Message
from outreach.reading.reply import FORWARDED, NEW, SIGNATURE
from outreach.reading.result import Signup
from outreach.reading.verdict import Verdict
from outreach.words import Kind

#: How much of a mail is searched for meaning, in characters and lines. People write less; what is longer is read this
#: far, and a person told.
LONGEST: Final = 12_000
MOST_LINES: Final = 600
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
    reasons = list(verdict.needs_human)
    if message.encrypted:
        reasons.append("encrypted")
    if not parts[NEW].strip() and not parts[FORWARDED].strip() and not message.encrypted:
        reasons.append("attachment only" if message.attachments else "no text")
    if len(parts[NEW]) > LONGEST or parts[NEW].count("\n") > MOST_LINES:
        reasons.append("long text")
    if forwarded and verdict.kind is not Kind.OTHER:
        reasons.append("forwarded")
    if message.html and texts_disagree(parts, message.html):
        reasons.append("texts disagree")
    if len(message.headers.raw("from")) > 1:
        reasons.append("several from headers")
    if verdict.kind is Kind.SIGNUP and not all(signup.names for signup in signups):
        reasons.append("no name")
    if verdict.kind is Kind.CONFIRMATION and _BY_NUMBER.search(parts[NEW]) and weighed.said >= {"yes", "no"}:
        reasons.append("answers differ by number")
    return tuple(dict.fromkeys(reasons))


def texts_disagree(parts: dict[str, str], html: str) -> bool:
    """Whether the text and its HTML twin say different things: words of one that the other has nowhere."""
    if len(html) > 4 * LONGEST:
        html = html[: 4 * LONGEST]
    plain = [
        w
        for part in (NEW, "quoted", FORWARDED, SIGNATURE)
        for w in words(_without_links(parts.get(part, "")[: 4 * LONGEST]))
    ]
    shown = words(_without_links(html))
    only = (set(plain) ^ set(shown)) - {"gt", "lt"}
    return len(only) > max(4, len(set(plain) | set(shown)) // 8)


def _without_links(text: str) -> str:
    return re.sub(r"\S*(?:://|@|\[cid:|www\.)\S*", " ", text)
