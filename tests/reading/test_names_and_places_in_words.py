"""Names, places, days and contacts in the words of committees in exile: what must be read, and what must be left."""

from __future__ import annotations

import pytest

from outreach.reading.dates import find_date, find_time
from outreach.reading.result import Signup
from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, reading_of


def only(text: str, *, sender: str = "a.k@kanoon.example") -> Signup:
    reading = reading_of(text + QUOTED_INVITATION, sender=sender)
    assert len(reading.signups) == 1, reading
    return reading.signups[0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("امضا می‌کنیم، کمیته حمایت از معلمان ایران", "کمیته حمایت از معلمان ایران"),
        ("ما هم هستیم بزنید به حساب ما شورای پشتیبانی از کارگران", "شورای پشتیبانی از کارگران"),
        ("لطفاً امضای ما را ثبت کنید: جمعی از دانشجویان آزاده", "جمعی از دانشجویان آزاده"),
        ("salam, ma ham emza mikonim. anjomane Zanane Azad Wien", "anjomane Zanane Azad Wien"),
        ("سلام. شبکه‌ی سراسری همبستگی برای حقوق بشر هم امضا می‌کند.", "شبکه‌ی سراسری همبستگی برای حقوق بشر"),
        ("ما از کانون دفاع از آزادی این بیانیه را امضا می‌کنیم.", "کانون دفاع از آزادی"),
        ("نام اتحاد برای رفع تبعیض را هم اضافه کنید", "اتحاد برای رفع تبعیض"),
        ("نحن رابطة الكتاب الأحرار نوقع على هذا البيان.", "رابطة الكتاب الأحرار"),
        ("On behalf of the Iran Circle Bath I'm glad to say that we sign.", "Iran Circle Bath"),
        ("In the name of Mothers against the Noose I’d like to add our signature.", "Mothers against the Noose"),
        ("I write for the Free Evin Committee. I've been asked to say that we sign.", "Free Evin Committee"),
        ("Bizim adımız Sürgün Gazeteciler Ağı, imzalıyoruz.", "Sürgün Gazeteciler Ağı"),
        ("Our National Executive resolved to sign.\n\nAnn Lee\nDockers Union\n", "Dockers Union"),
    ],
)
def test_a_name_ends_where_the_sentence_goes_on(text: str, name: str) -> None:
    assert name in only(text).names.values()


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ("Biz də imzalayırıq: Azad Söz Birliyi. Bakıda fəaliyyət göstəririk.", "Bakı", "AZ"),
        ("Em jî îmze dikin: Komeleya Jinên Kurd. Em li Parîsê ne.", "Parîs", "FR"),
        ("נא להוסיף את הפורום לדו קיום לרשימה. אנחנו מחיפה.", "חיפה", "IL"),
        ("نام ما را بنویسید: انجمن دانشجویان آزاد\nکامران وفا، لندن", "لندن", "GB"),
    ],
)
def test_the_one_city_of_the_text_is_theirs_with_what_is_joined_to_it(text: str, city: str, country: str) -> None:
    signup = only(text)
    assert (signup.city, signup.country) == (city, country)


@pytest.mark.parametrize(
    "text",
    [
        "Please add Northlight Collective. Don't print any city, we have family in Kermanshah.",
        "We sign: Northlight Collective. Was it you who spoke in Glasgow?",
        "لطفاً نام ما را بنویسید: انجمن روشنا. اسم شهر را ننویسید، ما در برمن هستیم.",
    ],
)
def test_no_city_is_taken_that_is_withheld_or_asked_about(text: str) -> None:
    assert only(text).city is None


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("اسم ما را هم بنویسید: انجمن زنان مستقل\n\nمخلص شما هما صادقی", "هما صادقی"),
        ("امضا می‌کنیم: انجمن زنان مستقل. موفق باشید.\n\nسیاوش راد، به نمایندگی از جمع", "سیاوش راد"),
        ("امضا می‌کنیم: انجمن زنان مستقل\nتماس: ناهید توکلی ۰۱۷۶۱۲۳۴۵۶۷", "ناهید توکلی"),
    ],
)
def test_the_contact_is_who_ends_the_letter_or_stands_behind_the_word_for_it(text: str, contact: str) -> None:
    assert only(text, sender="Homa Sadeghi <homa@kanoon.example>").contact_person == contact


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("برای برنامه‌ی پنجم سپتامبر", 9, 5),
        ("چهاردهم شهریور ۱۴۰۵", 9, 5),
        ("روز ۱۴ شهریور ۲۵۸۵", 9, 5),
        ("في الخامس من أيلول", 9, 5),
    ],
)
def test_days_in_words_and_of_other_calendars_are_dates(text: str, month: int, day: int) -> None:
    found = find_date(text, 2026)
    assert found and (found.value.month, found.value.day) == (month, day)


