"""Answers to our own mails and free letters, in the languages of the lexicon: their kind, and what they hold."""

from __future__ import annotations

import pytest

from outreach.reading.placeless import without_remark
from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_ASKING_FA, QUOTED_INVITATION, reading_of

_KINDS = [
    (Kind.CONFIRMATION, "yes", QUOTED_ASKING),
    (Kind.CONFIRMATION, "بله", QUOTED_ASKING_FA),
    (Kind.CONFIRMATION, "Ja, stimmt so. Danke!", QUOTED_ASKING),
    (Kind.CONFIRMATION, "بله، درست است.\n\nبا احترام\nآنا", QUOTED_ASKING_FA),
    (Kind.CONFIRMATION, "Yes please. When will the list be online?", QUOTED_ASKING),
    (Kind.CONFIRMATION, "Oui", ""),
    (Kind.CONFIRMATION, "آری", ""),
    (Kind.CONFIRMATION, "evet", ""),
    (Kind.WITHDRAWAL, "no, that was not us", QUOTED_ASKING),
    (Kind.WITHDRAWAL, "نه، ما ننوشته‌ایم", QUOTED_ASKING_FA),
    (Kind.WITHDRAWAL, "No", QUOTED_ASKING),
    (Kind.WITHDRAWAL, "Bitte nehmen Sie unseren Namen wieder von der Liste.", QUOTED_ASKING),
    (Kind.WITHDRAWAL, "withdraw", QUOTED_ASKING),
    (Kind.WITHDRAWAL, "انصراف", ""),
    (Kind.DECLINE, "No, thank you.", QUOTED_INVITATION),
    (Kind.DECLINE, "نه", QUOTED_INVITATION),
    (Kind.DECLINE, "Unfortunately we cannot sign this statement. Good luck with the day!", QUOTED_INVITATION),
    (Kind.DECLINE, "Wir haben uns entschieden, diesen Aufruf nicht zu unterzeichnen.", QUOTED_INVITATION),
    (Kind.DECLINE, "Nous ne pouvons pas signer ce texte.", QUOTED_INVITATION),
    (Kind.DECLINE, "Vi kan tyvärr inte skriva under.", QUOTED_INVITATION),
    (Kind.DECLINE, "متأسفانه نمی‌توانیم این بیانیه را امضا کنیم.", QUOTED_INVITATION),
    (Kind.DECLINE, "Maalesef imzalayamıyoruz.", QUOTED_INVITATION),
    (Kind.QUESTION, "Who else has signed?", QUOTED_INVITATION),
    (Kind.QUESTION, "Wir müssen das erst im Vorstand besprechen und melden uns nächste Woche.", QUOTED_INVITATION),
    (Kind.QUESTION, "اگر جملهٔ آخر را حذف کنید امضا می‌کنیم.", QUOTED_INVITATION),
    (Kind.QUESTION, "We would sign if you removed the second paragraph.", QUOTED_INVITATION),
    (Kind.UNSUBSCRIBE, "Unsubscribe", QUOTED_INVITATION),
    (Kind.UNSUBSCRIBE, "لغو عضویت", QUOTED_INVITATION),
    (Kind.UNSUBSCRIBE, "Bitte schicken Sie uns keine weiteren Mails.", QUOTED_INVITATION),
    (Kind.UNSUBSCRIBE, "Please remove me from your list.", QUOTED_INVITATION),
    (Kind.OTHER, "Dear sir, I can offer you first page ranking with our SEO services. Interested?", ""),
    (Kind.OTHER, "Thank you, got it. Have a nice weekend!", QUOTED_INVITATION),
    (Kind.AUTO_REPLY, "I am out of the office until 3 August with limited access to email.", QUOTED_INVITATION),
]


@pytest.mark.parametrize(("kind", "text", "quoted"), _KINDS)
def test_the_kind_of_a_short_answer_is_read(kind: Kind, text: str, quoted: str) -> None:
    reading = reading_of(text + quoted)

    assert reading.kind is kind
    assert reading.signups == ()


