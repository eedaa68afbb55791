"""What people of Iran and its neighbours write back, in their own words: the kind that must be read, or must not."""

from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, reading_of

_TO_INVITATION = [
    (Kind.SIGNUP, "با سلام، کانون ما هم این بیانیه را امضا می‌کند."),
    (Kind.SIGNUP, "سلام رفقا، اسم ما رو هم بنویسید: گروه همبستگی وین"),
    (Kind.SIGNUP, "بدون تردید امضا می‌کنیم. انجمن فرهنگی نور، لیون"),
    (Kind.SIGNUP, "متأسفانه دیر شد، ولی ما هم امضا می‌کنیم: کانون پویا، اسلو"),
    (Kind.DECLINE, "ما تصمیم گرفتیم این متن را امضا نکنیم."),
    (Kind.DECLINE, "متأسفانه امکان امضا نداریم. موفق باشید."),
    (Kind.DECLINE, "لطفاً ما را معاف کنید."),
    (Kind.QUESTION, "آیا می‌شود با نام مستعار امضا کرد؟"),
    (Kind.QUESTION, "موضوع را در جلسهٔ آینده بررسی می‌کنیم و خبر می‌دهیم."),
    (Kind.UNSUBSCRIBE, "لطفاً دیگر به این آدرس ایمیل نفرستید."),
    (Kind.SIGNUP, "salam, ma ham emza mikonim. Kanoon-e Nasim, Hamburg"),
    (Kind.SIGNUP, "dorood, lotfan esme ma ro ham ezafe konid: Anjoman-e Roshan, Paris"),
    (Kind.DECLINE, "salam, moteasefane nemitunim emza konim. movafagh bashid"),
    (Kind.UNSUBSCRIBE, "lotfan dige email nafrestid"),
    (Kind.SIGNUP, "تحية طيبة، نود التوقيع على البيان: جمعية الأمل، تونس"),
    (Kind.SIGNUP, "أرجو إضافة اسم منظمتنا إلى الموقعين. رابطة السلام، بيروت"),
    (Kind.SIGNUP, "نوقّع دون تردد: لجنة التضامن، عمّان"),
    (Kind.DECLINE, "نعتذر عن التوقيع هذه المرة، مع تمنياتنا بالتوفيق."),
    (Kind.DECLINE, "قررنا عدم التوقيع على البيان."),
    (Kind.QUESTION, "هل يمكن التوقيع بصفة فردية؟"),
    (Kind.QUESTION, "سنناقش الموضوع في اجتماعنا القادم ونرد عليكم."),
    (Kind.UNSUBSCRIBE, "الرجاء عدم مراسلتنا مرة أخرى وحذف عنواننا من القائمة البريدية."),
    (Kind.SIGNUP, "سڵاو، ئێمەش واژۆی دەکەین. ناوەندی ئاشتی، هەولێر"),
    (Kind.DECLINE, "سڵاو، بەداخەوە ناتوانین واژۆی بکەین."),
    (Kind.QUESTION, "ئایا دەتوانین بە ناوێکی تر بەشدار بین؟"),
    (Kind.UNSUBSCRIBE, "تکایە چیتر ئیمەیڵمان بۆ مەنێرن."),
    (Kind.SIGNUP, "Silav, em jî îmze dikin: Komeleya Ronahî, Köln"),
    (Kind.SIGNUP, "Ji kerema xwe navê me jî lê zêde bikin: Navenda Aştî, Amed"),
    (Kind.DECLINE, "Mixabin em nikarin îmze bikin. Serkeftin."),
    (Kind.QUESTION, "Gelo kî li pişt vê daxuyaniyê ye?"),
    (Kind.UNSUBSCRIBE, "Ji kerema xwe êdî ji me re mail neşînin."),
    (Kind.SIGNUP, "Merhaba, metni biz de imzalıyoruz: Barış Derneği, İzmir"),
    (Kind.SIGNUP, "Maalesef geç kaldık ama imzalıyoruz. Emek Platformu, Bursa"),
    (Kind.DECLINE, "Teşekkür ederiz, ancak bu metne imza veremeyeceğiz."),
    (Kind.DECLINE, "Yönetim kurulumuz imzalamama kararı aldı."),
    (Kind.QUESTION, "Bu metni kim hazırladı, öğrenebilir miyiz?"),
    (Kind.UNSUBSCRIBE, "Lütfen bize bir daha e-posta göndermeyin."),
    (Kind.SIGNUP, "שלום, אנחנו מצטרפים לחותמים: עמותת דרך, חיפה"),
    (Kind.SIGNUP, "נא להוסיף אותנו לרשימת החותמים, ארגון אור, תל אביב"),
    (Kind.DECLINE, "תודה, אך לא נוכל לחתום על ההצהרה."),
    (Kind.QUESTION, "מי עומד מאחורי היוזמה? נשמח לדעת."),
    (Kind.UNSUBSCRIBE, "נא להסיר אותי מרשימת התפוצה."),
    (Kind.SIGNUP, "Здравствуйте, мы подписываем. Комитет «Солидарность», Берлин"),
    (Kind.SIGNUP, "Просим добавить нашу организацию: Центр «Мемория», Рига"),
    (Kind.DECLINE, "К сожалению, мы не сможем подписать это заявление."),
    (Kind.QUESTION, "Скажите, пожалуйста, кто ещё подписал?"),
    (Kind.UNSUBSCRIBE, "Пожалуйста, больше не присылайте нам письма."),
    (Kind.SIGNUP, "Salam, biz də imzalayırıq: Azadlıq Birliyi, Bakı"),
    (Kind.DECLINE, "Təəssüf ki, bəyanatı imzalaya bilmirik."),
    (Kind.UNSUBSCRIBE, "Xahiş edirik, bizə daha məktub göndərməyin."),
    (Kind.SIGNUP, "سلاملار، بیز ده امضا ائدیریک. آدیمیز آراز بیرلیگی، تبریز"),
    (Kind.SIGNUP, "We did not hesitate to sign: Harbour Peace Group, Cork"),
    (Kind.SIGNUP, "No need to thank us, we sign. Harbour Peace Group, Cork"),
    (Kind.SIGNUP, "Unfortunately late, but we sign: Harbour Peace Group, Cork"),
    (Kind.DECLINE, "Thanks, but we'll have to sit this one out."),
    (Kind.DECLINE, "Signing statements is not our policy."),
    (Kind.QUESTION, "Is there a deadline?"),
    (Kind.UNSUBSCRIBE, "please stop, dont send me again"),
]


