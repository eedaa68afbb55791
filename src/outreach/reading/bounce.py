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
_ENHANCED = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![.]?\d)")
_REPLY_CODE = re.compile(r"(?:^|[;\s#])([245])\d\d(?:[ \-#]|$)")
_SENDERS = re.compile(
    r"mailer-?daemon|mdaemon@|postmaster|mail ?(?:delivery|transport|transfer|router|system|gateway)|microsoftexchange|"
    r"mail administrator|^bounces?[@+-]|<>",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"undeliver|delivery (?:status|fail|error|has failed|problem|report|delayed)|"
    r"failure (?:notice|delivery)|failed delivery|"
    r"(?:mail|message) (?:error|failure|failed|refused)|user unknown|unknown user|nondeliver|non-deliver|"
    r"returned (?:e-?)?mail|automatically rejected|permanent failure|mail warning|"
    r"returned to sender|mail (?:delivery|system error)|delivery notification|unzustellbar|nicht zugestellt|"
    r"zustellung|rückläufer|message \S{1,80} delayed|delayed (?:\d+ hours|mail|delivery)|could not be delivered|"
    r"not (?:yet )?(?:been )?delivered|returning message|message (?:rejected|blocked)|"
    r"non remis|non distribu|échec|no entregad|no se (?:ha podido|pudo) entregar|error de entrega|correo devuelto|"
    r"mancato recapito|mancata consegna|non consegnat|não entregue|falha na entrega|kan inte levereras|olevererbar|"
    r"kunde inte levereras|onbestelbaar|niet (?:bezorgd|afgeleverd)|kunne ikke lever|ikke lever|niedor[ęe]cz|"
    r"nie dostarczon|toimitta(?:minen epäonnistui|matta)|ei voitu toimittaa|αποτυχία παράδοσης|δεν παραδόθηκε|"
    r"nie (?:został[aoy]?|można|udało|mogł[ao]?)\b.{0,30}(?:dostarcz|doręcz)|(?:not|pas|non|não|no|niet|inte|ikke) "
    r".{0,24}(?:delivered|remis|distribué|délivré|recapitat|consegnat|entreg|bezorgd|afgeleverd|levereras|leveret|levert)|"
    r"退信|无法(?:送达|投递)|未能送达|投递失败|無法(?:傳遞|投遞)|配信(?:不能|エラー|失敗)|送信できません|반송|전달되지|"
    r"teslim edilemedi|teslim edilemeyen|iletilemedi|ulaştırılamadı|çatdırılmadı|göndərilə bilmədi|"
    r"تحویل (?:داده )?نشد|تحویل ناموفق|ارسال نشد|عدم تحویل|برگشت خورد|تعذر (?:ال)?تسليم|لم يتم (?:ال)?تسليم|"
    r"فشل (?:في )?(?:ال)?تسليم|غير قابلة? للتسليم|لم يتم توصيل|не ?доставлен|не удалось доставить|"
    r"невозможно доставить|ошибка доставки|לא נמסרה?|לא ניתן (?:היה )?למסור|כשל במסירת|אי אפשר למסור",
    re.IGNORECASE,
)
_SOFT_TEXT = re.compile(
    r"delay|temporar|will (?:be )?retr|still trying|keep trying|deferred|warning message only|still undelivered|"
    r"not yet been delivered|verzögert|noch nicht|weiter versucht|"
    r"retard|pour le moment|pas encore|nouvelle tentative|reintent|temporal|riprov|temporane|tijdelijk|tillfällig|"
    r"midlertidig|försöker igen|tymczasow|geçici|kotası? dol|مؤقت|تأخ|موقت|ممتلئ|صندوق (?:پستی )?پر|временн|"
    r"задерж|переполнен|עיכוב|זמני|מלאה"
)
#: A full mailbox empties again: not for good, whatever its code says.
_FULL = re.compile(
    r"[45]\.2\.2\b|over ?quota|quota (?:is )?exceeded|exceed\w* (?:its |the |storage )*quota|"
    r"(?:mail)?box (?:is )?full|full mailbox|postfach \w* ?\w* ?(?:ist )?voll|boîte \w* ?\w* ?(?:est )?pleine|"
    r"buzón.{0,30}\bllen|casella.{0,30}\bpien|storage limit|postfach.{0,40}\bvoll|bo[îi]te.{0,30}\bpleine|"
    r"caixa.{0,30}\bchei|brevl[åa]d.{0,30}\bfull|postk[ao]ss\w*.{0,30}\bful|mailbox.{0,20}\bvol\b|postbus.{0,20}\bvol\b|"
    r"skrzynk.{0,30}(?:pełn|przepełn)|kutusu.{0,20}dolu|postilaatikko.{0,20}täy|ящик.{0,40}(?:полн|заполн)|"
    r"(?:صندوق|جعبه).{0,40}(?:پر |پر$|پر\.|ممتلئ)|(?:תיבת|תיבה).{0,30}מלאה|[邮郵信]箱.{0,12}[满滿]|超出.{0,8}容量",
    re.IGNORECASE,
)
#: What people write about such a report carries this in front of its subject.
_ANSWERED = re.compile(r"\s*(?:re|aw|sv|fwd?|wg|tr|vs|r|antw|odp|ynt|rv)\s?(?:\[\d+\])?:", re.IGNORECASE)
#: How mail systems begin: what no person would write of a mail.
_OPENINGS = re.compile(
    r"this is the (?:qmail|mail (?:system|delivery|server)|postfix|mail(?:er)?[ -]daemon)|"
    r"created automatically by (?:the )?(?:mail|a mail|smtp)|"
    r"automatically (?:generated|created).{0,40}(?:delivery|mail)|"
    r"(?:message|mail|e-?mail)\b.{0,60}\b(?:could not|cannot|can't|can not|couldn't) be (?:delivered|sent)|"
    r"(?:unable to|could not|cannot|couldn't|wasn't able to|not able to) deliver\b|was automatically rejected|"
    r"(?:could not|cannot) be delivered to|"
    r"(?:was|has) not (?:been )?delivered|did not reach|deliver(?:y|ing)\b.{0,60}\bfailed|transcript of session|"
    r"undeliver(?:able|ed)|original message was received at|failed (?:address|recipient)|returned to (?:the )?sender|"
    r"(?:user|account|mailbox|recipient|address)\b.{0,40}\b(?:unknown|not found|does ?n[o']t exist|disabled|inactive)",
    re.IGNORECASE,
)
#: What an SMTP server answered, as only reports of mail systems cite it.
_SMTP_ANSWER = re.compile(
    r"(?<![\d.])[45]\d\d[ \-]#?[45]\.\d{1,3}\.\d{1,3}|\bSMTP[ \-]?(?:error|fehler|code)", re.IGNORECASE
)
_STATED = re.compile(r"[^\s<>,;:\"@]{1,64}@[^\s<>,;:\"@]{1,255}")
#: What tells of success, where nothing cites a failure.
_SUCCEEDED = re.compile(
    r"^\s*(?:successful mail deliver|relayed\s*:|delivered\s*:|expanded\s*:)|\bwas (?:successfully delivered|delivered "
    r"successfully)|delivery to .{0,40} is complete|wurde erfolgreich zugestellt|a été remis avec succès",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[ \t]*<?([^\s<>:]{3,254}@[^\s<>:]{3,254})>?[ \t]*[:.]?[ \t]*")
_ORIGINAL = re.compile(
    r"^(?:-{3,}.{0,80}|[ >]*(?:return-path|received|dkim-signature):.*)$", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class _Failure:
    address: str
    permanent: bool
    ended: bool
    status: str | None
    said: str


def is_complaint(message: Message) -> bool:
    """A feedback-loop report of somebody who called our mail spam (RFC 5965); other feedback types are none."""
    for report in message.reports.get("message/feedback-report", []):
        kind = _fields(report).get("feedback-type", "abuse").strip().lower()
        return kind not in ("not-spam", "auth-failure", "dmarc")
    return False


def is_report(message: Message) -> bool:
    """Any report of a mail system: delivery, disposition (RFC 8098), feedback."""
    return bool(message.reports) and message.headers.get("content-type").lower().startswith("multipart/report")


def is_rejection(message: Message) -> bool:
    """A receipt (RFC 8098) by which a server refuses our mail, as Sieve's reject does (RFC 5429)."""
    return "automatically rejected" in f"{message.subject} {message.text[:2000]}".lower()


def read_bounce(message: Message) -> Bounce | None:
    """Whom our mail did not reach, or None: no bounce, or one that tells of success only."""
    blocks = [block for kind in _STATUS for text in message.reports.get(kind, []) for block in _blocks(text)]
    if blocks:
        failures = [f for block in blocks if (f := _failure(block))]
        return _bounce(failures) if failures or any("action" in b for b in blocks) else _from_text(message)
    failed = [a.address for a in message.headers.addresses("x-failed-recipients")]
    if failed:
        return _in_words(tuple(dict.fromkeys(failed)), message)
    return _from_text(message) if _looks_like_bounce(message) and not _tells_of_success(message) else None


def _tells_of_success(message: Message) -> bool:
    said = f"{message.subject}\n{_report(message)[:1000]}"
    return _SUCCEEDED.search(said) is not None and not _SMTP_ANSWER.search(said)


def _looks_like_bounce(message: Message) -> bool:
    """Machine-written and about delivery: only then may text patterns speak."""
    headers = message.headers
    if headers.get("content-type").lower().startswith("multipart/report") and "delivery" in headers.get("content-type"):
        return True
    answers = _ANSWERED.match(message.subject) is not None and "daemon" not in headers.get("from").lower()
    if answers:  # somebody may well write as postmaster, and of a mail that did not arrive
        by_system = _SENDERS.search(headers.get("from")) or headers.get("return-path").strip() == "<>"
        return bool(by_system) and _cites(message)
    if _SENDERS.search(headers.get("from")):
        return _is_about_it(message) or _speaks(message) or _cites(message) or _is_daemon_that_failed(message)
    if headers.get("return-path").strip() == "<>":
        # Vacation notes have that path too, and say "not delivered" of other things.
        return _is_about_it(message) or _cites(message)
    # No sender that is known for it, as with gateways: subject and text must agree, or our mail must have come back.
    if _is_about_it(message):
        return _speaks(message) or _cites(message)
    return _holds_original(message) and _speaks(message) and any(flufl.failures(message.parsed))


def _is_about_it(message: Message) -> bool:
    return _SUBJECTS.search(message.subject) is not None


def _is_daemon_that_failed(message: Message) -> bool:
    """In whatever words: no person writes as a daemon, as some do as postmaster."""
    return "daemon" in message.headers.get("from").lower() and any(flufl.failures(message.parsed))


def _speaks(message: Message) -> bool:
    return _OPENINGS.search(_report(message)[:2000]) is not None


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
    code = _ENHANCED.search(report) or _REPLY_CODE.search(report)
    if code:
        return code[1] != "4"
    return _SOFT_TEXT.search(f"{message.subject} {report[:2000]}".lower()) is None


def _from_text(message: Message) -> Bounce | None:
    temporary, permanent = flufl.failures(message.parsed)
    found = permanent or temporary or _named(message)
    return _in_words(tuple(found), message) if found else None


def _in_words(recipients: tuple[str, ...], message: Message) -> Bounce:
    """What a report says that has no machine-readable part."""
    permanent, report = _permanent_by_text(message), _report(message)
    code = _ENHANCED.search(report)
    return Bounce(recipients, permanent, permanent, code[0] if code else None, " ".join(report.split())[:500])


def _named(message: Message) -> list[str]:
    """The addresses that an unknown mail system's text puts on lines of their own, else the first one it names."""
    own = {a.address for a in message.headers.addresses("from", "to", "delivered-to", "x-original-to")}
    report = _report(message)
    alone = [m[1].lower() for line in report.split("\n")[:60] if (m := _ALONE.fullmatch(line[:600]))]
    named = [a for a in map(flufl.bare, alone) if is_address(a) and a not in own]
    return (
        list(dict.fromkeys(named))
        or [a for m in find_addresses(report[:3000]) if (a := flufl.bare(m[0])) not in own][:1]
    )


def _bounce(failures: list[_Failure]) -> Bounce | None:
    """One report: it is permanent if anybody it names is out of reach for good; then only they are named."""
    if not failures:
        return None
    permanent = any(failure.permanent for failure in failures)
    # The last block is of the last mail system, which knows.
    meant = [f for f in failures if f.permanent == permanent]
    named = tuple(dict.fromkeys(f.address for f in meant))
    return Bounce(named, permanent, meant[-1].ended, meant[-1].status, meant[-1].said)


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
    full = _FULL.search(f"{block.get('status', '')} {block.get('diagnostic-code', '')}") is not None
    permanent = action != "delayed" and not full and (code is None or code[1] != "4")
    ended = permanent or action in ("failed", "error")
    return _Failure(address, permanent, ended, status[0] if status else None, block.get("diagnostic-code", "")[:500])


def _recipient(block: dict[str, str]) -> str | None:
    """The address we wrote to where it is stated, else the final one (behind a forwarding)."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        stated = block.get(name, "").partition(";")[2] or block.get(name, "")
        address = stated.strip().strip("<>\"' ").lower()
        if is_address(address):
            return address
        if found := next(find_addresses(address), None):
            return found[0]
        if _STATED.fullmatch(address):
            return address
    return None
