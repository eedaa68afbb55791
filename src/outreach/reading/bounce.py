"""Reports of mail systems: was our mail not delivered, to whom, and for good? Complaints of feedback loops, too.

In order of trust: the machine-readable block (``delivery_status``), X-Failed-Recipients, the text patterns of
flufl.bounce, then what mail systems are known to write (``bounces.toml``).
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Final

from outreach.reading import delivery_status, flufl
from outreach.reading.clues import has_sender
from outreach.reading.headers import find_addresses, is_address
from outreach.reading.message import Message
from outreach.reading.result import Bounce

_TABLES: Final = tomllib.loads(resources.files(__package__).joinpath("bounces.toml").read_text("utf-8"))


def _told(table: str, key: str, form: str = "{}", flags: int = 0) -> re.Pattern[str]:
    return re.compile(form.format("".join(_TABLES[table][key].split("\n"))), re.IGNORECASE | flags)


_SYSTEMS: Final = _told("senders", "systems")
_MACHINES: Final = _told("senders", "machines")
_SUBJECTS: Final = _told("subjects", "failure")
_OPENINGS: Final = _told("openings", "failure")
_ABROAD: Final = _told("openings", "abroad")
_PARCEL: Final = _told("openings", "parcels")
_SMTP_ANSWER: Final = _told("answers", "smtp")
_SOFT: Final = _told("times", "soft")
_FULL: Final = _told("times", "full")
_SUCCEEDED: Final = _told("success", "told")
_WAITS: Final = _told("waiting", "told")
_COMPLAINT: Final = _told("complaints", "subject")
_LABELLED: Final = _told("recipients", "label", r"^[ \t]*(?:{})[ \t]?[:：=](.{{3,300}})$", re.MULTILINE)
#: What people write about such a report carries this in front of its subject.
_ANSWERED = re.compile(r"\s*(?:re|aw|sv|fwd?|wg|tr|vs|r|antw|odp|ynt|rv)\s?(?:\[\d+\])?:", re.IGNORECASE)
_ALONE = re.compile(r"[ \t]*<?([^\s<>:]{3,254}@[^\s<>:]{3,254})>?[ \t]*[:.]?[ \t]*")
_ORIGINAL = re.compile(
    r"^(?:-{3,}.{0,80}|\|-{3,} ?message (?:header|text) follows.{0,80}"
    r"|[ >]*(?:return-path|received|dkim-signature):.*)$",
    re.IGNORECASE | re.MULTILINE,
)
#: Whom a report names as those who look after it or after a list.
_CARETAKER = re.compile(
    r"(?:-(?:owner|request|admin|bounces?|ctl|help)|^(?:owner-.*|listmaster|postmaster|abuse|support))@"
)
_LINK = re.compile(rb"mailto:([^\"'<>?\s]{3,254})", re.IGNORECASE)
_TO = re.compile(r"^[ >]*to:(.{3,300})$", re.IGNORECASE | re.MULTILINE)
#: What holds an "@" and is no address of anybody: message ids, links.
_NO_ADDRESS = re.compile(r"\bmessage[ -]?id\b[^\n<]{0,20}<[^>\n]{0,250}>|\bhttps?://\S{1,500}", re.IGNORECASE)


def is_complaint(message: Message) -> bool:
    """A feedback loop's report of somebody who called our mail spam (RFC 5965, or older); other types are none."""
    for report in message.reports.get("message/feedback-report", []):
        kind = delivery_status.fields(report).get("feedback-type", "abuse").strip().lower()
        return kind not in ("not-spam", "auth-failure", "dmarc")
    return bool(message.returned) and _COMPLAINT.search(message.subject) is not None


def is_report(message: Message) -> bool:
    """Any report of a mail system: delivery, disposition (RFC 8098), feedback."""
    return bool(message.reports) and message.headers.get("content-type").lower().startswith("multipart/report")


def is_rejection(message: Message) -> bool:
    """A receipt (RFC 8098) by which a server refuses our mail, as Sieve's reject does (RFC 5429)."""
    return "automatically rejected" in f"{message.subject} {message.text[:2000]}".lower()


