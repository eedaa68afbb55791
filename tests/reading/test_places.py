from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.reading.places import TABLE, city, city_name, country, country_name, find, only_country, region

PRINTED = Path(__file__).parent.parent / "data" / "signatories-as-printed.txt"


def places(text: str) -> list[str]:
    """What ``find`` found, as "words → country or main city name"."""
    return [f"{text[f.start : f.end]} → {f.value if isinstance(f.value, str) else f.value.name}" for f in find(text)]


# ── countries ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Switzerland", "CH"), ("Schweiz", "CH"), ("Suisse", "CH"), ("Svizzera", "CH"), ("Zwitserland", "CH"),
        ("سوییس", "CH"), ("سوئیس", "CH"), ("سويسرا", "CH"), ("سویسڕا", "CH"), ("Ελβετία", "CH"), ("שווייץ", "CH"),
        ("Швейцария", "CH"), ("Szwajcaria", "CH"), ("İsviçre", "CH"), ("Swîsre", "CH"),
        ("سوئد", "SE"), ("سوند", "SE"), ("Sverige", "SE"),
        ("USA", "US"), ("U.S.A", "US"), ("U.S.A.", "US"), ("آمریکا", "US"), ("ایالات متحده", "US"), ("US", "US"),
        ("ايالات متحده‌ی آمریکا", None), ("United States", "US"), ("États-Unis", "US"), ("США", "US"),
        ("UK", "GB"), ("England", "GB"), ("Scotland", "GB"), ("انگلستان", "GB"), ("İngiltere", "GB"),
        ("Holland", "NL"), ("the Netherlands", "NL"), ("هلند", "NL"), ("Deutschland", "DE"), ("آلمان", "DE"),
        ("ألمانيا", "DE"), ("Almanya", "DE"), ("Niemcy", "DE"), ("Tyskland", "DE"), ("Γερμανία", "DE"),
        ("  germany ", "DE"), ("Türkiye", "TR"), ("ترکیه", "TR"), ("Danmark", "DK"), ("Noruega", "NO"),
        ("us", None), ("West of Germany", None), ("غرب آلمان", None), ("Kurdistan", None), ("کردستان", None),
        ("Europe", None), ("", None), ("Berlin", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_names_in_many_languages(text: str, code: str | None) -> None:
    assert country(text) == code


def test_a_country_is_named_in_the_language_asked_for() -> None:
    assert country_name("CH", "fa") == "سوئیس"
    assert country_name("DE", "en") == "Germany"
    assert country_name("AT", "de-AT") == "Österreich"
    assert country_name("XX", "en") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("Ontario", "CA-ON"), ("ON", "CA-ON"), ("on", None), ("CA", "US-CA"), ("New jersey", "US-NJ"),
     ("نیوجرسی", "US-NJ"), ("Bayern", "DE-BY"), ("NSW", "AU-NSW"), ("Berlin", None)],
)  # fmt: skip
def test_a_region_is_known_by_name_and_by_its_letters(text: str, code: str | None) -> None:
    assert region(text) == code


# ── cities ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "names",
    [
        ["Köln", "Cologne", "KÖLN", "Koeln", "کلن", "Keulen", "Κολωνία", "Кёльн"],
        ["Gothenburg", "Göteborg", "Goeteborg", "گوتنبرگ", "Gutenberg"],
        ["Vienna", "Wien", "وین", "Viyana", "Βιέννη", "Вена"],
        ["Hannover", "Hanover", "هانوفر"],
        ["Stockholm", "استکهلم", "Στοκχόλμη", "Стокгольм"],
        ["Orange County", "اورنج کانتی"],
        ["Los Angeles", "لوس آنجلس", "لس آنجلس", "لوس‌آنجلس"],
        ["Frankfurt", "Frankfurt am Main", "Frankfurt/Main", "فرانکفورت"],
        ["Tehran", "Teheran", "تهران", "Téhéran", "Tahran"],
        ["Montréal", "Montreal", "مونترال"],
        ["Copenhagen", "København", "Kopenhagen", "کپنهاگ"],
        ["The Hague", "Den Haag", "La Haye", "لاهه"],
        ["Athens", "Athen", "Αθήνα", "آتن"],
    ],
)
def test_a_city_is_one_city_under_all_its_names(names: list[str]) -> None:
    found = {found.key if (found := city(name)) else name for name in names}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Berlin", "DE"), ("برلين", "DE"), ("London", "GB"), ("لندن", "GB"), ("Paris", "FR"), ("Vienna", "AT"),
        ("Stockholm", "SE"), ("Vancouver", "CA"), ("Toronto", "CA"), ("Athens", "GR"), ("Barcelona", "ES"),
        ("Frankfurt", "DE"), ("Geneva", "CH"), ("Birmingham", "GB"), ("Perth", "AU"), ("Los Angeles", "US"),
        ("Orange County", "US"), ("Hanover", "DE"), ("Lund", "SE"), ("Erbil", "IQ"),
        ("Cambridge", None), ("Valencia", None), ("San José", None), ("Hamilton", None), ("Brest", None),
    ],
)  # fmt: skip
def test_a_city_gives_its_country_only_when_it_can_mean_one(name: str, code: str | None) -> None:
    found = city(name)
    assert found is not None
    assert only_country(found) == code


