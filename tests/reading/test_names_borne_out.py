"""Names that neither capitals nor a word for an organisation give away: by domain, place, or who speaks for them."""

from __future__ import annotations

import pytest

from outreach.reading.placeless import without_place
from outreach.reading.read import read
from outreach.reading.result import Signup
from outreach.words import Kind
from tests.reading.letters import QUOTED_INVITATION, letter


def _signups(text: str, sender: str = "A. B. <office77@mail.example>") -> tuple[Signup, ...]:
    return tuple(read(letter(text + QUOTED_INVITATION, sender=sender)).signups)


def _names(text: str, sender: str = "A. B. <office77@mail.example>") -> list[str]:
    return [name for signup in _signups(text, sender) for name in signup.names.values()]


@pytest.mark.parametrize(
    ("text", "sender", "name"),
    [
        ("count leftbooks in :) we're a bookshop in bristol. jo", "Jo <jo@leftbooks.example>", "leftbooks"),
        ("hi, count northern roots in please", "M <m@northern-roots.example>", "northern roots"),
        ("we at Sepideh sign. no problem with the text at all.", "B <info@sepideh-galway.example>", "Sepideh"),
    ],
)
def test_the_domain_bears_out_a_name_without_any_other_mark(text: str, sender: str, name: str) -> None:
    assert _names(text, sender) == [name]


@pytest.mark.parametrize(
    "text",
    ["Please add the Common Garden Society of Galway.", "We sign: Common Garden Society of Galway, Ireland."],
)
def test_the_domain_does_not_cut_a_longer_name_short(text: str) -> None:
    [name] = _names(text, "Nora <nora@commongarden.example>")

    assert name.startswith("Common Garden Society")


def test_a_free_mailbox_bears_out_nothing() -> None:
    assert _names("sign us, outlook is fine", "K <k@outlook.com>") == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("UTW Local 412, Hamilton, Ontario, Canada", "UTW Local 412"),
        ("Freedom Choir, Belfast", "Freedom Choir"),
        ("kizil karanfil kollektifi berlin almanya", "kizil karanfil kollektifi"),
        ("انجمن همبستگی تورنتو کانادا", "انجمن همبستگی"),
        ("iranian refugee council of athens greece", "iranian refugee council of athens"),
        ("Mala Jinên Azad li Viyanayê", "Mala Jinên Azad"),
        ("Anjoman-e Honarmandan dar Los Angeles", "Anjoman-e Honarmandan"),
        ("Committee of Teachers, Nurses and Drivers", "Committee of Teachers, Nurses and Drivers"),
        ("Iranian Refugee Council of Berlin", "Iranian Refugee Council of Berlin"),
    ],
)
def test_a_name_ends_before_its_place_and_keeps_what_belongs_to_it(written: str, name: str) -> None:
    assert without_place(written, 0).text == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("از طرف بچه‌های همراه می‌نویسم. اسممون رو بنویس همراه - گوتنبرگ", "همراه"),
        ("لطفاً نام ما را بنویسید: سپیده، وین", "سپیده"),
    ],
)
def test_a_single_word_with_its_city_behind_it_is_a_name(text: str, name: str) -> None:
    [signup] = _signups(text)

    assert list(signup.names.values()) == [name]
    assert signup.city


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Please put down Iranian Women's Network Toronto, and also Mothers of Khavaran. I speak for both.",
            ["Iranian Women's Network Toronto", "Mothers of Khavaran"],
        ),
        (
            "لطفاً «همگامان آزادی» و «انجمن دانشجویان ایرانی پیشرو» را به امضاها اضافه کنید. رابط هر دو من هستم.",
            ["همگامان آزادی", "انجمن دانشجویان ایرانی پیشرو"],
        ),
    ],
)
def test_several_names_are_read_where_another_sentence_speaks_for_all_of_them(text: str, expected: list[str]) -> None:
    assert _names(text) == expected


def test_a_body_named_beside_the_signatory_is_no_second_one() -> None:
    text = (
        "Please add the Harbour Choir Leeds. We sing in the Town Hall Society building, you can reach both of us there."
    )

    assert len(_signups(text)) == 1


