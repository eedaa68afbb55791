"""How mail clients mark what is not new: attribution lines, header blocks, separators, client footers, by language.

Every test is linear in the line; lines are compared without bidi marks and with one kind of space and digit.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_LINE: Final = 1000  #: a longer line is never a marker

#: "wrote" as clients of each language put it into an attribution.
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|schreef|geschreven|a [ée]crit|[ée]crit|escribi[óo]|ha escrito|va escriure|"
    r"escreveu|ha scritto|scritto|skrev|skreiv|kirjoitti|skrifaði|pisze|napisał(?:\(a\))?|napsal(?:\(a\))?|"
    r"nap[íi]sal(?:\(a\))?|je napisao|írta|írta ezt|a scris|написал(?:а|\(а\))?|пишет|пише|написав(?:ла)?|yazdı|yazmış|"
    r"şunu yazdı|şunları yazdı|έγραψε|γράψε|nivîsand|nivîsî|nivîsandiye|yazıb|rašė|rakstīja|kirjutas|menulis|"
    r"viết)(?:\b|(?<=\)))|"
    r"نوشته? ?(?:است|بود)?|نوشت|نوشتند|كتب|کتب|كتبت|تمت كتابة|یازدی|یازیب|نووسی|נכתב|כתבה?|מאת|写道|寫道|のメール|작성",
    re.IGNORECASE,
)
#: How an attribution begins.
_BEGINS = re.compile(
    r"(?:[-_*\s]{0,12})(?:on|am|at|le|el|il|il giorno|em|op|den|dne|dnia|w dniu|v|kl|ha|tarihinde|la|στις|"
    r"mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"lör|sön|mån|tis|ons|tors|fre|man|tir|tor|lør|søn|quoting|"
    r"пн|вт|ср|чт|пт|сб|вс|pada|u|dana|di|în|a|в|во|у|در|به تاریخ|بتاریخ|في|على|بتاريخ|ב|בתאריך|لە|"
    r"pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)\b|[-*\s]{0,6}\d|در\s|في\s|بـ|בתאריך|在",
    re.IGNORECASE,
)
_STARTS_WITH_SENDER = re.compile(
    r"[^<>@]{0,80}<[^<>\s]{3,250}>,?\s.{0,80}\d{4}|[^\W\d_]{2,12}[.,]\s\d{1,2}\s\S{3,12}\s\d{4}"
)
_DATE_OR_ADDRESS = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}|\d{1,2}[./-]\d{1,2}|@")
_ADDRESS_COLON = re.compile(r"<[^<>\s]{3,250}>\W{0,3}[:：]$")
_ISO_FROM = re.compile(r"\d{4}-\d\d-\d\d \d\d?:\d\d (?:(?:GMT|UTC)?[+-]\d\d:?\d\d )?[^<>]{0,80}<[^<>\s]{3,250}>:")

#: Labels of a header block: what each field is called. One set per field over all languages.
_FIELD_NAMES: Final = {
    "from": "from von de från fra van da od від от кому-від kimden gönderen mittente remitente expéditeur absender "
    "avsändare afzender avsender lähettäjä από أجيب من از فرستنده מאת 发件人 寄件者 差出人 보낸사람 nadawca ji",
    "date": "date sent gesendet datum envoyé envoyée enviado enviada enviado el inviato data "
    "skickat sendt dato verzonden "
    "wysłano wysłane odesláno відправлено отправлено дата tarih gönderildi gönderilme lähetetty päivämäärä fecha "
    "ημερομηνία στάλθηκε ارسال شده ارسال‌شده ارسال شده در تاریخ تاریخ ارسال التاريخ مُرسل "
    "أُرسلت נשלח תאריך 发送时间 日期 送信日時",
    "to": "to an à a til till aan para per do komu кому kime alıcı vastaanottaja προς به گیرنده "
    "إلى الى אל 收件人 宛先 destinataire",
    "subject": "subject betreff objet asunto assunto oggetto ämne emne onderwerp temat předmět "
    "тема konu aihe θέμα tárgy "
    "موضوع الموضوع נושא 主题 主旨 件名 mijar",
    "cc": "cc kopie copie copia kopia kopi bilgi رونوشت نسخة عutk עותק 抄送",
}
_LABELS: Final = {
    unicodedata.normalize("NFC", name): field for field, names in _FIELD_NAMES.items() for name in names.split()
} | {
    "sent at": "date", "date sent": "date", "enviado el": "date", "skickat den": "date", "ارسال شده": "date",
    "ارسال شده در": "date", "تاریخ ارسال": "date", "data/hora": "date", "in data": "date", "reply-to": "cc",
    "به تاریخ": "date", "dátum": "date", "importance": "cc", "priorität": "cc", "wichtigkeit": "cc",
    "تم الإرسال": "date", "تاريخ الإرسال": "date", "resent-from": "cc",
}  # fmt: skip
_HEADER_LINE = re.compile(r"[*_\s]{0,4}([^\W\d_][^:：*<>@]{0,24}?)\s{0,2}[*_]{0,2}\s{0,2}[:：][*_]{0,2}(?:\s|$)")

_FORWARD_WORDS = re.compile(
    r"forwarded|begin forwarded|weitergeleitet|transféré|réacheminé|reenviado|inoltrat|encaminhad|vidarebefordrat|"
    r"videresendt|doorgestuurd|przekazan|přeposlan|переслан|перенаправл|iletilen|iletilmiş|yönlendirilen|välitetty|"
    r"بازارسال|باز ارسال|هدایت|فوروارد|معاد توجيه|مُعاد|المحولة|הועבר|προωθ|转发|轉寄",
    re.IGNORECASE,
)
_ORIGINAL_WORDS = re.compile(
    r"original|ursprüngliche|urspr\.|origine|originale|ursprungligt|oprindelig|opprinnelig|oorspronkelijk|oryginalna|"
    r"původní|исходное|оригинал|özgün|orijinal|alkuperäinen|پیام اصلی|الأصلي|ההודעה המקורית|αρχικό|原始|元のメッセージ",
    re.IGNORECASE,
)
_DASHED = re.compile(r"[-_=*—–~#]{2,60}\s?(\S.{0,80}?)\s?[-_=*—–~#]{2,60}")
_RULE = re.compile(r"[_\-=*—–]{5,200}")
_FORWARD_ALONE = re.compile(
    r"begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"début du message (?:réexpédié|transféré)|"
    r"inizio messaggio inoltrato|inicio del mensaje reenviado|vidarebefordrat (?:brev|meddelande)|"
    r"begin doorgestuurd bericht|videresendt (?:besked|melding)|iletilen ileti başlangıcı|آغاز پیام هدایت شده",
    re.IGNORECASE,
)

_SENT = re.compile(
    r"\b(?:sent|get|gesendet|geschickt|holen|envoy[ée]e?|télécharger|obtenir|obtenez|skickat|hämta|enviado|enviada|obtener|"
    r"inviato|scarica|ottieni|verzonden|download|sendt|hent|gönderildi|gönderilmiştir|edinin|wysłane|pobierz|lähetetty|"
    r"отправлено|надіслано|στάλθηκε|şandin|şandiye|göndərildi)\b|ارسال|فرستاده|أرسل|أُرسلت|مرسل|مُرسل|نێردراو|الحصول|دریافت|נשלח",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    r"\b(?:iphone|ipad|ios|android|outlook|samsung|galaxy|huawei|xiaomi|blackberry|yahoo mail|proton ?mail|protonmail|"
    r"k-9|fairphone|windows|mailbird|gmx|web\.de|bluemail|aquamail|tutanota|tuta|mobile|smartphone|handy|mobil\w*|"
    r"t[ée]l[ée]phone|móvil|cep telefonu\w*|mail)\b|آیفون|آيفون|اندروید|أندرويد|هاتف|تلفن همراه|موبایل",
    re.IGNORECASE,
)


def plain(line: str) -> str:
    """The line as markers are compared: no bidi marks, ordinary spaces, Western digits."""
    if line.isascii():
        return line.strip()
    kept = "".join(c for c in unicodedata.normalize("NFKC", line) if unicodedata.category(c) != "Cf" or c == "\u200c")
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in kept)
    return digits.strip()


def begins_attribution(text: str) -> bool:
    return _BEGINS.match(text) is not None or _STARTS_WITH_SENDER.match(text) is not None


def names_sender(text: str) -> bool:
    """Whether the line opens with a sender's address and a date, as no sentence of a person does."""
    return "<" in text and _STARTS_WITH_SENDER.match(text) is not None