def read_bounce(message: Message) -> Bounce | None:
    """Whom our mail did not reach, or None: no bounce, or one that tells of success only."""
    reports = [text for kind in delivery_status.PARTS for text in message.reports.get(kind, [])]
    blocks = [block for text in reports for block in delivery_status.blocks(text)]
    if failures := [f for block in blocks if (f := delivery_status.failure(block, _FULL))]:
        return delivery_status.as_bounce(failures)
    if blocks and not any(map(delivery_status.says_failed, blocks)):
        return None  # it tells of success
    if failed := [a.address for a in message.headers.addresses("x-failed-recipients")]:
        return _in_words(tuple(dict.fromkeys(failed)), message)
    if passed_on := _passed_on(message):
        return read_bounce(passed_on)
    told = bool(blocks) or (_looks_like_bounce(message) and not _tells_of_success(message))
    return _from_text(message) if told else None


def is_success(message: Message) -> bool:
    """A mail system's own words that our mail arrived."""
    return _is_by_system(message) and not _ANSWERED.match(message.subject) and _tells_of_success(message)


def _passed_on(message: Message) -> Message | None:
    """The report that a mail system attached to its own, as filters at the door of an organisation do."""
    if not _is_by_system(message):
        return None
    return next((m for m in message.attached if any(kind in m.reports for kind in delivery_status.PARTS)), None)


def _tells_of_success(message: Message) -> bool:
    """Whether it arrived, or may still arrive, since it waits for somebody's word."""
    said = f"{message.subject}\n{_report(message)[:1000]}"
    if _SMTP_ANSWER.search(said):
        return False
    if _SUCCEEDED.search(said):
        return True
    waits = _WAITS.search(said)
    above = said[: waits.start()] if waits else ""  # not where it stands in our mail, which came back
    return waits is not None and not _OPENINGS.search(above) and not _SUBJECTS.search(above)


def _looks_like_bounce(message: Message) -> bool:
    """Machine-written and about delivery: only then may text patterns speak."""
    headers = message.headers
    if headers.get("content-type").lower().startswith("multipart/report") and "delivery" in headers.get("content-type"):
        return True
    unanswerable = "return-path" in headers and not has_sender(headers)
    if _ANSWERED.match(message.subject) and "daemon" not in headers.get("from").lower():
        # somebody may well write as postmaster, and of a mail that did not arrive
        return (_is_by_system(message) or unanswerable) and _cites(message)
    if _is_by_system(message):
        return _is_about_it(message) or _speaks(message) or _cites(message) or _is_daemon_that_failed(message)
    if unanswerable and (_is_about_it(message) or _cites(message) or any(flufl.failures(message.parsed))):
        return True  # more is asked of it than of a daemon: vacation notes have that path, too
    # No sender that is known for it, as with gateways: subject and text must agree, or our mail must have come back.
    if _is_about_it(message):
        return _cites(message) or (_speaks(message) and not _PARCEL.search(_report(message)[:2000]))
    if not (_holds_original(message) and _speaks(message)):
        return False
    return _brings_ours(message) or _is_from_machine(message) or any(flufl.failures(message.parsed))


def _is_by_system(message: Message) -> bool:
    return _SYSTEMS.search(message.headers.get("from")) is not None


def _is_from_machine(message: Message) -> bool:
    return _MACHINES.search(message.headers.get("from")) is not None


def _brings_ours(message: Message) -> bool:
    """Whether a mail came back whose sender it came back to."""
    own = {a.address for a in message.headers.addresses("to", "delivered-to")}
    return any(a.address in own for returned in message.returned for a in returned.addresses("from", "return-path"))


def _is_about_it(message: Message) -> bool:
    return _SUBJECTS.search(message.subject) is not None


def _is_daemon_that_failed(message: Message) -> bool:
    """In whatever words: no person writes as a daemon, as some do as postmaster."""
    return "daemon" in message.headers.get("from").lower() and bool(_mentioned(message))


def _speaks(message: Message) -> bool:
    """Whether it begins as reports do; in other languages than English people write so, too, and only daemons may."""
    opening = _report(message)[:2000]
    return _OPENINGS.search(opening) is not None or (_is_by_system(message) and _ABROAD.search(opening) is not None)


