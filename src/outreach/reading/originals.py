"""Where the original starts without quote marks: separators, and blocks of its headers, in every language.

Used by `reply` to split the text, and by the readers to leave header lines out. Every test is linear in its lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

MAX_LINE: Final = 1000  #: a longer line is never a marker
_LOOK_AHEAD: Final = 14  #: lines that a block of headers may take, wrapped values and gaps included
_ENOUGH: Final = 3  #: headers that make a block by themselves

_INVISIBLE: Final = [
    0xAD,
    0x61C,
    0x200B,
    *range(0x200D, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x206A),
    0xFEFF,
]
_FOLDED: Final = (
    {code: None for code in _INVISIBLE}
    | {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x200C: " ", 0x640: None}
    | dict.fromkeys(range(0x64B, 0x653))  # vowel signs of Arabic
    | str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "：": ":", "＜": "<", "＞": ">", "’": "'"})
)


def plain(line: str) -> str:
    """The line as markers are compared: no bidi marks, one kind of space, Persian letters for their Arabic twins."""
    if line.isascii():
        return line.strip()
    return unicodedata.normalize("NFC", line[: MAX_LINE + 1]).translate(_FOLDED).strip()


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for ``plain`` texts, its own letters folded as theirs are, small and capital letters alike."""
    return re.compile(unicodedata.normalize("NFC", pattern).translate(_FOLDED), re.IGNORECASE)


#: What the headers of a quoted original are called, by clients of all languages; names of several words after " / ".
_FIELD_NAMES: Final = {
    "from": "from von de från fra van da od від от kimden gönderen mittente remitente expéditeur absender avsändare "
    "afzender avsender lähettäjä από αποστολέας از فرستنده מאת 发件人 發件人 寄件者 寄件人 差出人 送信者 보낸사람 "
    "보낸이 nadawca odesílatel odosielateľ ji feladó felado frá saatja nuo dari لە / de la / 보낸 사람 / người gửi / "
    "من / المرسل / från avsändare / resent-from",
    "date": "date sent gesendet datum envoyé envoyée enviado enviada enviat inviato data skickat skickades sendt dato "
    "verzonden verstuurd wysłano wysłane odesláno odoslané відправлено надіслано отправлено дата изпратено tarih "
    "gönderildi gönderilme lähetetty päivämäärä päiväys fecha ημερομηνία στάλθηκε εστάλη küldve elküldve dátum trimis "
    "poslano poslato sent saadetud kuupäev nosūtīts išsiųsta terkirim tanggal ngày şandî نێردراوە تاریخ ارسال נשלח תאריך "
    "发送时间 發送時間 日期 寄件日期 送信日時 日時 보낸날짜 날짜 / sent at / date sent / enviado el / enviado em / "
    "envoyé le / skickat den / sendt den / gesendet am / ارسال شده / ارسال شده در / در تاریخ / تاریخ ارسال / به تاریخ / "
    "التاريخ / أرسلت / أُرسلت / مُرسل / تم الإرسال / تاريخ الإرسال / data/hora / data/ora / in data / đã gửi / "
    "보낸 날짜 / 보낸 시간 / gönderme tarihi / gönderildiği tarih / date et heure / data wysłania",
    "to": "to an à a til till aan para per do komu кому до kime alıcı vastaanottaja saaja προς به گیرنده אל 收件人 收件者 "
    "宛先 destinataire destinatario destinatário ontvanger empfänger mottagare modtager címzett către za prima kam "
    "kepada adressaat بۆ 받는사람 받는이 / 받는 사람 / إلی / إلى / الى / المستلم / per a / người nhận / tới / đến / ji bo",
    "subject": "subject betreff objet asunto assunto oggetto ämne emne onderwerp temat předmět predmet тема относно konu "
    "aihe θέμα tárgy subiect assumpte efni teema temats tema perihal subjek موضوع الموضوع بابەت נושא 主题 主題 主旨 件名 "
    "제목 mijar re / chủ đề / tiêu đề",
    "cc": "cc kopie copie copia cópia kopia kopi kopio másolat copie afschrift bilgi kópia копия копія رونوشت نسخة "
    "העתק עותק 抄送 副本 참조 reply-to importance priorität wichtigkeit prioritet attachments anlagen anhang "
    "attachment organization organisation bcc / k kopii / pièces jointes / yanıt adresi",
}
_LABELS: Final = {
    plain(name).casefold(): field
    for field, names in _FIELD_NAMES.items()
    for single, *phrases in [names.split(" / ")]
    for name in [*single.split(), *phrases]
}
_HEADER_LINE = re.compile(r"[*_>\s]{0,6}([^\W\d_][^:*<>@]{0,24}?)\s{0,3}[*_]{0,2}\s{0,2}:[*_]{0,2}(?=\s|$|\S*@)\s*(.*)")
_IN_ONE_LINE = re.compile(r"(?:^|\s)([^\W\d_][^\W\d_]{1,14})\s?:(?=\s)")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d|\d{4}")
_NAMES_SOMEBODY = re.compile(r"[\W_]{0,8}[^\W\d_]|\S*@")

