"""What the steps say in English when they refuse or doubt something is said in the language of the page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import outreach
from outreach import resources
from outreach.pagewords import catalogue
from outreach.sentences import Sentences
from outreach.web.gate import LANGUAGE_COOKIE
from tests import cast
from tests.web.site import Site

_WEB = resources.templates() / "web"
_SOURCE = Path(outreach.__file__).parent
#: Modules whose refusals a page can show, and those that say why a mail waits for a person.
_REFUSE = (
    "web", "addresses.py", "letters/preview.py", "reading/lines.py", "reading/listed.py", "reading/table.py",
    "reading/workbook.py", "steps/access.py", "steps/attest/__init__.py", "steps/attest/paste.py",
    "steps/attest/wish.py", "steps/close.py", "steps/coordinators.py", "steps/halt.py", "steps/importing",
    "steps/pause.py", "steps/questions.py", "steps/refile.py", "steps/relate.py", "steps/reread.py", "steps/review.py",
    "steps/settle.py", "steps/suppress.py", "store/inbound.py", "store/prospects.py", "store/references.py",
    "store/signatories.py",
)  # fmt: skip
_SAYS = {"Refused": _REFUSE, "NotLetIn": _REFUSE, "Turned": _REFUSE, "for_a_person": ("steps/intake",)}


def modules(places: tuple[str, ...]) -> Iterator[Path]:
    for place in places:
        path = _SOURCE / place
        yield from path.rglob("*.py") if path.is_dir() else [path]


def as_entry(node: ast.expr) -> str | None:
    """A sentence in the code as the catalogue has it: its values are {0}, {1}, …"""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=pieces):
            places = iter(range(10))
            return "".join(
                str(piece.value) if isinstance(piece, ast.Constant) else f"{{{next(places)}}}" for piece in pieces
            )
    return None


def spoken() -> set[str]:
    found: set[str] = set()
    for name, places in _SAYS.items():
        for path in modules(places):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                called = getattr(node.func, "id", None) if isinstance(node, ast.Call) else None
                if isinstance(node, ast.Call) and called == name:
                    found |= {text for one in node.args if (text := as_entry(one)) is not None}
    return found


def known() -> dict[str, str]:
    with (_WEB / "words" / "fa.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="fa") if message.string}


@pytest.fixture(scope="module")
def persian() -> Sentences:
    return Sentences(catalogue(_WEB, "fa"), known())


def test_every_sentence_that_a_page_can_show_has_its_translation() -> None:
    sentences = spoken()
    assert len(sentences) > 100
    assert sorted(sentences - known().keys()) == []


def acts() -> set[str]:
    """What the log calls the acts of people and of the machine."""
    found: set[str] = set()
    for path in modules(("steps", "letters", "store", "cli")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "note":
                said = [word.value for word in node.keywords if word.arg == "action"] or node.args[:1]
                found |= {one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_every_act_that_a_history_names_has_its_translation() -> None:
    assert len(acts()) > 40
    assert sorted(acts() - known().keys()) == []


def test_translation_has_the_values_of_its_sentence() -> None:
    for english, persian in known().items():
        assert {*re.findall(r"\{\d\}", persian)} <= {*re.findall(r"\{\d\}", english)}, english


@pytest.mark.parametrize(
    ("english", "says"),
    [
        ("That time has passed.", "آن زمان گذشته است."),
        ("K7Q2-M9PX is attested already.", "K7Q2-M9PX پیش‌تر گواهی شده است."),
        ("K7Q2-M9PX waits for no decision: it is approved.", "K7Q2-M9PX در انتظار تصمیم نیست: «تأیید شد» است."),
        ("K7Q2-M9PX is not asked: it has no address.", "از K7Q2-M9PX پرسیده نمی‌شود: نشانی ندارد."),
        ("What nobody has translated stays: {0} %s.", "What nobody has translated stays: {0} %s."),
        ("", ""),
    ],
)
def test_sentence_is_said_with_its_values(persian: Sentences, english: str, says: str) -> None:
    assert persian.say(english) == says


def test_values_are_never_taken_for_a_template(persian: Sentences) -> None:
    assert "{0.__class__}" in persian.say("There is no entry {0.__class__}.")


def test_english_stays_as_it_is() -> None:
    assert Sentences(catalogue(_WEB, "en"), []).say("There is no entry X.") == "There is no entry X."


def test_refusal_is_shown_in_the_language_of_the_visitor(site: Site) -> None:
    bea = site.visitor("Bea")
    bea.cookies[LANGUAGE_COOKIE] = "fa"
    assert "مدخل AAAA-AAAA نیست." in bea.get("/queue/AAAA-AAAA").text
    with site.program.db.writing() as session:
        reference = cast.signatory(session, details={"warnings": ["texts disagree"]}).reference
    assert "متن‌ها با هم نمی‌خوانند" in bea.get(f"/queue/{reference}").text
