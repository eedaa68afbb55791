"""What mail clients write around a quotation, by client and language: it is never taken for the sender's words."""

from __future__ import annotations

import pytest

from outreach.reading import reply

_SAID = "We are in, gladly.\nCould you call us tomorrow?"
_ORIGINAL = "Dear friends,\nwould your committee sign?"
_MARKED = "> Dear friends,\n> would your committee sign?"

#: "|" stands for a line break that the client put there.
_ATTRIBUTIONS = """\
On Tue, Jul 7, 2026 at 10:14 AM Maryam Rad <m@campaign.example> wrote:
On 7 Jul 2026, at 10:14, Maryam Rad <m@campaign.example> wrote:
On Tue, 2026-07-07 at 10:14 +0200, Maryam Rad wrote:
On 07/07/2026 10:14 AM, Maryam Rad wrote:
On Jul 7, 2026 10:14 AM, "Maryam Rad" <|m@campaign.example> wrote:
On Tue, 7 Jul 2026, 10:14 am Maryam Rad, <m@campaign.example>|wrote:
On 7 Jul 2026 10:14 +0200, Maryam Rad <m@campaign.example>, wrote:
Tuesday, 7 July 2026, 10:14 +0200 from m@campaign.example <m@campaign.example>:
7 Jul 2026, 10:14 by m@campaign.example:
2026-07-07 10:14 GMT+02:00 Maryam Rad <m@campaign.example>:
In a message dated 7/7/2026 10:14:03 A.M. W. Europe Daylight Time, m@campaign.example writes:
"Maryam Rad" <m@campaign.example> wrote on 07/07/2026 10:14:03 AM:
--- On Tue, 7/7/26, Maryam Rad <m@campaign.example> wrote:
---- On Tue, 07 Jul 2026 10:14:03 +0200 Maryam Rad <m@campaign.example> wrote ----
Am Di., 7. Juli 2026 um 10:14 Uhr schrieb Maryam Rad <|m@campaign.example>:
Am 07.07.26 um 10:14 schrieb Maryam Rad:
Am Dienstag, dem 07.07.2026 um 10:14 +0200 schrieb Maryam Rad:
Maryam Rad <m@campaign.example> schrieb am Di., 7.|Juli 2026, 10:14:
Maryam Rad <m@campaign.example> schrieb:
Le mar. 7 juil. 2026 à 10:14, Maryam Rad <m@campaign.example> a écrit\u202f:
Le 07/07/2026 à 10:14, Maryam Rad a écrit :
El mar, 7 jul 2026 a las 10:14, Maryam Rad (<m@campaign.example>) escribió:
El dt., 7 de jul. 2026, 10:14, Maryam Rad <m@campaign.example> va escriure:
Em ter., 7 de jul. de 2026 às 10:14, Maryam Rad <m@campaign.example> escreveu:
Il giorno mar 7 lug 2026 alle ore 10:14 Maryam Rad|<m@campaign.example> ha scritto:
In data 7 luglio 2026 10:14:03 "Maryam Rad" <m@campaign.example> ha scritto:
Op di 7 jul 2026 om 10:14 schreef Maryam Rad <m@campaign.example>:
Op 7 jul. 2026 om 10:14 heeft Maryam Rad <m@campaign.example> het volgende geschreven:
Den tis 7 juli 2026 kl 10:14 skrev Maryam Rad <m@campaign.example>:
tis 7 juli 2026 kl. 10:14 skrev Maryam Rad <m@campaign.example>:
tir. 7. jul. 2026 kl. 10.14 skrev Maryam Rad <|m@campaign.example>:
På tirsdag 7. juli 2026 kl. 10:14 skrev Maryam Rad <m@campaign.example>:
ti 7. heinäk. 2026 klo 10.14 Maryam Rad (m@campaign.example) kirjoitti:
Þann þri., 7. júl. 2026 kl. 10:14 skrifaði Maryam Rad <m@campaign.example>:
W dniu 7.07.2026 o 10:14, Maryam Rad pisze:
Wiadomość napisana przez Maryam Rad <m@campaign.example> w dniu 7 lip 2026, o godz. 10:14:
m@campaign.example wrote:
m@campaign.example a écrit :
Maryam (Office) m@campaign.example wrote on Tue, 7 Jul 2026 at 10:14:
Maryam Rad m@campaign.example schrieb am Di. 7. Juli 2026 um 10:14:
Maryam Rad <m@campaign.example> şunları yazdı (7 Tem 2026 10:14):
На 7.07.26 г. в 10:14, Maryam Rad написа:
wt., 7 lip 2026 o 10:14 Maryam Rad <m@campaign.example> napisał(a):
út 7. 7. 2026 v 10:14 odesílatel Maryam Rad <m@campaign.example> napsal:
Dňa ut 7. 7. 2026 o 10:14 Maryam Rad <m@campaign.example> napísal(a):
Maryam Rad <m@campaign.example> ezt írta (időpont: 2026. júl. 7., K, 10:14):
2026. 07. 07. 10:14 keltezéssel, Maryam Rad írta:
Pe mar., 7 iul. 2026 la 10:14, Maryam Rad <m@campaign.example> a scris:
uto, 7. srp 2026. u 10:14 Maryam Rad <m@campaign.example> napisao je:
ут, 7. јул 2026. у 10:14 Maryam Rad <m@campaign.example> је написао/ла:
вт, 7 июл. 2026 г. в 10:14, Maryam Rad <m@campaign.example>:
7 июля 2026, 10:14, "Maryam Rad" <m@campaign.example>:
вт, 7 лип. 2026 р. о 10:14 Maryam Rad <m@campaign.example> пише:
На вт, 7.07.2026 г. в 10:14 Maryam Rad <m@campaign.example> написа:
Στις Τρί 7 Ιουλ 2026 στις 10:14 π.μ., ο χρήστης Maryam Rad <m@campaign.example> έγραψε:
Maryam Rad <m@campaign.example>, 7 Tem 2026 Sal, 10:14 tarihinde|şunu yazdı:
Kuupäev T, 7. juuli 2026 kell 10:14 kirjutas Maryam Rad <m@campaign.example>:
otrd., 2026. g. 7. jūl., plkst. 10:14 — lietotājs Maryam Rad (<m@campaign.example>) rakstīja:
2026-07-07, an, 10:14 Maryam Rad <m@campaign.example> rašė:
Vào Th 3, 7 thg 7, 2026 vào lúc 10:14 Maryam Rad <m@campaign.example> đã viết:
Pada tanggal Sel, 7 Jul 2026 pukul 10.14 Maryam Rad <m@campaign.example> menulis:
در سه‌شنبه ۷ ژوئیه ۲۰۲۶، ۱۰:۱۴ Maryam Rad <m@campaign.example> نوشت:
\u200fدر تاریخ سه‌شنبه ۱۶ تیر ۱۴۰۵،\u200f ساعت ۱۰:۱۴ مریم راد|<m@campaign.example> نوشت:
\u202bدر ۱۴۰۵/۴/۱۶ ۱۰:۱۴، مریم راد نوشته است:\u202c
في ثلاثاء، 7 يوليو 2026 في 10:14 ص تمت كتابة ما يلي بواسطة Maryam Rad <m@campaign.example>:
في ٧ يوليو ٢٠٢٦، الساعة ١٠:١٤، كتب Maryam Rad <m@campaign.example>:
لە ٧ی تەممووز ٢٠٢٦، ١٠:١٤، Maryam Rad <m@campaign.example> نووسی:
בתאריך יום ג׳, 7 ביולי 2026 ב-10:14 מאת Maryam Rad <\u202am@campaign.example\u202c\u200f>:
ב-7 ביולי 2026, בשעה 10:14, Maryam Rad <m@campaign.example> כתב:
在 2026年7月7日，上午10:14，Maryam Rad <m@campaign.example> 写道：
2026年7月7日(火) 10:14 Maryam Rad <m@campaign.example>:
2026/07/07 10:14、Maryam Rad <m@campaign.example>のメール:
2026년 7월 7일 (화) 오전 10:14, Maryam Rad <m@campaign.example>님이 작성:""".splitlines()

