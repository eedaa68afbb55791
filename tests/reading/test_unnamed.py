"""Who signs and wishes no name to be printed is looked at by a person, in whatever sentence the wish stands."""

from __future__ import annotations

import pytest

from outreach.reading.read import read
from tests.reading.letters import QUOTED_INVITATION, letter, reading_of

_WISHES = [
    ("We sign the statement: Harbour Choir, Bergen.", "Our name must not appear anywhere."),
    ("We sign the statement: Harbour Choir, Bergen.", "This mail is confidential, please do not publish our name."),
    ("Wir unterschreiben: Verein Brückenschlag, Mainz.", "Bitte unseren Namen nicht veröffentlichen."),
    ("Wir unterschreiben: Verein Brückenschlag, Mainz.", "Bitte nennt unseren Namen nicht."),
    ("Wir unterschreiben: Verein Brückenschlag, Mainz.", "Bitte nicht veröffentlichen."),
    ("Nous signons : Comité du Nord, Lille.", "Merci de ne pas publier notre nom."),
    ("Nous signons : Comité du Nord, Lille.", "Notre nom ne doit pas paraître."),
    ("Firmamos: Comité del Norte, Bilbao.", "Por favor no publicar nuestro nombre."),
    ("Firmiamo: Comitato del Nord, Torino.", "Il nostro nome non va pubblicato."),
    ("Wij ondertekenen: Comité Noord, Utrecht.", "Publiceer onze naam niet."),
    ("Vi skriver under: Kommittén Nord, Umeå.", "Vårt namn får inte visas."),
    ("İmzalıyoruz: Kuzey Komitesi, Ankara.", "Lütfen adımızı yayımlamayın."),
    ("Подписываем: Комитет Север, Рига.", "Наше имя не публикуйте."),
    ("ما به عنوان کانون شمال امضا می‌کنیم.", "لطفا نام ما را منتشر نکنید."),
    ("نحن نوقع: لجنة الشمال، برلين.", "الرجاء عدم نشر اسمنا."),
    ("We sign the statement: Harbour Choir, Bergen.", "-- \nAnna Berg\n\nPlease do not print our name."),
    ("We sign the statement: Harbour Choir, Bergen.", "--\nBut do not publish it before Friday."),
    ("We sign the statement: Harbour Choir, Bergen.", "Not for publication."),
    ("We sign the statement: Harbour Choir, Bergen.", "But anonymously, please."),
    ("We sign the statement: Harbour Choir, Bergen.", "Please hide our name from the public list."),
    ("We sign the statement: Harbour Choir, Bergen.", "Publishing it would put us in danger."),
    ("We sign the statement: Harbour Choir, Bergen.", "Print it after our meeting only."),
    ("Wir unterschreiben: Verein Brückenschlag, Mainz.", "Bitte vertraulich behandeln!"),
    ("Nous signons : Comité du Nord, Lille.", "De façon anonyme, merci."),
    ("Firmamos: Comité del Norte, Bilbao.", "Nuestro nombre es confidencial."),
    ("ما به عنوان کانون شمال امضا می‌کنیم.", "لطفا محرمانه بماند."),
    ("ما به عنوان کانون شمال امضا می‌کنیم.", "بدون ذکر نام، برای ما خطر دارد."),
]


@pytest.mark.parametrize(("yes", "wish"), _WISHES)
def test_a_person_looks_where_who_signs_is_not_to_be_named(yes: str, wish: str) -> None:
    reading = read(letter(f"{yes}\n\n{wish}\n"))

    assert reading.needs_human
    assert reading.confidence <= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "We sign the statement: Harbour Choir, Bergen. We have no Persian name.",
        "We sign the statement: Harbour Choir, Bergen. No action, please list us with the city.",
        "Wir unterschreiben: Verein Brückenschlag, Mainz. Einen persischen Namen haben wir nicht.",
        "Wir unterschreiben: Verein Brückenschlag, Mainz. Bitte keinen Ort drucken.",
        "Nous signons : Comité du Nord, Lille. Nous n'avons pas de nom en persan.",
        "ما به عنوان کانون شمال امضا می‌کنیم. نام انگلیسی ندارد، همین را چاپ کنید.",
        "We sign the statement: Harbour Choir, Bergen. The prisoners are in danger, every day counts.",
        "We sign the statement: Harbour Choir, Bergen. Our secretary is Anna Berg.",
        "We sign the statement: Harbour Choir, Bergen.\n\n-- \nAnna Berg\nThis mail is confidential. Delete it.",
    ],
)
def test_a_name_that_is_lacking_or_a_city_that_is_left_out_is_no_such_wish(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).needs_human == ()


def test_a_legal_notice_below_a_clients_card_is_no_wish() -> None:
    notice = (
        "This e-mail and any attachments are confidential and intended solely for the use of the addressee.\n"
        "If you have received it in error, please delete it; you must not copy or disclose it."
    )
    reading = reading_of(f"Please add us: Harbour Choir, Bergen, Norway.\n\nSent from my iPhone\n\n{notice}")

    assert reading.needs_human == ()


def test_a_wish_below_a_clients_card_is_heard_beside_a_legal_notice() -> None:
    signature = "-- \nAda\nPlease do not print my name.\n\nThis e-mail is confidential."
    reading = reading_of(f"Please add us: Harbour Choir, Bergen, Norway.\n\n{signature}")

    assert "name not to be printed" in reading.needs_human