def _cites(message: Message) -> bool:
    return _SMTP_ANSWER.search(_report(message)) is not None


def _holds_original(message: Message) -> bool:
    """Whether a mail was sent back, attached or below the report with the headers that only mail systems show."""
    return bool(message.attached or message.returned) or "Received: " in message.text


def _report(message: Message) -> str:
    """What the mail system itself wrote, above the mail that it sends back."""
    text = message.text[:5000]
    original = _ORIGINAL.search(text, 200)
    return text[: original.start()] if original else text


def _permanent_by_text(message: Message) -> bool:
    """By the first code that the report cites, else by its words."""
    report = _report(message)
    if _FULL.search(report):
        return False
    code = delivery_status.ENHANCED.search(report) or delivery_status.REPLY_CODE.search(report)
    if code:
        return code[1] != "4"
    return _SOFT.search(f"{message.subject} {report[:2000]}".lower()) is None


def _from_text(message: Message) -> Bounce | None:
    temporary, permanent = flufl.failures(message.parsed)
    told = permanent or temporary
    found = (
        _without_ours(told, message)
        or _named(message)
        or _addressed(message)
        or _mentioned(message)[:1]
        or _linked(message)
        or told
    )
    return _in_words(tuple(found), message) if found else None


def _without_ours(told: list[str], message: Message) -> list[str]:
    """Without our own address and message ids, where a pattern read on into the mail that came back; and without what
    is no address ("/mail/spool/x").
    """
    found = [one for one in told if "@" in one]
    own = {a.address for a in message.headers.addresses("from", "to", "delivered-to")}
    text = _NO_ADDRESS.sub("", message.text[:20_000]).lower()
    foreign = [address for address in found if address not in own]
    return [address for address in foreign if address in text] or foreign


def _in_words(recipients: tuple[str, ...], message: Message) -> Bounce:
    """What a report says that has no machine-readable part."""
    permanent, report = _permanent_by_text(message), _report(message)
    code = delivery_status.ENHANCED.search(report)
    return Bounce(recipients, permanent, permanent, code[0] if code else None, " ".join(report.split())[:500])


def _named(message: Message) -> list[str]:
    """The addresses that an unknown mail system's text puts on lines of their own, else the first one it mentions that
    is not its caretaker's.
    """
    alone = [m[1].lower() for line in _said(message).split("\n")[:60] if (m := _ALONE.fullmatch(line[:600]))]
    own = _own(message)
    named = [a for a in map(flufl.bare, alone) if is_address(a) and a not in own]
    if named:
        return list(dict.fromkeys(named))
    return [address for address in _mentioned(message) if not _CARETAKER.search(address)][:1]


def _mentioned(message: Message) -> list[str]:
    """The addresses in the report, those behind a label first."""
    said, own = _said(message)[:3000], _own(message)
    labelled = " ".join(_LABELLED.findall(said))
    return [a for m in find_addresses(f"{labelled}\n{said}") if (a := flufl.bare(m[0])) not in own]


def _linked(message: Message) -> list[str]:
    """The address behind the name of somebody in an HTML report."""
    own = _own(message)
    pages = [part.get_payload(decode=True) for part in message.parsed.walk() if part.get_content_type() == "text/html"]
    links = [link for page in pages if isinstance(page, bytes) for link in _LINK.findall(page[:100_000])]
    return [a for link in links if is_address(a := link.decode("ascii", "replace").lower()) and a not in own][:1]


def _said(message: Message) -> str:
    return _NO_ADDRESS.sub("", _report(message)[:5000])


def _own(message: Message) -> set[str]:
    return {a.address for a in message.headers.addresses("from", "to", "delivered-to", "x-original-to")}


def _addressed(message: Message) -> list[str]:
    """Whom the mail was written to that came back, where the report names nobody ("user dylan: no such mailbox")."""
    own = {a.address for a in message.headers.addresses("from", "to")}
    to = [a.address for headers in message.returned[:1] for a in headers.addresses("to")]
    if not to and (line := _TO.search(message.text[:20_000], len(_report(message)))):
        to = [m[0].lower() for m in find_addresses(line[1])]
    return [address for address in to if address not in own][:1]