_BLOCKS = """\
________________________________|From: Maryam Rad <m@campaign.example>|Sent: July 7, 2026 10:14 AM|To: C|Subject: x
From: Maryam Rad <m@campaign.example>||Sent: Tuesday, July 7, 2026 10:14 AM||To: C||Subject: x
From: Maryam Rad [mailto:m@campaign.example] Sent: Tuesday, July 7, 2026 10:14 AM To: C Subject: x
Date: Tue, 7 Jul 2026 10:14:10 +0200 From: m@campaign.example To: C Subject: x
*From:* Maryam Rad [mailto:|m@campaign.example]|*Sent:* Tuesday, July 7, 2026 10:14 AM|*To:* C|*Subject:* x
-------- Original message --------|From: Maryam Rad|Date: 7/7/26 10:14 (GMT+01:00)|To: C|Subject: x
-----Ursprüngliche Nachricht-----|Von: Maryam Rad|An: C|Gesendet: heute|Betreff: x
-------- Message d'origine --------|De : Maryam Rad|Date : 07/07/2026 10:14 (GMT+01:00)|À : C|Objet : x
De : Maryam Rad <m@campaign.example>| À : C| Envoyé le : Mardi 7 juillet 2026 10h14| Objet : x
----- Mail original -----|De: "Maryam" <m@campaign.example>|À: "C"|Envoyé: Mardi 7 Juillet 2026 10:14:03|Objet: x
==============================||Message du : 07/07/2026 10:14|De : "M" <m@campaign.example>|A : C|Copie à :|Sujet : x
**From:** M <m@campaign.example>**On Behalf Of** Maryam|**Sent:** 7 July 2026 10:14|**To:** C|**Subject:** x
De: Maryam <m@campaign.example>|Enviado: martes, 7 de julio de 2026 10:14|Para: C|Asunto: x
De: Maryam <m@campaign.example>|Enviada em: terça-feira, 7 de julho de 2026 10:14|Para: C|Assunto: x
Från: Maryam <m@campaign.example>|Skickat: den 7 juli 2026 10:14|Till: C|Ämne: x
-------- Oprindelig meddelelse --------|Fra: Maryam|Dato: 07.07.2026 10.14|Til: C|Emne: x
Od: Maryam <m@campaign.example>|Wysłano: wtorek, 7 lipca 2026 10:14|Do: C|Temat: x
Od: Maryam <m@campaign.example>|Odesláno: úterý 7. července 2026 10:14|Komu: C|Předmět: x
От: Maryam <m@campaign.example>|Отправлено: 7 июля 2026 г. 10:14|Кому: C|Тема: x
Від: Maryam <m@campaign.example>|Надіслано: 7 липня 2026 р. 10:14|Кому: C|Тема: x
Lähettäjä: Maryam <m@campaign.example>|Lähetetty: tiistai 7. heinäkuuta 2026 10.14|Vastaanottaja: C|Aihe: x
Feladó: Maryam <m@campaign.example>|Elküldve: 2026. július 7., kedd 10:14|Címzett: C|Tárgy: x
De la: Maryam <m@campaign.example>|Trimis: marți, 7 iulie 2026 10:14|Către: C|Subiect: x
Από: Maryam <m@campaign.example>|Στάλθηκε: Τρίτη, 7 Ιουλίου 2026 10:14|Προς: C|Θέμα: x
Kimden: Maryam <m@campaign.example>|Gönderildi: 7 Temmuz 2026 Salı 10:14|Kime: C|Konu: x
از: مریم <m@campaign.example>|ارسال‌شده: سه‌شنبه ۷ ژوئیه ۲۰۲۶ ۱۰:۱۴|به: C|موضوع: x
من: مریم <m@campaign.example>|تم الإرسال: الثلاثاء، ٧ يوليو، ٢٠٢٦|إلى: C|الموضوع: x
מאת: Maryam <m@campaign.example>|נשלח: יום שלישי 07 יולי 2026 10:14|אל: C|נושא: x
------ 原始邮件 ------|发件人: "Maryam" <m@campaign.example>;|发送时间: 2026年7月7日|收件人: C|主题: x
差出人: Maryam <m@campaign.example>|送信日時: 2026年7月7日 10:14|宛先: C|件名: x
보낸 사람: Maryam <m@campaign.example>|보낸 날짜: 2026년 7월 7일 10:14|받는 사람: C|제목: x
\u2010\u2010\u2010\u2010\u2010\u2010\u2010 Original Message \u2010\u2010\u2010\u2010\u2010\u2010\u2010
Expédié: 7 juillet 2026 10:14|De: Maryam <m@campaign.example>|À: c@union.example|Objet: x
De : Maryam Rad<mailto:m@campaign.example>|Envoyé le :mardi 7 juillet 2026 10:14|À : C|Objet :Appel
##- Please type your reply above this line -##""".splitlines()