_SIGNED = [
    ("Please add the Dutch Refugee Council (Utrecht) to the signatories.", "Dutch Refugee Council", "Utrecht", "NL"),
    ("Yes, we sign: Berlin Tenants Union, Berlin.\n\nAnna Berg", "Berlin Tenants Union", "Berlin", "DE"),
    (
        "der Verein Offene Grenzen e.V. aus Leipzig unterzeichnet die Erklärung gerne.",
        "Verein Offene Grenzen e.V.",
        "Leipzig",
        "DE",
    ),
    ("لطفاً «انجمن فرهنگی ایرانیان» را به امضاکنندگان اضافه کنید.", "انجمن فرهنگی ایرانیان", None, None),
    (
        "کمیتهٔ همبستگی با زندانیان سیاسی در هامبورگ بیانیه را امضا می‌کند.",
        "کمیتهٔ همبستگی با زندانیان سیاسی",
        "هامبورگ",
        "DE",
    ),
    (
        "Merhaba, İzmir Kadın Dayanışma Derneği olarak metni imzalıyoruz.",
        "İzmir Kadın Dayanışma Derneği",
        "İzmir",
        "TR",
    ),
]


@pytest.mark.parametrize(("text", "name", "city", "country"), _SIGNED)
def test_a_sign_up_in_free_words_gives_name_and_place(
    text: str, name: str, city: str | None, country: str | None
) -> None:
    reading = reading_of(text + QUOTED_INVITATION)

    assert reading.kind is Kind.SIGNUP
    assert [(list(s.names.values()), s.city, s.country) for s in reading.signups] == [([name], city, country)]


def test_the_form_of_our_invitation_is_read_when_it_is_answered_above_the_quotation() -> None:
    reading = reading_of(
        "Name in Persian: کانون نویسندگان\nName in English or your language: Writers Circle\nCity:\nCountry: Germany\n"
        "Who speaks for you: Sara Rad, secretary\nAction on 5 September: no\n" + QUOTED_INVITATION
    )

    signup = reading.signups[0]
    assert signup.names == {"fa": "کانون نویسندگان", "en": "Writers Circle"}
    assert (signup.city, signup.country, signup.contact_person, signup.role) == (None, "DE", "Sara Rad", "secretary")
    assert signup.action is not None
    assert signup.action.joins is False


def test_answers_typed_inside_the_quoted_form_are_read() -> None:
    filled = (
        QUOTED_INVITATION.replace("Name in Persian (empty if none):", "Name in Persian (empty if none): انجمن زنان")
        .replace("or your language:", "or your language: Women's Association")
        .replace("Country:", "Country: Norway")
    )

    reading = reading_of(filled)

    assert reading.kind is Kind.SIGNUP
    assert reading.signups[0].names == {"fa": "انجمن زنان", "en": "Women's Association"}
    assert reading.signups[0].evidence["names.en"].part == "quoted"


def test_the_example_line_of_a_quoted_invitation_is_no_sign_up() -> None:
    assert reading_of("Who are you?" + QUOTED_INVITATION).signups == ()


def test_a_line_as_it_should_be_corrects_the_entry() -> None:
    reading = reading_of("It should be: Solidarity Council of Iranians – Uppsala – Sweden" + QUOTED_ASKING)

    assert reading.kind is Kind.CORRECTION
    assert reading.signups[0].names == {"en": "Solidarity Council of Iranians"}
    assert (reading.signups[0].city, reading.signups[0].country) == ("Uppsala", "SE")
    assert reading.signups[0].email is None


def test_not_us_is_also_said_when_a_confirmation_is_denied() -> None:
    assert reading_of("no, that was not us" + QUOTED_ASKING).also == ("not_us",)


def test_a_person_must_look_when_answers_differ_by_number() -> None:
    reading = reading_of("1, 3 yes, 2 no" + QUOTED_ASKING)

    assert reading.kind is Kind.CONFIRMATION
    assert "answers differ by number" in reading.needs_human


def test_the_subject_speaks_when_there_is_no_text() -> None:
    assert reading_of("", subject="unsubscribe").kind is Kind.UNSUBSCRIBE


def test_the_reference_code_is_found_in_the_quotation() -> None:
    assert reading_of("yes" + QUOTED_ASKING).clues.reference_codes == ("K7Q2-M9PX",)


def test_a_person_signs_for_themselves() -> None:
    reading = reading_of("I would like to sign as an individual: Anna Berg, nurse, Oslo." + QUOTED_INVITATION)

    assert [(s.individual, s.names, s.city) for s in reading.signups] == [(True, {"en": "Anna Berg"}, "Oslo")]


