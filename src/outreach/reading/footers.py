"""What programs add below a sender's words: greeting cards of clients, legal notices, footers of mailing lists.

Used by `reply`: such lines are kept as signature. Each test is linear in the line; `may_be_footer` is the cheap one.
"""

from __future__ import annotations

import re
from typing import Final

from outreach.reading.originals import compiled

_MAX_CARD: Final = 140
_MAX_WORDS: Final = 14

#: How a client's card begins, one line per language.
_SENT = compiled(
    r"[-*_>(\[“\"]{0,3}(?:"
    r"sent (?:from|via|with|using|by|on)|get (?:outlook|bluemail|typeapp|spark)|download outlook|composed (?:on|with)|"
    r"typed on|written on|"
    r"von mein\w+|gesendet (?:von|mit|über|aus|via)|diese (?:nachricht|e-?mail) wurde (?:von|mit)|versendet mit|"
    r"holen sie sich outlook|hole? dir outlook|outlook für|laden sie outlook|geschrieben mit|verschickt (?:mit|von)|"
    r"envoyée? (?:de|du|depuis|avec|via|à partir|par)|t[ée]l[ée]charge[rz] outlook|obten(?:ez|ir) outlook|provenance|"
    r"enviad[oa] (?:desde|con|a trav|mediante|do|da|de|a partir|com|via|pelo|no)|obt(?:ener|én|enga) outlook|"
    r"descarga[r]? outlook|obte[nr]h?a? (?:o )?outlook|baix(?:e|ar) o outlook|"
    r"inviat[oa] (?:da|dal|con|tramite|via)|scarica outlook|ottieni outlook|"
    r"(?:verzonden|verstuurd) (?:vanaf|met|via|vanuit|van)|outlook (?:voor|downloaden)|"
    r"skicka(?:t|des) (?:från|med|via)|(?:hämta|skaffa) outlook|"
    r"sendt (?:fra|med|via)|(?:hent|få(?: fat i)?|skaff(?: deg)?|last ned) outlook|"
    r"lähetetty|hanki outlook|hae outlook|wysłan[eo] (?:z|za|ze|przy)|(?:pobierz|uzyskaj|pobrać) .{0,12}outlook|"
    r"odesláno (?:z|ze|pomocí|přes)|odoslané (?:z|zo|pomocou)|získa(?:t|jte|ť) .{0,12}outlook|"
    r"(?:el)?küldve|trimis (?:de pe|din|de|cu|prin)|(?:obțineți|descărcați) outlook|"
    r"отправлен[ао] (?:с|из|через|со)|(?:получить|получите|скачать|скачайте) outlook|"
    r"(?:надіслано|відправлено) (?:з|із|за|через)|отримати outlook|изпратено от|послат[ао] са|poslano s|poslato s|"
    r"gönderen:|(?:ios|android|mac|windows) için outlook|στάλθηκε|εστάλη|αποκτήστε|λήψη του outlook|"
    r"enviat des|baixa .{0,4}outlook|saadetud|nosūtīts|išsiųsta|siųsta iš|sūtīts|sent úr|gửi từ|đã gửi từ|tải outlook|"
    r"dikirim dari|terkirim dari|dapatkan outlook|ji \S{3,12} hat(?:e)? şandin|şandin ji|"
    r"ارسال (?:شده|از|با|توسط)|فرستاده شده|فرستاده از|فرستاده‌شده|ارسال‌شده|از \S{2,12} من|از طریق|با \S{2,12} ارسال|دریافت outlook|outlook را|"
    r"أرسلت من|أُرسلت من|أرسل من|أُرسل من|مرسل(?:ة)? من|تم الإرسال|تم إرسال|من (?:جهاز|هاتف)|احصل على|الحصول على|"
    r"نێردراوە|لە (?:ئای|مۆبا)|נשלח|קבל את|השג את|発信|私の|iphone|ipad|outlook for|yahoo!?メール|androidから|"
    r"发自|發自|从我|從我|从|從|获取|獲取|取得|發送自|发送自|내 |나의|android용|ios용|outlook)"
)
_DEVICE = compiled(
    r"(?<![a-z])(?:i ?phon\w{1,8}|i ?pad|i ?pod|ios|macbook|apple ?watch|outlook|samsung|galaxy|huawei|honor|xiaomi|redmi|mi phone|"
    r"oppo|vivo|oneplus|motorola|nokia|xperia|htc|blackberry|yahoo|aol|gmail|proton|tuta|k-9|k9|thunderbird|fairemail|"
    r"airmail|mailbird|gmx|web\.de|freenet|t-online|telekom|bluemail|typeapp|mail\.ru|yandex|mymail|canary|"
    r"mailspring|nine|aquamail|em client|postbox|fairphone|verizon|t-mobile|vodafone|roundcube|zimbra|sparrow|"
    r"workspace|zoho|hubspot|missive|superhuman|hotmail|icloud|mutt|evolution|kmail|claws|rainloop|nextcloud|boxer|inbox\b|hushmail|mailfence|posteo|disroot|riseup|infomaniak|acompli|spark|hey\b|"
    r"android|windows|smartphone|handy|cell ?phone|mobile (?:phone|device|mail|app)|my (?:mobile|phone|cell|tablet)|"
    r"meinem (?:mobil|telefon|handy|tablet)|mobiltelefon|mobil\w{0,12}$|tablet|smart phone|wireless|"
    r"t[ée]l[ée]phone|mon mobile|portable|tel[ée]fono?\b|m[óo]vil|celular|telemóvel|telefone|cellulare|telefoon|puhelin|"
    r"telefon\w{0,8}|telefonu\w*|mobilu|urządze\w+|zařízen\w+|устройств\w*|телефон\w*|смартфон\w*|iphone\w*|айфон\w*|"
    r"κινητό|συσκευή|courrier|mail for|mail app|mail für|app für|correo para|app posta|post för|"
    r"آیفون|ایفون|آيفون|الآیفون|ایپد|آیپد|اندروید|أندروید|اندرويد|هاتف|جوال|گوشی|موبایل|مۆبایل|تلفن|ئایفۆن|یاهو|جیمیل|اوتلوک|"
    r"סמארטפון|טלפון|נייד|אייפון|手机|手機|携帯|스마트폰|휴대폰|휴대전화|邮箱大师|邮件版|企业微信|qq邮箱|网易)"
)
#: Cards whose verb stands at the end, after the device.
_SENT_AT_END = compiled(
    r"(?:gesendet|verschickt|verzonden|verstuurd|gönderildi|gönderilmiştir|gönderdim|edinin|küldve|beszerzése|lähetetty|"
    r"ارسال شد|ارسال شده|ارسال گردید|فرستاده شد|دریافت کنید|送信|から送信|入手|보냄|보냈습니다|다운로드|发送|傳送|傳送的|şandin)"
    r"[.!。]?(?:\s?<\S+>)?$"
)
_EXCUSE = compiled(
    r"excuse|sorry|typo|brevity|briev|pardon|entschuldig|tippfehler|kürze|désolé|excus|fautes|disculp|breved|scus|spelling|"
    r"errors|autocorrect|stavfel|ursäkta"
)
_FOR_SYSTEM = compiled(r"(?:outlook|mail|courrier|correo|post[ae]?)\S*\s.{0,20}(?:ios|android|windows|mac)")
_SLOGAN = compiled(r"yahoo!? mail\s?: search, organi[sz]e, conquer")
_CLAUSE = re.compile(r"[,.;(–—-]\s|\s[-–—]")
_LINK = re.compile(r"[<(\[]?https?://\S*|\[cid:\S*")