_WORD_OF_MESSAGE: Final = (
    "message nachricht e-?mail mail mensaje mensagem messaggio meddelande meddelelse melding besked bericht wiadomo "
    "сообщени повідомлен писем письм лист ileti mesaj posta viesti správa zpráva üzenet levél poruk μήνυμα پیام ایمیل "
    "رسالة الرسالة הודעה 邮件 郵件 邮箱 メッセージ 메시지 brev thư pesan courriel correo mailing"
)
_FORWARD_WORDS = compiled(
    r"forward|weitergeleitet|transféré|transmis|réexpédié|réacheminé|reenvia|reencaminh|inoltrat|encaminhad|vidarebeford|"
    r"videresend|doorgestuurd|przekazan|přeposlan|preposlan|переслан|перенаправ|препрат|пересилан|iletilen|iletilmiş|"
    r"yönlendiril|edelleenlähet|välitet|továbbított|redirec|proslijeđen|prosleđen|reenviat|áframsen|διαβιβα|προωθ|"
    r"بازارسال|باز ارسال|هدایت|فوروارد|فرستاده شده|معاد توجیه|مُعاد|محول|إعادة توجیه|תועבר|הועבר|転送|转发|轉寄|전달|"
    r"chuyển tiếp|diteruskan"
)
_ORIGINAL_WORDS = compiled(
    r"original|ursprünglich|urspr\.|origine|originale|initial|ursprunglig|oprindelig|opprinnelig|oorspronkelijk|"
    r"oryginaln|pierwotn|původní|pôvodn|исходн|оригинал|оригінал|особист|özgün|orijinal|asıl|alkuperä|eredeti|izvorn|"
    r"αρχικό|πρωτότυπ|پیام اصلی|ایمیل اصلی|الأصلی|הודעה מקורית|המקורית|原始|原邮件|原件|元のメッセージ|원본|gốc|asli|"
    r"upprunaleg|(?:reply|antwort|svar) (?:message|nachricht)"
)
_DASHED = re.compile(r"[->_=*—–~#\s]{2,80}?([^\W_].{0,90}?)\s{0,5}[-_=*—–~#<]{2,80}")
_RULE = re.compile(r"[_\-=*—–~⎯─]{5,200}")
_FORWARD_ALONE = compiled(
    r"(?:begin(?: of)? )?forwarded message\s*:$|begin forwarded message|anfang der weitergeleiteten |"
    r"début du (?:message|courriel) (?:réexpédié|transféré)|inizio (?:del )?messaggio inoltrato|"
    r"inicio del mensaje reenviado|início da mensagem (?:reencaminhada|encaminhada)|vidarebefordrat (?:brev|meddelande)\s*:|"
    r"begin(?: van)? doorgestuurd bericht|(?:start på )?videresendt (?:besked|melding|e-post)\s*:|iletilen ileti başlangıcı|"
    r"początek (?:przekazywanej|przesłanej) wiadomości|начало переадресованного|välitetty viesti|"
    r"začátek přeposílané zprávy|továbbított levél kezdete|آغاز پیام هدایت|شروع پیام بازارسال|بداية الرسالة|"
    r"תחילת ההודעה שהועברה|以下是转发的邮件|下面是被转发的邮件|轉寄的郵件開頭|転送されたメッセージ\s*:|전달된 메시지 시작"
)
_ABOVE_THIS_LINE = compiled(
    r"(?:reply|write|respond|type)\b.{0,40}\babove this line|(?:oberhalb|über) dieser (?:zeile|linie)|"
    r"au-dessus de cette ligne|(?:por )?encima de esta línea|acima desta linha|sopra questa (?:linea|riga)|"
    r"boven deze (?:regel|lijn)|ovanför denna rad|over denne linje|powyżej tej linii|بالای این خط|فوق هذا السطر"
)


