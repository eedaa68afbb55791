"""Which of several names in one mail is the signatory's: how each was found, and what else agrees with it."""

from __future__ import annotations

import pytest

from outreach.reading.offices import is_office
from outreach.reading.read import read
from tests.reading.letters import QUOTED_INVITATION, letter


def _name(text: str, sender: str = "A. B. <office77@mail.example>") -> str | None:
    signups = read(letter(text + QUOTED_INVITATION, sender=sender)).signups
    return next(iter(signups[0].names.values()), None) if signups else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "نرجو إضافة اسم جمعيتنا:\n\nجمعية بيت الحكمة للثقافة\n\nمع خالص التقدير\nمنى الحداد\nرئيسة الجمعية",
            "جمعية بيت الحكمة للثقافة",
        ),
        (
            "Le collectif Femmes sans frontières signe l'appel.\n\nBien à vous,\nClaire Vasseur, co-présidente",
            "collectif Femmes sans frontières",
        ),
        (
            "Please add us.\n\nIn solidarity\nTom Reilly\nBranch Secretary\nShannonside Council of Trade Unions",
            "Shannonside Council of Trade Unions",
        ),
        (
            "Wir, der Arbeitskreis Menschenrechte im Iran an der Universität Graz, möchten unterschreiben.",
            "Arbeitskreis Menschenrechte im Iran",
        ),
    ],
)
def test_the_organisation_is_chosen_and_not_the_office_or_the_place_where_it_works(text: str, name: str) -> None:
    assert _name(text) == name


@pytest.mark.parametrize("text", ["Branch Secretary", "رئيسة الجمعية", "chair of the committee", "دبیر انجمن"])
def test_a_function_is_no_name(text: str) -> None:
    assert is_office(text)


@pytest.mark.parametrize(
    "text", ["Council of Nursing Directors and Deans of Ohio", "Members' Assembly of Free Radios", "Women's Council"]
)
def test_a_name_that_holds_the_word_for_a_function_stays_one(text: str) -> None:
    assert not is_office(text)


def test_a_yes_beside_words_of_withdrawal_goes_to_a_person_when_an_invitation_is_answered() -> None:
    reading = read(
        letter("We sign the statement. Please withdraw our signature from the other appeal." + QUOTED_INVITATION)
    )

    assert reading.kind == "question"
    assert reading.needs_human


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Our client, the Federation of Transport, Maritime and Allied Workers of the Gulf, wishes to sign.",
            "Federation of Transport, Maritime and Allied Workers of the Gulf",
        ),
        (
            "Le Collectif pour la défense des avocates, des journalistes et des enseignants souhaite signer.",
            "Collectif pour la défense des avocates, des journalistes et des enseignants",
        ),
        (
            "Die Gewerkschaft Erziehung, Wissenschaft und Kultur unterzeichnet.",
            "Gewerkschaft Erziehung, Wissenschaft und Kultur",
        ),
    ],
)
def test_an_enumeration_inside_a_name_belongs_to_it(text: str, name: str) -> None:
    assert _name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Women's Committee, Leeds and Bradford, signs.", "Women's Committee"),
        (
            "The Riverside Choir, Tenants' Union and Harbour Club are friends of ours; the Riverside Choir signs.",
            "Riverside Choir",
        ),
    ],
)
def test_places_and_other_organisations_behind_a_comma_are_no_part_of_the_name(text: str, name: str) -> None:
    assert _name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Unterzeichnen wird die Vereinigung der Verfolgten, mit Sitz in Kiel.", "Vereinigung der Verfolgten"),
        ("کمیته همبستگی با زندانیان سیاسی – هانوفر هم امضا می‌کند.", "کمیته همبستگی با زندانیان سیاسی"),
        ("School Choir Glasgow here. We sign.", "School Choir Glasgow"),
    ],
)
def test_a_name_ends_before_its_place_and_what_is_said_of_it(text: str, name: str) -> None:
    assert _name(text) == name
