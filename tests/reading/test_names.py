from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.names import MAX_NAME, display, fold, line_safe, same_line, script, squash, tokens, warnings

ORDINARY = [
    "کانون پناهندگان سیاسی ایران – برلین",
    "کمیته دفاع از جنبش‌های اجتماعی",
    "جمعية حقوق الإنسان",
    "کۆمەڵەی مافی مرۆڤ",
    "האגודה לזכויות האזרח",
    "Общество «Мемориал»",
    "Ελληνική Ένωση για τα Δικαιώματα του Ανθρώπου",
    "Հայաստանի իրավապաշտպաններ",
    "アムネスティ東京の会",
    "人权观察",
    "국제앰네스티 한국지부",
    "मानवाधिकार संगठन",
    "Förderverein für Flüchtlinge e.V.",
    "İnsan Hakları Derneği",
    "Ligue des droits de l’Homme",
    "Żółty Parasol",
    "Association for the defense of political prisoners in Iran-Paris",
    "W3C",
]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("كانون پناهندگان سياسي", "کانون پناهندگان سیاسی"),
        ("جنبش‌های اجتماعی", "جنبش های اجتماعی"),
        ("کمیتهٔ دفاع", "کمیته دفاع"),
        ("خانۀ آزادی", "خانه ازادی"),
        ("هیئت مؤسس", "هییت موسس"),
        ("کتــاب", "کتاب"),
        ("مُحَمَّد", "محمد"),
        ("دهه ۶۰", "دهه 60"),
        ("دهه ٦٠", "دهه 60"),
        ("Göteborg", "goteborg"),
        ("KÖLN", "köln"),
        ("Straße", "STRASSE"),
        ("DİYARBAKIR", "Diyarbakır"),
        ("Iran – Paris", "Iran-Paris"),
        ("“Solidarity”", '"Solidarity"'),
        ("\u202bایران\u202c", "ایران"),
        ("Ｃｅｎｔｅｒ", "Center"),
        ("café", "cafe\u0301"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(a: str, b: str) -> None:
    assert fold(a) == fold(b)


@pytest.mark.parametrize(("a", "b"), [("دفاع", "دفع"), ("Iran", "Iraq"), ("in exile", "(in exile)"), ("हिंदी", "हिंद")])
def test_two_names_stay_two_when_a_letter_or_bracket_differs(a: str, b: str) -> None:
    assert fold(a) != fold(b)
    assert not same_line(a, b)


def test_words_written_with_or_without_a_half_space_are_one_line() -> None:
    assert same_line("حق‌طلبان می‌شود", "حق طلبان میشود")
    assert squash("می‌شود") == squash("میشود")


def test_tokens_are_the_folded_words_without_punctuation() -> None:
    assert tokens("«کمیته» (در تبعید) – U.S.A.") == ["کمیته", "در", "تبعید", "u", "s", "a"]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_displaying_twice_changes_nothing(text: str) -> None:
    assert display(display(text)) == display(text)


@given(st.text(alphabet=st.characters() | st.sampled_from("\u202e\u2066\u200f\u061c\u200c\u200d\U000e0041\u3164a ب\n")))
def test_nothing_displayed_can_turn_hide_or_break_a_line(text: str) -> None:
    shown = display(text)
    forbidden = {"\u200e", "\u200f", "\u061c", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    assert not forbidden & set(shown)
    assert all(unicodedata.category(char)[0] != "C" for char in shown if char not in "\u200c\u200d")
    assert "\n" not in shown


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_shown_as_it_was_written(name: str) -> None:
    assert display(name) == name


def test_a_half_space_is_shown_only_between_letters_that_join() -> None:
    assert display("می‌شود") == "می‌شود"
    assert display("\u200cA\u200cB می\u200c ") == "AB می"


def test_tags_fillers_and_controls_are_not_shown() -> None:
    assert display("Am\U000e0041ne\u200bsty\u3164 \x07In\u00adternational\u2028") == "Amnesty International"


def test_marks_piled_on_a_letter_are_cut() -> None:
    assert len(display("Z" + "\u0336" * 50 + "a")) <= 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("کانون ایران (Iran)", "Arab"),
        ("Общество", "Cyrl"),
        ("האגודה", "Hebr"),
        ("Ένωση", "Grek"),
        ("Ｃｅｎｔｅｒ", "Latn"),
        ("人权观察", "Hans"),
        ("東京の会", "Jpan"),
        ("국제", "Kore"),
        ("हिंदी", "Deva"),
        ("2020 – !", "Zyyy"),
        ("", "Zyyy"),
    ],
)
def test_the_script_is_the_one_most_letters_are_in(text: str, code: str) -> None:
    assert script(text) == code


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_raises_no_doubt(name: str) -> None:
    assert warnings(name) == []
    assert line_safe(name)


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("Amn\u0435sty International", "a word mixes scripts"),  # Cyrillic е
        ("Amn\u0435sty International", "letters that look like others"),
        ("\u0420\u0410\u0421\u0415 International", "letters that look like others"),  # a Cyrillic word posing
        ("\u0391\u039c\u039d\u0395 Amnesty", "letters that look like others"),  # Greek
        ("Internati0nal", "letters that look like others"),
        ("𝐀mnesty", "letters that look like others"),
        ("Am\u200bnesty", "invisible characters"),
        ("Am\u200dnesty", "invisible characters"),
        ("Amnesty\U000e0041", "invisible characters"),
        ("\u202eytsenmA", "writing direction is overridden"),
        ("Z\u0336\u0336\u0336\u0336\u0336", "piled up marks"),
        ("a" * (MAX_NAME + 1), f"longer than {MAX_NAME} characters"),
        ("\u3164\u200b", "looks empty"),
        ("– – –", "looks empty"),
    ],
)
def test_a_trick_is_named(name: str, doubt: str) -> None:
    assert doubt in warnings(name)


def test_direction_marks_around_a_persian_name_are_no_trick() -> None:
    assert warnings("\u200fکانون ایران\u200f") == []


@pytest.mark.parametrize(
    "name",
    [
        "Visit https://evil.example now",
        "www.evil.example",
        "evil.example",
        "t.me/evil",
        "Evil。example",
        "hxxp evil",
        "Write to a@evil.example",
        "Call 0912 345 6789",
        "Call ۰۹۱۲ ۳۴۵ ۶۷۸۹",
        "Call +49 (30) 12-34-56",
        "Two\nlines",
        "Two\u2028lines",
        "bell\x07",
        "\u202eevil",
        "in\u200bvisible",
        "x" * (MAX_NAME + 1),
        "",
        "12",
        "\u3164",
    ],
)
def test_a_name_with_a_link_number_or_trick_is_not_for_a_machine_mail(name: str) -> None:
    assert not line_safe(name)


@pytest.mark.parametrize(
    "name", ["Prisoners of 1979–1988", "Center – U.S.A", "refugees .Athens – Greece", "دهه 60 در ایران"]
)
def test_years_and_abbreviations_are_neither_numbers_nor_links(name: str) -> None:
    assert line_safe(name)