@pytest.mark.parametrize(("kind", "text"), _TO_INVITATION)
def test_an_answer_to_the_invitation_is_read_for_what_it_says(kind: Kind, text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind is kind


_TO_ASKING = [
    (Kind.CONFIRMATION, "👍"),
    (Kind.CONFIRMATION, "+1"),
    (Kind.CONFIRMATION, "بله، تأیید می‌کنیم. منتشر کنید."),
    (Kind.CONFIRMATION, "سطری که نوشته‌اید صحیح است."),
    (Kind.CONFIRMATION, "bale doroste, mamnoon"),
    (Kind.CONFIRMATION, "نعم، صحيح. يمكنكم النشر."),
    (Kind.CONFIRMATION, "بەڵێ، ڕاستە."),
    (Kind.CONFIRMATION, "Belê, rast e."),
    (Kind.CONFIRMATION, "Evet, onaylıyoruz."),
    (Kind.CONFIRMATION, "כן, הכל נכון."),
    (Kind.CONFIRMATION, "Да, всё верно, публикуйте."),
    (Kind.CONFIRMATION, "Bəli, düzdür."),
    (Kind.CONFIRMATION, "No problem, please publish it."),
    (Kind.CORRECTION, "نام شهر اشتباه است، لطفاً به گوتنبرگ تغییر دهید."),
    (Kind.CORRECTION, "İsimde harf hatası var, gerisi tamam."),
    (Kind.CORRECTION, "يوجد خطأ في اسم المدينة، الصواب: مالمو"),
    (Kind.CORRECTION, "В названии города ошибка, нужно исправить."),
    (Kind.CORRECTION, "יש טעות בשם העיר, נא לתקן."),
    (Kind.CORRECTION, "Navê bajêr şaş e, ji kerema xwe rast bikin."),
    (Kind.WITHDRAWAL, "ما امضا نکرده‌ایم! نام ما را حذف کنید."),
    (Kind.WITHDRAWAL, "lotfan esme ma ro az list bardarid"),
    (Kind.WITHDRAWAL, "لم نوقع على هذا البيان، احذفوا اسمنا."),
    (Kind.WITHDRAWAL, "ئێمە واژۆمان نەکردووە، ناومان لابەرن."),
    (Kind.WITHDRAWAL, "Me îmze nekiriye, navê me jê bibin."),
    (Kind.WITHDRAWAL, "İmzamızı geri çekiyoruz."),
    (Kind.WITHDRAWAL, "לא חתמנו, נא להסיר את שמנו."),
    (Kind.WITHDRAWAL, "Мы не подписывали, уберите наше название."),
    (Kind.WITHDRAWAL, "İmzamızı geri götürürük, adımızı siyahıdan çıxarın."),
]


@pytest.mark.parametrize(("kind", "text"), _TO_ASKING)
def test_an_answer_to_our_question_back_is_read_for_what_it_says(kind: Kind, text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "در متن شما آمده «ما امضا می‌کنیم»؛ ما امضا نمی‌کنیم.",
        "Your page says “we sign”, but we will not sign.",
        "امضا نمی‌کنیم، لطفاً نام ما را هم جایی ننویسید.",
        "İmza vermiyoruz, adımızı eklemeyin.",
        "لن نوقع، ولا تضيفوا اسمنا.",
        "Не подпишем и просим нас не добавлять.",
        "לא נחתום, אל תוסיפו אותנו.",
        "Em îmze nakin, navê me nenivîsin.",
    ],
)
def test_a_refusal_is_never_read_as_a_sign_up(text: str) -> None:
    reading = reading_of(text + QUOTED_INVITATION)

    assert reading.kind is Kind.DECLINE
    assert reading.signups == ()


