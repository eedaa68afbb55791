"""That nobody was against it is a yes: the "no" in it denies the others' no."""

from __future__ import annotations

import pytest

from outreach.reading.read import read
from outreach.words import Kind

MAIL = (
    "From: Rosa Lind <rosa@harbourchoir.example>\r\nTo: contact@campaign.example\r\n"
    "Subject: Re: Joint statement\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n"
)

SIGNS = [
    "We voted with no one against and Harbour Choir signs.",
    "The assembly voted last night without anyone against. Harbour Choir, Leeds signs the statement.",
    "No votes against, so please add Harbour Choir to the list.",
    "Die Versammlung hat ohne Gegenstimmen beschlossen: Hafenchor Bremen unterzeichnet.",
    "Niemand dagegen, der Hafenchor Bremen unterzeichnet.",
    "L'assemblée a voté sans aucune voix contre, le Collectif Porte Ouverte signe la déclaration.",
    "La asamblea votó sin ningún voto en contra, Ateneo del Sur firma.",
    "L'assemblea ha votato, nessun contrario: il Circolo Aurora aderisce.",
    "De vergadering besloot zonder tegenstemmen: Vereniging De Brug tekent de verklaring.",
    "Styrelsen röstade, ingen emot. Teatergruppen Nordanvind skriver under.",
    "کسی مخالفت نکرد و کانون همراهان امضا می‌کند.",
]
REFUSES = [
    "We are against it and Harbour Choir does not sign.",
    "We voted, and no one was for it: Harbour Choir does not sign.",
    "Wir sind dagegen, der Hafenchor Bremen unterzeichnet nicht.",
    "La asamblea votó en contra, Ateneo del Sur no firma.",
]


@pytest.mark.parametrize("said", SIGNS)
def test_who_met_no_opposition_signs(said: str) -> None:
    reading = read(MAIL.format(said).encode())
    assert (reading.kind, len(reading.signups)) == (Kind.SIGNUP, 1)


@pytest.mark.parametrize("said", REFUSES)
def test_who_is_against_it_signs_nothing(said: str) -> None:
    reading = read(MAIL.format(said).encode())
    assert reading.kind is Kind.DECLINE
    assert not reading.signups
