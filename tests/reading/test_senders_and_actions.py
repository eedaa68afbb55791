"""Who writes, where From shows little; what is said of the day of action; reports of a meeting beside a yes."""

from __future__ import annotations

from datetime import date

import pytest

from outreach.reading.dates import find_date
from outreach.reading.read import read
from outreach.reading.result import Signup
from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, letter


def _only(text: str, sender: str = "Kontoret <office@north.example>") -> Signup:
    (signup,) = read(letter(text + QUOTED_INVITATION, sender=sender)).signups
    return signup


@pytest.mark.parametrize(
    ("sender", "contact"),
    [
        ("Aïcha <aicha.m@north.example>", "Aïcha"),
        ("gaia <gaia@north.example>", "gaia"),
        ("Vorstand <vorstand@north.example>", None),
        ("Nordlicht <info@nordlicht.example>", None),
    ],
)
def test_a_first_name_alone_in_from_is_the_contact_and_that_of_an_office_is_none(
    sender: str, contact: str | None
) -> None:
    assert _only("Oui, on signe ! Association Les Tisseuses, Roubaix.", sender).contact_person == contact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("Wir sind dabei: Kulturverein Ost, Celle.\n\nGrüße Jonas", "Jonas"),
        ("wir sind dabei: Kulturverein Ost, Celle.\n\ngrüße jonas", "jonas"),
        ("Vi er med: Kvindehuset, Aarhus.\n\nVh Mette Krogh", "Mette Krogh"),
    ],
)
def test_a_closing_is_no_part_of_the_name_behind_it(text: str, contact: str) -> None:
    assert _only(text, "info@north.example").contact_person == contact


@pytest.mark.parametrize(
    ("text", "joins", "day"),
    [
        ("Librairie du Pont, Lyon, signe. RDV samedi 5 septembre à 15h place du Capitole.", True, date(2026, 9, 5)),
        ("Fredsgruppen i Umeå skriver under. Vi planerar ett torgmöte den 5 september kl 12.", True, date(2026, 9, 5)),
        ("O Coletivo Vozes assina. Não vamos conseguir fazer nada no dia 5 de setembro.", False, None),
        ("Circolo Il Melograno aderisce. Per il 5 settembre stiamo ancora vedendo.", None, date(2026, 9, 5)),
        ("Vereniging De Brug tekent. Op 5 september doen we zelf niets.", False, None),
    ],
)
def test_what_they_do_on_the_day_is_told_in_many_words(text: str, joins: bool | None, day: date | None) -> None:
    action = _only(text).action

    assert action is not None
    assert (action.joins, action.date) == (joins, day)


@pytest.mark.parametrize(
    "text",
    [
        "Na overleg met het bestuur tekent Stichting De Brug graag.",
        "Lo hemos hablado en la asamblea y decimos que sí: Ateneo Popular, Sevilla.",
        "Der Vorstand hat sich in der Sitzung damit befasst, der Kulturverein Ost unterschreibt.",
    ],
)
def test_a_meeting_that_was_held_leaves_a_yes_a_yes(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind is Kind.SIGNUP


@pytest.mark.parametrize(
    "text",
    ["We moeten het nog met het bestuur overleggen.", "Der Vorstand befasst sich in der nächsten Sitzung damit."],
)
def test_a_meeting_to_come_leaves_it_open(text: str) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind is Kind.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "Je signe à titre personnel. Yasmine Tazi, enseignante à Montpellier",
        "Firmo a título personal. Lola Gil, maestra, Cádiz",
        "Ich unterschreibe als Einzelperson. Renate Obermoser, Krankenschwester, Konstanz",
    ],
)
def test_a_person_is_named_by_a_short_sentence_of_name_and_profession(text: str) -> None:
    signup = _only(text, "x17@north.example")

    assert signup.individual
    assert signup.contact_person in ("Yasmine Tazi", "Lola Gil", "Renate Obermoser")