_NOTICE = compiled(
    r"[*_\s\[(]{0,6}(?:"
    r"(?:legal |privacy |important )?(?:confidentiality|disclaimer|privileged|confidential)\b.{0,30}(?:notice|note|information|:|$)|"
    r"this (?:e-?mail|message|communication|transmission)s?(?: message)?(?:,? (?:and|including) (?:any|all|its|the) \S+)?"
    r".{0,60}\b(?:confidential|intended|privileged|may contain)|"
    r"the (?:information|content)s? (?:contained |transmitted )?(?:in|of) this (?:e-?mail|message|communication)|"
    r"if you (?:are not|have received|received) (?:the intended|this (?:e-?mail|message|communication))|"
    r"please consider the environment|think before you print|"
    r"(?:caution|warning|external(?: e-?mail)?|achtung|\[?extern\w*\]?)\s?[:!-].{0,60}(?:e-?mail|message|sender|absender|link)|"
    r"this message (?:originated|was sent) from outside|you don'?t often get email from|"
    r"diese (?:e-?mail|nachricht|mitteilung) (?:enthält|kann|könnte|ist|und)\b.{0,80}(?:vertraulich|rechtlich|bestimmt)|"
    r"der inhalt dieser (?:e-?mail|nachricht)|vertraulichkeits?hinweis|rechtlicher hinweis|"
    r"ce (?:message|courriel|mail|courrier)\b.{0,90}(?:confidenti|destin)|avis de confidentialité|"
    r"est[ea] (?:correo|mensaje|mensagem|e-?mail|comunicaci|comunicaç)\S*\b.{0,90}(?:confiden|destinad|dirigid)|"
    r"aviso (?:legal|de confidencialidad|de confidencialidade)|"
    r"(?:questo|il presente) (?:messaggio|e-?mail)\b.{0,90}(?:riservat|confidenzial|destinat)|"
    r"dit (?:e-?mail)?bericht\b.{0,90}(?:vertrouwelijk|bestemd)|"
    r"det(?:ta|te) (?:e-?post)?(?:meddelande|meddelelse)\S*\b.{0,90}(?:konfidentiel|avsett|fortrolig)|"
    r"denne (?:e-?mail|e-?post|mail)\b.{0,90}(?:fortrolig|konfidensiel|bestemt)|"
    r"bu (?:e-?posta|mesaj)\b.{0,90}(?:gizli|kişiye özel)|данное (?:сообщение|письмо)\b.{0,90}конфиденциальн|"
    r"این (?:ایمیل|پیام|رایانامه)\b.{0,90}محرمانه|هذه? (?:الرسالة|البرید)\b.{0,90}سری)"
)
_LIST = compiled(
    r"mailing ?list|mailman|listinfo|/lists?/|@lists?\.|@googlegroups|unsubscribe|abbestellen|désabonn|se désinscrire|"
    r"-request@|you received this (?:message|email) because|to stop receiving emails from it|"
    r"to view this discussion|groups?\.google|groups\.io|yahoogroups"
)
_FIRST_WORDS: Final = frozenset(
    "مُرسل sent get download composed typed written von gesendet diese versendet holen hole hol outlook laden geschrieben "
    "verschickt envoyé envoyée télécharger téléchargez telecharger obtenez obtenir provenance enviado enviada obtener "
    "obtén obtenga descargar descarga obtenha obter baixe baixar inviato inviata scarica ottieni verzonden verstuurd "
    "skickat skickades hämta skaffa sendt hent få skaff last lähetetty hanki hae wysłane wysłano pobierz uzyskaj odesláno "
    "odoslané získat získajte získejte získať küldve elküldve trimis obțineți descărcați отправлено отправлена получить "
    "получите скачать скачайте надіслано відправлено отримати изпратено послато послата poslano poslato gönderen: ios "
    "android mac windows στάλθηκε εστάλη αποκτήστε λήψη enviat baixa saadetud nosūtīts išsiųsta siųsta sūtīts gửi đã tải "
    "dikirim terkirim dapatkan ji şandin ارسال ارسال‌شده فرستاده فرستاده‌شده از با دریافت أرسلت أُرسلت أرسل أُرسل مرسل مرسلة "
    "تم من احصل الحصول نێردراوە لە נשלח קבל השג 내 나의 ios용 android용 从 從 获取 獲取 取得 "
    "this the if confidentiality confidential disclaimer privileged legal privacy important please think caution caution: "
    "warning warning: external external: achtung achtung: der vertraulichkeitshinweis rechtlicher ce avis este esta aviso "
    "questo il dit detta dette denne bu данное این هذه هذا you you'll det".split()
)
#: The first and the last three characters that a card or a notice may have: the test that most lines fail.
_BEGINNINGS: Final = frozenset(f"{word} "[:3] for word in _FIRST_WORDS) | frozenset(
    "iph ipa yah [ex 发自我 發自我 从我的 從我的 获取适 獲取適 取得適 私の 내ip 나의i".split()
)
_ENDINGS: Final = frozenset(
    ending[-3:]
    for ending in (
        "gesendet verschickt verzonden verstuurd gönderildi gönderilmiştir küldve edinin beszerzése lähetetty şandin "
        "beziehen herunterladen holen downloaden de送信 から送信 を入手 に入手 서보냄 에서\xa0보냄 다운로드 的发送 中发送 的傳送 "
        "中傳送 版发送"
    ).split()
) | {"شد", " شد", "شده", " 보냄", " 发送", " 傳送", " 送信", " 入手", "nid"}