def test_an_hour_in_words_is_a_time_only_behind_its_word() -> None:
    assert find_time("ساعت سه بعدازظهر") == "15:00"
    assert find_time("ما سه نفر هستیم") is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.WITHDRAWAL, "تشکل ما دیگر از این بیانیه پشتیبانی نمی‌کند."),
        (Kind.WITHDRAWAL, "خواهشمندیم نام ما را هر چه زودتر از پای آن بردارید."),
        (Kind.WITHDRAWAL, "It is not safe that my name stays on the internet, please delete it from the statement."),
        (Kind.WITHDRAWAL, "امضای ما اشتباهی بوده و باید برداشته شود"),
        (Kind.WITHDRAWAL, "Please remove Ava Centre from the published list, the board never agreed."),
        (Kind.WITHDRAWAL, "دیگر مایل نیستیم ناممان زیر این متن باشد"),
        (Kind.DECLINE, "Mixabin em ê tevlî vê banga we nebin"),
        (Kind.DECLINE, "Our position differs from the text so we cannot be among the signers."),
        (Kind.SIGNUP, "می‌توانید نام کانون فرهنگی آوا را هم ذکر کنید"),
        (Kind.SIGNUP, "Ava Cultural Centre would be proud to stand under this text."),
        (Kind.DECLINE, "نه عزیزم ما دیگه با این جمع‌ها کاری نداریم"),
        (Kind.DECLINE, "Sendikamız şu an bu metne imza koyamıyor."),
        (Kind.DECLINE, "نعتذر عن عدم التوقيع على البيان."),
        (Kind.QUESTION, "میخواستیم بدونیم چه سازمانهایی تا حالا امضا کردن؟"),
        (Kind.QUESTION, "We bring it to our committee and I will inform you about the result."),
        (Kind.SIGNUP, "Yönetim kurulumuz metni oybirliğiyle kabul etti, imzacıyız."),
        (Kind.SIGNUP, "If you take bands as well as unions, please add us: Lantern Choir, Kochi, India."),
        (Kind.SIGNUP, "نحن في لجنة التضامن نضم صوتنا إلى صوتكم."),
    ],
)
def test_the_kind_is_read_from_wordings_of_exile_and_home(kind: Kind, text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind is kind


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.CORRECTION, "نه، شهرش اشتباهه. ما تو اوترخت هستیم نه آمستردام."),
        (Kind.CONFIRMATION, "مشکلی نداره منتشر کنید"),
        (Kind.CONFIRMATION, "are doroste merci"),
        (Kind.CONFIRMATION, "It is correct like this and you have the permission."),
    ],
)
def test_answers_to_our_question_are_read(kind: Kind, text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind is kind


def test_a_form_in_two_languages_keeps_what_only_the_second_says() -> None:
    form = "نام: کانون پیوند آزاد\nName: Peyvand Association\nمحل: کلن/آلمان\nتماس با ما: فریبا نیکزاد ۰۱۷۶۱۲۳۴۵۶۷"
    signup = only(form)
    assert set(signup.names.values()) == {"کانون پیوند آزاد", "Peyvand Association"}
    assert (signup.city, signup.country, signup.contact_person) == ("کلن", "DE", "فریبا نیکزاد")


def test_the_country_in_a_name_is_not_where_they_are() -> None:
    assert only("Gerne unterzeichnen wir als Iran-Forum Hannover e.V.").country == "DE"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("got it thanks, have a nice weekend", Kind.OTHER),
        ("عزیزم عکس‌ها رسید مرسی، خیلی قشنگ بود", Kind.OTHER),
    ],
)
def test_courtesy_alone_is_no_wish(text: str, kind: Kind) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind is kind