def test_the_other_cities_of_a_name_are_there_for_the_context() -> None:
    london = city("London")
    assert london is not None
    assert london.countries[:2] == ("GB", "CA")
    assert (region("Ontario") or "")[:2] in london.countries


@pytest.mark.parametrize(
    "text",
    ["Kurdistan", "Google", "Okay", "Name", "Danke", "Merci", "سلام", "بله", "با احترام", "خبر", "از", "که", "", "–",
     "our committee in Berlin", "Rue de Rivoli"],
)  # fmt: skip
def test_what_is_no_city_is_none(text: str) -> None:
    assert city(text) is None


def test_a_city_that_is_also_a_name_or_word_is_marked() -> None:
    florence, berlin = city("Florence"), city("Berlin")
    assert florence is not None and not florence.known
    assert berlin is not None and berlin.known


@pytest.mark.parametrize(
    ("name", "language", "other"),
    [
        ("استکهلم", "en", "Stockholm"), ("Stockholm", "fa", "استکهلم"), ("Köln", "en", "Cologne"),
        ("Cologne", "de", "Köln"), ("Cologne", "fa", "کلن"), ("گوتنبرگ", "sv", "Göteborg"), ("Vienna", "de", "Wien"),
        ("Wien", "fa-IR", "وین"), ("Hamburg", "fa", "هامبورگ"), ("Hamburg", "ar", "هامبورغ"), ("Paris", "ru", "Париж"),
        ("Leeds", "de", "Leeds"), ("Nowhere-on-Sea", "fa", None), ("Leeds", "ja", None),
    ],
)  # fmt: skip
def test_a_city_is_named_in_the_language_asked_for(name: str, language: str, other: str | None) -> None:
    assert city_name(name, language) == other


# ── running text ─────────────────────────────────────────────────────────────────────────────────────────────────

#: What stands at the end of the 31 printed entries, in order: the places of each pair of lines.
PRINTED_PLACES = [
    "CH", "FR", "SE SE", "DE DE", "SE", "DE", "DE", "AT", "", "CA", "DE", "CA CA", "CA CA", "CH", "US US", "US US",
    "DE", "GB", "DE", "SE", "GB", "TR", "BE", "US US", "DK", "DE", "NO", "DE", "CH", "CA CA", "GR GR",
]  # fmt: skip


def test_every_place_of_the_printed_list_is_found_in_both_lines() -> None:
    lines = [line for line in PRINTED.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) == 2 * len(PRINTED_PLACES)
    for at, line in enumerate(lines):
        codes = [f.value if isinstance(f.value, str) else f.value.only for f in find(line)]
        foreign = [code for code in codes if code != "IR"]
        assert set(foreign) == set(PRINTED_PLACES[at // 2].split()), line


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("our group in Iran-Paris", ["Iran → IR", "Paris → Paris"]),
        ("Iranian refugees .Athens – Greece", ["Athens → Athens", "Greece → GR"]),
        ("Calgary Canada", ["Calgary → Calgary", "Canada → CA"]),
        ("New York and New jersey – U.S.A", ["New York → New York City", "U.S.A → US"]),
        ("Berliner Verein, Berlin.", ["Berlin → Berlin"]),
        ("London, Ontario", ["London → London"]),
        ("We are based in Reading.", ["Reading → Reading"]),
        ("Wir sind ein Verein aus Essen.", ["Essen → Essen"]),
        ("Halkların Derneği, Diyarbakır'da", ["Diyarbakır → Diyarbakır"]),
        ("ما در وین و گوتنبرگ هستیم", ["وین → Vienna", "گوتنبرگ → Gothenburg"]),
        ("نحن في برلين، ألمانيا", ["برلين → Berlin", "ألمانيا → DE"]),
        ("אנחנו בתל אביב, ישראל", ["ישראל → IL"]),
        ("Мы из Москва, Россия", ["Москва → Moscow", "Россия → RU"]),
        ("www.Berlin.example info@Paris.example Wien@example.org", []),
    ],
)
def test_places_are_found_in_running_text(text: str, found: list[str]) -> None:
    assert places(text) == found


