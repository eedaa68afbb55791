"""Reports of mail systems: was our mail not delivered, to whom, and for good? (RFC 3464, 3463, 6533, 5965)

In order of trust: the machine-readable block, X-Failed-Recipients, the text patterns of flufl.bounce.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from outreach.reading import flufl
from outreach.reading.headers import find_addresses, is_address
from outreach.reading.message import Message
from outreach.reading.result import Bounce

_STATUS: Final = ("message/delivery-status", "message/global-delivery-status")
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{0,40})[ \t]*:[ \t]*(.*)$")
_ENHANCED = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_REPLY_CODE = re.compile(r"(?:^|[;\s#])([245])\d\d(?:[ \-#]|$)")
_SENDERS = re.compile(
    r"mailer-?daemon|postmaster|mail delivery (?:sub)?system|microsoftexchange|mail administrator|^bounces?[@+-]",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"undeliver|delivery (?:status|fail|has failed|problem|report|delayed)|failure notice|"
    r"returned mail|returned to sender|"
    r"mail (?:delivery|system error)|delivery notification|unzustellbar|nicht zugestellt|non remis|échec|no entregad|"
    r"mancato recapito|kan inte levereras|olevererbar|onbestelbaar|kunne ikke leveres|message \S{1,80} delayed|"
    r"delayed \d+ hours|could not be delivered|not (?:yet )?(?:been )?delivered|returning message|"
    r"message (?:rejected|blocked)|"
    r"teslim edilemedi|teslim edilemeyen|iletilemedi|ulaştırılamadı|çatdırılmadı|göndərilə bilmədi|تحویل (?:داده )?نشد|"
    r"تحویل ناموفق|ارسال نشد|عدم تحویل|برگشت خورد|تعذر (?:ال)?تسليم|لم يتم (?:ال)?تسليم|فشل (?:في )?(?:ال)?تسليم|"
    r"غير قابلة? للتسليم|لم يتم توصيل|не ?доставлен|не удалось доставить|невозможно доставить|ошибка доставки|"
    r"לא נמסרה?|לא ניתן (?:היה )?למסור|כשל במסירת|אי אפשר למסור",
    re.IGNORECASE,
)
_SOFT_TEXT = re.compile(
    r"delay|temporar|will (?:be )?retr|still trying|verzögert|retard|over quota|quota exceeded|mailbox (?:is )?full|"
    r"not yet been delivered|geçici|kotası? dol|مؤقت|تأخ|موقت|ممتلئ|صندوق (?:پستی )?پر|временн|задерж|переполнен|"
    r"עיכוב|זמני|מלאה"
)


@dataclass(frozen=True, slots=True)
class _Failure:
    address: str
    permanent: bool


def is_complaint(message: Message) -> bool:
    """A feedback-loop report of somebody who called our mail spam (RFC 5965); other feedback types are none."""
    for report in message.reports.get("message/feedback-report", []):
        kind = _fields(report).get("feedback-type", "abuse").strip().lower()
        return kind not in ("not-spam", "auth-failure", "dmarc")
    return False


def is_report(message: Message) -> bool:
    """Any report of a mail system: delivery, disposition (RFC 8098), feedback."""
    return bool(message.reports) and message.headers.get("content-type").lower().startswith("multipart/report")


def read_bounce(message: Message) -> Bounce | None:
    """Whom our mail did not reach, or None: no bounce, or one that tells of success only."""
    blocks = [block for kind in _STATUS for text in message.reports.get(kind, []) for block in _blocks(text)]
    if blocks:
        failures = [f for block in blocks if (f := _failure(block))]
        return _bounce(failures) if failures or any("action" in b for b in blocks) else _from_text(message)
    failed = [a.address for a in message.headers.addresses("x-failed-recipients")]
    if failed:
        soft = _ENHANCED.search(message.text[:5000])
        delayed = _SOFT_TEXT.search((message.subject + " " + message.text[:2000]).lower()) and not soft
        permanent = soft[1] != "4" if soft else not delayed
        return Bounce(tuple(dict.fromkeys(failed)), permanent)
    return _from_text(message) if _looks_like_bounce(message) else None


def _looks_like_bounce(message: Message) -> bool:
    """Machine-written and about delivery: only then may text patterns speak."""
    headers = message.headers
    if headers.get("content-type").lower().startswith("multipart/report") and "delivery" in headers.get("content-type"):
        return True
    sender = _SENDERS.search(headers.get("from")) is not None or headers.get("return-path").strip() == "<>"
    return sender and _SUBJECTS.search(message.subject) is not None


def _from_text(message: Message) -> Bounce | None:
    if message.parsed is None:
        return None
    temporary, permanent = flufl.failures(message.parsed)
    found = permanent or temporary
    if not found:
        return _first_address(message)
    return Bounce(tuple(found), bool(permanent))


def _first_address(message: Message) -> Bounce | None:
    """The address that the first lines of an unknown mail system's text name."""
    own = {a.address for a in message.headers.addresses("from", "to", "delivered-to", "x-original-to")}
    named = [m[0].lower() for m in find_addresses(message.text[:3000]) if m[0].lower() not in own]
    if not named:
        return None
    return Bounce((named[0],), _SOFT_TEXT.search((message.subject + message.text[:1500]).lower()) is None)


def _bounce(failures: list[_Failure]) -> Bounce | None:
    """One report: it is permanent if anybody it names is out of reach for good; then only they are named."""
    if not failures:
        return None
    permanent = any(failure.permanent for failure in failures)
    named = (f.address for f in failures if f.permanent == permanent)
    return Bounce(tuple(dict.fromkeys(named)), permanent)


def _blocks(text: str) -> list[dict[str, str]]:
    """Fields of each block of a delivery status; the first block is about the message as a whole."""
    blocks = [_fields(block) for block in re.split(r"\n[ \t]*\n", text)]
    return [
        block for block in blocks if "final-recipient" in block or "original-recipient" in block or "action" in block
    ]


def _fields(block: str) -> dict[str, str]:
    """Header-like fields, folded lines joined, names in lower case."""
    fields: dict[str, str] = {}
    name = ""
    for line in block.split("\n"):
        if line[:1] in (" ", "\t") and name:
            fields[name] += " " + line.strip()
        elif match := _FIELD.match(line.rstrip("\r")):
            name = match[1].lower()
            fields.setdefault(name, match[2].strip())
    return fields


def _failure(block: dict[str, str]) -> _Failure | None:
    """The failed recipient of a block, or None when it tells of success."""
    action = re.split(r"[\s(;]", block.get("action", "").strip().lower(), maxsplit=1)[0]
    if action in ("delivered", "relayed", "expanded"):
        return None
    status = _ENHANCED.search(block.get("status", "")) or _ENHANCED.search(block.get("diagnostic-code", ""))
    code = status or _REPLY_CODE.search(block.get("diagnostic-code", ""))
    if code and code[1] == "2" and action not in ("failed", "error"):
        return None
    address = _recipient(block)
    if address is None:
        return None
    # 4.x.x with "failed" means that the mail system gave up on a temporary trouble: the address may be good.
    permanent = action != "delayed" and (code is None or code[1] != "4")
    return _Failure(address, permanent)


def _recipient(block: dict[str, str]) -> str | None:
    """The address we wrote to where it is stated, else the final one (behind a forwarding)."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        stated = block.get(name, "").partition(";")[2] or block.get(name, "")
        address = stated.strip().strip("<>\"' ").lower()
        if is_address(address):
            return address
        if found := next(find_addresses(address), None):
            return found[0]
    return None