@pytest.mark.parametrize(
    ("text", "name", "city"),
    [
        ("harbour choir leeds signs", "harbour choir", "leeds"),
        ("hi mina, northlight collective will sign. cheers ada", "northlight collective", None),
        ("the dundee iran solidarity group signs. we're about ten people", "dundee iran solidarity group", None),
        ("kızıl karanfil kolektifi berlin olarak imzalıyoruz", "kızıl karanfil kolektifi", "berlin"),
        ("sürgün gazeteciler ağı imzalıyor", "sürgün gazeteciler ağı", None),
    ],
)
def test_who_signs_in_small_letters_is_named_by_the_word_for_an_organisation(
    text: str, name: str, city: str | None
) -> None:
    signup = only(text)
    assert (list(signup.names.values()), signup.city) == ([name], city)


@pytest.mark.parametrize(
    "text", ["the board will sign", "my friends and i sign", "we will sign", "selam, asamble olarak imzalıyoruz"]
)
def test_nobody_is_named_in_small_letters_by_a_body_or_a_pronoun(text: str) -> None:
    assert only(text).names == {}


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("We sign as Roj Circle. We are a small group in Austin, Texas. Most travel to Houston.", "Austin"),
        ("Wir unterschreiben: Verein Roj. Wir sind eine kleine Gruppe in Göttingen.", "Göttingen"),
        ("Please add Sea Forum. We're a choir in Hull. On 5 September we go to the rally in London.", "Hull"),
        ("Please add Sea Forum. We are a small group of people with family in Tehran.", None),
        ("Please add Sea Forum. We are a group that mourns those who were killed in Mashhad.", None),
    ],
)
def test_a_group_is_where_it_says_it_is_one_and_not_where_it_looks_to(text: str, city: str | None) -> None:
    assert only(text).city == city


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ("اسم تشکلمون «خانه همبستگی» هست، تو اسلو. امضا می‌کنیم", "اسلو", "NO"),
        ("کمیته علیه اعدام (واحد وین) این فراخوان را امضا می‌نماید.", "وین", "AT"),
        ("من به نام خودم امضا می‌کنم: مریم راد، اسلو", "اسلو", "NO"),
        ("موافقیم، امضا می‌کنیم. شبکه زنان مهاجر استان اونتاریو", None, None),
        ("We sign, and please print the English name only: Voice of the Street", None, None),
        ("I sign as an individual: Ada Moss", None, None),
    ],
)
def test_a_place_is_one_where_it_is_said_to_be_one(text: str, city: str | None, country: str | None) -> None:
    signup = only(text)
    assert (signup.city, signup.country) == (city, country)


@pytest.mark.parametrize(
    "text",
    [
        "سلام. از طرف بنیاد برومند در لیون مزاحمتون میشم. میخوایم اسممون باشه.",
        "بنیاد برومند موافقت خود را با متن اعلام میدارد.",
        "سلام، اسممون هست: بنیاد برومند. مرسی",
    ],
)
def test_spoken_and_stately_persian_wishes_to_be_listed(text: str) -> None:
    assert "بنیاد برومند" in only(text).names.values()


@pytest.mark.parametrize("text", ["فعلا صلاح نیست اسم ما باشه", "صلاح نمی‌دانیم نام انجمن زیر متن بیاید"])
def test_what_is_not_thought_wise_is_declined(text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind is Kind.DECLINE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("yes from us too. iranian bakers collective, sydney", "iranian bakers collective"),
        ("count us in! the left bank choir, leeds", "the left bank choir"),
        ("Thanks for the invite. Count Stockholm Iran Watch among the signatories.", "Stockholm Iran Watch"),
        ("Absolutely, add the Hafez Reading Circle (Boston). I'm Tom.", "Hafez Reading Circle"),
    ],
)
def test_a_name_with_its_place_needs_no_capitals(text: str, name: str) -> None:
    signup = only(text)
    assert list(signup.names.values()) == [name]
    assert signup.contact_person != "I'm Tom"


@pytest.mark.parametrize(
    "text", ["we count this among our best ideas, but we won't sign", "best wishes to all of you. the team, leeds"]
)
def test_no_one_is_made_a_signatory_by_small_letters(text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind is not Kind.SIGNUP