_CARDS = """\
Sent from my iPhone
Sent from my Verizon, Samsung Galaxy smartphone
Sent from my mobile device, please excuse typos and brevity.
Sent from my Fairphone
Envoyé de mon Wiko RIDGE 4G
Sent from Yahoo Mail on Android
Sent with Proton Mail secure email.
Sent using Zoho Mail
Get Outlook for iOS <https://aka.ms/o0ukef>
Yahoo Mail: Search, Organize, Conquer
Von meinem iPhone gesendet
Gesendet mit der GMX Mail App
Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.
Outlook für Android<https://aka.ms/AAb9ysg> beziehen
Envoyé depuis mon appareil mobile Samsung.
Provenance : Courrier pour Windows 10
Enviado desde mi Huawei
Enviado do meu iPhone
Enviat des del meu iPhone
Inviato da iPhone
Verstuurd vanaf mijn iPhone
Skickat från min iPhone
Skaffa Outlook för iOS<https://aka.ms/o0ukef>
Sendt fra min iPhone
Skaff deg Outlook for iOS<https://aka.ms/o0ukef>
Lähetetty iPhonesta
Wysłane z iPhone'a
Odesláno z iPhonu
Az iPhone készülékemről küldve
Trimis de pe iPhone-ul meu
Poslano s mog iPhonea
Отправлено с iPhone
Надіслано з iPhone
Στάλθηκε από το iPhone μου
iPhone'umdan gönderildi
ارسال شده از iPhone من
ارسال از iPhone من
از آیفون من فرستاده شد
أُرسلت من الـ iPhone
مُرسل من الـ iPhone
الحصول على Outlook لـ iOS<https://aka.ms/o0ukef>
נשלח מה-iPhone שלי
发自我的iPhone
從我的 iPhone 傳送
iPhoneから送信
나의 iPhone에서 보냄
Gửi từ iPhone của tôi
Dikirim dari iPhone saya
(Sent from my mobile device)
*Sent from my iPad*
<<sent by galaxy>>
Sent from Mailbox for iPad
Sent from the all new AOL app for Android
Envoyé depuis l'application Mail Orange
Отправлено из Яндекс Почты для мобильных""".splitlines()