def test_a_press_officer_signs_as_others_do() -> None:
    text = "O Sindicato dos Bancários subscreve a declaração.\n\nPaulo Siqueira\nAssessoria de imprensa, newsletter"

    assert read(letter(text + QUOTED_INVITATION)).kind is Kind.SIGNUP


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Der Ort ist nicht Essen, sondern Esslingen.", Kind.CORRECTION),
        ("Ja, aber es heißt Lund, nicht Lunt.", Kind.CORRECTION),
        ("La ville est Saint-Denis, pas Paris.", Kind.CORRECTION),
        ("Nein, das waren wir nicht.", Kind.WITHDRAWAL),
        ("No, not us. Somebody uses our name.", Kind.WITHDRAWAL),
    ],
)
def test_the_right_word_beside_the_wrong_one_corrects_and_a_plain_no_withdraws(text: str, kind: Kind) -> None:
    assert read(letter(text + QUOTED_ASKING)).kind is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ta bort min adress från listan.", Kind.UNSUBSCRIBE),
        ("Nehmen Sie meine Adresse bitte aus Ihrem Verteiler.", Kind.UNSUBSCRIBE),
        ("En principio sí, pero tiene que aprobarlo la asamblea.", Kind.QUESTION),
        ("Sur le principe nous sommes d'accord, mais il nous faut l'aval de la fédération.", Kind.QUESTION),
        ("Grundsätzlich gern, aber erst muss die Mitgliederversammlung zustimmen.", Kind.QUESTION),
    ],
)
def test_an_address_off_a_list_and_a_yes_in_principle_sign_and_withdraw_nothing(text: str, kind: Kind) -> None:
    assert read(letter(text + QUOTED_INVITATION)).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Danke für die Info, ich leite es an ein paar Leute weiter. Viel Erfolg mit eurer Aktion!",
        "Chère Mina, comment vas-tu ? Ici tout va bien, bises à toute l'équipe.",
        "Je serai avec vous par la pensée le 5 septembre.",
        "Tack för informationen, jag skickar den vidare till några vänner. Lycka till med allt!",
        "Gracias por la información, la reenvío a algunas amigas. Mucha suerte.",
        "Il 5 settembre sarò con voi con il pensiero.",
        "Bedankt voor de informatie. Veel succes met jullie werk!",
        "Oi Mina, tudo bem? Recebemos a carta e agradecemos.",
        "Vi har modtaget jeres brev og takker for det. Held og lykke med arbejdet!",
        "Dziękuję za informację, przekażę ją kilku znajomym. Powodzenia!",
        "Δεν είμαι πια στον σύλλογο, γράψτε στη Δήμητρα.",
    ],
)
@pytest.mark.parametrize("quoted", [QUOTED_INVITATION, QUOTED_ASKING])
def test_courtesy_signs_and_confirms_nothing_below_an_organisations_name(text: str, quoted: str) -> None:
    mail = letter(f"{text}\n\nEva Berg\nKulturverein Ost" + quoted, sender="Eva Berg <office@north.example>")

    assert read(mail).kind not in (Kind.SIGNUP, Kind.CONFIRMATION, Kind.WITHDRAWAL)


@pytest.mark.parametrize(
    ("text", "joins", "day"),
    [
        ("Sürgün Kadınlar Kolektifi olarak imzalıyoruz. 5 eylülde Köln'de miting yapıyoruz.", True, 5),
        ("mor dayanışma bremen olarak imzalıyoruz 5 eylülde saat 17de garda toplanıyoruz", True, 5),
        ("Biz də imzalayırıq: Azad Söz Birliyi. 5 sentyabrda saat 3-də toplaşırıq.", True, 5),
        ("The Evin Vigil, Bristol, signs. We hold a vigil in Castle Park. On 5 September we meet at 3 pm.", True, 5),
        ("esme ma ro bezarid: Anjomane Zanan, Malmö. barnameye khasi baraye 5 september nadarim", False, None),
        ("ma emza mikonim: Kanoone Iranian, Aachen. tazahorat nadarim", False, None),
    ],
)
def test_the_day_of_the_action_is_read_with_its_ending_and_from_a_later_sentence(
    text: str, joins: bool, day: int | None
) -> None:
    action = _only(text).action

    assert action is not None
    assert (action.joins, action.date) == (joins, day and date(2026, 9, day))


@pytest.mark.parametrize("text", ["5 junta", "5 panda", "am 5. Randen"])
def test_no_month_is_found_in_other_words_with_such_an_ending(text: str) -> None:
    assert find_date(text, 2026) is None


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("کانون سرو (برمن) امضا می‌کند. تماس با آقای بهروز نیکنام، تلفن 0176 111222", "بهروز نیکنام"),
        ("نام ما: کانون سرو. شهر برمن. رابط ما مهناز صفایی است.", "مهناز صفایی"),
        ("Please add Cypress Centre, Bremen.\n\nMahnaz Safai | Secretary | Cypress Centre", "Mahnaz Safai"),
        ("Please add Cypress Centre, Bremen. Our spokeswoman is Mahnaz Safai.", "Mahnaz Safai"),
    ],
)
def test_the_contact_is_who_is_called_so_in_a_sentence_or_between_bars(text: str, contact: str) -> None:
    assert _only(text, "Sarv <post@sarv.example>").contact_person == contact


@pytest.mark.parametrize(
    "text",
    [
        "کانون سرو (برمن) امضا می‌کند. رابط ما کمیتهٔ زنان است.",
        "کانون سرو (برمن) امضا می‌کند. برای تماس با خانم‌ها و آقایان دیگر به سایت نگاه کنید.",
    ],
)
def test_no_body_and_nobody_in_general_is_the_contact(text: str) -> None:
    assert _only(text, "Sarv <post@sarv.example>").contact_person is None
