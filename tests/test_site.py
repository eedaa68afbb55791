"""The published files: the same names in each, and nothing in them that acts on whoever opens them."""

from __future__ import annotations

import csv
import io
import json
import re
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path

import pytest

from outreach import site
from outreach.errors import TemplateProblem
from outreach.ports import Entry, PublishedList
from outreach.reading.lines import printed_lines
from outreach.reading.read import read
from outreach.reading.result import Ours
from outreach.settings import Settings
from outreach.words import Lines, PrintedLine
from tests import cast
from tests.cast import BERLIN, NOW

HOSTILE: Lines = {
    "fa": PrintedLine("کانون <b>", "برلین"),
    "en": PrintedLine("=HYPERLINK(\"x\") <script>alert('&')</script>", "@Berlin", '-"1"'),
}


@pytest.fixture
def settings(folder: Path) -> Settings:
    cast.write_statement(folder)
    return cast.settings(folder)


def listed(*lines: Lines, languages: tuple[str, ...] = ("fa", "en")) -> PublishedList:
    entries = tuple(Entry(f"REFR-{number:04}", entry, number) for number, entry in enumerate(lines, 1))
    return PublishedList("freedom", 2, NOW, languages, entries)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


class Page(HTMLParser):
    """What stands in a page: tags with their attributes, and the text of each line."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.lines: list[tuple[str | None, str | None, str]] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "p":
            self.lines.append((dict(attrs).get("lang"), dict(attrs).get("dir"), ""))
        self._open = tag if tag in ("p", "style") else self._open

    def handle_data(self, data: str) -> None:
        if self._open == "p" and self.lines:
            language, way, text = self.lines[-1]
            self.lines[-1] = (language, way, text + data)

    def handle_endtag(self, tag: str) -> None:
        self._open = "" if tag == self._open else self._open


def test_every_file_holds_every_line(settings: Settings) -> None:
    only_persian: Lines = {"fa": PrintedLine("زنان مستقل کلن", None, "آلمان")}
    published = listed(BERLIN, only_persian)
    files = {name: write(published) for name, write in site.writers(settings).items()}
    assert list(files) == ["signatories.json", "signatories.csv", "signatories.txt", "signatories.html"]
    lines = [str(line) for entry in published.entries for line in entry.lines.values()]
    assert [
        line["line"] for item in json.loads(files["signatories.json"])["signatories"] for line in item.values()
    ] == (lines)
    assert [
        cell for row in rows(files["signatories.csv"]) for key, cell in row.items() if "line_" in key and cell
    ] == lines
    assert files["signatories.txt"].split("\n") == [*lines[:2], "", lines[2], ""]
    assert [text for _, _, text in Page(files["signatories.html"]).lines[2:]] == lines


def test_no_file_holds_a_reference(settings: Settings) -> None:
    assert all("REFR" not in write(listed(BERLIN)) for write in site.writers(settings).values())


def test_document_says_which_list_it_is() -> None:
    document = json.loads(site.as_json(listed(BERLIN)))
    assert {key: document[key] for key in ("campaign", "wave", "published_at", "languages", "count")} == {
        "campaign": "freedom",
        "wave": 2,
        "published_at": "2026-08-20T12:00:00+00:00",
        "languages": ["fa", "en"],
        "count": 1,
    }
    assert document["signatories"][0]["en"] == {
        "line": "Iranian political refugees center – Berlin",
        "name": "Iranian political refugees center",
        "city": "Berlin",
        "country": None,
    }


# ── the table ──


def test_table_opens_in_spreadsheets_as_it_is() -> None:
    text = site.as_csv(listed(BERLIN))
    assert text.startswith('\ufeff"number","line_fa","name_fa","city_fa","country_fa","line_en"')
    assert text.count("\r\n") == 2 and text.endswith("\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " ="])
def test_no_cell_of_the_table_is_a_formula(start: str) -> None:
    [row] = rows(site.as_csv(listed({"en": PrintedLine(f"{start}1+1", f"{start}2", "DE")})))
    assert (row["name_en"], row["city_en"], row["country_en"]) == (f"'{start}1+1", f"'{start}2", "DE")
    assert row["line_en"].startswith("'")


# ── the text ──


def test_text_is_set_as_a_list_is_printed() -> None:
    assert site.as_text(listed(BERLIN, BERLIN)) == (
        "کانون پناهندگان سیاسی ایران – برلین\nIranian political refugees center – Berlin\n\n"
        "کانون پناهندگان سیاسی ایران – برلین\nIranian political refugees center – Berlin\n"
    )


# ── the page ──


def test_page_sets_persian_from_right_to_left_above_english(settings: Settings) -> None:
    page = Page(site.as_page(listed(BERLIN), settings))
    assert page.tags[0] == ("html", {"lang": "fa", "dir": "rtl"})
    assert [(language, way) for language, way, _ in page.lines[2:]] == [("fa", "rtl"), ("en", "ltr")]
    assert sum(tag == "bdi" for tag, _ in page.tags) == 4


def test_page_needs_nothing_from_anywhere(settings: Settings) -> None:
    text = site.as_page(listed(BERLIN, HOSTILE), settings)
    tags = Page(text).tags
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "form", "a", "base"}
    assert not [name for _, attributes in tags for name in attributes if name in ("src", "href") or name[:2] == "on"]
    style = re.search(r"<style>(.*)</style>", text, re.DOTALL)
    assert style is not None and "url(" not in style[1] and "@import" not in style[1]
    assert "default-src 'none'" in text


def test_hostile_name_is_text_on_the_page(settings: Settings) -> None:
    page = Page(site.as_page(listed(HOSTILE), settings))
    assert [text for _, _, text in page.lines[2:]] == [str(line) for line in HOSTILE.values()]
    assert "script" not in {tag for tag, _ in page.tags}


def test_page_says_wave_count_and_day_in_each_language(settings: Settings) -> None:
    page = Page(site.as_page(listed(BERLIN, BERLIN), settings))
    persian, english = (text for _, _, text in page.lines[:2])
    assert english == "2 organisations have signed · List no. 2 · Thursday, 20 August 2026"
    assert persian == "۲ تشکل امضا کرده‌اند · فهرست شمارهٔ ۲ · پنجشنبه ۲۹ مرداد ۱۴۰۵ (۲۰ اوت ۲۰۲۶)"
    assert ("time", {"datetime": "2026-08-20"}) in page.tags


def test_page_of_an_empty_list_says_so(settings: Settings) -> None:
    assert "Nobody stands on this list." in site.as_page(listed(), settings)


def test_language_without_words_of_its_own_is_written_around_in_english(folder: Path) -> None:
    text = site.as_page(listed(BERLIN, languages=("sv", "en")), cast.settings(folder, languages=("sv", "en")))
    assert text.count("1</b> organisation has signed") == 2


def test_campaign_may_bring_its_own_page(settings: Settings) -> None:
    own = settings.folder / "templates" / "site"
    own.mkdir(parents=True)
    (own / "signatories.html").write_text("{{ entries[0][1].line.name }}", encoding="utf-8")
    assert site.as_page(listed(HOSTILE), settings).startswith("=HYPERLINK(&#34;x&#34;) &lt;script&gt;")
    (own / "signatories.html").write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(TemplateProblem, match="'nothing' is undefined"):
        site.as_page(listed(BERLIN), settings)


# ── there and back ──


def mail_of(text: str) -> bytes:
    """A coordinator's mail that brings a whole list."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "Ada <ada@b.example>", "statement@contact.example"
    message["Subject"], message["Message-ID"] = "Signatures", "<1@b.example>"
    message.set_content(f"Dear friends,\n\nplease add these organisations to the list of signatories:\n\n{text}")
    return message.as_bytes()


def lines_read(text: str) -> list[Lines]:
    # A list without a word could be anybody's list; somebody who sends one says what it is for.
    reading = read(mail_of(f"Please add these organisations to the signatories:\n\n{text}"), Ours())
    return [printed_lines(signup, ("fa", "en"), reading.parts) for signup in reading.signups]


def test_reading_our_own_text_gives_the_same_names(settings: Settings) -> None:
    source = (Path(__file__).parent / "data" / "signatories-as-printed.txt").read_text(encoding="utf-8")
    first = lines_read(source)
    assert len(first) == 31
    again = lines_read(site.as_text(listed(*first)))
    assert [[line.name for line in lines.values()] for lines in again] == [
        [line.name for line in lines.values()] for lines in first
    ]