def may_be_footer(text: str) -> bool:
    """Whether the line's first or last characters allow a card or a notice: cheap, and true for many that are none."""
    return text[:3].lower() in _BEGINNINGS or text.rstrip(".!")[-3:] in _ENDINGS


def is_client_card(text: str) -> bool:
    """ "Sent from my iPhone" and its like: a short line that says that it was sent and by what, and nothing else."""
    bare = _LINK.sub("", text[: _MAX_CARD * 3]).strip(" -—–_*")
    if not bare or len(bare) > _MAX_CARD or len(bare.split()) > _MAX_WORDS or _DEVICE.search(bare) is None:
        return False
    if _SLOGAN.match(bare):
        return True
    if _SENT.match(bare) is None and _SENT_AT_END.search(bare) is None:
        return False
    if _EXCUSE.search(bare):
        return len(_CLAUSE.split(bare, maxsplit=1)[0].split()) <= _words_allowed(bare)
    head, _, tail = bare.partition(",")
    if len(tail.split()) > 3 or _DEVICE.search(head) is None:
        return False
    starts, ends = _SENT.match(bare) is not None, _SENT_AT_END.search(bare) is not None
    return ends or _FOR_SYSTEM.search(bare) is not None or (starts and len(bare.split()) <= _words_allowed(bare))


def _words_allowed(text: str) -> int:
    """A card is short; what goes on after the device is a sentence of the sender's."""
    return 8 if text.rstrip(".!")[-1:].isalnum() or text.endswith((")", ">")) else 6


def is_notice(text: str) -> bool:
    """The first line of a legal notice or of a gateway's warning."""
    return _NOTICE.match(text) is not None


def is_list_footer(text: str) -> bool:
    """A line of the footer that a mailing list appends."""
    return _LIST.search(text) is not None
