"""A line of name and place below a text: whose letter it is, or who signs."""

from __future__ import annotations

import pytest

from outreach.words import NEGATIVE_KINDS
from tests.reading.letters import QUOTED_INVITATION, reading_of


@pytest.mark.parametrize(
    "text",
    [
        "The matter was deferred to next spring.\n\nHarbour Choir, Leeds",
        "We have to ask our members first.\n\nHarbour Choir, Leeds",
        "Your mail reached us yesterday, thank you for thinking of us.\n\nHarbour Choir, Leeds",
        "Dafür sind wir nicht zuständig.\n\nHafenchor, Kiel",
        "Das müssen wir erst im Plenum besprechen.\n\nHafenchor, Kiel",
        "Il faut d'abord en parler en réunion.\n\nChorale du Port, Brest",
        "Los papeles llegaron bien a la oficina.\n\nCoro del Puerto, Cádiz",
        "De rekening voor de zaal is gekomen.\n\nHavenkoor, Gent",
    ],
)
def test_the_sender_below_a_text_about_something_else_is_not_signed_up(text: str) -> None:
    reading = reading_of(text + QUOTED_INVITATION)

    assert reading.kind != "signup"
    assert reading.kind == "question" or reading.needs_human


@pytest.mark.parametrize(
    "text",
    [
        "The motion to sign fell by two votes.\n\nLeeds Trades Council",
        "The committee turned the proposal down.\n\nHarbour Choir, Leeds",
        "You have our sympathy but not our signature.\n\nHarbour Choir, Leeds",
        "Das Plenum war mehrheitlich dagegen.\n\nHafenchor, Kiel",
        "La proposition a été rejetée par le bureau.\n\nChorale du Port, Brest",
        "La asamblea votó en contra.\n\nCoro del Puerto, Cádiz",
        "Il direttivo ha respinto la proposta.\n\nCoro del Porto, Bari",
        "Förslaget röstades ner.\n\nHamnkören, Lund",
        "Wij blijven er liever buiten.\n\nHavenkoor, Gent",
        "A direção votou contra.\n\nCoro do Porto, Braga",
        "Zarząd odrzucił propozycję.\n\nChór Portowy, Gdańsk",
    ],
)
def test_a_refusal_above_the_sender_is_heard(text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind in NEGATIVE_KINDS


@pytest.mark.parametrize(
    "text",
    [
        "Harbour Choir, Leeds",
        "Hi Mina,\n\nHarbour Choir, Leeds",
        "Dear Mina,\nhere you are:\nHarbour Choir, Leeds",
        "Please find our details here.\n\nHarbour Choir, Leeds",
        "Hier unsere Daten für eure Liste:\n\nHafenchor, Kiel",
        "Avec vous de tout cœur.\n\nChorale du Port, Brest",
        "این هم مشخصات ما\nانجمن روشنا، برمن",
    ],
)
def test_a_line_that_is_all_they_say_or_that_is_introduced_signs(text: str) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind == "signup"