def is_attribution(text: str, *, quote_follows: bool) -> bool:
    """Whether the (joined, ``plain``) text introduces a quotation: a "wrote", a date or address, a colon at the end."""
    if len(text) > MAX_LINE:
        return False
    if _ISO_FROM.fullmatch(text):
        return True
    body = text.rstrip("-_* ")
    if not body.endswith((":", "：")) and body == text:
        return False
    if _ADDRESS_COLON.search(body) and re.search(r"\d{4}.*\d{1,2}[:.]\d\d", body):
        return True  # "чт, 6 августа 2026 г. в 16:40, N <a@b>:", and the like: no verb at all
    wrote = _WROTE.search(body)
    return wrote is not None and (quote_follows or _DATE_OR_ADDRESS.search(body) is not None)


def header_field(text: str) -> str | None:
    """Which header (from, date, to, subject, cc) a ``plain`` line of a quoted header block names."""
    found = _HEADER_LINE.match(text)
    return _LABELS.get(found[1].strip().casefold().replace("\u200c", " ")) if found else None


def is_forward_separator(text: str) -> bool:
    """ "---------- Forwarded message ----------" and its like."""
    if len(text) > 160:
        return False
    dashed = _DASHED.fullmatch(text)
    return bool(dashed and _FORWARD_WORDS.search(dashed[1])) or _FORWARD_ALONE.match(text) is not None


def is_original_separator(text: str) -> bool:
    """ "-----Original Message-----" and its like."""
    dashed = _DASHED.fullmatch(text) if len(text) <= 160 else None
    return bool(dashed and _ORIGINAL_WORDS.search(dashed[1]))


def is_rule(text: str) -> bool:
    return _RULE.fullmatch(text) is not None


def is_client_footer(text: str) -> bool:
    """ "Sent from my iPhone" and its like: a short line that names a client and says that it sent."""
    return len(text) < 110 and _SENT.search(text) is not None and _CLIENT.search(text) is not None