@pytest.mark.parametrize(
    ("sender", "contact"),
    [
        ("zahra <zahra.ey@post.example>", "zahra"),
        ("Omid K. <omid.k@studentmail.example>", "Omid K"),
        ("نسرین <n.sharifi@post.example>", "نسرین"),
        ("Northlight <desk@northlight.example>", None),
        ("NIMA <nima@kanoon.example>", None),
        ("Hamburg Choir <info@choir.example>", None),
    ],
)
def test_a_first_name_alone_in_from_is_the_contact_unless_it_names_an_office(sender: str, contact: str | None) -> None:
    [signup] = _signups("Please add the Harbour Choir, Leeds, UK.", sender)

    assert signup.contact_person == contact


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("باشه", Kind.SIGNUP),
        ("fine", Kind.SIGNUP),
        ("روی ما حساب کنید. کانون مهر، کلن", Kind.SIGNUP),
        ("You can count on us. Put us down as Halifax Refugee Volunteers.", Kind.SIGNUP),
        ("Take this as a yes from Harbour Choir, Leeds.", Kind.SIGNUP),
        ("روی ما حساب نکنید", Kind.DECLINE),
        ("You cannot count on us this time, sorry.", Kind.DECLINE),
        ("Should they agree, I'll be back in touch. Our trustees next meet on 12 August.", Kind.QUESTION),
        ("لطفا توضیح دهید چه کسانی پشت این بیانیه هستند.", Kind.QUESTION),
    ],
)
def test_an_indirect_answer_to_our_invitation_is_understood(text: str, kind: Kind) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind is kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("yeah sign us up luv, bradford sisters in struggle is the name. ta shaz", "bradford sisters in struggle"),
        ("دیشب همه گفتن آره. اسممون همون «پرسه» باشه.", "پرسه"),
        (
            "شورای مرکزی انجمن دفاع از حقوق بشر در نشست اخیر خود پیوستن به بیانیه را تصویب کرد.",
            "انجمن دفاع از حقوق بشر",
        ),
        ("من از طرف جمع «نان و آزادی» می‌نویسم. اسممان پای متن بیاید.", "نان و آزادی"),
    ],
)
def test_a_name_is_read_however_the_sentence_leads_to_it(text: str, name: str) -> None:
    assert _names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "با هدف شما همدل هستیم اما ترجیح می‌دهیم اسممان جایی نیاید.",
        "We stand with you, but we would rather not see our name anywhere in public.",
    ],
)
def test_support_without_the_name_is_no_signature(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind is not Kind.SIGNUP


@pytest.mark.parametrize(
    ("end", "contact"),
    [
        ("با تجدید احترام\nدبیر انجمن، غلامرضا پورنگ", "غلامرضا پورنگ"),
        ("نادين خوري، مديرة المركز", "نادين خوري"),
        ("می‌بوسمت لیلا", "لیلا"),
    ],
)
def test_the_last_line_tells_the_contact_before_or_behind_the_function(end: str, contact: str) -> None:
    [signup] = _signups(f"انجمن سپیده، وین، امضا می‌کند. لطفاً نام ما را درج کنید.\n{end}", "<office77@mail.example>")

    assert signup.contact_person == contact


@pytest.mark.parametrize(
    ("text", "sender", "name"),
    [
        ("Stichting Thuis in Utrecht tekent.", "J <j@thuisinutrecht.example>", "Stichting Thuis in Utrecht"),
        ("Tragen Sie die Initiative Heim in Kiel ein.", "A <a@heim-in-kiel.example>", "Initiative Heim in Kiel"),
        (
            "Stichting Thuis in Utrecht tekent. Schrijf naar roos@thuisinutrecht.example.",
            "J <j@mail.example>",
            "Stichting Thuis in Utrecht",
        ),
        ("Stichting Thuis in Utrecht tekent.", "J <j@mail.example>", "Stichting Thuis"),
        ("Please add the Harbour Choir in Leeds.", "A <a@harbourchoir.example>", "Harbour Choir"),
    ],
)
def test_the_place_belongs_to_the_name_where_a_domain_holds_both(text: str, sender: str, name: str) -> None:
    assert _names(text, sender) == [name]


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Il Coro del Mare firma. Metta pure me come referente, don Luca Ferrante.", "Luca Ferrante"),
        ("La Chorale du Port signe. Notre interlocutrice est Zoé Marin.", "Zoé Marin"),
        ("Firma el Ateneo del Mar. Pongan como responsable a Inés Roldán.", "Inés Roldán"),
    ],
)
def test_who_is_named_as_contact_is_one_and_signs_nothing(text: str, contact: str) -> None:
    (signup,) = _signups(text)

    assert signup.contact_person == contact
    assert contact not in signup.names.values()


def test_a_person_to_be_written_to_does_not_sign() -> None:
    assert "Jens Holm" not in _names(
        "Der Hafenchor unterschreibt. Als Ansprechpartner nehmen Sie bitte mich, Jens Holm."
    )


def test_a_choir_is_in_no_town_of_that_name() -> None:
    (signup,) = _signups("Firma el Coro del Puerto. La persona de contacto es Inés Roldán.")

    assert signup.city is None
