"""Mail that a machine wrote, told by its headers and structure alone (RFC 3834, 3464, 5965, 2919)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from outreach.reading import bounce
from outreach.reading.message import Message
from outreach.words import Kind

_REPLIED: Final = ("auto-replied", "auto-generated", "auto-notified", "vacation")
_AUTO_HEADERS: Final = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply", "x-ms-exchange-inbox-rules-loop",
    "x-vacation",
    "x-auto-reply-from",
)  # fmt: skip
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic|matisch|matisk|matique)?[- :]*(?:reply|response|antwort|antwoord|svar|"
    r"réponse|respuesta|risposta)|"
    r"automati\w+ (?:antwort|svar|antwoord|antwort|yanıt|cevap|réponse|réponses|reply|"
    r"odpowied\w+|vastaus)|autosvar|autoreply|"
    r"out of (?:the )?office|abwesenheit\w*|abwesend|frånvaro\w*|fraværs\w*|afwezig\w*|"
    r"réponse automatique|absence du bureau|"
    r"absent\(e\)|respuesta automática|fuera de (?:la )?oficina|risposta automatica|"
    r"fuori (?:sede|ufficio)|resposta automática|"
    r"otomatik (?:yanıt|cevap)|ofis dışı|ofis dışında|poza biurem|автоответ\w*|автоматический ответ|"
    r"پاسخ خودکار|خارج از دفتر|رد تلقائي|رد آلي|خارج المكتب|מענה אוטומטי|תשובה אוטומטית|מחוץ למשרד|"
    r"avtomatik cavab|izindeyim|وەڵامی خۆکار|bersiva otomatîk|li derveyî ofîsê|"
    r"vacation|on holiday|urlaub)\b|"
    r"^\s*auto:\s.{0,120}\b(?:out of|away|returning|abwesen|nicht im|außer haus|absen|ausent|assent|frånvar|fravær)|"
    r"[(\[](?:automatic|auto)[- ]?(?:response|reply)[)\]]",
    re.IGNORECASE,
)
_READ_RECEIPT = re.compile(r"disposition-notification", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sign:
    """A mail that a machine wrote: its kind, and what shows it (a header's name or a few words, none of the mail's)."""

    kind: Kind
    what: str


def machine_sign(message: Message) -> Sign | None:
    """bounce, complaint or auto_reply where headers or structure say so; None leaves it to the words."""
    if bounce.is_complaint(message):
        return Sign(Kind.COMPLAINT, "a feedback-loop report (RFC 5965)")
    is_receipt = "message/disposition-notification" in message.reports
    if is_receipt or _READ_RECEIPT.search(message.headers.get("content-type")):
        if bounce.is_rejection(message) and bounce.read_bounce(message):
            return Sign(Kind.BOUNCE, "a receipt that refuses our mail (RFC 5429)")
        return Sign(Kind.AUTO_REPLY, "a read receipt (RFC 8098)")
    if bounce.read_bounce(message):
        return Sign(Kind.BOUNCE, "a delivery report (RFC 3464, or a mail system's own)")
    if bounce.is_report(message):
        return Sign(Kind.AUTO_REPLY, "a report without a failure")
    automatic = auto_reply_sign(message)
    return Sign(Kind.AUTO_REPLY, automatic) if automatic else None


def auto_reply_sign(message: Message) -> str | None:
    """The header that says that no person answered, or None."""
    headers = message.headers
    if headers.get("auto-submitted").partition(";")[0].strip().lower() in _REPLIED:
        return "auto-submitted"
    if named := next((name for name in _AUTO_HEADERS if name in headers), None):
        return named
    if headers.get("precedence").strip().lower() == "auto_reply":
        return "precedence"
    return "subject" if _AUTO_SUBJECT.search(message.subject) else None
