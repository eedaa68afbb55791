"""Names, places, contacts and yeses as people in English, German, French, Swedish and Dutch write them."""

from __future__ import annotations

import pytest

from outreach.reading.result import Reading, Signup
from outreach.words import Kind
from tests.reading.letters import QUOTED_INVITATION, reading_of


def answer(text: str) -> Reading:
    return reading_of(text + QUOTED_INVITATION, sender="A. B. <office77@mail.example>")


def only(text: str) -> Signup:
    (signup,) = answer(text).signups
    return signup


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("We sign: Harbour Choir, Leeds. Our contact person is Ada Moss.", "Ada Moss"),
        ("Der Asylkreis Haan unterschreibt. Ansprechpartnerin ist Pfarrerin Silke Oberländer.", "Silke Oberländer"),
        ("Stichting Welkom ondertekent. Contactpersoon is Joke van der Veen.", "Joke van der Veen"),
    ],
)
def test_the_contact_is_who_a_sentence_calls_so(text: str, contact: str) -> None:
    assert only(text).contact_person == contact


@pytest.mark.parametrize(
    "text",
    [
        "We sign: Harbour Choir, Leeds. As contact please use this address.",
        "We sign: Harbour Choir, Leeds. You can contact us at any time.",
    ],
)
def test_no_contact_is_made_of_other_words_behind_it(text: str) -> None:
    assert only(text).contact_person is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Barnsley & District Trades Council is happy to sign.", "Barnsley & District Trades Council"),
        ("This is Kwame from Accra Free Press Union. We sign.", "Accra Free Press Union"),
        ("We're called Bread & Roses Durham and yes we want to sign.", "Bread & Roses Durham"),
        ("Als Vorsitzende der Naturfreunde Steyr unterschreibe ich für den Verein.", "Naturfreunde Steyr"),
        ("The Eastbrook Town Council resolved to sign. Please add the Council.", "Eastbrook Town Council"),
        ("We sign. Women from Iran Network, Oslo.", "Women from Iran Network"),
    ],
)
def test_a_name_is_whole_and_without_its_writer(text: str, name: str) -> None:
    found = [written.removeprefix("The ") for written in only(text).names.values()]
    assert found == [name]


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ("Wij ondertekenen: Werkgroep Vluchtelingen Deventer.", "Deventer", "NL"),
        ("Association Les Tisseuses, Roubaix. Nous signons.", "Roubaix", "FR"),
        ("We sign: Galway Refugee Network (Galway, Ireland).", "Galway", "IE"),
        ("We sign: Network of Women.", None, None),
    ],
)
def test_a_small_town_behind_or_at_the_end_of_a_name_is_its_city(
    text: str, city: str | None, country: str | None
) -> None:
    signup = only(text)
    assert (signup.city, signup.country) == (city, country)


def test_a_form_may_have_dashes_where_others_have_colons() -> None:
    signup = only("group - Iranian Students of Leeds\ntown - Leeds UK\nperson to talk to - Omid Karimpour")
    assert (*signup.names.values(), signup.city, signup.country) == ("Iranian Students of Leeds", "Leeds", "GB")
    assert signup.contact_person == "Omid Karimpour"


def test_a_single_line_with_a_dash_makes_no_form() -> None:
    assert answer("Our group - who is asking?\n\nWe have a question first.").kind is Kind.QUESTION


def test_a_refusal_for_others_before_a_yes_for_oneself_declines_nothing() -> None:
    text = "The department cannot sign, but I would be pleased to sign in a personal capacity."
    assert answer(text).kind is Kind.SIGNUP
    assert answer(text).needs_human


def test_a_yes_before_a_refusal_stays_one() -> None:
    assert answer("We support the statement, but we cannot sign it.").kind is not Kind.SIGNUP


