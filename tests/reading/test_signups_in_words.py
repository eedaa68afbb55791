"""Sign-ups read from the words of mails: names, places, contacts and actions that must be read, and what must not."""

from __future__ import annotations

import pytest

from outreach.reading.names import fold
from outreach.reading.result import Reading, Signup
from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, reading_of


def only(text: str, *, sender: str = "Anna Berg <anna@berg.example>", subject: str = "Re: Joint statement") -> Signup:
    reading = reading_of(text, sender=sender, subject=subject)
    assert len(reading.signups) == 1, reading
    return reading.signups[0]


def spans_hold_values(reading: Reading) -> bool:
    """Whether every name, city, contact and address stands where its evidence says."""
    for signup in reading.signups:
        values = {f"names.{key}": name for key, name in signup.names.items()}
        values |= {
            "city": signup.city or "",
            "contact_person": signup.contact_person or "",
            "email": signup.email or "",
        }
        for field, value in values.items():
            at = signup.evidence.get(field)
            if at and fold(value) not in fold(reading.parts[at.part][at.start : at.end]):
                return False
    return True


@pytest.mark.parametrize(
    ("text", "name", "city", "country"),
    [
        ("Please sign us up: Lumen Kiosk, Zagreb, Croatia.", "Lumen Kiosk", "Zagreb", "HR"),
        ("We sign. Please add Brighter Tide Harbour (Lisbon, Portugal).", "Brighter Tide Harbour", "Lisbon", "PT"),
        ("Our association Maison des Vents (Liège, Belgium) would like to sign.", "Maison des Vents", "Liège", "BE"),
        ("ما امضا می‌کنیم: انجمن روشنا، مالمو، سوئد.", "انجمن روشنا", "مالمو", "SE"),
        ("Die Frauengruppe Weitblick unterschreibt. Ort ist Göttingen.", "Frauengruppe Weitblick", "Göttingen", "DE"),
        ("Please add the Harbour Readers of Tromsø to your list.", "Harbour Readers of Tromsø", "Tromsø", "NO"),
    ],
)
def test_name_and_place_are_read_from_a_sentence(text: str, name: str, city: str, country: str) -> None:
    signup = only(text)
    assert name in {" ".join(n.split()) for n in signup.names.values()}
    assert (signup.city, signup.country) == (city, country)


@pytest.mark.parametrize(
    "text",
    [
        "Yes, we sign.\n\nGreetings from Lisbon\nAnna",
        "We will sign.\n\nGuten Tag und viele Grüße",
        "Yes, we sign, see you in Paris.",
    ],
)
def test_no_name_is_made_of_greetings_and_places(text: str) -> None:
    assert only(text).names == {}


@pytest.mark.parametrize(
    ("text", "person", "address"),
    [
        (
            "The Lumen Union signs. Please write to our secretary Ada Vogt, ada@lumen.example.",
            "Ada Vogt",
            "ada@lumen.example",
        ),
        (
            "کانون روشنا امضا می‌کند. مسئول ما خانم مینا پاک است و ایمیلش mina@roshana.example",
            "مینا پاک",
            "mina@roshana.example",
        ),
    ],
)
def test_contact_is_the_one_whom_the_text_names(text: str, person: str, address: str) -> None:
    signup = only(text)
    assert (signup.contact_person, signup.email, signup.named_email) == (person, address, address)


def test_address_of_nobody_in_particular_is_not_the_contact() -> None:
    signup = only("The Lumen Union signs. We read about you on a page of news@paper.example yesterday.")
    assert (signup.email, signup.named_email) == ("anna@berg.example", None)


@pytest.mark.parametrize(
    ("ending", "sender", "person"),
    [
        ("Gruß Mira Feld", "Mira <mira@lumen.example>", "Mira Feld"),
        ("با سپاس کاوه تندر", "k <k@lumen.example>", "کاوه تندر"),
        ("Salud,\nTeo Ruiz", "Lumen <info@lumen.example>", "Teo Ruiz"),
        ("grt mira", "Mira Feld <mira@lumen.example>", "Mira Feld"),
        ("Sydney Australia\nMira Feld", "Mira Feld <mira@lumen.example>", "Mira Feld"),
    ],
)
def test_contact_is_the_writer_without_the_closing(ending: str, sender: str, person: str) -> None:
    assert only(f"The Lumen Union signs the statement.\n\n{ending}", sender=sender).contact_person == person


@pytest.mark.parametrize("sender", ["Komite Yari <a@yari.example>", "روابط عمومی <a@yari.example>"])
def test_organisation_in_from_is_no_contact(sender: str) -> None:
    assert only("The Lumen Union signs the statement.", sender=sender).contact_person is None


def test_labels_behind_a_sentence_are_read_and_the_sentence_too() -> None:
    signup = only("The Lumen Union signs the statement. City: Graz, Country: Austria")
    assert (list(signup.names.values()), signup.city, signup.country) == (["Lumen Union"], "Graz", "AT")


@pytest.mark.parametrize("answer", ["finns inget", "nei", "nincs", "gibt es nicht"])
def test_no_under_the_persian_name_is_no_name(answer: str) -> None:
    signup = only(f"Name in Persian: {answer}\nName: Lumen Union\nCity: Graz\nCountry: Austria")
    assert list(signup.names.values()) == ["Lumen Union"]


