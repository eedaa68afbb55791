"""A yes that is taken back, denied or about something else signs nothing: a person looks."""

from __future__ import annotations

import pytest

from outreach.reading.read import read
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, letter


@pytest.mark.parametrize(
    "text",
    [
        "Much as our members back the appeal, the association only puts its signature under its own words.",
        "Eure Erklärung unterstützen wir in der Sache, aber als Behörde zeichnen wir nie etwas.",
        "Wij staan achter de oproep, maar een handtekening of tekening zetten wij niet.",
        "فعلا در موقعیتی نیستیم که چیزی را امضا کنیم.",
        "در شرایطی نیستیم که به شما بپیوندیم یا متنی را امضا کنیم",
        "Personally I would sign, but Harbour Choir cannot.",
        "I am happy to sign, but the association is not.",
        "Ich würde gern unterschreiben, aber der Hafenchor Bremen nicht.",
        "I forwarded your mail to Harbour Choir, Leeds.",
        "We passed it on to Harbour Choir, Leeds",
    ],
)
def test_no_one_is_signed_up_who_supports_but_does_not_sign(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind != "signup"


@pytest.mark.parametrize(
    "text",
    [
        "The Harbour Choir signs, but we hold no rally.",
        "Wir unterschreiben gern, Verein Brückenschlag, haben aber keinen persischen Namen.",
        "انجمن سرو آزاد امضا می‌کند ولی برنامه‌ای نداریم.",
        "The Harbour Choir signs, but a rally we do not hold.",
        "Der Hafenchor Bremen unterschreibt, aber eine Aktion planen wir nicht.",
        "We Are Harbour, Leeds",
    ],
)
def test_a_but_about_something_else_leaves_the_signature(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "signup"


def test_who_has_signed_and_names_nobody_is_not_signed_up_once_more() -> None:
    reading = read(letter("Please put the other one on the list instead." + QUOTED_ASKING))

    assert reading.kind != "signup"


@pytest.mark.parametrize(
    "text",
    [
        "I saw that the Women's Forum signed. Congratulations!",
        "You could ask the Harbour Choir, they would be happy to sign.",
        "دیدم که کانون نویسندگان هم امضا کرده، تبریک می‌گویم",
        "Felicidades a la Asociación Persépolis por la firma.",
        "Our charity, the Green Valley Trust, keeps out of politics.",
    ],
)
def test_nobody_is_signed_up_by_a_letter_about_somebody_else_or_by_a_name_alone(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind != "signup"


@pytest.mark.parametrize(
    "text",
    [
        "Die Bibliothek der Freien sagt Ja zu eurem Aufruf.",
        "Mit Freude: der Frauenverein Lichtblick.",
        "مجمع پزشکان آزاد با تمام مفاد بیانیه موافق است.",
    ],
)
def test_a_name_with_a_word_of_support_is_half_a_yes_for_a_person_to_look_at(text: str) -> None:
    reading = read(letter(text + QUOTED_INVITATION))

    assert reading.kind == "signup"
    assert reading.confidence <= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "نشریه آفتاب بنا بر سیاست خود پای هیچ بیانیه‌ای نمی‌رود، اما خبر آن را با کمال میل منتشر خواهد کرد.",
        "We love what you do, but the Harbour Choir signs no appeals.",
        "Das Tanzhaus Nord freut sich über eure Arbeit, unterschreibt aber keine Aufrufe.",
    ],
)
def test_who_signs_no_statement_at_all_is_not_signed_up(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind != "signup"


@pytest.mark.parametrize(
    "text",
    [
        "The Harbour Choir signs the statement, no changes to the appeal are needed.",
        "Der Verein Brückenschlag unterschreibt.",
    ],
)
def test_a_no_that_is_no_refusal_of_statements_leaves_the_signature(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "signup"


@pytest.mark.parametrize(
    "text",
    [
        "چنانچه بند دوم حذف یا عوض شود، تشکل ما هم امضا خواهد کرد.\nانجمن فرهنگی نیما، گراتس",
        "If the second paragraph is changed, we too will sign.\nHarbour Choir, Leeds",
        "Sofern der dritte Absatz gestrichen wird, unterschreiben auch wir.\nKulturverein Ost, Celle",
    ],
)
def test_a_condition_is_not_lifted_by_the_name_and_place_below_it(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "question"


@pytest.mark.parametrize(
    "text",
    [
        "اگر دیر نشده ما هم امضا می‌کنیم.\nکمیتهٔ همبستگی، لندن",
        "If it is not too late, we sign too.\nHarbour Choir, Leeds",
    ],
)
def test_politeness_above_a_name_and_place_is_no_condition(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "signup"


@pytest.mark.parametrize(
    "text",
    [
        "Our general assembly signs nothing this month.",
        "We refrain from signing on principle.",
        "I would love to sign but my hands are tied.",
        "We wish we could sign.",
        "Wij ondertekenen niets.",
        "Wir würden gern unterschreiben, dürfen aber nicht.",
        "Nous aimerions signer mais nous n'avons pas le droit.",
        "Keşke imzalayabilsek",
        "ای کاش می‌توانستیم امضا کنیم.",
        "کاش میشد امضا کنیم ولی دستمان بسته است",
        "از امضای بیانیه پرهیز می‌کنیم",
        "به ندرت بیانیه امضا می‌کنیم",
    ],
)
def test_a_wish_that_cannot_be_and_a_signature_under_nothing_are_a_no(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "decline"


@pytest.mark.parametrize(
    "text",
    [
        "We rarely sign anything, but this one we sign gladly: Harbour Choir, Leeds.",
        "We wish we could do more. Harbour Choir, Leeds, signs.",
        "We'd love to sign but could not find the form. Harbour Choir, Leeds.",
        "There is no reason not to sign. Harbour Choir, Leeds.",
        "ای کاش زودتر خبر داشتیم! انجمن روشنا، برمن، امضا می‌کند.",
        "با کمال میل امضا می‌کنیم، کاش می‌شد حضوری هم بیاییم. انجمن روشنا، برمن",
    ],
)
def test_a_wish_for_something_else_beside_the_signature_takes_nothing_back(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "signup"


@pytest.mark.parametrize(
    "text",
    [
        "In principle we support almost all of it. If you drop the line on sanctions, Harbour Choir Leeds will sign.",
        "Inhaltlich tragen wir das mit. Wenn ihr den dritten Absatz streicht, sind wir dabei. Hafenchor Kiel",
        "Nous soutenons votre texte. Si vous retirez cette phrase, la Chorale du Port signe.",
        "Vi stöder texten. Om ni stryker meningen skriver Hamnkören under.",
    ],
)
def test_support_beside_a_condition_for_signing_signs_nothing(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "question"


@pytest.mark.parametrize(
    "text",
    [
        "We sign: Harbour Choir, Leeds. In case you need a country: UK.",
        "We sign: Harbour Choir, Leeds. If you print the list, please put our name in full.",
        "Wir unterschreiben: Hafenchor, Kiel. Falls noch Platz ist, gern mit Stadt.",
    ],
)
def test_a_condition_about_something_else_leaves_the_signature(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "signup"


@pytest.mark.parametrize(
    "text",
    [
        "Der Vorstand hat beschlossen, von einer Mitzeichnung abzusehen.",
        "Das Presbyterium möchte auf eine Unterzeichnung in diesem Fall verzichten.",
        "The committee voted to abstain from signing this time round.",
        "Le bureau préfère s'abstenir de signer ce texte.",
        "Il direttivo ha scelto di astenersi dal firmare.",
        "Het bestuur heeft besloten van ondertekening af te zien.",
    ],
)
def test_a_board_that_abstains_from_signing_declines(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "decline"


@pytest.mark.parametrize(
    "text",
    [
        "Der Arbeitskreis Asyl Aalen unterzeichnet. Eine Aktion machen wir diesmal nicht.",
        "The Harbour Choir signs. A rally of our own, not this time.",
        "El Coro del Puerto firma. Una concentración esta vez no.",
    ],
)
def test_who_holds_no_action_this_time_still_signs(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "signup"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ما به عنوان سندیکا نمی‌توانیم ولی من شخصا امضا می‌کنم. محمود صالح‌پور، نانوا، آمستردام", "محمود صالح‌پور"),
        ("Derneğimiz imzalayamıyor ama ben şahsen imzalıyorum. Zeynep Kaya, İzmir", "Zeynep Kaya"),
        ("sazmane ma nemitune emza kone vali man khodam emza mikonam. Reza Kaveh, Wien", "Reza Kaveh"),
        ("سازمان ما تصمیم به امضا نگرفت. خودم به عنوان یک فرد امضا می‌کنم. رضا کاوه، وین", "رضا کاوه"),
    ],
)
def test_who_signs_alone_where_the_organisation_cannot_is_heard(text: str, name: str) -> None:
    (signup,) = read(letter(text + QUOTED_INVITATION, sender="office77@mail.example")).signups
    assert (signup.individual, list(signup.names.values())) == (True, [name])


@pytest.mark.parametrize(
    "text",
    [
        "ما نمی‌توانیم ولی دوستانمان در کانون سرو شاید امضا کنند",
        "Biz imzalayamıyoruz ama başarılar dileriz.",
        "We cannot sign, but we wish you all the best.",
    ],
)
def test_a_but_behind_a_no_that_signs_nothing_leaves_the_no(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind in ("decline", "question")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("اینجانب به نمایندگی از هیئت مدیره انجمن روشنا موافقت خود را اعلام میدارم.", "انجمن روشنا"),
        ("اینجانب رضا کاوه به نمایندگی از کانون سرو، برمن، بیانیه را امضا می‌کنم.", "کانون سرو"),
        ("شخصا از طرف انجمن روشنا می‌نویسم که امضا می‌کنیم", "انجمن روشنا"),
    ],
)
def test_who_speaks_on_behalf_of_an_organisation_does_not_sign_alone(text: str, name: str) -> None:
    (signup,) = read(letter(text + QUOTED_INVITATION)).signups
    assert (signup.individual, list(signup.names.values())) == (False, [name])


@pytest.mark.parametrize(
    "text",
    [
        "I sign personally, not on behalf of my university. Ada Moss, Leeds",
        "اینجانب رضا کاوه، پزشک، بیانیه را امضا می‌کنم.",
    ],
)
def test_who_speaks_for_nobody_else_signs_alone(text: str) -> None:
    (signup,) = read(letter(text + QUOTED_INVITATION)).signups
    assert signup.individual


@pytest.mark.parametrize(
    "text",
    [
        "سلام. اسم انجمن ما بدون اطلاع هیئت مدیره آمده. فورا بردارید",
        "نام تشکل ما بی‌اجازهٔ ما درج شده است",
        "با دیدن نام آن سازمان نمی‌توانیم در این لیست بمانیم",
        "Our name was put there without our knowledge.",
        "We signed in good faith but can't stand next to that party. Our name has to go.",
        "Em dixwazin navê xwe ji lîsteyê derxin",
    ],
)
def test_a_name_that_must_not_stand_there_is_withdrawn(text: str) -> None:
    assert read(letter(text)).kind == "withdrawal"


@pytest.mark.parametrize(
    "text",
    [
        "می‌شه متن کامل رو بفرستید؟ بعد امضا می‌کنیم",
        "نظر شخصی من مثبت است ولی باید هیئت مدیره انجمن روشنا تصویب کند",
        "ما هنوز جمع‌بندی نکرده‌ایم. هفتهٔ آینده جلسهٔ کانون سرو است",
        "Personally I'm for it, but the board of Harbour Choir has to agree.",
    ],
)
def test_what_others_must_agree_to_first_signs_nothing_yet(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "question"


@pytest.mark.parametrize(
    "text",
    [
        "بدون اطلاع هیئت مدیره نمی‌شد، حالا که موافقند: انجمن روشنا امضا می‌کند",
        "بعد از خواندن متن همه موافق بودند. کانون سرو امضا می‌کند",
        "It took a while, nothing goes without our board's approval. Harbour Choir, Leeds signs.",
        "The vote was unanimous: Harbour Choir, Leeds, signs.",
    ],
)
def test_what_others_have_agreed_to_is_signed(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "signup"


@pytest.mark.parametrize(
    "text",
    [
        "The vote was 4 to 3 against.",
        "We have issued our own statement and will leave it at that.",
        "با وجود همدلی با متن، کانون سرو نامش را زیر آن نمی‌گذارد",
        "انجمن ما منحل شده است",
        "لم يوافق المجلس على الانضمام",
    ],
)
def test_a_vote_against_and_an_end_of_the_organisation_are_a_no(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind == "decline"