@pytest.mark.parametrize(
    "text",
    [
        "Thank you, but we're in Minneapolis, not in Stockholm. Otherwise fine.",
        "Almost right: Solidarity Council of the North.",
        "Fast richtig, es heißt Solidaritätsrat Nord.",
        "Presque ! Le reste est parfait, merci.",
        "تقریبا درسته. اسم کاملش اینه: شورای همبستگی شمال",
        "Everything else is correct, only the town is wrong.",
    ],
)
def test_a_yes_with_a_but_in_whatever_words_prints_nothing(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind is Kind.CORRECTION


@pytest.mark.parametrize("text", ["Yes, that's right.", "Stimmt so, danke!", "بله درست است", "Oui, c'est exact."])
def test_a_plain_yes_still_confirms(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind is Kind.CONFIRMATION


@pytest.mark.parametrize(
    "text",
    [
        "Yes\n\nSorry, hold on, our chair wants to read it first.",
        "Yes, that's us. On second thoughts, please do not print anything yet.",
        "Ja stimmt. Moment bitte, ich muss erst noch jemanden fragen.",
        "Oui, c'est exact. Attendez, le bureau veut relire le texte.",
        "بله درست است. ولی فعلا چاپ نکنید.",
        "Ja, det stämmer. Vänta lite, jag måste fråga styrelsen.",
    ],
)
def test_a_yes_that_is_taken_back_is_a_question_for_a_person(text: str) -> None:
    reading = reading_of(text + QUOTED_ASKING)

    assert (reading.kind, "unsure" in reading.needs_human) == (Kind.QUESTION, True)


@pytest.mark.parametrize("text", ["Yes, correct. We hold our own rally.", "Yes, that is right, we cannot wait."])
def test_a_yes_with_the_words_of_taking_back_used_otherwise_confirms(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind is Kind.CONFIRMATION


@pytest.mark.parametrize(
    "text",
    [
        "Oui mais attention : Conseils de Solidarité, au pluriel.",
        "Oui, Conseil de Solidarité, avec une majuscule",
        "Sí, Consejo de Solidaridad, con mayúsculas",
        "Ja, aber Solidaritätsrat, in einem Wort.",
        "Ja, Solidaritetsrådet, ihopskrivet",
    ],
)
def test_a_remark_on_the_spelling_is_no_plain_yes(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind == "correction"


@pytest.mark.parametrize(
    "text", ["Ja, im Namen von uns allen.", "Yes, in the name of all of us.", "Oui, avec plaisir."]
)
def test_a_yes_in_so_many_words_is_one(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind == "confirmation"


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Femmes sans frontières, au pluriel", "Femmes sans frontières"),
        ("Solidaritätsrat, in einem Wort", "Solidaritätsrat"),
        ("Harbour Choir, with a hyphen", "Harbour Choir"),
        ("Plowshares, Tilth and Table", "Plowshares, Tilth and Table"),
        ("Des Toits, des Droits", "Des Toits, des Droits"),
    ],
)
def test_a_name_stands_without_what_is_said_of_its_spelling(name: str, bare: str) -> None:
    assert without_remark(name) == bare


@pytest.mark.parametrize(
    "text",
    [
        "Yes, if you remove the word revolution from the text.",
        "Yes provided that no party signs.",
        "Ja, sofern der dritte Absatz wegfällt.",
        "Oui, à condition que vous retiriez cette phrase.",
        "Evet, eğer üçüncü paragraf çıkarsa.",
        "بله اگر بند سوم را حذف کنید",
        "درست است ولی هنوز هیئت مدیره تصویب نکرده",
        "It's right, but our board hasn't approved yet.",
    ],
)
def test_a_yes_on_a_condition_prints_nothing(text: str) -> None:
    reading = reading_of(text + QUOTED_ASKING)

    assert (reading.kind, bool(reading.needs_human)) == (Kind.QUESTION, True)


@pytest.mark.parametrize(
    "text",
    [
        "Yes. If you need anything else, write to me.",
        "Yes, that's right. If possible put us near the top.",
        "Ja, stimmt. Wenn ihr noch etwas braucht, meldet euch.",
        "Si, todo correcto.",
        "بله درست است. اگر سوالی بود در خدمتم",
        "بله. اگر ممکن است نسخه نهایی را هم بفرستید",
    ],
)
def test_an_if_about_something_else_leaves_the_yes(text: str) -> None:
    assert reading_of(text + QUOTED_ASKING).kind is Kind.CONFIRMATION