@pytest.mark.parametrize(
    "text",
    [
        "کاربر گرامی، پیام شما با موفقیت دریافت شد. کد پیگیری: ۱۲۳۴۵",
        "أنا في إجازة وسأرد عند عودتي.",
        "Yıllık izindeyim, dönüşümde yanıtlayacağım.",
        "Я нахожусь в отпуске и отвечу по возвращении.",
        "אני בחופשה ואשיב עם שובי.",
        "Your mail is being held until the moderator can review it.",
    ],
)
def test_a_machine_without_machine_headers_is_told_by_its_words_and_left_to_a_person(text: str) -> None:
    reading = reading_of(text, subject="Re: Joint statement")

    assert reading.kind is Kind.AUTO_REPLY
    assert reading.needs_human


@pytest.mark.parametrize(
    ("attribution", "footer"),
    [
        ("Campaign <contact@campaign.example>, 20 Tem 2026 Pzt,\n09:30 tarihinde şunu yazdı:", ""),
        ("чт, 6 августа 2026 г. в 16:40, Campaign\n<contact@campaign.example>:", ""),
        ("בתאריך יום ב׳, 20 ביולי 2026 ב-09:30 מאת Campaign\n<contact@campaign.example>:", "נשלח מה-iPhone שלי"),
        ("في الاثنين، 20 يوليو 2026 في 9:30 ص تمت كتابة ما يلي بواسطة Campaign\n<contact@campaign.example>:", ""),
        ("في ٢٠ يوليو ٢٠٢٦، كتب Campaign <contact@campaign.example>:", "مُرسل من الـ iPhone"),
    ],
)
def test_what_clients_write_above_a_quotation_is_not_the_senders(attribution: str, footer: str) -> None:
    reading = reading_of(f"Salam\n{footer}\n\n{attribution}\n> Dear friends,\n> Would your organisation sign too?")

    assert reading.parts["new"] == "Salam"


@pytest.mark.parametrize(
    ("text", "name", "city"),
    [
        (
            "بیز ده قوشولوروق. آدیمیزی سیاهی‌یا آرتیرین:\nتبریز قادینلار درنگی – تورونتو",
            "تبریز قادینلار درنگی",
            "تورونتو",
        ),
        ("آدیمیزی بیانیه‌نین آلتینا علاوه ائدین: ارومیه کولتور اوجاغی، لندن", "ارومیه کولتور اوجاغی", "لندن"),
        ("سلام، بیز ایمضالاییریق. آدیمیز: آنا دیلی بیرلیگی", "آنا دیلی بیرلیگی", None),
    ],
)
def test_azeri_in_arabic_letters_names_who_signs(text: str, name: str, city: str | None) -> None:
    (signup,) = reading_of(text + QUOTED_INVITATION).signups

    assert (list(signup.names.values()), signup.city) == ([name], city)


@pytest.mark.parametrize("text", ["آدیمیزی لیستدن سیلین", "آدیمیزی سیاهی‌دان چیخاردین"])
def test_azeri_in_arabic_letters_takes_a_name_off(text: str) -> None:
    assert reading_of(text).kind is Kind.WITHDRAWAL


@pytest.mark.parametrize(
    ("text", "name", "contact"),
    [
        ("يسعدنا انضمام مركز المساواة (القاهرة) إلى الموقعين. منى الشريف، المديرة", "مركز المساواة", "منى الشريف"),
        ("باسم رابطة المرأة الكردية أوقع على هذا البيان. هيفاء حسن، ستوكهولم", "رابطة المرأة الكردية", "هيفاء حسن"),
        (
            "اسم المنظمة: شبكة الصحفيين\nالبلد: تونس\nجهة الاتصال: كريم العياري\nالفعالية: نعم، ساحة القصبة",
            "شبكة الصحفيين",
            "كريم العياري",
        ),
        (
            "Derneğimizin adı: Özgür Kadın Derneği\nŞehir: Köln\nÜlke: Almanya\nİrtibat: Zeynep Kaya",
            "Özgür Kadın Derneği",
            "Zeynep Kaya",
        ),
        ("Biz İsveç Dərnəyi adından imzalayırıq. Aygün Əliyeva", "İsveç Dərnəyi", "Aygün Əliyeva"),
        ("lotfan benevisid: Kanoone Zanan, Köln. rabet: Maryam Sadri", "Kanoone Zanan", "Maryam Sadri"),
    ],
)
def test_who_signs_and_who_writes_in_the_languages_beside_persian(text: str, name: str, contact: str) -> None:
    (signup,) = reading_of(text + QUOTED_INVITATION, sender="office77@mail.example").signups

    assert (list(signup.names.values()), signup.contact_person) == ([name], contact)


def test_a_sorani_name_goes_on_with_what_is_defended_and_ends_before_the_city() -> None:
    text = "ئێمە کۆمەڵەی داکۆکی لە مافی مرۆڤ لە هەولێر واژۆی ئەم بەیاننامەیە دەکەین"
    (signup,) = reading_of(text + QUOTED_INVITATION).signups

    assert (list(signup.names.values()), signup.city) == (["کۆمەڵەی داکۆکی لە مافی مرۆڤ"], "هەولێر")