#: What people say of phones and programs, as cards begin.
_NO_CARDS = """\
Outlook with our answer did not open here.
Outlook keeps blocking your mail
Get Outlook to stop blocking us
Sent via my phone, please add us
Typed on my phone, we sign
Written on my phone. We sign.
Sent with my phone number in it
Von meinem Handy geht es nicht
Gesendet über mein Telefon: wir sind dabei
Envoyé par mon portable, nous signons
Verzonden met mijn telefoon, wij tekenen
Wysłane z telefonu, podpisujemy
Отправлено с телефона, подписываем
از طریق گوشی امضا می‌کنیم
از طریق تلفن تماس بگیرید""".splitlines()


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("attribution", _ATTRIBUTIONS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("original", [f"\n\n{_ORIGINAL}", f"\n{_MARKED}", f"\n\n{_MARKED}"])
def test_only_the_text_above_an_attribution_is_new(attribution: str, gap: str, original: str) -> None:
    text = _SAID + gap + attribution.replace("|", "\n") + original

    assert _words(reply.split(text).new) == _words(_SAID)


@pytest.mark.parametrize(
    "address", ["la.paix@campaign.example", "a-team+7@campaign.example", "1848-club@campaign.example"]
)
@pytest.mark.parametrize("opening", ["Rad <\n", "Rad\n(", "Rad\n<"])
def test_an_attribution_is_whole_though_its_address_begins_like_another(address: str, opening: str) -> None:
    closing = ")" if opening.endswith("(") else ">"
    text = f"{_SAID}\n\nOn Tue, Jul 7, 2026 at 10:14 AM Maryam {opening}{address}{closing} wrote:\n\n{_MARKED}"

    assert reply.split(text).new == _SAID


@pytest.mark.parametrize(
    "attribution",
    [
        "On Tue, 07 Jul 2026 10:14:03 +0200 Maryam Rad <m@campaign.example> wrote",
        "Le mar. 7 juil. 2026 à 10:14, Maryam Rad <m@campaign.example> a écrit",
        "W dniu 7.07.2026 o 10:14 Maryam Rad <m@campaign.example> napisał(a)",
    ],
)
def test_an_attribution_that_is_a_paragraph_needs_no_colon(attribution: str) -> None:
    assert reply.split(f"{_SAID}\n\n{attribution}\n\n{_ORIGINAL}").new == _SAID


@pytest.mark.parametrize("attribution", _ATTRIBUTIONS)
def test_only_the_text_below_a_marked_quotation_is_new(attribution: str) -> None:
    text = attribution.replace("|", "\n") + f"\n{_MARKED}\n\n{_SAID}"

    assert _words(reply.split(text).new) == _words(_SAID)


@pytest.mark.parametrize("block", _BLOCKS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_only_the_text_above_a_block_of_headers_is_new(block: str, gap: str) -> None:
    text = _SAID + gap + block.replace("|", "\n") + f"\n\n{_ORIGINAL}"

    assert _words(reply.split(text).new) == _words(_SAID)


@pytest.mark.parametrize("card", _CARDS)
@pytest.mark.parametrize("below", ["", "\n\nOn 7 Jul 2026, at 10:14, M <m@campaign.example> wrote:\n\n> x"])
def test_a_greeting_card_is_signature(card: str, below: str) -> None:
    split = reply.split(f"{_SAID}\n\n{card}{below}")

    assert (_words(split.new), split.parts["signature"]) == (_words(_SAID), card)


@pytest.mark.parametrize("line", _NO_CARDS)
@pytest.mark.parametrize("around", ["{}", "Dear all,\n\n{}\n\nKind regards\nOlga", "Yes!\n{}\nOlga"])
def test_what_is_said_of_a_phone_is_new(line: str, around: str) -> None:
    text = around.format(line)

    assert reply.split(text).new == text


def test_a_block_of_headers_is_followed_by_the_original_though_marks_stand_below_that() -> None:
    block = "From: Maryam <m@campaign.example>\nSent: July 7, 2026 10:14 AM\nTo: C\nSubject: x"

    assert reply.split(f"Yes.\n\n{block}\n\nWould you sign?\n\n> as we asked in May").new == "Yes."


@pytest.mark.parametrize("rule", ["---", "===", "————", "____"])
def test_a_short_rule_above_a_block_of_headers_belongs_to_it(rule: str) -> None:
    block = "**From:** Maryam <m@campaign.example>\n**Sent:** July 7, 2026 10:14\n**To:** C\n**Subject:** x"

    assert reply.split(f"{_SAID}\n\n{rule}\n\n{block}\n\nWould you sign?").new == _SAID


@pytest.mark.parametrize("below", ["Would you sign?", "\n> Would you sign?"])
def test_an_address_that_is_broken_over_lines_with_its_link_ends_its_attribution(below: str) -> None:
    attribution = "On Tue, Jul 7, 2026 at 10:14 AM Maryam Rad\n\n<\nmailto:Maryam Rad <m@campaign.example>\n> wrote:"

    assert reply.split(f"{_SAID}\n\n{attribution}\n{below}").new == _SAID


@pytest.mark.parametrize(
    "line",
    ['-------- Ursprüngliche Nachricht --------Von: "Maryam"  Datum: 07.07.26  10:14  An: Betreff: Aufruf',
     "-----Original Message-----From: Maryam Rad [mailto:m@campaign.example]",
     "From: m@campaign.example Date: Tue, 7 Jul 2026 10:14:03 +0200"],
)  # fmt: skip
def test_headers_that_ran_into_one_line_start_the_original(line: str) -> None:
    assert reply.split(f"{_SAID}\n\n{line}\n\n{_ORIGINAL}").new == _SAID


def test_a_table_of_bars_in_the_original_is_no_quotation_below_an_answer() -> None:
    text = (
        "On Tuesday, July 7, 2026, 10:14:07 AM GMT+2, Maryam <m@campaign.example> wrote:\n \n  News \n|  Sign here  |\n"
    )

    assert reply.split(f"{_SAID}\n    {text}").new == _SAID


def test_a_card_that_a_client_ran_into_its_attribution_is_quoted() -> None:
    text = f"{_SAID}\n\nSent from Samsung MobileMaryam Rad <m@campaign.example> wrote:\n\n{_MARKED}"

    assert reply.split(text).new == _SAID


def test_an_original_that_begins_behind_its_attribution_is_quoted() -> None:
    text = (
        "We sign.\n\n  On Wednesday, July 22, 2026 at 09:30:00 AM GMT+2, Bea <bea@campaign.example> wrote:   "
        "Dear friends,\n\nwould you sign?\n"
    )
    parts = reply.split(text).parts
    assert parts["new"].strip() == "We sign."
    assert "Dear friends" in parts["quoted"]
    assert "would you sign?" in parts["quoted"]


def test_an_address_and_a_colon_in_a_sentence_introduce_nothing() -> None:
    text = "Write to Bea <bea@campaign.example> please:   she knows.\n\nWe sign.\n"
    assert reply.split(text).parts["new"].strip() == text.strip()