#: Ordinary prose full of words and names that are also somewhere's name.
PROSE = """
Dear friends, Reading your statement was Nice. Of course we will sign. Most of our members are Mobile workers; Union
members may join. Please add Success Committee, Best regards, Ali Reza, Florence Martin, Jackson Taylor. Our March
meeting was in April. I hope this helps. Date: Monday, Time: noon. God bless. Thanks, Mary. Long Island Iced Tea

Sehr geehrte Damen und Herren, wir haben die Erklärung mit Interesse gelesen. Das Essen war gut, der Regen hat
aufgehört. Bitte setzen Sie unseren Verein auf die Liste. Leiden der Gefangenen, Halle am Abend. Mit Grüßen, Anna
Baden, Robert Keller, Vorsitzende

Bonjour, Nous signons votre appel. La Réunion du comité a eu lieu. Merci de nous tenir au courant. Tours de garde, Sens
du devoir, Angers. Cordialement, Vincent Laurent, Maurice Dominique

Hej, Vi vill gärna skriva under. Vara medlemmar stöder er. Många hälsningar, Anna Lund

Hola, queremos firmar la carta. Victoria para todos, Libertad y Justicia. Salud, Santiago Flores

Buongiorno, firmiamo volentieri. Vita nuova, Pace e bene. Grazie, Marco Rossi

Merhaba, bildirinizi imzalıyoruz. Ordu değil, halk. Saygılarımızla, Ali Can

Dzień dobry, podpisujemy. To jest ważne. Pozdrawiamy, Anna

با سلام و احترام، ما بیانیه را خواندیم و با آن موافقیم. لطفا نام ما را به لیست اضافه کنید. خبر خوبی بود و امیدواریم در
میان مردم دیده شود. بله، کاری مالی نداریم، میدان عمل باز است. قوم و خویش ما هم سالم هستند. اگر تازه چیزی شد در جریان
بگذارید. با مهر، دارا بهمنی، سینا، سارا

السلام عليكم، نود أن نوقع على البيان. لقد قرأنا الخبر الجديد مع الجميع. هذا العمل كله من أجل الحرية. شكرا لكم

שלום, אנחנו רוצים לחתום על המכתב. בברכה, האל יעזור, אולם גדול, כל העדן

Здравствуйте! Мы хотим подписать. Того же мнения все. Дума решает, Мира вам. С уважением, Владимир Иванов

Γεια σας, θέλουμε να υπογράψουμε. Ο Λαός αποφασίζει. Με εκτίμηση
"""


@pytest.mark.parametrize("prose", [part for part in PROSE.split("\n\n") if part.strip()])
def test_no_place_is_found_in_ordinary_prose(prose: str) -> None:
    assert places(prose) == []


@given(st.text(alphabet=st.sampled_from("BerlinParsوینکل آمر U.S.A-–,\n@/'()نیویورک ")))
def test_offsets_hold_the_very_words_that_name_the_place(text: str) -> None:
    end = 0
    for found in find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        words = text[found.start : found.end]
        assert found.value == (country(words) if found.kind == "country" else city(words))


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(find(text), list)
    assert country(text) is None or len(country(text) or "") == 2
    assert city(text) is None or city(text) == city(f" {text} ")


@pytest.mark.parametrize("piece", ["New ", "San ", "A. ", "نیو ", "Santa-", "İ", "ﷺ", "U.", "x@", "in\t"])
def test_time_grows_with_the_text_alone(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.perf_counter()
    find(text)
    assert time.perf_counter() - start < 5


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_is_small() -> None:
    assert TABLE.stat().st_size < 3_000_000


def test_nothing_is_read_when_the_module_is_imported() -> None:
    code = (
        "import outreach.reading.places as p, sys; print(p._table.cache_info().currsize, 'sqlalchemy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0", "False"]