@pytest.mark.parametrize(
    "text", ["The trustees feel this is too political for us.", "This is not quite our cup of tea."]
)
def test_nobody_signs_on_a_guess_without_a_name(text: str) -> None:
    assert answer(text).kind is not Kind.SIGNUP


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bitte nehmen Sie den Arbeitskreis Asyl Aalen mit auf die Liste.", "Arbeitskreis Asyl Aalen"),
        ("Bitte tragen Sie die Gruppe Offene Grenzen Jena ein.", "Gruppe Offene Grenzen Jena"),
        ("Setzen Sie bitte Hafenklang Kiel mit auf die Liste.", "Hafenklang Kiel"),
    ],
)
def test_the_you_of_a_request_is_no_part_of_the_name(text: str, name: str) -> None:
    assert list(only(text).names.values()) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Le bureau a décidé à l'unanimité d'apporter sa signature. Chorale du Port, Brest.",
        "L'assemblée a voté l'adhésion à votre texte. Chorale du Port, Brest.",
        "La junta directiva ha acordado sumar la firma de Coro del Puerto.",
        "Il direttivo ha deliberato di apporre la propria firma. Coro del Porto, Bari.",
        "Het bestuur heeft besloten zijn handtekening te zetten. Havenkoor, Gent.",
        "A direção deliberou subscrever a declaração. Coro do Porto, Braga.",
    ],
)
def test_the_decision_of_a_board_signs(text: str) -> None:
    assert answer(text).kind is Kind.SIGNUP


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("We sign: Harbour Choir, Leeds. We do not have anything planned for the day.", False),
        ("We sign: Harbour Choir, Leeds. Nothing is planned on our side.", False),
        ("Vi skriver under: Hamnkören, Lund. Någon egen manifestation blir det inte.", False),
        ("Vi skriver under: Havnekoret, Aarhus. Vi laver ikke selv noget den dag.", False),
        ("Nous signons : Chorale du Port, Brest. Nous n'avons rien prévu ce jour-là.", False),
        ("Wij tekenen: Havenkoor, Gent. Zelf organiseren we niets.", False),
        ("Wir unterschreiben: Hafenchor, Kiel. Eine eigene Aktion schaffen wir diesmal nicht.", False),
        ("Vi skriver under: Havnekoret, Bergen. Vi skal ha fakkeltog fra Rådhusplassen kl. 19 den 5. september.", True),
    ],
)
def test_what_is_and_is_not_held_on_the_day(text: str, joins: bool) -> None:
    action = only(text).action
    assert action is not None and action.joins is joins


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("We sign: Harbour Choir, Halifax (UK).", "GB"),
        ("We sign: Harbour Choir. We are in Halifax, West Yorkshire (if you need a country: UK).", "GB"),
        ("We sign: Harbour Choir, Portland, Oregon - US.", "US"),
        ("We sign: Harbour Choir, based in the UK.", "GB"),
        ("Wir unterschreiben: Hafenchor. Wir sind aus Coburg.", "DE"),
        ("Firmamos: Coro del Puerto, Cádiz.", "ES"),
        ("We sign: Harbour Choir, Halifax. Tell US, please, what the UN says.", "CA"),
        ("We sign: Harbour Choir, Cambridge.", None),
    ],
)
def test_the_country_is_what_stands_behind_the_place_or_where_the_language_is_at_home(
    text: str, country: str | None
) -> None:
    assert only(text).country == country


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Bitte setzen Sie mich als Einzelperson auf die Liste: Reinhold Apfel, Pfarrer i. R., Coburg", "Coburg"),
        ("Please add me as an individual: Ada Moss, nurse, Reading", "Reading"),
        ("Please add me as an individual: Ada Moss, nurse, retired", None),
        ("Please add me as an individual: Ada Moss, retired, Singing", None),
    ],
)
def test_a_persons_city_ends_the_line_behind_name_and_profession(text: str, city: str | None) -> None:
    assert only(text).city == city


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("Vi står gärna bakom uttalandet: Hamnkören, Lund.", None),
        ("Vi står på torget kl. 14 den 5 september. Skriv upp Hamnkören, Lund.", True),
    ],
)
def test_to_stand_behind_a_text_is_no_action(text: str, joins: bool | None) -> None:
    action = only(text).action
    assert (action.joins if action else None) is joins


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("We sign:\n- Harbour Choir, Leeds\n- Mill Lane Quakers, York\n\nNo action planned.", [False, False]),
        ("Wir unterschreiben:\n- Hafenchor, Kiel\n- Chor am Deich, Husum\n\nKeine Aktion geplant.", [False, False]),
        ("We sign:\n- Harbour Choir, Leeds\n- Mill Lane Quakers, York\n\nWe hold a rally at noon.", [None, None]),
        ("We sign:\n- Harbour Choir, Leeds\n- Mill Lane Quakers, York\n\nThe others plan no action.", [None, None]),
    ],
)
def test_that_nothing_is_held_is_said_of_the_whole_list_and_a_rally_of_nobody_in_it(
    text: str, joins: list[bool | None]
) -> None:
    assert [s.action.joins if s.action else None for s in answer(text).signups] == joins