def header_field(text: str) -> str | None:
    """Which header (from, date, to, subject, cc) a ``plain`` line of a quoted header block names."""
    found = _HEADER_LINE.match(text)
    return _LABELS.get(found[1].casefold()) if found else None


def names_header(line: str) -> bool:
    """A quick look at a raw line: whether it begins with the name of a header."""
    head, colon, _ = line[:40].replace("：", ":").partition(":")
    return bool(colon) and (plain(head).strip(" *_\t").casefold() in _LABELS)


def header_block(texts: Sequence[str], *, after_separator: bool) -> int:
    """How many of these ``plain`` lines are a block of the original's headers that starts with the first; 0 if none.

    Three headers make one, with the sender and a date or subject among them, and a real date or an address: a filled
    sign-up form ("From: 10:00, To: 12:00, Date: 5 September") is none. After a separator two are enough.
    """
    found: dict[str, str] = {}
    end = 0
    for number, field, value in _headers(texts[:_LOOK_AHEAD]):
        if field in found and field != "cc":
            break
        found[field] = value
        end = number + 1
    if "from" in found and not _NAMES_SOMEBODY.match(found["from"] or "x"):
        return 0
    dated = _CLOCK.search(found.get("date", "")) is not None
    addressed = any("@" in found.get(name, "") for name in ("from", "to"))
    if len(found) >= _ENOUGH and "from" in found and ("date" in found or "subject" in found):
        return end if dated or addressed or after_separator or len(found) > _ENOUGH or "subject" in found else 0
    opened = "from" in found or (addressed and header_field(texts[0]) == "date")
    if len(found) >= 2 and ((opened and dated) or (after_separator and "from" in found)):
        return end
    return len(texts[:1]) if _is_block_in_one_line(texts) else 0


def _headers(texts: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Number, field and value of each header line; wrapped values and single empty lines between are passed over."""
    others = 0
    for number, text in enumerate(texts):
        match = _HEADER_LINE.match(text) if len(text) <= MAX_LINE else None
        field = _LABELS.get(match[1].casefold()) if match else None
        if field and match:
            others = 0
            below = texts[number + 1] if not match[2] and number + 1 < len(texts) else ""
            yield number, field, match[2] or below
        else:
            others += 1
            if number == 0 or others > 2 or (not text and others > 1):
                return


def _is_block_in_one_line(texts: Sequence[str]) -> bool:
    """ "From: A Sent: B To: C Subject: D", as some gateways write it."""
    text = texts[0] if texts else ""
    if not 40 <= len(text) <= MAX_LINE or header_field(text) != "from":
        return False
    fields = {_LABELS.get(match[1].casefold()) for match in _IN_ONE_LINE.finditer(text)}
    return {"from", "date", "to"} <= fields or {"from", "date", "subject"} <= fields


def is_forward_separator(text: str) -> bool:
    """ "---------- Forwarded message ----------" and its like."""
    if len(text) > 160:
        return False
    dashed = _DASHED.fullmatch(text)
    return bool(dashed and _FORWARD_WORDS.search(dashed[1]) and _of_message(dashed[1])) or (
        _FORWARD_ALONE.match(text) is not None
    )


def is_original_separator(text: str) -> bool:
    """ "-----Original Message-----", "## Reply above this line ##", and their like."""
    dashed = _DASHED.fullmatch(text) if len(text) <= 160 else None
    if dashed is None:
        return False
    return (_ORIGINAL_WORDS.search(dashed[1]) is not None and len(dashed[1].split()) <= 5) or (
        _ABOVE_THIS_LINE.search(dashed[1]) is not None
    )


_OF_MESSAGE = compiled("|".join(_WORD_OF_MESSAGE.split()))


def _of_message(text: str) -> bool:
    return _OF_MESSAGE.search(text) is not None or len(text.split()) <= 2


def is_rule(text: str) -> bool:
    """A row of dashes or underscores, and nothing else."""
    return _RULE.fullmatch(text) is not None
