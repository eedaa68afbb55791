"""A language that came as one lexicon file, by the steps of docs/reading.md: the kinds and fields are read in it."""

from __future__ import annotations

import pytest

from outreach.words import Kind
from tests.reading.letters import QUOTED_ASKING, QUOTED_INVITATION, reading_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Asociația noastră semnează declarația, cu drag. Cercul de Lectură, Cluj-Napoca.", Kind.SIGNUP),
        ("Vă rugăm să ne adăugați pe listă: Fundația Podul, Iași, România.", Kind.SIGNUP),
        ("Va rugam sa ne adaugati: Fundatia Podul, Iasi.", Kind.SIGNUP),
        ("Din păcate nu putem semna această declarație.", Kind.DECLINE),
        ("Consiliul a hotărât să nu semneze.", Kind.DECLINE),
        ("Vă rugăm să nu ne mai trimiteți mesaje.", Kind.UNSUBSCRIBE),
        ("Semnăm numai dacă scoateți a doua frază.", Kind.QUESTION),
        ("Vom discuta la ședința de vineri și vă dăm de știre.", Kind.QUESTION),
        ("Am dori să știm cine organizează campania.", Kind.QUESTION),
    ],
)
def test_an_answer_to_our_invitation_is_understood(text: str, kind: Kind) -> None:
    assert reading_of(text + QUOTED_INVITATION).kind is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Da, este corect.", Kind.CONFIRMATION),
        ("Confirmăm, puteți publica.", Kind.CONFIRMATION),
        ("Vă rugăm să retrageți semnătura noastră.", Kind.WITHDRAWAL),
        ("Nu am semnat noi, a fost fără știrea noastră.", Kind.WITHDRAWAL),
    ],
)
def test_an_answer_to_our_asking_is_understood(text: str, kind: Kind) -> None:
    assert reading_of(text + QUOTED_ASKING).kind is kind


def test_a_form_with_its_labels_is_read() -> None:
    reading = reading_of(
        "Numele organizației: Asociația Femeilor din Brașov\nOrașul: Brașov\nȚara: România\n"
        "Persoana de contact: Ioana Munteanu\n" + QUOTED_INVITATION
    )

    [signup] = reading.signups
    assert list(signup.names.values()) == ["Asociația Femeilor din Brașov"]
    assert (signup.city, signup.country, signup.contact_person) == ("Brașov", "RO", "Ioana Munteanu")


def test_the_language_is_told() -> None:
    assert reading_of("Vă mulțumim pentru mesaj, ne alăturăm și noi acestei declarații.").language == "ro"