def test_sentence_under_city_is_no_city() -> None:
    signup = only("Name: Lumen Union\nCity: please do not print one, we are spread out\nCountry: Austria")
    assert (signup.city, signup.country) == (None, "AT")


def test_time_of_day_is_no_label() -> None:
    reading = reading_of("The Lumen Union signs.\nOn 5 September at 18:30 we hold a vigil.")
    action = reading.signups[0].action
    assert action and (action.joins, action.time, str(action.date)) == (True, "18:30", "2026-09-05")


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("The Lumen Union signs. On 5 September we put candles before the church at 18:00.", True),
        ("Die Lumen Gruppe unterschreibt. Am 5.9. machen wir nichts Eigenes.", False),
        ("The Lumen Union signs. We met on 3 August at 18:00.", None),
    ],
)
def test_action_is_what_happens_on_the_day_we_asked_about(text: str, joins: bool | None) -> None:
    action = only(text + QUOTED_INVITATION).action
    assert (action.joins if action else None) is joins


def test_list_keeps_contacts_small_towns_and_states() -> None:
    reading = reading_of(
        "Please add:\n\n1. Coalition for Open Doors, Albany NY, USA\n"
        "2. Teachers for Rest – Kingston NY – USA (contact: Dale Marsh,\ndale@rest.example)\n"
        "3. Friends of the Bridge – Anduze – France"
    )
    assert [(s.city, s.country) for s in reading.signups] == [("Albany", "US"), ("Kingston", "US"), ("Anduze", "FR")]
    assert [s.contact_person for s in reading.signups] == ["Anna Berg", "Dale Marsh", "Anna Berg"]
    assert spans_hold_values(reading)


def test_name_is_read_from_the_subject_of_a_mail_that_answers_nothing() -> None:
    signup = only("We sign the statement.\n\nAnna Berg", subject="Das Literaturhaus am Teich unterzeichnet")
    assert [name.removeprefix("Das ") for name in signup.names.values()] == ["Literaturhaus am Teich"]


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Please correct: we are not in Graz but in Linz (Austria).", "Linz"),
        ("Bitte ändern: wir sitzen in Halle, nicht in Köln. Bitte ändern auf: Halle, Deutschland", "Halle"),
    ],
)
def test_corrected_city_is_the_right_one(text: str, city: str) -> None:
    reading = reading_of(text, subject="Re: Your signature has been published")
    assert reading.kind is Kind.CORRECTION
    assert [s.city for s in reading.signups] == [city]


@pytest.mark.parametrize(
    "text",
    [
        "Please sign us up: Lumen Kiosk, Zagreb, Croatia.\n\nBest,\nMira Feld",
        "Haus der Brücke e.V. / خانه پل / House of the Bridge, Wien, Austria",
        "ما امضا می‌کنیم: انجمن روشنا، مالمو، سوئد.\nبا سپاس کاوه تندر",
    ],
)
def test_evidence_points_at_the_values(text: str) -> None:
    assert spans_hold_values(reading_of(text))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("2. Prof. Alan Weiss, historian, Madison (personal capacity)", "Alan Weiss"),
        ("2. Ada Lovelace, London (as an individual)", "Ada Lovelace"),
        ("2) Dr. Nora Holm, Oslo", "Nora Holm"),
    ],
)
def test_a_person_on_a_numbered_list_signs_for_themselves_and_the_organisations_beside_do_not(
    line: str, name: str
) -> None:
    reading = reading_of(f"Please add:\n\n1. Harbour Choir, Leeds\n{line}\n3. Friends of the Sea, Hull\n")

    assert [[*signup.names.values()] for signup in reading.signups] == [
        ["Harbour Choir"],
        [name],
        ["Friends of the Sea"],
    ]
    assert [signup.individual for signup in reading.signups] == [False, True, False]


def test_a_numbered_line_with_a_title_for_an_organisation_is_no_person() -> None:
    reading = reading_of("Please add:\n\n1. Harbour Choir, Leeds\n2. Dr. Sun Library, Hull\n")

    assert [signup.individual for signup in reading.signups] == [False, False]


def test_a_day_is_read_that_persian_spells_out_before_its_month() -> None:
    text = "کانون فانوس بیانیه را امضا می‌کند و روز پنج سپتامبر ساعت ۱۷ در میدان تجمع خواهیم داشت."
    action = reading_of(text + QUOTED_INVITATION).signups[0].action

    assert action is not None
    assert action.date is not None
    assert (action.date.month, action.date.day) == (9, 5)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Fast. Es heißt Friedensbüro Nord.", "Friedensbüro Nord"),
        ("The correct name is Harbour Choir Hull, please change it.", "Harbour Choir Hull"),
        ("اسم ما اشتباه است. اسم درست: کانون فرهنگی خاوران", "کانون فرهنگی خاوران"),
    ],
)
def test_a_corrected_name_is_read_behind_what_says_that_it_is_right(text: str, name: str) -> None:
    reading = reading_of(text + QUOTED_ASKING)

    assert reading.kind is Kind.CORRECTION
    assert name in {n for signup in reading.signups for n in signup.names.values()}
